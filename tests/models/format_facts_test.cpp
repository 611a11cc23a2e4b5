// SPDX-License-Identifier: Apache-2.0
// Every published fact about the formats is an assertion, written as the publication has it.
#include "tessera/tessera.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <tuple>

namespace
{

double value(const ts_format &format, uint32_t code)
{
    return ts_to_double(&format, code);
}

uint32_t special(const ts_format &format, double x)
{
    return ts_encode(&format, ts_value_of_double(x), format.rounding, TS_OVERFLOW_SPECIAL);
}

uint32_t saturated(const ts_format &format, double x)
{
    return ts_encode(&format, ts_value_of_double(x), format.rounding, TS_OVERFLOW_SATURATE);
}

constexpr double NOT_A_NUMBER = std::numeric_limits<double>::quiet_NaN();
constexpr double UNBOUNDED = std::numeric_limits<double>::infinity();

} // namespace

TEST(format_facts, int4_is_twos_complement)
{
    EXPECT_EQ(value(ts_format_int4, 0x7), 7);
    EXPECT_EQ(value(ts_format_int4, 0x8), -8);
    EXPECT_EQ(value(ts_format_int4, 0x9), -7);
    EXPECT_EQ(value(ts_format_int4, 0xF), -1);
    EXPECT_EQ(ts_of_double(&ts_format_int4, 2.5), 2U) << "nearest_even";
    EXPECT_EQ(ts_of_double(&ts_format_int4, 3.5), 4U);
    EXPECT_EQ(ts_of_double(&ts_format_int4, 100), 7U);
    EXPECT_EQ(ts_of_double(&ts_format_int4, -100), 8U);
}

TEST(format_facts, uint4_is_0_to_15)
{
    for (uint32_t i = 0; i < 16; i++)
        EXPECT_EQ(value(ts_format_uint4, i), i);
    EXPECT_EQ(ts_of_double(&ts_format_uint4, -3), 0U);
    EXPECT_EQ(ts_of_double(&ts_format_uint4, 99), 15U);
    EXPECT_EQ(ts_of_double(&ts_format_uint4, 14.5), 14U) << "nearest_even";
}

TEST(format_facts, fp4_r4_grids_are_powers_of_four_and_twice_them)
{
    const double even[] = {0, 1 / 64.0, 1 / 16.0, 1 / 4.0, 1, 4, 16, 64};
    for (uint32_t e = 0; e < 8; e++) {
        EXPECT_EQ(value(ts_format_fp4_r4_even, e), even[e]);
        EXPECT_EQ(value(ts_format_fp4_r4_odd, e), 2 * even[e]);
        EXPECT_EQ(value(ts_format_fp4_r4_even, e + 8), -even[e]);
        EXPECT_EQ(value(ts_format_fp4_r4_odd, e + 8), -2 * even[e]);
    }
}

TEST(format_facts, fp4_r4_midpoint_is_2_5_and_goes_up)
{
    const ts_format &even = ts_format_fp4_r4_even;
    EXPECT_EQ(ts_of_double(&even, 2.5), 5U);
    EXPECT_EQ(ts_of_double(&even, std::nextafter(2.5, 0)), 4U);
    EXPECT_EQ(ts_of_double(&even, 4 / 1.6), 5U) << "4^(n+1)/1.6 is the same point (Sun20)";
    EXPECT_EQ(ts_of_double(&ts_format_fp4_r4_odd, 5), 5U);
    EXPECT_EQ(ts_of_double(&ts_format_fp4_r4_odd, -5), 13U);
}

TEST(format_facts, fp4_r4_has_no_special_and_saturates)
{
    for (const ts_format *f : {&ts_format_fp4_r4_even, &ts_format_fp4_r4_odd}) {
        EXPECT_EQ(special(*f, 1e9), 7U);
        EXPECT_EQ(special(*f, -1e9), 15U);
        EXPECT_EQ(special(*f, UNBOUNDED), 7U);
        EXPECT_EQ(special(*f, NOT_A_NUMBER), 7U);
        EXPECT_EQ(ts_of_double(f, -1e-9), 0U) << "zero results are +0";
        EXPECT_EQ(value(*f, 8), 0);
    }
}

