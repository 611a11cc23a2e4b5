// SPDX-License-Identifier: Apache-2.0
// fp16_fma where its rules meet; float_fma_oracle_test.cpp has the vectors.
#include "oracle/run.h"

#include <gtest/gtest.h>

TEST(fp16_fma_oracle, constructed_boundaries)
{
    struct Case {
        int64_t subnormals, saturate;
        uint64_t a, b, c, want;
        const char *why;
    };
    const Case cases[] = {
        {1, 0, 0x7C00, 0x8000, 0x3C00, 0x7E00, "infinity times zero"},
        {1, 0, 0x7C00, 0x3C00, 0xFC00, 0x7E00, "infinity minus infinity"},
        {1, 1, 0x7C00, 0xBC00, 0x3C00, 0xFC00, "an infinity that comes in goes out"},
        {1, 0, 0xFD01, 0x3C00, 0x3C00, 0x7E00, "the canonical NaN"},
        {1, 0, 0x7BFF, 0x3C00, 0x4B80, 0x7BFF, "65504 + 15"},
        {1, 0, 0x7BFF, 0x3C00, 0x4C00, 0x7C00, "65504 + 16: a tie, to even, infinity"},
        {1, 1, 0xFBFF, 0x3C00, 0xCC00, 0xFBFF, "the same, saturating"},
        {1, 0, 0xBC00, 0x3C00, 0x3C00, 0x0000, "x - x is +0"},
        {1, 0, 0x8000, 0x3C00, 0x8000, 0x0000, "-0 + -0 is +0 too"},
        {1, 0, 0x8001, 0x3800, 0x0000, 0x0000, "a tie below the smallest number, to +0"},
        {1, 0, 0x0001, 0x3801, 0x0000, 0x0001, "just above it"},
        {1, 0, 0x0003, 0x3800, 0x0000, 0x0002, "a tie between subnormals"},
        {1, 0, 0x0001, 0x37FF, 0x0001, 0x0001, "just below a tie between subnormals"},
        {1, 0, 0x0001, 0x3800, 0x0001, 0x0002, "the tie"},
        {1, 0, 0x0400, 0x3BFF, 0x0000, 0x0400, "rounds up to the smallest normal number"},
        {0, 0, 0x0400, 0x3BFF, 0x0000, 0x0000, "but flushes, as it is below before rounding"},
        {0, 0, 0x03FF, 0x7800, 0x0000, 0x0000, "a subnormal operand is zero"},
        {0, 0, 0x0000, 0x3C00, 0x83FF, 0x0000, "an addend too"},
        {0, 0, 0x03FF, 0x7C00, 0x0000, 0x7E00, "so it is invalid times infinity"},
        {0, 0, 0x0400, 0x3C00, 0x0000, 0x0400, "the smallest normal number stays"},
        {0, 0, 0x8400, 0x3C00, 0x0800, 0x0400, "the difference of normal numbers"},
        {0, 0, 0x8401, 0x3C00, 0x0800, 0x0000, "and one that is subnormal"},
    };
    for (const Case &x : cases) {
        oracle::Block dut("fp16_fma", {{"Subnormals", x.subnormals}, {"Saturate", x.saturate}});
        dut.in = {x.a, x.b, x.c};
        dut.step();
        EXPECT_EQ(dut.out[0], x.want) << x.why << "\n" << dut.describe({x.want});
    }
}
