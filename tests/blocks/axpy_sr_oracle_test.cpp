// SPDX-License-Identifier: Apache-2.0
// axpy_sr against exact arithmetic and the recurrence of its registers, and over all random words.
#include "oracle/formats.h"
#include "oracle/hard_cases.h"
#include "oracle/run.h"
#include "oracle/shift_register.h"

#include <gtest/gtest.h>

#include <cmath>

namespace
{

using oracle::Class;
using oracle::Exact;
using oracle::Format;

enum : uint64_t { NAN_INFINITY = 0x7FFF };

const int MAN_BITS = 9;

struct Setting {
    int64_t lanes, random_bits, width, polynomial, seed, saturate;
};

oracle::Block make(const Setting &s)
{
    return {"axpy_sr",
            {{"Lanes", s.lanes},
             {"RandomBits", s.random_bits},
             {"Width", s.width},
             {"Polynomial", s.polynomial},
             {"Seed", s.seed},
             {"Saturate", s.saturate}}};
}

/* lane * 2^32 / golden ratio steps of one from the seed, in the circle 1..2^width - 1. */
uint64_t seed_of(const Setting &s, uint64_t lane)
{
    uint64_t states = (uint64_t{1} << s.width) - 1;
    uint64_t from_one = static_cast<uint64_t>(s.seed) - 1 + lane * 2654435769U;
    return 1 + from_one % states;
}

std::vector<oracle::BitSequence> sequences(const Setting &s)
{
    std::vector<oracle::BitSequence> all;
    for (uint64_t i = 0; i < static_cast<uint64_t>(s.lanes); i++)
        all.emplace_back(static_cast<int>(s.width), static_cast<uint64_t>(s.polynomial),
                         seed_of(s, i));
    return all;
}

/* Random bits have the weights just below the last place of the sum's binade. */
uint64_t round_with(const Exact &sum, uint64_t random, const Setting &s)
{
    if (sum.sign() == 0)
        return 0;
    Exact magnitude = sum.magnitude();
    long unit = magnitude.binade() - MAN_BITS - s.random_bits;
    Exact raised = (magnitude.scaled(-unit).floor() + Exact::of_integer(random)).scaled(unit);
    Exact past_finite = Exact(1 + 511 / 512.0).scaled(32);
    if (!(raised < past_finite) && !s.saturate)
        return NAN_INFINITY;
    oracle::Number x = oracle::number(sum.sign() < 0 ? -raised : raised);
    return oracle::encode(Format::dlfloat16, x, oracle::Round::toward_zero, s.saturate);
}

uint64_t axpy(const oracle::Block &dut, size_t lane, uint64_t random, const Setting &s)
{
    auto n = static_cast<size_t>(s.lanes);
    auto number = [&](size_t word) {
        return oracle::decode(Format::dlfloat16, static_cast<uint32_t>(dut.in[word]));
    };
    oracle::Number lr = number(0), dw = number(1 + lane), w = number(1 + n + lane);
    bool gate = dut.in[1 + 2 * n + lane] == 1;
    if (w.cls == Class::nan || (!gate && (lr.cls == Class::nan || dw.cls == Class::nan)))
        return NAN_INFINITY;
    return round_with(gate ? w.value : w.value + lr.value * dw.value, random, s);
}

void run(const Setting &s, uint64_t n)
{
    oracle::Block dut = make(s);
    std::vector<oracle::BitSequence> words = sequences(s);
    ts_random random = {oracle::seed()};
    for (uint64_t i = 0; i < n; i++) {
        bool valid = oracle::below(random, 8) != 0;
        dut.draw(random);
        if (i % 2) {
            oracle::HardFma hard = oracle::hard_fma(random, static_cast<uint16_t>(dut.in[0]),
                                                    static_cast<uint16_t>(dut.in.end()[-2]));
            dut.in[0] = hard.a;
            dut.in[1] = hard.b;
            dut.in[1 + static_cast<size_t>(s.lanes)] = hard.c;
        }
        ASSERT_EQ(dut.step(valid), valid);
        if (!valid)
            continue;
        std::vector<uint64_t> want(dut.out.size());
        for (size_t lane = 0; lane < want.size(); lane++)
            want[lane] = axpy(dut, lane, words[lane].word(static_cast<int>(s.random_bits)), s);
        ASSERT_EQ(dut.out, want) << dut.describe(want) << ", vector " << i;
    }
}

ts_dlfloat16 code_of(double x)
{
    return {static_cast<uint16_t>(ts_of_double(&ts_format_dlfloat16, x))};
}

double value_of(ts_dlfloat16 code)
{
    return ts_to_double(&ts_format_dlfloat16, code.v);
}

} // namespace