TEST(format_facts, fp5_r2_is_what_the_converter_produces)
{
    EXPECT_EQ(value(ts_format_fp5_r2, 0), 0);
    EXPECT_EQ(value(ts_format_fp5_r2, 1), 0) << "both codes with e3 = 0 are zero";
    EXPECT_EQ(value(ts_format_fp5_r2, 16), 0);
    EXPECT_EQ(value(ts_format_fp5_r2, 17), 0);
    for (uint32_t e = 2; e < 16; e++) {
        EXPECT_EQ(value(ts_format_fp5_r2, e), std::ldexp(1, static_cast<int>(e) - 8));
        EXPECT_EQ(value(ts_format_fp5_r2, 16 + e), -std::ldexp(1, static_cast<int>(e) - 8));
    }
}

TEST(format_facts, dlfloat16_zero_and_nan_infinity_codes)
{
    EXPECT_EQ(ts_decode(&ts_format_dlfloat16, 0x0000).cls, TS_ZERO);
    EXPECT_EQ(ts_decode(&ts_format_dlfloat16, 0x8000).cls, TS_ZERO);
    EXPECT_EQ(ts_decode(&ts_format_dlfloat16, 0x7FFF).cls, TS_NAN);
    EXPECT_EQ(ts_decode(&ts_format_dlfloat16, 0xFFFF).cls, TS_NAN);
    int specials = 0;
    for (uint32_t code = 0; code < 65536; code++)
        specials += ts_decode(&ts_format_dlfloat16, code).cls != TS_FINITE;
    EXPECT_EQ(specials, 4) << "all other codes are normal numbers";
}

TEST(format_facts, dlfloat16_range)
{
    EXPECT_EQ(value(ts_format_dlfloat16, 0x7FFE), std::ldexp(1 + 510 / 512.0, 32));
    EXPECT_EQ(value(ts_format_dlfloat16, 0x0001), std::ldexp(1 + 1 / 512.0, -31));
    EXPECT_EQ(value(ts_format_dlfloat16, 0x0200), std::ldexp(1, -30));
    EXPECT_EQ(value(ts_format_dlfloat16, 31 << 9), 1);
    EXPECT_EQ(value(ts_format_dlfloat16, 0xC001), -(2 + 2 / 512.0));
}

TEST(format_facts, dlfloat16_rounds_2_to_the_minus_31_to_zero)
{
    const ts_format &f = ts_format_dlfloat16;
    double least = std::ldexp(1, -31);
    EXPECT_EQ(special(f, least), 0U);
    EXPECT_EQ(special(f, -least), 0U) << "zero results are +0";
    EXPECT_EQ(special(f, least * (1 - 1 / 4096.0)), 0U);
    EXPECT_EQ(special(f, std::nextafter(least * (1 + 1 / 1024.0), 0)), 0U);
    EXPECT_EQ(special(f, least * (1 + 1 / 1024.0)), 1U) << "the tie goes up";
    EXPECT_EQ(special(f, -least * (1 + 1 / 1024.0)), 0x8001U);
}

TEST(format_facts, dlfloat16_ties_go_away_from_zero)
{
    EXPECT_EQ(special(ts_format_dlfloat16, 1 + 1 / 1024.0), (31U << 9) + 1);
    EXPECT_EQ(special(ts_format_dlfloat16, 1 + 3 / 1024.0), (31U << 9) + 2);
    EXPECT_EQ(special(ts_format_dlfloat16, -(1 + 1 / 1024.0)), 0x8000 + (31U << 9) + 1);
    EXPECT_EQ(special(ts_format_dlfloat16, 2 - 1 / 1024.0), 32U << 9);
}

