// SPDX-License-Identifier: Apache-2.0
// fp16_fma, bf16_fma and fp32_fma against exact arithmetic, and against the CPU's fmaf.
#include "oracle/float_mpfr.h"
#include "oracle/fp32.h"
#include "oracle/run.h"

#include <gtest/gtest.h>

#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <string>

#define STRING_OF(name) #name
#define NAME_OF(block) STRING_OF(block)

namespace
{

const char *const BLOCK = NAME_OF(TESSERA_BLOCK);
const bool IS_FP16 = std::string(BLOCK) == "fp16_fma";
/* The name's beginning is the format of the factors; the sum is fp16 or fp32. */
const oracle::Float &FACTOR = oracle::float_named(std::string(BLOCK).substr(0, 4).c_str());
const oracle::Float &SUM = oracle::float_named(IS_FP16 ? "fp16" : "fp32");

struct Count {
    uint64_t vectors = 0;
    uint64_t rounded_twice = 0; /* emulation by a wider type gets these wrong */
    uint64_t subnormal = 0;
};

/* What a machine without subnormals sees. */
double operand(const oracle::Float &f, uint64_t code, bool subnormals)
{
    double x = oracle::float_value(f, static_cast<uint32_t>(code));
    return !subnormals && std::fabs(x) < std::ldexp(1, 1 - f.bias) ? 0 : x;
}

bool is_code_of(uint32_t code, double x)
{
    double value = oracle::float_value(SUM, code);
    if (std::isnan(x))
        return std::isnan(value) && code == oracle::float_sum(SUM, NAN, 0, false);
    return x == 0 ? code == 0 : value == x;
}

uint32_t by_fmaf(double x, double y, double z)
{
    float r = std::fmaf(static_cast<float>(x), static_cast<float>(y), static_cast<float>(z));
    if (std::isnan(r))
        return oracle::FP32_NAN;
    return r == 0 ? 0 : oracle::bits_of_float(r);
}

/* fp32 by way of double, the others by way of float, as programs emulate them. */
uint32_t rounded_twice(double x, double y, double z)
{
    if (FACTOR.bits() == 32)
        return oracle::float_sum(SUM, x * y + z, 0, false);
    float product = static_cast<float>(x) * static_cast<float>(y);
    return oracle::float_sum(SUM, static_cast<double>(product + static_cast<float>(z)), 0, false);
}

void check(oracle::Block &dut, bool saturate, bool subnormals, Count &count)
{
    double x = operand(FACTOR, dut.in[0], subnormals);
    double y = operand(FACTOR, dut.in[1], subnormals);
    double z = operand(SUM, dut.in[2], subnormals);
    dut.step();
    uint32_t want = oracle::float_sum(SUM, x * y, z, saturate, !subnormals);
    if (count.vectors % 64 == 0) {
        ASSERT_TRUE(is_code_of(want, oracle::mpfr_fma_in(SUM, x, y, z, saturate, !subnormals)))
            << "the oracles differ, " << dut.describe({want});
    }
    if (!IS_FP16 && !saturate) {
        ASSERT_EQ(want, by_fmaf(x, y, z)) << "fmaf differs, " << dut.describe({want});
    }
    if (dut.out[0] != want)
        FAIL() << dut.describe({want}) << ", vector " << count.vectors;
    count.vectors++;
    count.rounded_twice += !saturate && subnormals && rounded_twice(x, y, z) != want;
    count.subnormal += want != 0 && (want >> SUM.man_bits & ((1U << SUM.exp_bits) - 1)) == 0;
}

void run(oracle::Block &dut, bool saturate, bool subnormals, uint64_t vectors, Count &count)
{
    ts_random random = {oracle::seed()};
    for (uint64_t i = 0; i < vectors; i++) {
        dut.draw(random);
        ASSERT_NO_FATAL_FAILURE(check(dut, saturate, subnormals, count));
    }
}

} // namespace

TEST(float_fma_oracle, special_weighted)
{
    Count count;
    oracle::Block ieee(BLOCK, {});
    oracle::Block saturating(BLOCK, {{"Saturate", 1}});
    ASSERT_NO_FATAL_FAILURE(run(ieee, false, true, oracle::long_vectors(1000000), count));
    ASSERT_NO_FATAL_FAILURE(run(saturating, true, true, oracle::vectors(200000), count));
    oracle::report(BLOCK, count.vectors);
    std::printf("  of these, %" PRIu64 " have a subnormal sum, %" PRIu64
                " are wrong when rounded twice\n",
                count.subnormal, count.rounded_twice);
    if (count.vectors >= 100000) {
        EXPECT_GT(count.rounded_twice, 0U) << "the vectors have lost their hardest cases";
        EXPECT_GT(count.subnormal, count.vectors / 100);
    }
}

TEST(float_fma_oracle, fp16_without_subnormals)
{
    if (!IS_FP16)
        return;
    Count count;
    oracle::Block flushing(BLOCK, {{"Subnormals", 0}});
    oracle::Block saturating(BLOCK, {{"Subnormals", 0}, {"Saturate", 1}});
    ASSERT_NO_FATAL_FAILURE(run(flushing, false, false, oracle::long_vectors(1000000), count));
    ASSERT_NO_FATAL_FAILURE(run(saturating, true, false, oracle::vectors(200000), count));
    oracle::report("fp16_fma Subnormals=0", count.vectors);
    EXPECT_EQ(count.subnormal, 0U);
}

TEST(float_fma_oracle, fp16_boundaries)
{
    if (!IS_FP16)
        return;
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
        oracle::Block dut(BLOCK, {{"Subnormals", x.subnormals}, {"Saturate", x.saturate}});
        dut.in = {x.a, x.b, x.c};
        dut.step();
        EXPECT_EQ(dut.out[0], x.want) << x.why << "\n" << dut.describe({x.want});
        Count count;
        check(dut, x.saturate, x.subnormals, count);
    }
}
