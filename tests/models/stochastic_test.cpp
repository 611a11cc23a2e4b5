// SPDX-License-Identifier: Apache-2.0
// Stochastic rounding against exact fractions, and the shift register that drives it.
#include "oracle/formats.h"
#include "oracle/run.h"

#include <gtest/gtest.h>

#include <cmath>

using oracle::Exact;
using oracle::Format;
using oracle::Number;
using oracle::Overflow;
using oracle::Rounding;

namespace
{

constexpr std::pair<Overflow, ts_overflow> OVERFLOWS[] = {
    {Overflow::special, TS_OVERFLOW_SPECIAL},
    {Overflow::saturate, TS_OVERFLOW_SATURATE},
    {Overflow::saturate_infinity, TS_OVERFLOW_SATURATE_INFINITY},
};

const ts_format *format_of(Format format)
{
    return ts_format_find(oracle::name_of(format));
}

/* sig * 2^exp, perhaps a little more, with one random word and policy. */
void expect_same_code(Format format, const ts_value &v, uint32_t word, int bits, size_t policy)
{
    Exact x = Exact::of_integer(v.sig).scaled(v.exp);
    if (v.sticky)
        x = x + Exact::power_of_two(v.exp - 7);
    Number n = oracle::number(v.negative ? -x : x);
    uint32_t want = oracle::encode(format, n, Rounding(word, bits), OVERFLOWS[policy].first);
    ASSERT_EQ(ts_encode_stochastic(format_of(format), v, word, bits, OVERFLOWS[policy].second),
              want)
        << oracle::name_of(format) << (v.negative ? " -" : " +") << v.sig << " * 2^" << v.exp
        << " word " << word << " of " << bits << " bits";
}

/* Somewhere from `low` to `high`, often an end or a place where few random bits decide. */
ts_value between(ts_random &random, const Exact &low, const Exact &high)
{
    Exact share = Exact(oracle::below(random, 4) ? oracle::below(random, 65) / 64.0
                                                 : oracle::below(random, 1 << 30) * 0x1p-30);
    Exact x = low + (high - low) * share;
    if (x.sign() == 0)
        x = high.scaled(-oracle::below(random, 40));
    int exp = static_cast<int>(x.binade()) - 52;
    ts_value v = {TS_FINITE, oracle::below(random, 2) == 0, oracle::below(random, 3) == 0, exp - 8,
                  static_cast<uint64_t>(x.scaled(-exp).floor().to_double()) << 8};
    return v;
}

uint32_t random_word(ts_random &random, int bits)
{
    uint64_t ones = (uint64_t{1} << bits) - 1;
    switch (oracle::below(random, 6)) {
    case 0:
        return 0;
    case 1:
        return static_cast<uint32_t>(ones);
    case 2:
        return static_cast<uint32_t>(ones / 2);
    default:
        return static_cast<uint32_t>(ts_random_next(&random) & ones);
    }
}

} // namespace

TEST(stochastic, rounds_as_the_oracle_between_all_magnitudes)
{
    ts_random random = {oracle::seed()};
    uint64_t count = 0;
    for (Format format : oracle::TABLE_FORMATS) {
        const auto &steps = oracle::steps_of(format, false);
        size_t repeats = 1 + 4000 / steps.size();
        size_t stride = 1 + steps.size() / 8000;
        for (size_t i = 0; i + 1 < steps.size(); i += stride) {
            for (size_t k = 0; k < repeats; k++, count++) {
                static const int widths[] = {0, 1, 4, 8, 14, 24, 32};
                int bits = widths[oracle::below(random, 7)];
                ts_value v = between(random, steps[i].magnitude, steps[i + 1].magnitude);
                ASSERT_NO_FATAL_FAILURE(
                    expect_same_code(format, v, random_word(random, bits), bits, count % 3));
            }
        }
    }
    oracle::report("stochastic", count);
}

TEST(stochastic, rounds_as_the_oracle_at_and_beyond_the_ends)
{
    ts_random random = {oracle::seed()};
    for (Format format : oracle::TABLE_FORMATS) {
        const auto &steps = oracle::steps_of(format, false);
        Exact top = steps.back().magnitude;
        for (size_t i = 0; i < 3000; i++) {
            int bits = oracle::below(random, 33);
            const oracle::Step &last = steps[steps.size() - 2];
            ts_value v = i % 3 == 0 ? between(random, last.magnitude, top)
                         : i % 3 == 1
                             ? between(random, top, top.scaled(oracle::below(random, 60)))
                             : between(random, Exact(0),
                                       steps[1].magnitude.scaled(-oracle::below(random, 9)));
            ASSERT_NO_FATAL_FAILURE(
                expect_same_code(format, v, random_word(random, bits), bits, i / 3 % 3));
        }
    }
}