TEST(format_facts, dlfloat16_overflows_to_7fff_or_saturates)
{
    const ts_format &f = ts_format_dlfloat16;
    double past = std::ldexp(1 + 511 / 512.0, 32);
    double tie = std::ldexp(1 + 510.5 / 512, 32);
    for (double x : {tie, past, 2 * past, 1e300}) {
        EXPECT_EQ(special(f, x), 0x7FFFU);
        EXPECT_EQ(special(f, -x), 0x7FFFU) << "NaN-Infinity has no sign";
        EXPECT_EQ(saturated(f, x), 0x7FFEU);
        EXPECT_EQ(saturated(f, -x), 0xFFFEU);
    }
    EXPECT_EQ(special(f, std::nextafter(tie, 0)), 0x7FFEU);
    EXPECT_EQ(saturated(f, NOT_A_NUMBER), 0x7FFFU) << "saturation still propagates NaN-Infinity";
    EXPECT_EQ(saturated(f, UNBOUNDED), 0x7FFFU);
}

TEST(format_facts, fp32_is_ieee)
{
    EXPECT_EQ(value(ts_format_fp32, 0x3F800000), 1);
    EXPECT_EQ(value(ts_format_fp32, 0x7F7FFFFF), std::numeric_limits<float>::max());
    EXPECT_EQ(value(ts_format_fp32, 0x00000001), std::numeric_limits<float>::denorm_min());
    EXPECT_EQ(value(ts_format_fp32, 0xFF800000), -UNBOUNDED);
    EXPECT_TRUE(std::isnan(value(ts_format_fp32, 0x7F800001)));
    EXPECT_EQ(special(ts_format_fp32, NOT_A_NUMBER), 0x7FC00000U);
    EXPECT_EQ(special(ts_format_fp32, -0.0), 0U) << "zero results are +0";
    EXPECT_EQ(special(ts_format_fp32, -1e300), 0xFF800000U);
    EXPECT_EQ(saturated(ts_format_fp32, -1e300), 0xFF7FFFFFU);
    EXPECT_EQ(saturated(ts_format_fp32, -UNBOUNDED), 0xFF800000U);
}

TEST(format_facts, integers_are_twos_complement)
{
    const struct {
        const ts_format *format;
        double lowest, largest;
    } integers[] = {{&ts_format_int2, -2, 1},
                    {&ts_format_int4, -8, 7},
                    {&ts_format_int8, -128, 127},
                    {&ts_format_int16, -32768, 32767}};
    for (const auto &[format, lowest, largest] : integers) {
        uint32_t sign = 1U << (ts_format_bits(format) - 1);
        EXPECT_EQ(value(*format, sign), lowest);
        EXPECT_EQ(value(*format, sign - 1), largest);
        EXPECT_EQ(value(*format, 2 * sign - 1), -1);
        EXPECT_EQ(ts_of_double(format, 1e9), sign - 1) << "saturates";
        EXPECT_EQ(ts_of_double(format, -1e9), sign);
        EXPECT_EQ(ts_of_double(format, 0.5), 0U) << "nearest_even";
    }
}

TEST(format_facts, symmetric_int4_has_15_levels)
{
    int levels = 0;
    for (uint32_t code = 0; code < 16; code++)
        levels += std::fabs(value(ts_format_int4, code)) <= 7;
    EXPECT_EQ(levels, 15);
}

TEST(format_facts, fp4_r2_has_seven_magnitudes_and_a_zero)
{
    EXPECT_EQ(value(ts_format_fp4_r2, 0), 0);
    EXPECT_EQ(value(ts_format_fp4_r2, 8), 0);
    for (uint32_t e = 1; e < 8; e++) {
        EXPECT_EQ(value(ts_format_fp4_r2, e), std::ldexp(1, static_cast<int>(e) - 4));
        EXPECT_EQ(value(ts_format_fp4_r2, 8 + e), -std::ldexp(1, static_cast<int>(e) - 4));
    }
    EXPECT_EQ(value(ts_format_fp4_r2, 1), value(ts_format_fp4_r2, 7) / 64) << "alpha = max / 2^6";
    EXPECT_EQ(special(ts_format_fp4_r2, 1e9), 7U) << "no special code, saturates";
    EXPECT_EQ(ts_format_fp4_r2.rounding, TS_STOCHASTIC);
}

