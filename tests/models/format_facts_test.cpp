// SPDX-License-Identifier: Apache-2.0
// Every published fact about the formats is an assertion, written as the publication has it.
#include "tessera/tessera.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

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

TEST(format_facts, formats_are_found_by_name_and_have_their_bits)
{
    const std::pair<const char *, int> bits[] = {
        {"int4", 4},   {"uint4", 4},      {"fp4_r4_even", 4}, {"fp4_r4_odd", 4},
        {"fp5_r2", 5}, {"dlfloat16", 16}, {"fp32", 32}};
    for (const auto &[name, width] : bits) {
        const ts_format *f = ts_format_find(name);
        ASSERT_NE(f, nullptr) << name;
        EXPECT_EQ(ts_format_bits(f), width) << name;
    }
    EXPECT_EQ(ts_format_find("dlfloat"), nullptr);
}
