// SPDX-License-Identifier: Apache-2.0
// The folds of a GEMM and their control, against the definition: k after k.
#include "design/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

extern "C" const struct ts_block ts_block_mac_array;

namespace
{

std::vector<std::int64_t> array(std::initializer_list<const char *> assignments)
{
    std::vector<std::int64_t> params(TS_MAX_PARAMS);
    ts_block_presets(&ts_block_mac_array, params.data());
    for (const char *each : assignments)
        EXPECT_EQ(ts_block_set(&ts_block_mac_array, params.data(), each), nullptr) << each;
    EXPECT_EQ(ts_block_check(&ts_block_mac_array, params.data()), nullptr);
    return params;
}

std::vector<ts_array_fold> folds(const std::vector<std::int64_t> &params, ts_mnk shape)
{
    std::vector<ts_array_fold> all;
    ts_array_schedule schedule;
    ts_array_fold fold;
    ts_array_schedule_start(&schedule, params.data(), shape, {true, false, true, -5, false});
    while (ts_array_schedule_next(&schedule, &fold))
        all.push_back(fold);
    return all;
}

// Every shape around small tiles: each part of the GEMM once, in order; control by its meaning.
void check(const std::vector<std::int64_t> &params, std::int64_t chunk)
{
    ts_mnk tile = ts_array_tile(params.data());
    for (std::int64_t m = 1; m <= 2 * tile.m + 1; m++) {
        for (std::int64_t n : {std::int64_t{1}, tile.n, tile.n + 1, 3 * tile.n}) {
            for (std::int64_t k = 1; k <= 3 * chunk + 1; k++) {
                std::vector<ts_array_fold> all = folds(params, {m, n, k});
                std::size_t i = 0;
                for (std::int64_t n0 = 0; n0 < n; n0 += tile.n) {
                    for (std::int64_t m0 = 0; m0 < m; m0 += tile.m) {
                        for (std::int64_t k0 = 0; k0 < k; k0 += tile.k) {
                            ASSERT_LT(i, all.size());
                            const ts_array_fold &f = all[i++];
                            std::int64_t end = k0 + tile.k;
                            EXPECT_EQ(f.n0, n0);
                            EXPECT_EQ(f.m0, m0);
                            EXPECT_EQ(f.k0, k0);
                            EXPECT_EQ(f.rows, std::min(tile.m, m - m0));
                            EXPECT_EQ(f.columns, std::min(tile.n, n - n0));
                            EXPECT_EQ(f.fold.open, k0 % chunk != 0 && tile.k < chunk);
                            EXPECT_EQ(f.fold.close,
                                      end % chunk == 0 || end >= k || tile.k >= chunk);
                            EXPECT_EQ(f.fold.last, end >= k);
                            if (f.fold.close) {
                                EXPECT_EQ(f.fold.first, k0 < std::max(chunk, tile.k));
                            }
                            EXPECT_TRUE(f.fold.mode.swap && f.fold.mode.fp4);
                            EXPECT_EQ(f.fold.mode.escale, -5);
                        }
                    }
                }
                EXPECT_EQ(i, all.size());
            }
        }
    }
}

TEST(Schedule, PassShorterThanAChunk)
{
    check(array({"Rows=2", "Cols=2", "Simd=1", "Lanes=2", "Chunk=16", "Depth=3"}), 16);
}

TEST(Schedule, PassAsLongAsAChunk)
{
    check(array({"Rows=4", "Cols=1", "Simd=3", "Lanes=2", "Chunk=8", "Depth=2"}), 8);
}

TEST(Schedule, PassLongerThanAChunk)
{
    check(array({"Rows=4", "Cols=2", "Simd=2", "Lanes=4", "Chunk=4", "Depth=4"}), 4);
}

TEST(Schedule, NothingToDo)
{
    std::vector<std::int64_t> params = array({"Depth=16"});
    for (ts_mnk shape : {ts_mnk{0, 5, 5}, ts_mnk{5, 0, 5}, ts_mnk{5, 5, 0}}) {
        EXPECT_TRUE(folds(params, shape).empty());
    }
}

// A fold with one register a row is the textbook's 2R + C + T - 2, and the drain stated.
TEST(Schedule, TextbookFold)
{
    std::vector<std::int64_t> params =
        array({"Rows=16", "Cols=8", "Simd=1", "Lanes=1", "Chunk=16", "DotStages=0", "Depth=100"});
    std::int64_t drain = 0 + 1 + 1;
    EXPECT_EQ(ts_mac_array_fold_cycles(params.data(), 100), 2 * 16 + 8 + 100 - 2 + drain);
}

} // namespace