/* LUQ: x between alpha 2^(n-1) and alpha 2^n rises by chance (x - low) / (high - low). */
TEST(format_facts, fp4_r2_rounds_between_powers_in_proportion)
{
    int ups = 0;
    for (uint32_t word = 0; word < 16; word++)
        ups += ts_encode_stochastic(&ts_format_fp4_r2, ts_value_of_double(1.25), word, 4,
                                    TS_OVERFLOW_SATURATE) == 5;
    EXPECT_EQ(ups, 4);
}

/* LUQ: below alpha, alpha by chance |x| / alpha, else zero. */
TEST(format_facts, fp4_r2_prunes_underflow_in_proportion)
{
    int kept = 0;
    for (uint32_t word = 0; word < 16; word++) {
        uint32_t code = ts_encode_stochastic(&ts_format_fp4_r2, ts_value_of_double(-3 / 128.0),
                                             word, 4, TS_OVERFLOW_SATURATE);
        EXPECT_TRUE(code == 0 || code == 9) << code;
        kept += code == 9;
    }
    EXPECT_EQ(kept, 3);
}

TEST(format_facts, fp8_143_range_and_zero)
{
    const ts_format &f = ts_format_fp8_143;
    EXPECT_EQ(f.bias, 11);
    EXPECT_EQ(value(f, 0x7F), 30);
    EXPECT_EQ(value(f, 0x01), std::ldexp(1.125, -11));
    EXPECT_EQ(value(f, 0x00), 0);
    EXPECT_EQ(value(f, 0x80), 0);
    EXPECT_EQ(value(f, 0x08), std::ldexp(1, -10)) << "no subnormals";
    for (double x : {31.0, 1e9, UNBOUNDED}) {
        EXPECT_EQ(special(f, x), 0x7FU) << "no special code, saturates";
        EXPECT_EQ(special(f, -x), 0xFFU);
    }
    for (uint32_t code = 0; code < 256; code++)
        EXPECT_TRUE(std::isfinite(value(f, code)));
    EXPECT_EQ(ts_of_double(&f, 1.0625), 0x59U) << "nearest_up";
    EXPECT_EQ(ts_of_double(&f, std::ldexp(1, -11)), 0U) << "it would have the code of zero";
}

TEST(format_facts, fp8_152_range_and_specials)
{
    const ts_format &f = ts_format_fp8_152;
    EXPECT_EQ(f.bias, 15);
    EXPECT_EQ(value(f, 0x7E), std::ldexp(1.5, 16));
    EXPECT_EQ(value(f, 0x01), std::ldexp(1.25, -15));
    EXPECT_EQ(value(f, 0x00), 0);
    EXPECT_EQ(value(f, 0x80), 0);
    EXPECT_TRUE(std::isnan(value(f, 0x7F))) << "all ones is NaN-Infinity";
    EXPECT_TRUE(std::isnan(value(f, 0xFF)));
    EXPECT_EQ(value(f, 0x7C), std::ldexp(1, 16)) << "the rest of the top binade is numbers";
    EXPECT_EQ(special(f, -1e9), 0x7FU);
    EXPECT_EQ(saturated(f, -1e9), 0xFEU);
    EXPECT_EQ(saturated(f, NOT_A_NUMBER), 0x7FU);
    EXPECT_EQ(ts_of_double(&f, 1.125), 0x3DU) << "nearest_up";
}

TEST(format_facts, fp9_153_range_and_specials)
{
    const ts_format &f = ts_format_fp9_153;
    EXPECT_EQ(f.bias, 15);
    EXPECT_EQ(value(f, 0x0FE), std::ldexp(1.75, 16));
    EXPECT_EQ(value(f, 0x001), std::ldexp(1.125, -15));
    EXPECT_EQ(value(f, 0x000), 0);
    EXPECT_TRUE(std::isnan(value(f, 0x0FF)));
    EXPECT_TRUE(std::isnan(value(f, 0x1FF)));
    EXPECT_EQ(special(f, 1e9), 0x0FFU);
}

