// SPDX-License-Identifier: Apache-2.0
// The integer multiply-accumulate units against exact sums.
#ifndef TESSERA_TESTS_ORACLE_INT_MAC_H
#define TESSERA_TESTS_ORACLE_INT_MAC_H

#include "oracle/integers.h"

#include <gtest/gtest.h>

namespace oracle
{

inline uint64_t int_mac(const Block &dut, int operand_bits)
{
    auto lanes = static_cast<size_t>(dut.param("Lanes"));
    auto acc_bits = static_cast<int>(dut.param("AccBits"));
    int128 sum = integer_of(dut.in[2 * lanes], acc_bits);
    for (size_t i = 0; i < lanes; i++)
        sum += int128{integer_of(dut.in[i], operand_bits)} *
               integer_of(dut.in[lanes + i], operand_bits);
    return fit(sum, acc_bits, dut.param("Saturate"));
}

/** A unit of the `operand_bits` given, over so many random operands. */
inline void check_int_mac(const char *block, int operand_bits, Block::Settings settings, uint64_t n)
{
    Block dut(block, settings);
    ts_random random = {seed()};
    for (uint64_t i = 0; i < n; i++) {
        dut.draw(random);
        ASSERT_TRUE(dut.step());
        std::vector<uint64_t> want = {int_mac(dut, operand_bits)};
        ASSERT_EQ(dut.out, want) << dut.describe(want) << ", vector " << i;
    }
}

} // namespace oracle

#endif
