// SPDX-License-Identifier: Apache-2.0
// Rounding of a double and its exact remainder to any of the formats.
#include "oracle/float_fast.h"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstring>
#include <stdexcept>

static_assert(FLT_EVAL_METHOD == 0, "two-sum needs operations that round to double");

namespace oracle
{

const Float floats[12] = {
    {"fp32", 8, 23, 127, true, Top::ieee},      {"fp16", 5, 10, 15, true, Top::ieee},
    {"bf16", 8, 7, 127, true, Top::ieee},       {"dlfloat16", 6, 9, 31, false, Top::one_nan},
    {"fp9_153", 5, 3, 15, false, Top::one_nan}, {"fp8_143", 4, 3, 11, false, Top::numbers},
    {"fp8_152", 5, 2, 15, false, Top::one_nan}, {"e5m2", 5, 2, 15, true, Top::ieee},
    {"e4m3", 4, 3, 7, true, Top::one_nan},      {"e3m2", 3, 2, 3, true, Top::numbers},
    {"e2m3", 2, 3, 1, true, Top::numbers},      {"e2m1", 2, 1, 1, true, Top::numbers},
};

namespace
{

uint32_t infinity_of(const Float &f)
{
    return ((1U << f.exp_bits) - 1) << f.man_bits;
}

uint32_t all_ones_of(const Float &f)
{
    return (1U << (f.bits() - 1)) - 1;
}

uint32_t largest_of(const Float &f)
{
    if (f.top == Top::ieee)
        return infinity_of(f) - 1;
    return all_ones_of(f) - (f.top == Top::one_nan);
}

/* An exact power of two, without the cost of ldexp(). */
double power_of_two(int exponent)
{
    uint64_t bits = static_cast<uint64_t>(exponent + 1023) << 52;
    double x;
    std::memcpy(&x, &bits, sizeof x);
    return x;
}

int binade_of(double x)
{
    uint64_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    return static_cast<int>(bits >> 52 & 0x7FF) - 1023;
}

/* The code of a magnitude, past the largest if it rounds there; `rest` is its remainder. */
uint64_t round_magnitude(const Float &f, double magnitude, double rest)
{
    int smallest = (f.ieee ? 1 : 0) - f.bias;
    int binade = binade_of(magnitude);
    if (!f.ieee && binade < smallest)
        return 0;
    binade = std::max(binade, smallest);
    double ulps = magnitude * power_of_two(f.man_bits - binade);
    double whole = std::floor(ulps);
    double part = ulps - whole;
    auto count = static_cast<int64_t>(whole);
    bool tie_up = rest > 0 || (rest == 0 && (!f.ieee || count % 2 == 1));
    count += part > 0.5 || (part == 0.5 && tie_up);
    /* The count has the leading one, where there is one. */
    int64_t below = binade + f.bias - 1;
    return static_cast<uint64_t>(below * (int64_t{1} << f.man_bits) + count);
}

} // namespace

const Float &float_named(const char *name)
{
    for (const Float &f : floats)
        if (std::strcmp(f.name, name) == 0)
            return f;
    throw std::invalid_argument(name);
}

double float_value(const Float &f, uint32_t code)
{
    uint32_t rest = code & all_ones_of(f);
    bool negative = rest != code;
    int e = static_cast<int>(rest >> f.man_bits);
    uint32_t m = rest - (static_cast<uint32_t>(e) << f.man_bits);
    if (rest > largest_of(f))
        return f.top == Top::ieee && m == 0 ? (negative ? -INFINITY : INFINITY) : NAN;
    double fraction = m * power_of_two(-f.man_bits);
    double x = 0;
    if (e > 0 || (!f.ieee && m > 0))
        x = (1 + fraction) * power_of_two(e - f.bias);
    else if (f.ieee)
        x = fraction * power_of_two(1 - f.bias);
    return negative ? -x : x;
}

uint32_t float_sum(const Float &f, double x, double y, bool saturate, bool flush)
{
    double sum = x + y;
    uint32_t sign = sum < 0 ? 1U << (f.bits() - 1) : 0;
    if (std::isnan(sum))
        return f.top == Top::ieee ? infinity_of(f) | 1U << (f.man_bits - 1) : all_ones_of(f);
    if (std::isinf(sum))
        return sign | infinity_of(f);
    double of_y = sum - x;
    double rest = (x - (sum - of_y)) + (y - of_y);
    if (sum < 0) {
        sum = -sum;
        rest = -rest;
    }
    double smallest = power_of_two(1 - f.bias);
    if (flush && (sum < smallest || (sum == smallest && rest < 0)))
        return 0;
    uint64_t code = sum == 0 ? 0 : round_magnitude(f, sum, rest);
    if (code == 0)
        return 0;
    if (code <= largest_of(f))
        return sign | static_cast<uint32_t>(code);
    if (saturate || f.top == Top::numbers)
        return sign | largest_of(f);
    return f.top == Top::ieee ? sign | infinity_of(f) : all_ones_of(f);
}

} // namespace oracle
