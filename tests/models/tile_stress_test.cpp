// SPDX-License-Identifier: Apache-2.0
// Blocks for tile_sequencer: that long ones are among them, and take the sequences they need.
#include "core/tile_stress.h"
#include "tessera/vectors.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace
{

constexpr std::uint64_t kLongest = 100000;

TEST(tile_stress, some_sequences_are_long)
{
    ts_random random{1};
    int several = 0;
    for (int i = 0; i < 1000; i++) {
        const std::uint64_t sequence = ts_random_next(&random);
        std::uint64_t clock = 0;
        while (!ts_stress_tile_ends(sequence, clock))
            clock++;
        ASSERT_TRUE(clock == TS_TILE_CLOCKS || clock == kLongest) << clock;
        several += clock == kLongest;
    }
    EXPECT_GT(several, 100);
    EXPECT_LT(several, 300);
}

TEST(tile_stress, a_long_block_has_one_large_size)
{
    for (const ts_array_takes takes : {ts_array_takes{0, 6, 16}, ts_array_takes{6, 6, 4}}) {
        ts_random random{2};
        std::array<std::uint64_t, 3> most{};
        for (int i = 0; i < 10000; i++) {
            std::array<std::uint64_t, 5> sizes{};
            for (std::uint64_t &size : sizes)
                size = ts_random_next(&random) >> (64 - TS_TILE_SIZE_BITS);
            ts_stress_tile_block(&takes, TS_TILE_LONG, sizes.data());
            const auto [m, n, k, streamed, first_k] = sizes;
            const std::uint64_t rows = takes.rows ? takes.rows : streamed;
            const std::uint64_t slice = takes.rows ? streamed : takes.k;
            EXPECT_LE((m > rows) + (n > takes.columns) + (k > slice), 1);
            EXPECT_EQ(first_k % slice, 0U);
            EXPECT_EQ(slice % takes.k, 0U);
            EXPECT_LT(std::max({m, n, k, streamed, first_k}), 1U << TS_TILE_SIZE_BITS);
            EXPECT_GT(std::min({m, n, k, streamed}), 0U);
            most = {std::max(most[0], m), std::max(most[1], n), std::max(most[2], k)};
        }
        for (std::uint64_t size : most)
            EXPECT_GT(size, 1U << (TS_TILE_SIZE_BITS - 1));
    }
}

} // namespace