TEST(axpy_sr_oracle, special_weighted_and_hard_cases)
{
    const Setting settings[] = {
        {1, 14, 32, 0x80200003, 1, 0},      {4, 14, 32, 0x80200003, 77, 1},
        {2, 1, 16, 0xB400, 0xACE1, 0},      {2, 4, 16, 0xB400, 1, 1},
        {1, 16, 31, 0x48000000, 123456, 0}, {8, 9, 7, 0x60, 127, 0},
    };
    uint64_t n = oracle::vectors(12000), elements = 0;
    for (const Setting &s : settings) {
        ASSERT_NO_FATAL_FAILURE(run(s, n));
        elements += n * static_cast<uint64_t>(s.lanes);
    }
    oracle::report("axpy_sr", elements);
}

/* Over all words the number of increments is the fraction, cut to the random bits. */
TEST(axpy_sr_oracle, all_random_words_together_are_unbiased)
{
    struct Case {
        double lr, dw, w, fraction; /* of the last place, of 14 bits */
    };
    const double tiny = std::ldexp(1, -15); /* below the random bits of a sum near 1 */
    const Case cases[] = {
        {std::ldexp(1, -10), 1, 1, 8192},
        {std::ldexp(1, -11), 3, 1, 12288},
        {std::ldexp(1, -23), 1, 1, 1},
        {-std::ldexp(1, -10), 1, -1, 8192},
        {std::ldexp(-1, -10), 1, 1 + 2 / 512., 8192},
        {tiny, std::ldexp(1, -10), 1, 0},
        {std::ldexp(1, -10), 0, 1, 0},
    };
    for (const Case &c : cases) {
        int up = 0;
        double least = 0;
        for (uint32_t random = 0; random < 1U << 14; random++) {
            ts_dlfloat16 got = ts_axpy_sr(code_of(c.lr), code_of(c.dw), code_of(c.w), random, 14,
                                          TS_OVERFLOW_SPECIAL);
            double magnitude = std::fabs(value_of(got));
            if (random == 0)
                least = magnitude;
            up += magnitude > least;
        }
        EXPECT_EQ(up, c.fraction) << c.w << " + " << c.lr << " * " << c.dw;
    }
}

TEST(axpy_sr_oracle, constructed_boundaries)
{
    const uint32_t all = (1U << 14) - 1;
    ts_dlfloat16 one = code_of(1), max = {0x7FFE};
    struct Case {
        ts_dlfloat16 lr, dw, w;
        uint32_t random;
        ts_overflow overflow;
        unsigned want;
        const char *why;
    };
    const Case cases[] = {
        {one, {0}, max, all, TS_OVERFLOW_SPECIAL, 0x7FFE, "a number stays, whatever the word"},
        {one, code_of(1), max, all, TS_OVERFLOW_SPECIAL, 0x7FFE, "below the random bits"},
        {one, code_of(std::ldexp(1, 9)), max, all, TS_OVERFLOW_SPECIAL, 0x7FFF, "past the largest"},
        {one, code_of(std::ldexp(1, 9)), max, all, TS_OVERFLOW_SATURATE, 0x7FFE, "saturates"},
        {one, code_of(std::ldexp(1, 9)), max, all - 1, TS_OVERFLOW_SPECIAL, 0x7FFE, "not quite"},
        {one, {0x7FFF}, max, 0, TS_OVERFLOW_SATURATE, 0x7FFF, "NaN-Infinity absorbs"},
        {one, code_of(-1), one, all, TS_OVERFLOW_SPECIAL, 0, "x - x is +0, whatever the word"},
        {one, {0x8000}, {0x8000}, all, TS_OVERFLOW_SPECIAL, 0, "-0 is +0"},
        {code_of(std::ldexp(1, -15)),
         code_of(std::ldexp(1.998046875, -17)),
         {0},
         all,
         TS_OVERFLOW_SPECIAL,
         0,
         "what cannot reach past 2^-31 is zero"},
        {code_of(-std::ldexp(1, -24)), one, one, 0, TS_OVERFLOW_SPECIAL, one.v - 1U,
         "just below a power of two, in the lower binade"},
        {code_of(-std::ldexp(1, -25)), one, one, 1, TS_OVERFLOW_SPECIAL, one.v,
         "of 2^-10 of these, one word alone truncates"},
    };
    for (const Case &c : cases)
        EXPECT_EQ(ts_axpy_sr(c.lr, c.dw, c.w, c.random, 14, c.overflow).v, c.want) << c.why;
}
