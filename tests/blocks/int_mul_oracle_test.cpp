// SPDX-License-Identifier: Apache-2.0
// int_mul against exact products: all inputs of up to 8 bits, samples of all widths.
#include "oracle/integers.h"

#include <gtest/gtest.h>

namespace
{

oracle::int128 operand(uint64_t word, int bits, bool is_signed)
{
    return is_signed ? oracle::int128{oracle::integer_of(word, bits)} : oracle::int128{word};
}

void check(oracle::Block &dut, int bits, bool is_signed)
{
    oracle::int128 product =
        operand(dut.in[0], bits, is_signed) * operand(dut.in[1], bits, is_signed);
    ASSERT_TRUE(dut.step());
    std::vector<uint64_t> want = {oracle::fit(product, 2 * bits, false)};
    ASSERT_EQ(dut.out, want) << dut.describe(want);
}

} // namespace

TEST(int_mul_oracle, all_inputs_of_up_to_8_bits)
{
    uint64_t count = 0;
    for (int bits = 2; bits <= 8; bits++)
        for (int64_t is_signed : {0, 1}) {
            oracle::Block dut("int_mul", {{"Bits", bits}, {"Signed", is_signed}});
            for (uint64_t i = 0; i < uint64_t{1} << 2 * bits; i++, count++) {
                dut.in = {i >> bits, i % (uint64_t{1} << bits)};
                ASSERT_NO_FATAL_FAILURE(check(dut, bits, is_signed));
            }
        }
    oracle::report("int_mul", count);
}

TEST(int_mul_oracle, every_width)
{
    ts_random random = {oracle::seed()};
    uint64_t n = oracle::vectors(20000);
    for (int bits = 2; bits <= 32; bits++)
        for (int64_t is_signed : {0, 1}) {
            oracle::Block dut("int_mul", {{"Bits", bits}, {"Signed", is_signed}});
            for (uint64_t i = 0; i < n; i++) {
                dut.draw(random);
                ASSERT_NO_FATAL_FAILURE(check(dut, bits, is_signed));
            }
        }
}
