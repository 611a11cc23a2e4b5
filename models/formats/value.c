/* SPDX-License-Identifier: Apache-2.0 */
/* Exact sums and products of decoded numbers. */
#include "tessera/format.h"

#include <math.h>

__extension__ typedef unsigned __int128 uint128;

/* The widest left shift for which two 48-bit significands still fit 128 bits. */
enum { MAX_GAP = 64 };

static int bit_length128(uint128 x)
{
    uint64_t hi = (uint64_t)(x >> 64);
    if (hi)
        return 128 - __builtin_clzll(hi);
    return (uint64_t)x ? 64 - __builtin_clzll((uint64_t)x) : 0;
}

/* Drops low bits into the sticky flag until the significand fits 63 bits. */
static struct ts_value jam(bool negative, uint128 sig, int32_t exp, bool sticky)
{
    int excess = bit_length128(sig) - 63;
    if (excess > 0) {
        sticky |= (sig & (((uint128)1 << excess) - 1)) != 0;
        sig >>= excess;
        exp += excess;
    }
    if (!sig) /* then it is exact: what is sticky lies far below another operand */
        return (struct ts_value){.cls = TS_ZERO};
    return (struct ts_value){TS_FINITE, negative, sticky, exp, (uint64_t)sig};
}

struct ts_value ts_value_of_int(int64_t integer, int32_t exp)
{
    if (integer == 0)
        return (struct ts_value){.cls = TS_ZERO};
    uint64_t mag = integer < 0 ? 0 - (uint64_t)integer : (uint64_t)integer;
    return (struct ts_value){TS_FINITE, integer < 0, false, exp, mag};
}

struct ts_value ts_value_add(struct ts_value a, struct ts_value b)
{
    if (a.cls == TS_NAN || b.cls == TS_NAN)
        return (struct ts_value){.cls = TS_NAN};
    if (a.cls == TS_INFINITY && b.cls == TS_INFINITY && a.negative != b.negative)
        return (struct ts_value){.cls = TS_NAN};
    if (a.cls == TS_INFINITY || b.cls == TS_ZERO)
        return a.cls == TS_ZERO ? (struct ts_value){.cls = TS_ZERO} : a;
    if (b.cls == TS_INFINITY || a.cls == TS_ZERO)
        return b;

    if (a.exp < b.exp) {
        struct ts_value t = a;
        a = b;
        b = t;
    }
    /* a has the larger exponent: raise it over b, or let b fall into the sticky bit. */
    int32_t gap = a.exp - b.exp;
    int32_t up = gap < MAX_GAP ? gap : MAX_GAP;
    int32_t down = gap - up;
    uint128 big = (uint128)a.sig << up;
    uint128 small = down < 64 ? b.sig >> down : 0;
    bool lost = down < 64 ? (small << down) != b.sig : b.sig != 0;
    int32_t exp = b.exp + down;

    if (a.negative == b.negative)
        return jam(a.negative, big + small, exp, lost);
    if (big >= small + lost) /* what was lost makes small larger, the rest smaller */
        return jam(a.negative, big - small - lost, exp, lost);
    return jam(b.negative, small - big, exp, lost);
}

struct ts_value ts_value_mul(struct ts_value a, struct ts_value b)
{
    if (a.cls == TS_NAN || b.cls == TS_NAN)
        return (struct ts_value){.cls = TS_NAN};
    bool negative = a.negative != b.negative;
    if (a.cls == TS_INFINITY || b.cls == TS_INFINITY) {
        if (a.cls == TS_ZERO || b.cls == TS_ZERO)
            return (struct ts_value){.cls = TS_NAN};
        return (struct ts_value){.cls = TS_INFINITY, .negative = negative};
    }
    if (a.cls == TS_ZERO || b.cls == TS_ZERO)
        return (struct ts_value){.cls = TS_ZERO};
    return (struct ts_value){TS_FINITE, negative, false, a.exp + b.exp, a.sig * b.sig};
}

double ts_value_to_double(struct ts_value v)
{
    switch (v.cls) {
    case TS_ZERO:
        return v.negative ? -0.0 : 0.0;
    case TS_INFINITY:
        return v.negative ? -INFINITY : INFINITY;
    case TS_NAN:
        return NAN;
    case TS_FINITE:
        break;
    }
    double mag = ldexp((double)v.sig, v.exp);
    return v.negative ? -mag : mag;
}

struct ts_value ts_value_of_double(double x)
{
    if (isnan(x))
        return (struct ts_value){.cls = TS_NAN};
    if (isinf(x))
        return (struct ts_value){.cls = TS_INFINITY, .negative = x < 0};
    if (x == 0)
        return (struct ts_value){.cls = TS_ZERO, .negative = signbit(x)};
    int exp = 0;
    double frac = frexp(fabs(x), &exp);
    uint64_t sig = (uint64_t)ldexp(frac, 53);
    int drop = __builtin_ctzll(sig);
    return (struct ts_value){TS_FINITE, x < 0, false, exp - 53 + drop, sig >> drop};
}
