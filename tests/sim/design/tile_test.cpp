// SPDX-License-Identifier: Apache-2.0
// Tiles are padded with zeros, and nothing beyond the matrices is read.
#include "design/tile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <vector>

extern "C" const struct ts_block ts_block_mac_array;

namespace
{

TEST(Tile, PaddingIsZero)
{
    std::int64_t params[TS_MAX_PARAMS];
    ts_block_presets(&ts_block_mac_array, params);
    for (const char *each : {"Rows=2", "Cols=2", "Simd=2", "Lanes=4", "Chunk=16", "Depth=4"})
        ASSERT_EQ(ts_block_set(&ts_block_mac_array, params, each), nullptr);
    const ts_mnk shape = {6, 5, 11}, cut = {4, 4, 8};
    // No code is zero, and a code's high bits do not reach the array.
    std::vector<std::uint16_t> a(static_cast<std::size_t>(shape.m * shape.k), 0xFFE1);
    std::vector<std::uint16_t> b(static_cast<std::size_t>(shape.k * shape.n), 0xFFE2);

    for (std::int64_t m0 = 0; m0 < shape.m; m0 += cut.m) {
        for (std::int64_t n0 = 0; n0 < shape.n; n0 += cut.n) {
            tessera::gemm_tile tile =
                tessera::make_tile(params, {shape, a.data(), b.data(), {}}, m0, n0);
            EXPECT_EQ(tile.rows, std::min(cut.m, shape.m - m0));
            EXPECT_EQ(tile.columns, std::min(cut.n, shape.n - n0));
            ASSERT_EQ(tile.passes.size(), 2U);
            for (std::int64_t pass = 0; pass < 2; pass++) {
                const tessera::array_pass &p = tile.passes[static_cast<std::size_t>(pass)];
                std::int64_t k = std::min(cut.k, shape.k - pass * cut.k);
                EXPECT_EQ(p.stationary.size(), static_cast<std::size_t>(cut.n * cut.k));
                EXPECT_EQ(p.streamed.size(), static_cast<std::size_t>(tile.rows * cut.k));
                auto ones = std::count(p.streamed.begin(), p.streamed.end(), 1U);
                auto twos = std::count(p.stationary.begin(), p.stationary.end(), 2U);
                EXPECT_EQ(ones, tile.rows * k);
                EXPECT_EQ(twos, tile.columns * k);
                EXPECT_EQ(std::count(p.streamed.begin(), p.streamed.end(), 0U),
                          tile.rows * (cut.k - k));
                EXPECT_EQ(std::count(p.stationary.begin(), p.stationary.end(), 0U),
                          cut.n * cut.k - tile.columns * k);
            }
        }
    }
}

} // namespace