namespace
{

bool fp9_153_holds_all_of(const ts_format &f)
{
    for (uint32_t code = 0; code < 1U << ts_format_bits(&f); code++) {
        ts_value v = ts_decode(&f, code);
        uint32_t wide = ts_encode(&ts_format_fp9_153, v, TS_TOWARD_ZERO, TS_OVERFLOW_SPECIAL);
        ts_value back = ts_decode(&ts_format_fp9_153, wide);
        if (back.cls != v.cls ||
            (v.cls == TS_FINITE && ts_value_to_double(back) != ts_value_to_double(v)))
            return false;
    }
    return true;
}

} // namespace

TEST(format_facts, fp9_153_holds_both_fp8_exactly_and_biases_0_to_15)
{
    EXPECT_TRUE(fp9_153_holds_all_of(ts_format_fp8_152));
    ts_format f = ts_format_fp8_143;
    for (f.bias = 0; f.bias <= 15; f.bias++)
        EXPECT_TRUE(fp9_153_holds_all_of(f)) << f.bias;
    for (int bias : {-1, 16}) {
        f.bias = static_cast<int16_t>(bias);
        EXPECT_FALSE(fp9_153_holds_all_of(f)) << bias;
    }
}

TEST(format_facts, fp16_is_ieee_binary16)
{
    const ts_format &f = ts_format_fp16;
    EXPECT_EQ(value(f, 0x7BFF), 65504);
    EXPECT_EQ(value(f, 0x0400), std::ldexp(1, -14));
    EXPECT_EQ(value(f, 0x0001), std::ldexp(1, -24)) << "gradual subnormals";
    EXPECT_EQ(value(f, 0x7C00), UNBOUNDED);
    EXPECT_EQ(value(f, 0xFC00), -UNBOUNDED);
    EXPECT_TRUE(std::isnan(value(f, 0x7C01)));
    EXPECT_EQ(special(f, NOT_A_NUMBER), 0x7E00U);
    EXPECT_EQ(special(f, 65519), 0x7BFFU);
    EXPECT_EQ(special(f, 65520), 0x7C00U);
    EXPECT_EQ(saturated(f, 65520), 0x7BFFU);
    EXPECT_EQ(ts_of_double(&f, 2049), 0x6800U) << "nearest_even";
}

TEST(format_facts, bf16_is_the_upper_half_of_fp32)
{
    for (uint32_t code = 0; code < 65536; code++) {
        double narrow = value(ts_format_bf16, code);
        double wide = value(ts_format_fp32, code << 16);
        EXPECT_TRUE(narrow == wide || (std::isnan(narrow) && std::isnan(wide))) << code;
    }
    EXPECT_EQ(value(ts_format_bf16, 0x7F7F), std::ldexp(1 + 127 / 128.0, 127));
    EXPECT_EQ(value(ts_format_bf16, 0x0001), std::ldexp(1, -133)) << "gradual subnormals";
    EXPECT_EQ(ts_of_double(&ts_format_bf16, 257), 0x4380U) << "nearest_even";
    EXPECT_EQ(special(ts_format_bf16, 1e300), 0x7F80U);
}

TEST(format_facts, e4m3_has_one_nan_a_sign_and_no_infinity)
{
    const ts_format &f = ts_format_e4m3;
    EXPECT_EQ(f.bias, 7);
    EXPECT_EQ(value(f, 0x7E), 448);
    EXPECT_EQ(value(f, 0x08), std::ldexp(1, -6));
    EXPECT_EQ(value(f, 0x01), std::ldexp(1, -9));
    int numbers = 0;
    for (uint32_t code = 0; code < 256; code++)
        numbers += std::isfinite(value(f, code));
    EXPECT_EQ(numbers, 254);
    EXPECT_TRUE(std::isnan(value(f, 0x7F))) << "S.1111.111";
    EXPECT_TRUE(std::isnan(value(f, 0xFF)));
    EXPECT_EQ(special(f, 464), 0x7EU) << "the tie goes to the even code";
    EXPECT_EQ(special(f, 465), 0x7FU);
    EXPECT_EQ(special(f, -UNBOUNDED), 0x7FU);
    EXPECT_EQ(saturated(f, -465), 0xFEU);
}

