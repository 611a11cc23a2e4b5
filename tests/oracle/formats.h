// SPDX-License-Identifier: Apache-2.0
// The slow oracle of the number formats: tables of exact magnitudes, compared with exact midpoints.
#ifndef TESSERA_TESTS_ORACLE_FORMATS_H
#define TESSERA_TESTS_ORACLE_FORMATS_H

#include "oracle/exact.h"

#include <cstdint>
#include <vector>

namespace oracle
{

enum class Format {
    int2,
    int4,
    int8,
    int16,
    uint4,
    fp4_r4_even,
    fp4_r4_odd,
    fp5_r2,
    fp4_r2,
    fp8_143,
    fp8_152,
    fp9_153,
    dlfloat16,
    fp16,
    bf16,
    e4m3,
    e5m2,
    e2m1,
    e2m3,
    e3m2,
    e8m0,
    fp32
};
enum class Round { nearest_even, nearest_up, toward_zero, stochastic };
enum class Overflow { special, saturate, saturate_infinity };
enum class Class { number, infinity, nan };

/** Those with a table: all but fp32. */
constexpr Format TABLE_FORMATS[] = {
    Format::int2,        Format::int4,       Format::int8,   Format::int16,     Format::uint4,
    Format::fp4_r4_even, Format::fp4_r4_odd, Format::fp5_r2, Format::fp4_r2,    Format::fp8_143,
    Format::fp8_152,     Format::fp9_153,    Format::fp16,   Format::dlfloat16, Format::bf16,
    Format::e4m3,        Format::e5m2,       Format::e2m1,   Format::e2m3,      Format::e3m2,
    Format::e8m0};

const char *name_of(Format format);
int bits_of(Format format);
bool is_integer(Format format);

/** What a code stands for. `value` is signed; the class of NaN-Infinity is nan. */
struct Number {
    Class cls = Class::number;
    bool negative = false;
    Exact value;
};

Number number(const Exact &value);

/** How to round; only the stochastic way has a random word. */
struct Rounding {
    Round round;
    uint32_t random = 0;
    int random_bits = 0;

    Rounding(Round r) : round(r)
    {
    }
    Rounding(uint32_t word, int bits) : round(Round::stochastic), random(word), random_bits(bits)
    {
    }
};

/** Whether x, at `low` or between it and `high`, becomes `high`; `odd` is the code of low. */
bool rounds_up(const Exact &low, const Exact &x, const Exact &high, bool odd,
               const Rounding &rounding);

/** One magnitude of a format and the code, without sign, that stands for it. */
struct Step {
    Exact magnitude;
    uint32_t code;
};

/**
 * All magnitudes on one side of zero, ascending from zero (of e8m0: from its smallest). Of the
 * formats whose code e = m = 0 is zero, the number it would be is listed with that code too, as a
 * result that rounds there is zero. Where overflow has a code, the first magnitude past the finite
 * ones is listed with it.
 */
const std::vector<Step> &steps_of(Format format, bool negative);

Number decode(Format format, uint32_t code);

/** The code of the nearest (or next lower) magnitude; ties as the rounding says. */
uint32_t encode(Format format, const Number &x, const Rounding &rounding, Overflow overflow);

inline uint32_t encode(Format format, const Number &x, const Rounding &rounding, bool saturate)
{
    return encode(format, x, rounding, saturate ? Overflow::saturate : Overflow::special);
}

} // namespace oracle

#endif
