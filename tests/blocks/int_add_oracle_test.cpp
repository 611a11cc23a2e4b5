// SPDX-License-Identifier: Apache-2.0
// int_add against exact sums: all inputs of small widths, samples of all others.
#include "oracle/integers.h"

#include <gtest/gtest.h>

namespace
{

void check(oracle::Block &dut, int bits, bool saturate)
{
    oracle::int128 sum =
        oracle::int128{oracle::integer_of(dut.in[0], bits)} + oracle::integer_of(dut.in[1], bits);
    ASSERT_TRUE(dut.step());
    std::vector<uint64_t> want = {oracle::fit(sum, bits, saturate)};
    ASSERT_EQ(dut.out, want) << dut.describe(want);
}

} // namespace

TEST(int_add_oracle, all_inputs_of_up_to_9_bits)
{
    uint64_t count = 0;
    for (int bits = 2; bits <= 9; bits++)
        for (int64_t saturate : {0, 1}) {
            oracle::Block dut("int_add", {{"Bits", bits}, {"Saturate", saturate}});
            for (uint64_t i = 0; i < uint64_t{1} << 2 * bits; i++, count++) {
                dut.in = {i >> bits, i % (uint64_t{1} << bits)};
                ASSERT_NO_FATAL_FAILURE(check(dut, bits, saturate));
            }
        }
    oracle::report("int_add", count);
}

TEST(int_add_oracle, every_width)
{
    ts_random random = {oracle::seed()};
    uint64_t n = oracle::vectors(20000);
    for (int bits = 2; bits <= 32; bits++)
        for (int64_t saturate : {0, 1}) {
            oracle::Block dut("int_add", {{"Bits", bits}, {"Saturate", saturate}});
            for (uint64_t i = 0; i < n; i++) {
                dut.draw(random);
                ASSERT_NO_FATAL_FAILURE(check(dut, bits, saturate));
            }
        }
}