TEST(format_facts, e5m2_is_ieee_alike)
{
    const ts_format &f = ts_format_e5m2;
    EXPECT_EQ(f.bias, 15);
    EXPECT_EQ(value(f, 0x7B), 57344);
    EXPECT_EQ(value(f, 0x04), std::ldexp(1, -14));
    EXPECT_EQ(value(f, 0x01), std::ldexp(1, -16));
    EXPECT_EQ(value(f, 0x7C), UNBOUNDED) << "S.11111.00";
    EXPECT_EQ(value(f, 0xFC), -UNBOUNDED);
    for (uint32_t nan : {0x7DU, 0x7EU, 0x7FU, 0xFDU, 0xFEU, 0xFFU})
        EXPECT_TRUE(std::isnan(value(f, nan))) << "S.11111.{01, 10, 11}";
    EXPECT_EQ(special(f, 1e9), 0x7CU);
    EXPECT_EQ(saturated(f, 1e9), 0x7BU);
}

TEST(format_facts, ocp_fp8_saturating_mode_clamps_infinities_too)
{
    ts_value infinity = ts_value_of_double(-UNBOUNDED);
    for (const auto &[format, largest, kept] :
         {std::tuple{&ts_format_e4m3, 0xFEU, 0x7FU}, std::tuple{&ts_format_e5m2, 0xFBU, 0xFCU}}) {
        EXPECT_EQ(ts_encode(format, infinity, TS_NEAREST_EVEN, TS_OVERFLOW_SATURATE_INFINITY),
                  largest);
        EXPECT_EQ(ts_encode(format, infinity, TS_NEAREST_EVEN, TS_OVERFLOW_SATURATE), kept);
        ts_value nan = ts_value_of_double(NOT_A_NUMBER);
        uint32_t code = ts_encode(format, nan, TS_NEAREST_EVEN, TS_OVERFLOW_SATURATE_INFINITY);
        EXPECT_TRUE(std::isnan(value(*format, code)));
    }
}

TEST(format_facts, e2m1_is_0_half_1_to_2_3_4_6)
{
    const double magnitudes[] = {0, 0.5, 1, 1.5, 2, 3, 4, 6};
    for (uint32_t code = 0; code < 8; code++) {
        EXPECT_EQ(value(ts_format_e2m1, code), magnitudes[code]);
        EXPECT_EQ(value(ts_format_e2m1, code + 8), -magnitudes[code]);
    }
    EXPECT_EQ(special(ts_format_e2m1, 1e9), 7U) << "no special code";
    EXPECT_EQ(ts_of_double(&ts_format_e2m1, 2.5), 4U) << "nearest_even";
    EXPECT_EQ(ts_of_double(&ts_format_e2m1, 0.25), 0U);
}

TEST(format_facts, ocp_fp6_ranges)
{
    EXPECT_EQ(value(ts_format_e2m3, 0x1F), 7.5);
    EXPECT_EQ(value(ts_format_e2m3, 0x01), 0.125);
    EXPECT_EQ(value(ts_format_e2m3, 0x08), 1);
    EXPECT_EQ(value(ts_format_e3m2, 0x1F), 28);
    EXPECT_EQ(value(ts_format_e3m2, 0x01), 0.0625);
    EXPECT_EQ(value(ts_format_e3m2, 0x04), 0.25);
    for (const ts_format *f : {&ts_format_e2m3, &ts_format_e3m2})
        for (uint32_t code = 0; code < 64; code++)
            EXPECT_TRUE(std::isfinite(value(*f, code))) << "no special code";
}

