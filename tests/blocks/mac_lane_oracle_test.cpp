// SPDX-License-Identifier: Apache-2.0
// mac_lane against exact products of the operands' values, over all inputs of all modes.
#include "oracle/products.h"
#include "oracle/run.h"

#include <gtest/gtest.h>

TEST(mac_lane_oracle, all_inputs)
{
    uint64_t count = 0;
    for (int64_t modes : {1, 2, 3}) {
        oracle::Block dut("mac_lane", {{"Modes", modes}});
        for (uint64_t i = 0; i < 16 * 2 * 32 * 2; i++, count++) {
            uint64_t a = i % 16;
            uint64_t a_unsigned = i / 16 % 2;
            uint64_t b = i / 32 % 32;
            uint64_t fp4 = i / 1024;
            dut.in = {a, a_unsigned, b, fp4};
            ASSERT_TRUE(dut.step());
            int64_t p = oracle::product(static_cast<unsigned>(a), a_unsigned,
                                        static_cast<unsigned>(b), oracle::fp4_mode(modes, fp4));
            std::vector<uint64_t> want = {oracle::word_of(p, oracle::product_bits(modes))};
            ASSERT_EQ(dut.out, want) << dut.describe(want);
        }
    }
    oracle::report("mac_lane", count);
}

TEST(mac_lane_oracle, the_largest_product_is_15_times_2_to_the_13)
{
    int64_t largest = 0;
    for (unsigned a = 0; a < 16; a++)
        for (unsigned b = 0; b < 32; b++)
            for (bool fp4 : {false, true})
                largest = std::max(largest, oracle::product(a, true, b, fp4));
    EXPECT_EQ(largest, 15 << 13);
}
