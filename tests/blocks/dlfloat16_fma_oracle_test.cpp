// SPDX-License-Identifier: Apache-2.0
// dlfloat16_fma against exact arithmetic, and proof that float and double emulation would fail.
#include "oracle/dlfloat16_fast.h"
#include "oracle/formats.h"
#include "oracle/hard_cases.h"
#include "oracle/run.h"

#include <gtest/gtest.h>

#include <cinttypes>
#include <cmath>

namespace
{

uint16_t slow_fma(uint64_t a, uint64_t b, uint64_t c, bool saturate)
{
    using oracle::Class;
    using oracle::Format;
    oracle::Number x = oracle::decode(Format::dlfloat16, static_cast<uint32_t>(a));
    oracle::Number y = oracle::decode(Format::dlfloat16, static_cast<uint32_t>(b));
    oracle::Number z = oracle::decode(Format::dlfloat16, static_cast<uint32_t>(c));
    oracle::Number sum = oracle::number(x.value * y.value + z.value);
    if (x.cls == Class::nan || y.cls == Class::nan || z.cls == Class::nan)
        sum.cls = Class::nan;
    return static_cast<uint16_t>(
        oracle::encode(Format::dlfloat16, sum, oracle::Round::nearest_up, saturate));
}

uint16_t emulated_in_double(uint16_t a, uint16_t b, uint16_t c)
{
    double sum = oracle::dlf_value(a) * oracle::dlf_value(b) + oracle::dlf_value(c);
    return oracle::dlf_round(sum, false);
}

uint16_t emulated_in_float(uint16_t a, uint16_t b, uint16_t c)
{
    auto x = static_cast<float>(oracle::dlf_value(a));
    auto y = static_cast<float>(oracle::dlf_value(b));
    auto z = static_cast<float>(oracle::dlf_value(c));
    return oracle::dlf_round(static_cast<double>(std::fmaf(x, y, z)), false);
}

uint16_t code_of(double x)
{
    uint16_t code = oracle::dlf_round(x, false);
    EXPECT_EQ(oracle::dlf_value(code), x) << "not a dlfloat16";
    return code;
}

struct Count {
    uint64_t vectors = 0;
    uint64_t double_wrong = 0;
};

void run(int64_t saturate, uint64_t vectors, Count &count)
{
    oracle::Block dut("dlfloat16_fma", {{"Saturate", saturate}});
    ts_random random = {oracle::seed()};
    for (uint64_t i = 0; i < vectors; i++) {
        dut.draw(random);
        if (i % 2) {
            oracle::HardFma hard = oracle::hard_fma(random, static_cast<uint16_t>(dut.in[0]),
                                                    static_cast<uint16_t>(dut.in[2]));
            dut.in = {hard.a, hard.b, hard.c};
        }
        dut.step();
        auto a = static_cast<uint16_t>(dut.in[0]);
        auto b = static_cast<uint16_t>(dut.in[1]);
        auto c = static_cast<uint16_t>(dut.in[2]);
        uint64_t want = oracle::dlf_fma(a, b, c, saturate);
        if (i % 64 < 2) {
            ASSERT_EQ(want, slow_fma(a, b, c, saturate)) << dut.describe({want});
        }
        if (dut.out[0] != want)
            FAIL() << dut.describe({want}) << ", vector " << i;
        count.double_wrong += !saturate && emulated_in_double(a, b, c) != want;
        count.vectors++;
    }
}

} // namespace

TEST(dlfloat16_fma_oracle, special_weighted_and_hard_cases)
{
    Count count;
    for (int64_t saturate : {0, 1})
        ASSERT_NO_FATAL_FAILURE(run(saturate, oracle::long_vectors(1600000), count));
    oracle::report("dlfloat16_fma", count.vectors);
    std::printf("  of these, emulation in double gets %" PRIu64 " wrong\n", count.double_wrong);
    if (count.vectors >= 100000) {
        EXPECT_GT(count.double_wrong, 0U) << "the vectors have lost their hardest cases";
    }
}