TEST(stochastic, fp32_rounds_as_the_oracle)
{
    ts_random random = {oracle::seed()};
    for (size_t i = 0; i < 50000; i++) {
        int bits = oracle::below(random, 33);
        ts_value v = {TS_FINITE, i % 2 == 0, i % 3 == 0, oracle::below(random, 320) - 220,
                      ts_random_next(&random) | uint64_t{1} << 62};
        ASSERT_NO_FATAL_FAILURE(
            expect_same_code(Format::fp32, v, random_word(random, bits), bits, i % 3));
    }
}

TEST(stochastic, what_is_no_number_rounds_as_ever)
{
    for (Format format : oracle::TABLE_FORMATS) {
        const ts_format *f = format_of(format);
        for (ts_class cls : {TS_ZERO, TS_INFINITY, TS_NAN})
            for (bool negative : {false, true})
                for (ts_overflow overflow : {TS_OVERFLOW_SPECIAL, TS_OVERFLOW_SATURATE}) {
                    ts_value v = {cls, negative, false, 0, 0};
                    ASSERT_EQ(ts_encode_stochastic(f, v, 0x3FFF, 14, overflow),
                              ts_encode(f, v, TS_NEAREST_UP, overflow))
                        << f->name;
                }
    }
}

TEST(stochastic, without_a_random_word_half_of_one_is_added)
{
    for (double x : {0.3, 1.5, 2.5, 2.75, -0.75, 5.0, 1e9})
        for (Format format : oracle::TABLE_FORMATS) {
            const ts_format *f = format_of(format);
            ts_value v = ts_value_of_double(x);
            ASSERT_EQ(ts_encode(f, v, TS_STOCHASTIC, f->overflow),
                      ts_encode_stochastic(f, v, 1U << 31, 32, f->overflow))
                << f->name << " " << x;
            ASSERT_EQ(ts_encode(f, v, TS_STOCHASTIC, f->overflow),
                      ts_encode(f, v, TS_NEAREST_UP, f->overflow));
        }
}

/* Over all words of R bits the results average to the number, if R bits can tell it. */
TEST(stochastic, is_unbiased)
{
    for (Format format : oracle::TABLE_FORMATS) {
        if (format == Format::e8m0)
            continue; /* it has no zero below its smallest number */
        const ts_format *f = format_of(format);
        const auto &steps = oracle::steps_of(format, false);
        for (size_t i : {size_t{0}, size_t{1}, steps.size() / 2}) {
            /* Without subnormals what is below the smallest number is zero, whatever the word. */
            if (i + 2 >= steps.size() || (f->e0 == TS_E0_NORMAL_OR_ZERO && i < 2))
                continue;
            double low = ts_to_double(f, steps[i].code);
            double gap = ts_to_double(f, steps[i + 1].code) - low;
            for (int sixteenths = 0; sixteenths < 16; sixteenths++) {
                double x = low + gap * sixteenths / 16;
                double sum = 0;
                for (uint32_t word = 0; word < 256; word++)
                    sum += ts_to_double(
                        f, ts_encode_stochastic(f, ts_value_of_double(x), word, 8, f->overflow));
                bool thirds = f->radix_log2 == 2 && i > 0; /* of 256 words, to the nearest word */
                ASSERT_NEAR(sum / 256, x, thirds ? gap / 256 : 0) << f->name << " " << x;
            }
        }
    }
}

namespace
{

/* Polynomials over GF(2), bit i the coefficient of x^i, modulo one of degree 32. */
uint64_t times(uint64_t a, uint64_t b, uint64_t modulus)
{
    uint64_t product = 0;
    for (int i = 32; i >= 0; i--) {
        product <<= 1;
        if (product >> 32 & 1)
            product ^= modulus;
        if (b >> i & 1)
            product ^= a;
    }
    return product;
}

uint64_t power_of_x(uint64_t exponent, uint64_t modulus)
{
    uint64_t result = 1;
    uint64_t square = 2;
    for (; exponent; exponent >>= 1) {
        if (exponent & 1)
            result = times(result, square, modulus);
        square = times(square, square, modulus);
    }
    return result;
}

} // namespace

