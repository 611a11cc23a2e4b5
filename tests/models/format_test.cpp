// SPDX-License-Identifier: Apache-2.0
// ts_decode over all codes and ts_encode at and around every rounding boundary, against MPFR.
#include "oracle/formats.h"
#include "oracle/fp32.h"
#include "oracle/run.h"

#include <gtest/gtest.h>

#include <cinttypes>
#include <cmath>

using oracle::Class;
using oracle::Exact;
using oracle::Format;
using oracle::Number;
using oracle::Overflow;
using oracle::Round;

namespace
{

constexpr std::pair<Round, ts_rounding> ROUNDINGS[] = {
    {Round::nearest_even, TS_NEAREST_EVEN},
    {Round::nearest_up, TS_NEAREST_UP},
    {Round::toward_zero, TS_TOWARD_ZERO},
};

std::vector<Format> all_formats()
{
    std::vector<Format> all(std::begin(oracle::TABLE_FORMATS), std::end(oracle::TABLE_FORMATS));
    all.push_back(Format::fp32);
    return all;
}

const ts_format *format_of(Format format)
{
    return ts_format_find(oracle::name_of(format));
}

/* The code must mean the oracle's number: class, sign (of numbers that have one) and value. */
void expect_same_value(Format format, uint32_t code)
{
    Number want = oracle::decode(format, code);
    ts_value got = ts_decode(format_of(format), code);
    ts_class cls = want.cls == Class::nan        ? TS_NAN
                   : want.cls == Class::infinity ? TS_INFINITY
                   : want.value == Exact(0)      ? TS_ZERO
                                                 : TS_FINITE;
    ASSERT_EQ(got.cls, cls) << oracle::name_of(format) << " code " << code;
    if (cls == TS_INFINITY) {
        ASSERT_EQ(got.negative, want.negative);
    }
    if (cls != TS_FINITE)
        return;
    ASSERT_FALSE(got.sticky);
    Exact magnitude = Exact::of_integer(got.sig).scaled(got.exp);
    ASSERT_TRUE((got.negative ? -magnitude : magnitude) == want.value)
        << oracle::name_of(format) << " code " << code << " is " << want.value.to_double();
    ASSERT_EQ(ts_to_double(format_of(format), code), want.value.to_double());
}

/* Which sign and overflow policy: all of them, or one by its number. */
constexpr unsigned ALL = ~0U;

bool chosen(unsigned choice, bool negative, bool saturate)
{
    return choice == ALL || choice % 4 == negative + 2U * saturate;
}

/* Rounds sig * 2^exp (sticky: and a little more) in every mode. */
void expect_same_code(Format format, uint64_t sig, int exp, bool sticky, unsigned choice)
{
    for (bool negative : {false, true}) {
        Exact x = Exact::of_integer(sig).scaled(exp);
        if (sticky)
            x = x + Exact::power_of_two(exp - 7);
        Number number = oracle::number(negative ? -x : x);
        ts_value v = {sig ? TS_FINITE : TS_ZERO, negative, sticky, exp, sig};
        for (const auto &[round, rounding] : ROUNDINGS) {
            for (bool saturate : {false, true}) {
                if (!chosen(choice, negative, saturate))
                    continue;
                uint32_t want = oracle::encode(format, number, round, saturate);
                uint32_t got = ts_encode(format_of(format), v, rounding,
                                         saturate ? TS_OVERFLOW_SATURATE : TS_OVERFLOW_SPECIAL);
                ASSERT_EQ(got, want) << oracle::name_of(format) << (negative ? " -" : " +") << sig
                                     << " * 2^" << exp << (sticky ? " sticky" : "") << ", rounding "
                                     << rounding << ", saturate " << saturate;
            }
        }
    }
}

/* x as a significand of exactly 60 bits, so that sticky neighbours lie beyond any format. */
void expect_same_code_around(Format format, const Exact &x, unsigned choice)
{
    if (x.sign() == 0)
        return;
    int exp = static_cast<int>(x.binade()) - 59;
    uint64_t sig = 0;
    Exact integer = x.scaled(-exp); /* below 2^60 with few significant bits: a double */
    sig = static_cast<uint64_t>(integer.to_double());
    expect_same_code(format, sig, exp, false, choice);
    expect_same_code(format, sig, exp, true, choice);
    expect_same_code(format, sig - 1, exp, true, choice);
    expect_same_code(format, sig - 1, exp, false, choice);
    expect_same_code(format, sig + 1, exp, false, choice);
    /* The same number with few bits: another path through the shifts. */
    int drop = __builtin_ctzll(sig);
    expect_same_code(format, sig >> drop, exp + drop, false, choice);
}

} // namespace

TEST(format, every_code_decodes_to_the_oracles_value)
{
    for (Format format : oracle::TABLE_FORMATS) {
        for (uint32_t code = 0; code < 1U << oracle::bits_of(format); code++)
            ASSERT_NO_FATAL_FAILURE(expect_same_value(format, code));
    }
}

