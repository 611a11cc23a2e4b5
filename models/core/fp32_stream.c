/* SPDX-License-Identifier: Apache-2.0 */
#include "core/fp32_stream.h"

#include "tessera/arith.h"

static uint32_t round_fp32(struct ts_value value)
{
    return ts_encode(&ts_format_fp32, value, TS_NEAREST_EVEN, TS_OVERFLOW_SPECIAL);
}

static struct ts_value value_of(uint32_t code)
{
    return ts_decode(&ts_format_fp32, code);
}

uint32_t ts_stream_element(int64_t input, uint64_t code)
{
    return round_fp32(ts_decode(ts_outer_format(input), (uint32_t)code));
}

uint32_t ts_fp32_magnitude(uint32_t x)
{
    struct ts_value value = value_of(x);
    value.negative = false;
    return round_fp32(value);
}

uint32_t ts_fp32_square(uint32_t x)
{
    return ts_fp32_product(x, x);
}

uint32_t ts_fp32_product(uint32_t a, uint32_t b)
{
    return round_fp32(ts_value_mul(value_of(a), value_of(b)));
}

uint32_t ts_fp32_sum(uint32_t a, uint32_t b)
{
    return round_fp32(ts_value_add(value_of(a), value_of(b)));
}

/* Whether a finite value lies below the smallest normal number, 2^-126. */
static bool is_tiny(struct ts_value v)
{
    return 63 - __builtin_clzll(v.sig) + v.exp < -126;
}

/* Long division of a significand of 62 bits: the quotient has 38 or more, and a remainder. */
uint32_t ts_fp32_quotient(uint32_t a, uint32_t b)
{
    struct ts_value x = value_of(a), y = value_of(b);
    if (y.cls == TS_ZERO && x.cls != TS_NAN)
        x.cls = x.cls == TS_ZERO ? TS_NAN : TS_INFINITY;
    if (x.cls != TS_FINITE)
        return round_fp32(x);
    int up = __builtin_clzll(x.sig) - 2;
    uint64_t dividend = x.sig << up;
    x.sig = dividend / y.sig;
    x.sticky = dividend % y.sig != 0;
    x.exp -= up + y.exp;
    return is_tiny(x) ? 0 : round_fp32(x);
}

/* floor(sqrt(x)) of 32 bits, for x from 2^62 on. */
static uint64_t integer_root(uint64_t x)
{
    uint64_t root = 0;
    for (int i = 31; i >= 0; i--) {
        uint64_t trial = root | 1ULL << i;
        if (trial * trial <= x)
            root = trial;
    }
    return root;
}

uint32_t ts_fp32_root(uint32_t code)
{
    struct ts_value x = value_of(code);
    if (x.cls != TS_FINITE)
        return round_fp32(x);
    int up = __builtin_clzll(x.sig);
    up -= (x.exp - up) & 1;
    uint64_t radicand = x.sig << up;
    uint64_t root = integer_root(radicand);
    x.exp = (x.exp - up) / 2;
    x.sig = root;
    x.sticky = root * root != radicand;
    return round_fp32(x);
}

uint32_t ts_lane_sums_pairwise(const struct ts_lane_sums *sums, int lanes)
{
    struct ts_lane_sums pairs = *sums;
    for (int n = lanes / 2; n > 0; n /= 2)
        for (int i = 0; i < n; i++)
            pairs.lane[i] = ts_fp32_sum(pairs.lane[2 * i], pairs.lane[2 * i + 1]);
    return pairs.lane[0];
}

bool ts_stream_finishes(int *busy, bool ends, int cycles)
{
    if (*busy > 0)
        --*busy;
    if (!ends || *busy > 0)
        return false;
    *busy = cycles;
    return true;
}