TEST(format_facts, e8m0_is_every_power_of_two_from_minus_127_to_127)
{
    const ts_format &f = ts_format_e8m0;
    for (uint32_t code = 0; code < 255; code++)
        EXPECT_EQ(value(f, code), std::ldexp(1, static_cast<int>(code) - 127)) << "no zero";
    EXPECT_TRUE(std::isnan(value(f, 255)));
    EXPECT_EQ(ts_format_bits(&f), 8) << "no sign";
    EXPECT_EQ(ts_of_double(&f, 1.99), 127U) << "the scale of a block is a floor";
    EXPECT_EQ(ts_of_double(&f, 1e300), 254U);
    for (double x : {0.0, -5.0, -UNBOUNDED, 1e-300})
        EXPECT_EQ(ts_of_double(&f, x), 0U) << "the smallest is nearest";
    EXPECT_EQ(ts_of_double(&f, UNBOUNDED), 255U);
    EXPECT_EQ(ts_of_double(&f, NOT_A_NUMBER), 255U);
}

/* Nearest_even everywhere but in IBM's formats, LUQ's and the scale. */
TEST(format_facts, formats_round_as_published)
{
    for (const ts_format *const *f = ts_formats; *f; f++) {
        ts_rounding want = TS_NEAREST_EVEN;
        for (const ts_format *ibm :
             {&ts_format_fp4_r4_even, &ts_format_fp4_r4_odd, &ts_format_fp5_r2, &ts_format_fp8_143,
              &ts_format_fp8_152, &ts_format_fp9_153, &ts_format_dlfloat16})
            if (*f == ibm)
                want = TS_NEAREST_UP;
        if (*f == &ts_format_fp4_r2)
            want = TS_STOCHASTIC;
        if (*f == &ts_format_e8m0)
            want = TS_TOWARD_ZERO;
        EXPECT_EQ((*f)->rounding, want) << (*f)->name;
    }
}

// A format without special codes saturates; the others make a special of what is too large, but
// e8m0 truncates: by IEEE 754 that ends at the largest number.
TEST(format_facts, formats_overflow_as_published)
{
    const double too_large = std::ldexp(1, 200);
    for (const ts_format *const *f = ts_formats; *f; f++) {
        bool has_special = (*f)->kind == TS_KIND_FLOAT && (*f)->specials != TS_SPECIALS_NONE;
        EXPECT_EQ((*f)->overflow, has_special ? TS_OVERFLOW_SPECIAL : TS_OVERFLOW_SATURATE)
            << (*f)->name << ", as users are told";
        uint32_t got = ts_of_double(*f, too_large);
        EXPECT_EQ(got, has_special ? special(**f, too_large) : saturated(**f, too_large))
            << (*f)->name;
        bool truncates = (*f)->rounding == TS_TOWARD_ZERO;
        EXPECT_EQ(ts_decode(*f, got).cls == TS_FINITE, !has_special || truncates) << (*f)->name;
    }
}

TEST(format_facts, formats_are_found_by_name_and_have_their_bits)
{
    const std::pair<const char *, int> bits[] = {
        {"int2", 2},        {"int4", 4},       {"int8", 8},   {"int16", 16},     {"uint4", 4},
        {"fp4_r4_even", 4}, {"fp4_r4_odd", 4}, {"fp5_r2", 5}, {"fp4_r2", 4},     {"fp8_143", 8},
        {"fp8_152", 8},     {"fp9_153", 9},    {"fp16", 16},  {"dlfloat16", 16}, {"bf16", 16},
        {"fp32", 32},       {"e4m3", 8},       {"e5m2", 8},   {"e2m1", 4},       {"e2m3", 6},
        {"e3m2", 6},        {"e8m0", 8}};
    size_t named = 0;
    while (ts_formats[named])
        named++;
    EXPECT_EQ(named, std::size(bits));
    for (const auto &[name, width] : bits) {
        const ts_format *f = ts_format_find(name);
        ASSERT_NE(f, nullptr) << name;
        EXPECT_EQ(ts_format_bits(f), width) << name;
        EXPECT_GT(std::strlen(f->source), 0U) << name;
    }
    EXPECT_EQ(ts_format_find("dlfloat"), nullptr);
}