TEST(format, every_representable_value_round_trips)
{
    for (Format format : oracle::TABLE_FORMATS) {
        const ts_format *f = format_of(format);
        for (uint32_t code = 0; code < 1U << oracle::bits_of(format); code++) {
            ts_value v = ts_decode(f, code);
            uint32_t want = v.cls == TS_ZERO  ? 0
                            : v.cls == TS_NAN ? oracle::encode(format, oracle::decode(format, code),
                                                               Round::toward_zero, true)
                                              : code;
            for (ts_rounding rounding : {TS_NEAREST_EVEN, TS_NEAREST_UP, TS_TOWARD_ZERO}) {
                ASSERT_EQ(ts_encode(f, v, rounding, f->overflow), want) << f->name;
                ASSERT_EQ(ts_encode(f, v, rounding, TS_OVERFLOW_SATURATE), want) << f->name;
            }
            if (v.cls != TS_NAN) {
                ASSERT_EQ(ts_of_double(f, ts_to_double(f, code)), want) << f->name;
            }
        }
    }
}

/* The long tables of 16 bits take signs and overflow policies in turn, but at their ends. */
TEST(format, rounds_as_the_oracle_at_every_magnitude_and_midpoint)
{
    for (Format format : oracle::TABLE_FORMATS) {
        for (bool negative : {false, true}) {
            const auto &steps = oracle::steps_of(format, negative);
            for (size_t i = 0; i < steps.size(); i++) {
                bool inside = steps.size() > 1000 && i > 4 && i + 4 < steps.size();
                unsigned choice = inside ? static_cast<unsigned>(i) : ALL;
                const Exact &low = steps[i].magnitude;
                ASSERT_NO_FATAL_FAILURE(expect_same_code_around(format, low, choice));
                if (i + 1 == steps.size())
                    break;
                Exact middle = oracle::midpoint(low, steps[i + 1].magnitude);
                ASSERT_NO_FATAL_FAILURE(expect_same_code_around(format, middle, choice));
            }
            if (!oracle::is_integer(format))
                break; /* both signs are rounded at each point, and the two sides are alike */
        }
    }
}

TEST(format, rounds_as_the_oracle_far_outside_the_range)
{
    for (Format format : all_formats()) {
        for (int exp : {-260, -200, -130, -90, -40, 40, 90, 130, 160}) {
            for (uint64_t sig : {uint64_t{1}, uint64_t{3}, (uint64_t{1} << 63) + 1, ~uint64_t{0}})
                ASSERT_NO_FATAL_FAILURE(expect_same_code(format, sig, exp, false, ALL));
            ASSERT_NO_FATAL_FAILURE(expect_same_code(format, ~uint64_t{0}, exp, true, ALL));
        }
    }
}

TEST(format, specials_encode_as_the_oracle_says)
{
    constexpr std::pair<Overflow, ts_overflow> overflows[] = {
        {Overflow::special, TS_OVERFLOW_SPECIAL},
        {Overflow::saturate, TS_OVERFLOW_SATURATE},
        {Overflow::saturate_infinity, TS_OVERFLOW_SATURATE_INFINITY},
    };
    for (Format format : all_formats()) {
        for (const Number &x :
             {Number{Class::infinity, false, {}}, Number{Class::infinity, true, {}},
              Number{Class::nan, false, {}}, Number{Class::nan, true, {}}}) {
            ts_value v{};
            v.cls = x.cls == Class::nan ? TS_NAN : TS_INFINITY;
            v.negative = x.negative;
            for (const auto &[round, rounding] : ROUNDINGS)
                for (const auto &[policy, overflow] : overflows)
                    ASSERT_EQ(ts_encode(format_of(format), v, rounding, overflow),
                              oracle::encode(format, x, round, policy))
                        << oracle::name_of(format) << " class " << v.cls << ", overflow "
                        << overflow;
        }
    }
}

TEST(format, fp32_decodes_and_rounds_as_the_oracle)
{
    ts_random random = {oracle::seed()};
    uint64_t count = oracle::vectors(8000);
    /* Every exponent in turn, with all-random, few-bit and all-one mantissas. */
    for (uint64_t i = 0; i < count; i++) {
        uint64_t r = ts_random_next(&random);
        uint32_t exponent = static_cast<uint32_t>(i % 256) << 23;
        uint32_t mantissas[] = {0,
                                1,
                                0x7FFFFF,
                                0x400000,
                                static_cast<uint32_t>(r >> 41),
                                static_cast<uint32_t>(r >> 41)};
        uint32_t code = exponent | mantissas[r % 6] | (static_cast<uint32_t>(r >> 40 & 1) << 31);
        ASSERT_NO_FATAL_FAILURE(expect_same_value(Format::fp32, code));
        float x = oracle::float_of_bits(code);
        if (!std::isfinite(x))
            continue;
        ASSERT_EQ(ts_to_double(&ts_format_fp32, code), static_cast<double>(x));
        Exact here(std::fabs(static_cast<double>(x)));
        ASSERT_NO_FATAL_FAILURE(expect_same_code_around(Format::fp32, here, ALL));
        uint32_t next = (code & 0x7FFFFFFF) + 1;
        Exact above = next == oracle::FP32_INFINITY ? Exact::power_of_two(128)
                                                    : oracle::decode_fp32(next).value;
        ASSERT_NO_FATAL_FAILURE(
            expect_same_code_around(Format::fp32, oracle::midpoint(here, above), ALL));
    }
    oracle::report("fp32", count);
}