TEST(lfsr, preset_polynomial_is_primitive)
{
    uint64_t modulus = (uint64_t{1} << 32) | (1U << 22) | (1U << 2) | (1U << 1) | 1;
    uint64_t from_mask = 1; /* bit i of the mask is x^(i+1), and x^0 is implied */
    for (int i = 0; i < 32; i++)
        if (TS_LFSR_POLYNOMIAL >> i & 1)
            from_mask |= uint64_t{2} << i;
    EXPECT_EQ(from_mask, modulus);
    uint64_t period = 0xFFFFFFFF;
    EXPECT_EQ(power_of_x(period, modulus), 1U);
    for (uint64_t prime : {3, 5, 17, 257, 65537})
        EXPECT_NE(power_of_x(period / prime, modulus), 1U) << prime;
}

TEST(lfsr, output_is_the_polynomials_recurrence)
{
    for (uint32_t polynomial : {TS_LFSR_POLYNOMIAL, UINT32_C(0xB400), UINT32_C(0x6)}) {
        int width = 32 - __builtin_clz(polynomial);
        ts_lfsr lfsr = {polynomial, 1U | 1U << (width - 1)};
        std::vector<uint32_t> bits;
        for (size_t n = 0; n < 4000; n++) {
            uint32_t lowest = lfsr.state & 1;
            bits.push_back(ts_lfsr_step(&lfsr));
            ASSERT_EQ(bits.back(), lowest);
            if (n < static_cast<size_t>(width))
                continue;
            uint32_t want = 0;
            for (size_t i = 0; i < static_cast<size_t>(width); i++)
                want ^= (polynomial >> i & 1) & bits[n - 1 - i];
            ASSERT_EQ(bits[n], want) << n;
        }
    }
}

TEST(lfsr, known_polynomials_have_the_full_period)
{
    const std::pair<int, uint32_t> primitive[] = {{3, 0x6}, {4, 0xC}, {8, 0xB8}, {16, 0xB400}};
    for (const auto &[width, polynomial] : primitive) {
        ASSERT_EQ(ts_lfsr_check(width, polynomial, 1), nullptr);
        ts_lfsr lfsr = {polynomial, 1};
        uint32_t period = 0;
        do {
            ts_lfsr_step(&lfsr);
            period++;
            ASSERT_NE(lfsr.state, 0U);
            ASSERT_EQ(lfsr.state >> width, 0U);
        } while (lfsr.state != 1);
        EXPECT_EQ(period, (1U << width) - 1) << width;
    }
}

TEST(lfsr, a_word_is_the_output_of_as_many_steps)
{
    ts_lfsr words = {TS_LFSR_POLYNOMIAL, 0xACE1};
    ts_lfsr steps = words;
    for (int bits : {14, 1, 0, 32, 7, 14, 14}) {
        uint32_t word = ts_lfsr_word(&words, bits);
        for (int i = 0; i < bits; i++)
            ASSERT_EQ(word >> i & 1, ts_lfsr_step(&steps));
        ASSERT_EQ(words.state, steps.state);
        if (bits < 32) {
            ASSERT_EQ(word >> bits, 0U);
        }
    }
}

/* By hand: 0xACE1 in x^16 + x^14 + x^13 + x^11 + 1, the register of many textbooks. */
TEST(lfsr, first_states_by_hand)
{
    ts_lfsr lfsr = {0xB400, 0xACE1};
    for (uint32_t state : {0xE270U, 0x7138U, 0x389CU, 0x1C4EU, 0x0E27U, 0xB313U}) {
        ts_lfsr_step(&lfsr);
        EXPECT_EQ(lfsr.state, state);
    }
}

TEST(lfsr, what_cannot_run_is_refused)
{
    EXPECT_EQ(ts_lfsr_check(TS_LFSR_WIDTH, TS_LFSR_POLYNOMIAL, TS_LFSR_SEED), nullptr);
    EXPECT_EQ(ts_lfsr_check(2, 3, 3), nullptr);
    EXPECT_STREQ(ts_lfsr_check(1, 1, 1), "an LFSR must be 2 to 32 bits wide");
    EXPECT_STREQ(ts_lfsr_check(33, 1, 1), "an LFSR must be 2 to 32 bits wide");
    EXPECT_NE(ts_lfsr_check(16, 0x3400, 1), nullptr);
    EXPECT_NE(ts_lfsr_check(16, 0x1B400, 1), nullptr);
    EXPECT_NE(ts_lfsr_check(16, 0xB400, 0), nullptr);
    EXPECT_NE(ts_lfsr_check(16, 0xB400, 0x10000), nullptr);
}
