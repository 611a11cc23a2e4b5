// SPDX-License-Identifier: Apache-2.0
// dlfloat16_dot against exact arithmetic; with one lane it is dlfloat16_fma.
#include "oracle/aligned.h"
#include "oracle/dlfloat16_fast.h"
#include "oracle/run.h"

#include <gtest/gtest.h>

#include <cinttypes>

namespace
{

uint64_t expected(const oracle::Block &dut, int width)
{
    auto lanes = static_cast<size_t>(dut.param("Lanes"));
    std::vector<oracle::Term> products;
    for (size_t i = 0; i < lanes; i++)
        products.push_back(oracle::dlf_term(dut.in[i]) * oracle::dlf_term(dut.in[lanes + i]));
    return oracle::aligned_sum(products, dut.in[2 * lanes], 2, width, dut.param("Saturate") != 0);
}

void run(oracle::Block::Settings settings, uint64_t vectors, uint64_t &count)
{
    oracle::Block dut("dlfloat16_dot", settings);
    int width = dut.param("Align") ? 0 : static_cast<int>(dut.param("AlignWidth"));
    ts_random random = {oracle::seed()};
    for (uint64_t i = 0; i < vectors; i++, count++) {
        dut.draw(random);
        dut.step();
        uint64_t want = expected(dut, width);
        if (dut.out[0] != want)
            FAIL() << dut.describe({want}) << ", vector " << i;
    }
}

} // namespace

TEST(dlfloat16_dot_oracle, window_and_exact)
{
    uint64_t count = 0;
    for (int64_t width : {16, 20, 24, 32, 48})
        for (int64_t saturate : {0, 1})
            ASSERT_NO_FATAL_FAILURE(run({{"AlignWidth", width}, {"Saturate", saturate}},
                                        oracle::vectors(50000), count));
    ASSERT_NO_FATAL_FAILURE(run({}, oracle::long_vectors(1000000), count));
    for (int64_t lanes : {1, 4, 16})
        ASSERT_NO_FATAL_FAILURE(run({{"Lanes", lanes}}, oracle::vectors(50000), count));
    for (int64_t saturate : {0, 1})
        ASSERT_NO_FATAL_FAILURE(
            run({{"Align", 1}, {"Saturate", saturate}}, oracle::vectors(50000), count));
    ASSERT_NO_FATAL_FAILURE(run({{"Align", 1}, {"Lanes", 16}}, oracle::vectors(20000), count));
    oracle::report("dlfloat16_dot", count);
}

TEST(dlfloat16_dot_oracle, one_lane_is_an_fma)
{
    for (int64_t width : {24, 25, 48}) {
        oracle::Block dut("dlfloat16_dot", {{"Lanes", 1}, {"AlignWidth", width}});
        ts_random random = {oracle::seed()};
        for (uint64_t i = oracle::vectors(100000); i > 0; i--) {
            dut.draw(random);
            dut.step();
            uint64_t want =
                oracle::dlf_fma(static_cast<uint16_t>(dut.in[0]), static_cast<uint16_t>(dut.in[1]),
                                static_cast<uint16_t>(dut.in[2]), false);
            ASSERT_EQ(dut.out[0], want) << dut.describe({want});
        }
    }
}