/*
 * 25 * 41 = 1025 = 1024 * (1 + 1/1024), an exact tie between two dlfloat16.
 * An addend too small for a double's 53 bits decides it all the same.
 */
TEST(dlfloat16_fma_oracle, double_and_float_emulation_round_twice)
{
    uint16_t a = code_of(25);
    uint16_t b = code_of(std::ldexp(41, 22));
    uint16_t minus_tiny = code_of(-std::ldexp(1 + 1 / 512.0, -31));
    uint16_t below = code_of(std::ldexp(1, 32));
    uint16_t above = code_of(std::ldexp(1 + 1 / 512.0, 32));

    oracle::Block dut("dlfloat16_fma", {});
    dut.in = {a, b, minus_tiny};
    dut.step();
    EXPECT_EQ(dut.out[0], below) << "just below the tie";
    EXPECT_EQ(slow_fma(a, b, minus_tiny, false), below);
    EXPECT_EQ(oracle::dlf_fma(a, b, minus_tiny, false), below);
    EXPECT_EQ(emulated_in_double(a, b, minus_tiny), above) << "double emulation must be wrong here";
    EXPECT_EQ(emulated_in_float(a, b, minus_tiny), above) << "float emulation must be wrong here";

    /* For float a moderate exponent difference is enough. */
    b = code_of(41);
    uint16_t minus_small = code_of(-std::ldexp(1, -20));
    dut.in = {a, b, minus_small};
    dut.step();
    EXPECT_EQ(dut.out[0], code_of(1024));
    EXPECT_EQ(emulated_in_double(a, b, minus_small), code_of(1024));
    EXPECT_EQ(emulated_in_float(a, b, minus_small), code_of(1026)) << "float must be wrong here";
}

TEST(dlfloat16_fma_oracle, constructed_boundaries)
{
    oracle::Block dut("dlfloat16_fma", {});
    uint16_t one = code_of(1);
    uint16_t least = 1;
    uint16_t half_ulp_of_least = code_of(std::ldexp(1, -10));
    struct Case {
        uint16_t a, b, c;
        uint64_t want;
        const char *why;
    };
    const Case cases[] = {
        {one, 0x7FFE, 0, 0x7FFE, "the largest finite number"},
        {one, 0x7FFE, code_of(std::ldexp(1, 21)), 0x7FFE, "a quarter ulp past it"},
        {one, 0x7FFE, code_of(std::ldexp(1, 22)), 0x7FFF, "half an ulp past it: tie, up"},
        {one, 0xFFFE, code_of(-std::ldexp(1, 22)), 0x7FFF, "NaN-Infinity has no sign"},
        {0x7FFF, 0, 0, 0x7FFF, "NaN-Infinity absorbs zero"},
        {one, one, 0xFFFF, 0x7FFF, "its sign is not looked at"},
        {0xFFFF, 0x7FFE, 0x8001, 0x7FFF, "in any operand"},
        {one, code_of(-1), one, 0, "x - x is +0"},
        {0x8000, one, 0x8000, 0, "the sign of zero is not looked at"},
        {code_of(std::ldexp(1, -15)), code_of(std::ldexp(1, -16)), 0, 0, "2^-31 is zero"},
        {code_of(std::ldexp(1, -15)), code_of(-std::ldexp(1, -16)), least, 0, "2^-40 is zero"},
        {least, half_ulp_of_least, 0x0200, 0x0200, "far below an ulp"},
        {0x0200, code_of(-0.5), 0, 0, "half of 2^-30 is 2^-31, zero and +0"},
        {least, one, 0x8000 + 2, 0, "-2^-40 is +0"},
    };
    for (const Case &x : cases) {
        dut.in = {x.a, x.b, x.c};
        dut.step();
        EXPECT_EQ(dut.out[0], x.want) << x.why << "\n" << dut.describe({x.want});
        EXPECT_EQ(slow_fma(x.a, x.b, x.c, false), x.want) << x.why;
    }
}
