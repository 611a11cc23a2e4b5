// SPDX-License-Identifier: Apache-2.0
// int2_mac against exact sums: all inputs of one and two lanes, samples of more.
#include "oracle/int_mac.h"

#include <gtest/gtest.h>

namespace
{

void all_inputs(uint64_t lanes, int acc_bits, bool saturate)
{
    oracle::Block dut(
        "int2_mac",
        {{"Lanes", static_cast<int64_t>(lanes)}, {"AccBits", acc_bits}, {"Saturate", saturate}});
    for (uint64_t i = 0; i < uint64_t{1} << (4 * lanes); i++)
        for (uint64_t acc = 0; acc < uint64_t{1} << acc_bits; acc++) {
            oracle::int128 sum = oracle::integer_of(acc, acc_bits);
            for (size_t n = 0; n < lanes; n++) {
                uint64_t a = i >> 4 * n & 3;
                uint64_t b = i >> (4 * n + 2) & 3;
                dut.in[n] = a;
                dut.in[lanes + n] = b;
                sum += oracle::integer_of(a, 2) * oracle::integer_of(b, 2);
            }
            dut.in[2 * lanes] = acc;
            dut.step();
            std::vector<uint64_t> want = {oracle::fit(sum, acc_bits, saturate)};
            ASSERT_EQ(dut.out, want) << dut.describe(want);
        }
}

} // namespace

TEST(int2_mac_oracle, all_inputs_of_one_and_two_lanes)
{
    for (bool saturate : {false, true})
        for (int acc_bits : {4, 5, 8}) {
            ASSERT_NO_FATAL_FAILURE(all_inputs(1, acc_bits, saturate));
            ASSERT_NO_FATAL_FAILURE(all_inputs(2, acc_bits, saturate));
        }
}

TEST(int2_mac_oracle, special_weighted)
{
    uint64_t n = oracle::vectors(60000);
    for (int64_t saturate : {0, 1})
        for (int64_t lanes : {4, 16, 64})
            for (int64_t acc_bits : {4, 16, 60})
                ASSERT_NO_FATAL_FAILURE(oracle::check_int_mac(
                    "int2_mac", 2,
                    {{"Lanes", lanes}, {"AccBits", acc_bits}, {"Saturate", saturate}}, n));
    oracle::report("int2_mac", 18 * n);
}
