// SPDX-License-Identifier: Apache-2.0
// int8_mac against exact sums: any number of lanes, narrow and wide accumulators, both overflows.
#include "oracle/int_mac.h"

#include <gtest/gtest.h>

TEST(int8_mac_oracle, special_weighted)
{
    uint64_t n = oracle::vectors(60000);
    for (int64_t saturate : {0, 1})
        for (int64_t lanes : {1, 4, 64})
            for (int64_t acc_bits : {16, 19, 32, 60})
                ASSERT_NO_FATAL_FAILURE(oracle::check_int_mac(
                    "int8_mac", 8,
                    {{"Lanes", lanes}, {"AccBits", acc_bits}, {"Saturate", saturate}}, n));
    oracle::report("int8_mac", 24 * n);
}

TEST(int8_mac_oracle, the_default_accumulator_holds_2_to_the_17_products)
{
    oracle::Block dut("int8_mac", {{"Lanes", 1}});
    dut.in = {0x80, 0x80, 0};
    for (int k = 1; k < 1 << 17; k++) {
        dut.step();
        dut.in[2] = dut.out[0];
    }
    EXPECT_EQ(oracle::integer_of(dut.out[0], 32), ((int64_t{1} << 17) - 1) << 14);
    dut.step();
    EXPECT_EQ(oracle::integer_of(dut.out[0], 32), -(int64_t{1} << 31)) << "and the next one wraps";
}
