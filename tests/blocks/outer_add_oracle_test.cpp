// SPDX-License-Identifier: Apache-2.0
// outer_add to dlfloat16 and to fp32, the latter against the CPU's own addition.
#include "oracle/dlfloat16_fast.h"
#include "oracle/fp32.h"
#include "oracle/hard_cases.h"
#include "oracle/products.h"
#include "oracle/run.h"

#include <gtest/gtest.h>

#include <cfloat>
#include <cmath>

namespace
{

enum { OUTER, ACC, ESCALE, FP4 };

struct Setting {
    int64_t modes, chunk, variant, outer, saturate;
};

/* The value of the chunk's sum; the integer variant rounds it here, once. */
uint16_t inner_sum(const Setting &s, const oracle::Block &dut, int acc_bits)
{
    if (s.variant != TS_VARIANT_INTEGER)
        return static_cast<uint16_t>(dut.in[ACC]);
    int exponent = static_cast<int>(oracle::integer_of(dut.in[ESCALE], 7));
    exponent += oracle::fp4_mode(s.modes, dut.in[FP4]) ? -6 : 0;
    auto p = static_cast<double>(oracle::integer_of(dut.in[ACC], acc_bits));
    return oracle::dlf_round(std::ldexp(p, exponent), s.saturate);
}

/*
 * Every dlfloat16 is a float, so the CPU's addition is the operation itself.
 * Two finite operands cannot overflow: 2^33 is below half an ulp of FLT_MAX.
 */
uint32_t add_fp32(uint32_t outer, uint16_t inner)
{
    float x = oracle::float_of_bits(outer);
    auto y = static_cast<float>(oracle::dlf_value(inner));
    float sum = x + y;
    if (std::isnan(sum))
        return oracle::FP32_NAN;
    return sum == 0 ? 0 : oracle::bits_of_float(sum);
}

uint32_t add_fp32_by_mpfr(uint32_t outer, uint16_t inner, bool saturate)
{
    using namespace oracle;
    Number a = decode_fp32(outer);
    Number b = decode(Format::dlfloat16, inner);
    Number sum = number(a.value + b.value);
    if (a.cls == Class::nan || b.cls == Class::nan)
        sum.cls = Class::nan;
    else if (a.cls == Class::infinity)
        sum = a;
    return encode_fp32(sum, Round::nearest_even, saturate);
}

/* An fp32 whose rounding the chunk's sum decides: its ulp is about twice that sum, or it cancels.
 */
uint32_t hard_fp32(ts_random &random, uint16_t inner, uint32_t otherwise)
{
    double x = oracle::dlf_value(inner);
    if (std::isnan(x) || x == 0)
        return otherwise;
    uint64_t r = ts_random_next(&random);
    uint32_t sign_and_mantissa = otherwise & 0x807FFFFF;
    if (r & 1) {
        int e = std::ilogb(x) + 24 - static_cast<int>(r >> 8 & 3) + 127;
        return sign_and_mantissa | static_cast<uint32_t>(e) << 23;
    }
    uint32_t minus = oracle::bits_of_float(static_cast<float>(-x));
    return minus + static_cast<uint32_t>(r >> 16 & 7) - 3;
}

void run(const Setting &s, uint64_t count)
{
    oracle::Block dut("outer_add", {{"Modes", s.modes},
                                    {"Chunk", s.chunk},
                                    {"Variant", s.variant},
                                    {"Outer", s.outer},
                                    {"Saturate", s.saturate}});
    bool integer = s.variant == TS_VARIANT_INTEGER;
    bool fp32 = s.outer == TS_OUTER_FP32;
    int acc_bits =
        oracle::product_bits(s.modes) + static_cast<int>(std::lround(std::log2(s.chunk)));
    ts_random random = {oracle::seed()};
    for (uint64_t i = 0; i < count; i++) {
        dut.draw(random);
        uint16_t inner = inner_sum(s, dut, acc_bits);
        if (i % 2 && fp32)
            dut.in[OUTER] = hard_fp32(random, inner, static_cast<uint32_t>(dut.in[OUTER]));
        if (i % 2 && !fp32)
            dut.in[OUTER] = oracle::hard_first(random, static_cast<uint16_t>(dut.in[OUTER]));
        if (i % 2 && !fp32 && integer)
            dut.in[OUTER] = oracle::hard_addend(random, inner);
        if (i % 2 && !fp32 && !integer)
            dut.in[ACC] = oracle::hard_addend(random, static_cast<uint16_t>(dut.in[OUTER]));
        dut.step();

        inner = inner_sum(s, dut, acc_bits);
        auto outer = static_cast<uint32_t>(dut.in[OUTER]);
        uint64_t want = fp32 ? add_fp32(outer, inner)
                             : oracle::dlf_add(oracle::dlf_value(static_cast<uint16_t>(outer)),
                                               oracle::dlf_value(inner), s.saturate);
        if (fp32 && i % 32 < 2) {
            ASSERT_EQ(want, add_fp32_by_mpfr(outer, inner, s.saturate)) << dut.describe({want});
        }
        if (dut.out[0] != want)
            FAIL() << dut.describe({want}) << ", vector " << i;
    }
}

uint64_t run_all(int64_t outer)
{
    uint64_t count = 0;
    for (int64_t saturate : {0, 1}) {
        uint64_t n = oracle::vectors(600000);
        run({3, 64, TS_VARIANT_FUSED, outer, saturate}, n);
        count += n;
        for (int64_t modes : {1, 2, 3}) {
            for (int64_t chunk : {1, 64, 4096}) {
                if (testing::Test::HasFatalFailure())
                    return count;
                n = oracle::vectors(25000);
                run({modes, chunk, TS_VARIANT_INTEGER, outer, saturate}, n);
                count += n;
            }
        }
    }
    return count;
}

} // namespace

TEST(outer_add_oracle, dlfloat16)
{
    oracle::report("outer_add dlfloat16", run_all(TS_OUTER_DLFLOAT16));
}

TEST(outer_add_oracle, fp32)
{
    oracle::report("outer_add fp32", run_all(TS_OUTER_FP32));
}

TEST(outer_add_oracle, fp32_specials)
{
    for (int64_t saturate : {0, 1}) {
        oracle::Block dut("outer_add", {{"Outer", TS_OUTER_FP32}, {"Saturate", saturate}});
        struct Case {
            uint64_t outer, acc, want;
        };
        const Case cases[] = {
            {0x3F800000, 0x7FFF, 0x7FC00000}, /* NaN-Infinity is a NaN in fp32 */
            {0x3F800000, 0xFFFF, 0x7FC00000}, {0x7F800000, 0xFFFF, 0x7FC00000},
            {0xFF800001, 0x3E00, 0x7FC00000}, {0xFF800000, 0x7FFE, 0xFF800000},
            {0x80000000, 0x8000, 0x00000000}, {0xBF800000, 0x3E00, 0x00000000},
            {0x80000001, 0x0000, 0x80000001}, /* a subnormal outer sum stays */
            {0x7F7FFFFF, 0x7FFE, 0x7F7FFFFF},
        };
        for (const Case &x : cases) {
            dut.in = {x.outer, x.acc, 0, 0};
            dut.step();
            EXPECT_EQ(dut.out[0], x.want) << dut.describe({x.want});
        }
    }
    EXPECT_LT(std::ldexp(1.0, 33), std::ldexp(1.0, 127 - 24)) << "so fp32 cannot overflow";
}
