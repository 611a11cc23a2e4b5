// SPDX-License-Identifier: Apache-2.0
// The slow oracle of the enumerable formats, one table each, written from the format table's text.
#include "oracle/formats.h"

#include "oracle/fp32.h"

#include <algorithm>

namespace oracle
{

namespace
{

enum : uint32_t { DLF_NANINF = 0x7FFF, DLF_MAX = 0x7FFE };

Exact power_of_four(long n)
{
    Exact r(1);
    for (long i = 0; i < (n < 0 ? -n : n); i++)
        r = n < 0 ? r * Exact(0.25) : r * Exact(4);
    return r;
}

std::vector<Step> integers(int largest, bool negative)
{
    std::vector<Step> steps;
    for (int i = 0; i <= largest; i++)
        steps.push_back({Exact(i), static_cast<uint32_t>(negative ? (16 - i) % 16 : i)});
    return steps;
}

/* e = 0 is zero; e = 1..7 is 4^(e-4), twice that in the odd phase. */
std::vector<Step> radix4(bool odd)
{
    std::vector<Step> steps{{Exact(0), 0}};
    for (uint32_t e = 1; e <= 7; e++)
        steps.push_back({power_of_four(static_cast<long>(e) - 4) * Exact(odd ? 2 : 1), e});
    return steps;
}

/* e = {e3, phase}: e3 = 0 is zero, else 2^(e-8). The zero a rounding gives is the code 0. */
std::vector<Step> radix2()
{
    std::vector<Step> steps{{Exact(0), 0}};
    for (uint32_t e = 2; e <= 15; e++)
        steps.push_back({Exact::power_of_two(static_cast<long>(e) - 8), e});
    return steps;
}

/* No subnormals; e = m = 0 is zero, so 2^-31 is not there; e = 63, m = 511 is NaN-Infinity. */
std::vector<Step> dlfloat16()
{
    std::vector<Step> steps{{Exact(0), 0}};
    uint32_t code = 0;
    for (long e = 0; e <= 63; e++) {
        for (int m = 0; m <= 511; m++) {
            Exact significand = Exact(1) + Exact(m).scaled(-9);
            steps.push_back({significand.scaled(e - 31), code++});
        }
    }
    return steps;
}

std::vector<Step> build(Format format, bool negative)
{
    switch (format) {
    case Format::int4:
        return integers(negative ? 8 : 7, negative);
    case Format::uint4:
        return integers(negative ? 0 : 15, negative);
    case Format::fp4_r4_even:
        return radix4(false);
    case Format::fp4_r4_odd:
        return radix4(true);
    case Format::fp5_r2:
        return radix2();
    case Format::dlfloat16:
        return dlfloat16();
    case Format::fp32:
        break;
    }
    return {};
}

bool is_integer(Format format)
{
    return format == Format::int4 || format == Format::uint4;
}

uint32_t with_sign(Format format, bool negative, uint32_t code)
{
    if (is_integer(format) || !negative || code == 0)
        return code;
    return code + (1U << (bits_of(format) - 1));
}

} // namespace

const char *name_of(Format format)
{
    static const char *const names[] = {"int4",   "uint4",     "fp4_r4_even", "fp4_r4_odd",
                                        "fp5_r2", "dlfloat16", "fp32"};
    return names[static_cast<int>(format)];
}

int bits_of(Format format)
{
    static const int bits[] = {4, 4, 4, 4, 5, 16, 32};
    return bits[static_cast<int>(format)];
}

Number number(const Exact &value)
{
    return {Class::number, value.sign() < 0, value};
}

const std::vector<Step> &steps_of(Format format, bool negative)
{
    static std::vector<Step> tables[7][2];
    std::vector<Step> &table = tables[static_cast<int>(format)][negative];
    if (table.empty())
        table = build(format, negative);
    return table;
}

Number decode(Format format, uint32_t code)
{
    if (format == Format::fp32)
        return decode_fp32(code);
    if (is_integer(format)) {
        int value = static_cast<int>(code);
        return number(Exact(format == Format::int4 && value > 7 ? value - 16 : value));
    }
    uint32_t half = 1U << (bits_of(format) - 1);
    Number x;
    x.negative = code >= half;
    uint32_t rest = code % half;
    if (format == Format::dlfloat16 && rest == DLF_NANINF) {
        x.cls = Class::nan;
        return x;
    }
    /* Of the steps with that code the first is meant: zero comes before 2^-31. */
    const std::vector<Step> &steps = steps_of(format, false);
    auto step = std::lower_bound(steps.begin(), steps.end(), rest,
                                 [](const Step &s, uint32_t c) { return s.code < c; });
    if (step->code == rest)
        x.value = x.negative ? -step->magnitude : step->magnitude;
    return x;
}

uint32_t encode(Format format, const Number &x, Round round, bool saturate)
{
    if (format == Format::fp32)
        return encode_fp32(x, round, saturate);
    bool special = format == Format::dlfloat16;
    bool negative = x.negative && x.cls != Class::nan;
    const std::vector<Step> &steps = steps_of(format, negative);
    uint32_t largest = special ? DLF_MAX : steps.back().code;
    if (x.cls != Class::number)
        return special ? DLF_NANINF : with_sign(format, negative, largest);

    Exact magnitude = x.value.magnitude();
    auto above = std::upper_bound(steps.begin(), steps.end(), magnitude,
                                  [](const Exact &m, const Step &s) { return m < s.magnitude; });
    const Step &low = *(above - 1);
    uint32_t code = low.code;
    if (above != steps.end() && round != Round::toward_zero) {
        int side = magnitude.compare(midpoint(low.magnitude, above->magnitude));
        bool tie_up = round == Round::nearest_up || low.code % 2 == 1;
        if (side > 0 || (side == 0 && tie_up))
            code = above->code;
    }
    if (special && code == DLF_NANINF) {
        if (!saturate && round != Round::toward_zero)
            return DLF_NANINF;
        code = largest;
    }
    return with_sign(format, negative, code);
}

} // namespace oracle
