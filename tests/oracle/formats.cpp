// SPDX-License-Identifier: Apache-2.0
// The slow oracle of the enumerable formats, one table each, written from the format table's text.
#include "oracle/formats.h"

#include "oracle/fp32.h"

#include <algorithm>
#include <array>

namespace oracle
{

namespace
{

using Steps = std::vector<Step>;

enum : uint32_t { NO_CODE = 0xFFFFFFFF };

/* Of a format: its name and bits, and the positive codes of what is not a number. */
struct Row {
    const char *name;
    int bits;
    uint32_t nan = NO_CODE;      /* the one that results have */
    uint32_t infinity = NO_CODE; /* with a sign */
};

const std::array<Row, 22> rows = {{{"int2", 2},
                                   {"int4", 4},
                                   {"int8", 8},
                                   {"int16", 16},
                                   {"uint4", 4},
                                   {"fp4_r4_even", 4},
                                   {"fp4_r4_odd", 4},
                                   {"fp5_r2", 5},
                                   {"fp4_r2", 4},
                                   {"fp8_143", 8},
                                   {"fp8_152", 8, 0x7F},
                                   {"fp9_153", 9, 0xFF},
                                   {"dlfloat16", 16, 0x7FFF},
                                   {"fp16", 16, 0x7E00, 0x7C00},
                                   {"bf16", 16, 0x7FC0, 0x7F80},
                                   {"e4m3", 8, 0x7F},
                                   {"e5m2", 8, 0x7E, 0x7C},
                                   {"e2m1", 4},
                                   {"e2m3", 6},
                                   {"e3m2", 6},
                                   {"e8m0", 8, 0xFF},
                                   {"fp32", 32, FP32_NAN, FP32_INFINITY}}};

const Row &row_of(Format format)
{
    return rows[static_cast<size_t>(format)];
}

Exact power_of_four(long n)
{
    Exact r(1);
    for (long i = 0; i < (n < 0 ? -n : n); i++)
        r = n < 0 ? r * Exact(0.25) : r * Exact(4);
    return r;
}

Steps integers(uint32_t largest, uint32_t negative_from)
{
    Steps steps;
    for (uint32_t i = 0; i <= largest; i++)
        steps.push_back({Exact(i), i && negative_from ? negative_from - i : i});
    return steps;
}

Steps twos_complement(int bits, bool negative)
{
    uint32_t codes = 1U << bits;
    return negative ? integers(codes / 2, codes) : integers(codes / 2 - 1, 0);
}

/* e = 0 is zero; e = 1..7 is 4^(e-4), twice that in the odd phase. */
Steps radix4(bool odd)
{
    Steps steps{{Exact(0), 0}};
    for (uint32_t e = 1; e <= 7; e++)
        steps.push_back({power_of_four(static_cast<long>(e) - 4) * Exact(odd ? 2 : 1), e});
    return steps;
}

/* Codes `first` to `last` are the powers of two from 2^exponent on, and code 0 is zero. */
Steps powers_of_two(uint32_t first, uint32_t last, long exponent)
{
    Steps steps{{Exact(0), 0}};
    for (uint32_t e = first; e <= last; e++)
        steps.push_back({Exact::power_of_two(exponent++), e});
    return steps;
}

/* `binades` of them from 2^exponent on, each with `count` magnitudes evenly spaced. */
void append_binades(Steps &steps, uint32_t code, long exponent, int binades, int count)
{
    Exact unit = Exact(1.0 / count); /* a power of two */
    for (int b = 0; b < binades; b++)
        for (int m = 0; m < count; m++)
            steps.push_back({(Exact(1) + Exact(m) * unit).scaled(exponent + b), code++});
}

/* No subnormals: normal from the code 0 on, though that itself is zero. */
Steps without_subnormals(long exponent, int binades, int count)
{
    Steps steps{{Exact(0), 0}};
    append_binades(steps, 0, exponent, binades, count);
    return steps;
}

/* Gradual: below 2^exponent the magnitudes of its binade's spacing go on down to zero. */
Steps with_subnormals(long exponent, int binades, int count)
{
    Steps steps;
    for (int m = 0; m < count; m++)
        steps.push_back(
            {Exact(static_cast<double>(m) / count).scaled(exponent), static_cast<uint32_t>(m)});
    append_binades(steps, static_cast<uint32_t>(count), exponent, binades, count);
    return steps;
}

/* And the first magnitude that is too large, with the code that it becomes. */
Steps with_past(Steps steps, double magnitude, long exponent, uint32_t code)
{
    steps.push_back({Exact(magnitude).scaled(exponent), code});
    return steps;
}

/* 2^-127 to 2^127, no zero, 0xFF is NaN; a negative number becomes the smallest. */
Steps scales(bool negative)
{
    Steps steps;
    for (uint32_t code = 0; code <= (negative ? 0 : 255U); code++)
        steps.push_back({Exact::power_of_two(static_cast<long>(code) - 127), code});
    return steps;
}

Steps build(Format format, bool negative)
{
    switch (format) {
    case Format::int2:
    case Format::int4:
    case Format::int8:
    case Format::int16:
        return twos_complement(bits_of(format), negative);
    case Format::uint4:
        return integers(negative ? 0 : 15, 0);
    case Format::fp4_r4_even:
        return radix4(false);
    case Format::fp4_r4_odd:
        return radix4(true);
    case Format::fp5_r2: /* e = {e3, phase}: e3 = 0 is zero, else 2^(e-8) */
        return powers_of_two(2, 15, -6);
    case Format::fp4_r2: /* seven magnitudes */
        return powers_of_two(1, 7, -3);
    case Format::fp8_143: /* up to 30 */
        return without_subnormals(-11, 16, 8);
    case Format::fp8_152: /* the last code of the last binade is NaN-Infinity, here and below */
        return without_subnormals(-15, 32, 4);
    case Format::fp9_153:
        return without_subnormals(-15, 32, 8);
    case Format::dlfloat16:
        return without_subnormals(-31, 64, 512);
    case Format::fp16:
        return with_past(with_subnormals(-14, 30, 1024), 1, 16, 0x7C00);
    case Format::bf16:
        return with_past(with_subnormals(-126, 254, 128), 1, 128, 0x7F80);
    case Format::e4m3: /* 480 would have NaN's code */
        return with_subnormals(-6, 15, 8);
    case Format::e5m2:
        return with_past(with_subnormals(-14, 30, 4), 1, 16, 0x7C);
    case Format::e2m1:
        return with_subnormals(0, 3, 2);
    case Format::e2m3:
        return with_subnormals(0, 3, 8);
    case Format::e3m2:
        return with_subnormals(-2, 7, 4);
    case Format::e8m0:
        return scales(negative);
    case Format::fp32:
        break;
    }
    return {};
}

bool has_sign_bit(Format format)
{
    return !is_integer(format) && format != Format::e8m0;
}

uint32_t with_sign(Format format, bool negative, uint32_t code)
{
    if (!has_sign_bit(format) || !negative || code == 0)
        return code;
    return code + (1U << (bits_of(format) - 1));
}

/* The code of overflow, which is also that of an infinity. */
uint32_t infinity_of(Format format, bool negative)
{
    const Row &row = row_of(format);
    return row.infinity != NO_CODE ? with_sign(format, negative, row.infinity) : row.nan;
}

/* Of the steps with that code the first is meant: zero comes before what it would be. */
const Step *step_of(const Steps &steps, uint32_t code)
{
    auto step = std::lower_bound(steps.begin(), steps.end(), code,
                                 [](const Step &s, uint32_t c) { return s.code < c; });
    return step != steps.end() && step->code == code ? &*step : nullptr;
}

uint32_t largest_of(Format format, bool negative)
{
    const Row &row = row_of(format);
    const Steps &steps = steps_of(format, negative);
    bool past = steps.back().code == row.nan || steps.back().code == row.infinity;
    return with_sign(format, negative, steps[steps.size() - (past ? 2 : 1)].code);
}

} // namespace

const char *name_of(Format format)
{
    return row_of(format).name;
}

int bits_of(Format format)
{
    return row_of(format).bits;
}

bool is_integer(Format format)
{
    return format <= Format::uint4;
}

Number number(const Exact &value)
{
    return {Class::number, value.sign() < 0, value};
}

bool rounds_up(const Exact &low, const Exact &x, const Exact &high, bool odd,
               const Rounding &rounding)
{
    int side = x.compare(midpoint(low, high));
    switch (rounding.round) {
    case Round::nearest_even:
        return side > 0 || (side == 0 && odd);
    case Round::nearest_up:
        return side >= 0;
    case Round::toward_zero:
        return false;
    case Round::stochastic:
        break;
    }
    /* The random word is that fraction of the gap. */
    Exact gap = high - low;
    Exact sum = (x - low).scaled(rounding.random_bits) + Exact::of_integer(rounding.random) * gap;
    return !(sum < gap.scaled(rounding.random_bits));
}

const std::vector<Step> &steps_of(Format format, bool negative)
{
    static std::array<std::array<Steps, 2>, rows.size()> tables;
    Steps &table = tables[static_cast<size_t>(format)][negative];
    if (table.empty())
        table = build(format, negative);
    return table;
}

Number decode(Format format, uint32_t code)
{
    if (format == Format::fp32)
        return decode_fp32(code);
    const Row &row = row_of(format);
    uint32_t half = 1U << (row.bits - 1);
    Number x;
    if (is_integer(format)) {
        x.negative = format != Format::uint4 && code >= half;
        double magnitude = x.negative ? 2.0 * half - code : code;
        x.value = Exact(x.negative ? -magnitude : magnitude);
        return x;
    }
    x.negative = has_sign_bit(format) && code >= half;
    uint32_t rest = x.negative ? code - half : code;
    bool special = row.infinity != NO_CODE ? rest >= row.infinity : rest == row.nan;
    if (special) {
        x.cls = rest == row.infinity ? Class::infinity : Class::nan;
        return x;
    }
    if (const Step *step = step_of(steps_of(format, false), rest))
        x.value = x.negative ? -step->magnitude : step->magnitude;
    return x;
}

uint32_t encode(Format format, const Number &x, const Rounding &rounding, Overflow overflow)
{
    if (format == Format::fp32)
        return encode_fp32(x, rounding, overflow);
    const Row &row = row_of(format);
    if (x.cls == Class::nan)
        return row.nan != NO_CODE ? row.nan : largest_of(format, false);
    bool negative = x.negative;
    const Steps &steps = steps_of(format, negative);
    uint32_t past = infinity_of(format, false);
    if (x.cls == Class::infinity) {
        bool clamps = overflow == Overflow::saturate_infinity || past == NO_CODE;
        if (clamps || (negative && format == Format::e8m0))
            return largest_of(format, negative);
        return infinity_of(format, negative);
    }

    Exact magnitude = x.value.magnitude();
    auto above = std::upper_bound(steps.begin(), steps.end(), magnitude,
                                  [](const Exact &m, const Step &s) { return m < s.magnitude; });
    const Step &low = above == steps.begin() ? steps.front() : *(above - 1);
    uint32_t code = low.code;
    if (above != steps.begin() && above != steps.end() &&
        rounds_up(low.magnitude, magnitude, above->magnitude, low.code % 2 == 1, rounding))
        code = above->code;
    if (code != past)
        return with_sign(format, negative, code);
    if (overflow == Overflow::special && rounding.round != Round::toward_zero)
        return infinity_of(format, negative);
    return largest_of(format, negative);
}

} // namespace oracle
