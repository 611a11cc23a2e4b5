// SPDX-License-Identifier: Apache-2.0
// Operands aimed at rounding boundaries.
#include "oracle/hard_cases.h"

#include "oracle/dlfloat16_fast.h"
#include "oracle/run.h"

#include <cmath>

namespace oracle
{

namespace
{

double threshold(int code)
{
    double low = code == 0 ? std::ldexp(1.0, -31) : dlf_value(static_cast<uint16_t>(code));
    double high =
        code == 0x7FFE ? std::ldexp(1023.0, 23) : dlf_value(static_cast<uint16_t>(code + 1));
    return (low + high) / 2;
}

/* A number of any exponent that is far below most others. */
uint16_t tiny(ts_random &random)
{
    int code = below(random, 0x2000);
    return static_cast<uint16_t>(below(random, 2) ? code : code + 0x8000);
}

uint16_t nudged(ts_random &random, uint16_t code)
{
    static const int nudges[] = {0, 0, 0, 1, -1, 2, -2, 512};
    return static_cast<uint16_t>(code + nudges[below(random, 8)]);
}

} // namespace

double hard_target(ts_random &random, double first)
{
    double sign = below(random, 2) ? 1 : -1;
    switch (below(random, 6)) {
    case 0:
        return 0;
    case 1: /* about the least number and the 2^-31 below it */
        return sign * std::ldexp(1024.0 + below(random, 6) - 2, -41);
    case 2: /* about the largest and the NaN-Infinity above it */
        return sign * std::ldexp(2045.0 + below(random, 5) - 2, 22);
    case 3: /* any threshold */
        return sign * threshold(below(random, 0x7FFF));
    default: { /* a threshold near the first operand */
        int code = dlf_round(std::fabs(first), true) + below(random, 5) - 2;
        return std::copysign(threshold(code < 0 ? 0 : code > 0x7FFE ? 0x7FFE : code), first);
    }
    }
}

uint16_t hard_first(ts_random &random, uint16_t first)
{
    switch (below(random, 8)) {
    case 0:
        return tiny(random);
    case 1: /* among the largest */
        return static_cast<uint16_t>(0x7FFE - below(random, 8) + 0x8000 * below(random, 2));
    case 2: /* in the few binades above 2^-31 */
        return static_cast<uint16_t>(below(random, 10 * 512) + 0x8000 * below(random, 2));
    default:
        return first;
    }
}

uint16_t hard_addend(ts_random &random, uint16_t first)
{
    double x = dlf_value(first);
    if (std::isnan(x))
        return 0;
    return nudged(random, dlf_round(hard_target(random, x) - x, true));
}

HardProduct hard_product(ts_random &random, uint16_t first, int bits)
{
    double x = dlf_value(first);
    if (std::isnan(x))
        return {1, 0};
    double wanted = hard_target(random, x) - x;
    int spare = below(random, bits - 1);
    int exponent = wanted == 0 ? 0 : std::ilogb(wanted) - (bits - 3) + spare / 2;
    int64_t p = std::llround(std::ldexp(wanted, -exponent));
    return {p + (below(random, 4) ? 0 : below(random, 3) - 1), exponent};
}

HardFma hard_fma(ts_random &random, uint16_t a, uint16_t c)
{
    if (below(random, 4) == 0) {
        /* A product of two odd integers that is an exact tie of 11 bits, and a far smaller addend.
         */
        int x = 2 * below(random, 23) + 1;
        int y = (1024 + below(random, 1024)) / x | 1;
        int e = below(random, 24) - 8;
        int up = below(random, 22);
        a = dlf_round(std::ldexp(x, e), true);
        uint16_t b = dlf_round(std::ldexp(below(random, 2) ? y : -y, up - e), true);
        return {a, b, tiny(random)};
    }
    c = hard_first(random, c);
    double x = dlf_value(a);
    double z = dlf_value(c);
    if (std::isnan(x) || x == 0 || std::isnan(z))
        return {a, c, 0};
    double wanted = hard_target(random, z) - z;
    return {a, nudged(random, dlf_round(wanted / x, true)), c};
}

} // namespace oracle
