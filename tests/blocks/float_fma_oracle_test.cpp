// SPDX-License-Identifier: Apache-2.0
// fp16_fma, bf16_fma and fp32_fma against exact arithmetic, and against the CPU's fmaf.
#include "oracle/float_mpfr.h"
#include "oracle/fp32.h"
#include "oracle/run.h"
#include "selected_bench.h"

#include <gtest/gtest.h>

#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <cstring>

namespace
{

struct Count {
    uint64_t vectors = 0;
    uint64_t rounded_twice = 0; /* emulation by a wider type gets these wrong */
    uint64_t subnormal = 0;
};

struct Setting {
    bool saturate, subnormals;
};

/* The factors' format and the sum's. */
struct Formats {
    const oracle::Float &factor, &sum;
};

Formats formats_of(const char *block)
{
    if (std::strcmp(block, "fp16_fma") == 0)
        return {oracle::float_named("fp16"), oracle::float_named("fp16")};
    bool bf16 = std::strcmp(block, "bf16_fma") == 0;
    return {oracle::float_named(bf16 ? "bf16" : "fp32"), oracle::float_named("fp32")};
}

/* A machine without subnormals sees zeros. */
double operand(const oracle::Float &f, uint64_t code, bool subnormals)
{
    double x = oracle::float_value(f, static_cast<uint32_t>(code));
    return !subnormals && std::fabs(x) < std::ldexp(1, 1 - f.bias) ? 0 : x;
}

/* The same number; of zeros only +0, of NaN only the canonical one. */
bool is_code_of(const oracle::Float &f, uint32_t code, double x)
{
    double value = oracle::float_value(f, code);
    if (std::isnan(x))
        return std::isnan(value) && code == oracle::float_sum(f, NAN, 0, false);
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
uint32_t rounded_twice(const Formats &f, double x, double y, double z)
{
    if (f.factor.bits() == 32)
        return oracle::float_sum(f.sum, x * y + z, 0, false);
    float product = static_cast<float>(x) * static_cast<float>(y);
    return oracle::float_sum(f.sum, static_cast<double>(product + static_cast<float>(z)), 0, false);
}

void check(oracle::Block &dut, const Formats &f, Setting s, Count &count)
{
    double x = operand(f.factor, dut.in[0], s.subnormals);
    double y = operand(f.factor, dut.in[1], s.subnormals);
    double z = operand(f.sum, dut.in[2], s.subnormals);
    dut.step();
    uint32_t want = oracle::float_sum(f.sum, x * y, z, s.saturate, !s.subnormals);
    if (count.vectors % 64 == 0) {
        double slow = oracle::mpfr_fma_in(f.sum, x, y, z, s.saturate, !s.subnormals);
        ASSERT_TRUE(is_code_of(f.sum, want, slow))
            << "the oracles differ, " << dut.describe({want});
    }
    if (f.sum.bits() == 32 && !s.saturate) {
        ASSERT_EQ(want, by_fmaf(x, y, z)) << "fmaf differs, " << dut.describe({want});
    }
    if (dut.out[0] != want)
        FAIL() << dut.describe({want}) << ", vector " << count.vectors;
    count.vectors++;
    count.rounded_twice += !s.saturate && s.subnormals && rounded_twice(f, x, y, z) != want;
    double result = std::fabs(oracle::float_value(f.sum, want));
    count.subnormal += result > 0 && result < std::ldexp(1, 1 - f.sum.bias);
}

void run(oracle::Block dut, Setting s, uint64_t vectors, Count &count)
{
    Formats f = formats_of(tessera::block_bench().block.name);
    ts_random random = {oracle::seed()};
    for (uint64_t i = 0; i < vectors; i++) {
        dut.draw(random);
        ASSERT_NO_FATAL_FAILURE(check(dut, f, s, count));
    }
}

/* Of a block with that option. */
void run_without_subnormals(const char *block)
{
    Count count;
    ASSERT_NO_FATAL_FAILURE(
        run({block, {{"Subnormals", 0}}}, {false, false}, oracle::long_vectors(1000000), count));
    ASSERT_NO_FATAL_FAILURE(run({block, {{"Subnormals", 0}, {"Saturate", 1}}}, {true, false},
                                oracle::vectors(200000), count));
    oracle::report("  without subnormals", count.vectors);
    EXPECT_EQ(count.subnormal, 0U);
}

} // namespace

TEST(float_fma_oracle, special_weighted)
{
    const char *block = tessera::block_bench().block.name;
    Count count;
    ASSERT_NO_FATAL_FAILURE(run({block, {}}, {false, true}, oracle::long_vectors(1000000), count));
    ASSERT_NO_FATAL_FAILURE(
        run({block, {{"Saturate", 1}}}, {true, true}, oracle::vectors(200000), count));
    oracle::report(block, count.vectors);
    std::printf("  of these, %" PRIu64 " have a subnormal sum, %" PRIu64
                " are wrong when rounded twice\n",
                count.subnormal, count.rounded_twice);
    if (count.vectors >= 100000) {
        EXPECT_GT(count.rounded_twice, 0U) << "the vectors have lost their hardest cases";
        EXPECT_GT(count.subnormal, count.vectors / 100);
    }
    if (ts_block_param(ts_block_find(block), "Subnormals") >= 0)
        run_without_subnormals(block);
}
