// SPDX-License-Identifier: Apache-2.0
// radix4_to_radix2 against the values of the codes, over all inputs.
#include "oracle/formats.h"
#include "oracle/run.h"

#include <gtest/gtest.h>

using oracle::Format;

TEST(radix4_to_radix2_oracle, keeps_the_value_of_every_code_in_both_phases)
{
    oracle::Block dut("radix4_to_radix2", {});
    for (uint64_t phase = 0; phase < 2; phase++) {
        Format grid = phase ? Format::fp4_r4_odd : Format::fp4_r4_even;
        for (uint32_t code = 0; code < 16; code++) {
            dut.in = {code, phase};
            ASSERT_TRUE(dut.step());
            auto got = static_cast<uint32_t>(dut.out[0]);
            /* {s, e3, phase}, spelled out with the fields as numbers. */
            uint64_t wires = code / 8 * 16 + code % 8 * 2 + phase;
            ASSERT_EQ(got, wires) << dut.describe({wires});
            ASSERT_TRUE(oracle::decode(Format::fp5_r2, got).value ==
                        oracle::decode(grid, code).value)
                << dut.describe({wires});
        }
    }
    oracle::report("radix4_to_radix2", 32);
}
