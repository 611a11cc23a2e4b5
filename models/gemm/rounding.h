/* SPDX-License-Identifier: Apache-2.0 */
/* dlfloat16 numbers held in doubles: rounding, sums over chunks, codes. */
#ifndef TESSERA_GEMM_ROUNDING_H
#define TESSERA_GEMM_ROUNDING_H

#include "tessera/gemm.h"

#include <float.h>
#include <math.h>
#include <string.h>

_Static_assert(FLT_EVAL_METHOD == 0, "float and double must be evaluated as such");

/* 2^-31: what rounds to it or below is zero. The largest finite number. */
#define TS_DLF_FLOOR 0x1p-31
#define TS_DLF_MAX 0x1.FFp32

static inline uint64_t ts_bits_of_double(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline double ts_double_of_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline uint32_t ts_bits_of_float(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline float ts_float_of_bits(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/*
 * To 10 significant bits, ties away from zero, without limits of the exponent. The bits behind
 * the sign grow with the magnitude, so half an ulp is added to them and the rest cut off; a carry
 * moves into the exponent, as it should. Zeros and quiet NaNs stay what they are.
 */
static inline double ts_round10_bits(uint64_t bits)
{
    enum { DROPPED = 52 - 9 };
    bits += 1ULL << (DROPPED - 1);
    return ts_double_of_bits(bits & ~((1ULL << DROPPED) - 1));
}

static inline double ts_round10(double x)
{
    return ts_round10_bits(ts_bits_of_double(x));
}

static inline float ts_round10f(float x)
{
    enum { DROPPED = 23 - 9 };
    uint32_t bits = ts_bits_of_float(x) + (1U << (DROPPED - 1));
    return ts_float_of_bits(bits & ~((1U << DROPPED) - 1));
}

/* The range of dlfloat16, in some unit, and what is past it: `max`, or NaN for NaN-Infinity. */
struct ts_range {
    double floor, max, past;
};

static inline struct ts_range ts_range_of(bool saturate, int unit)
{
    double max = ldexp(TS_DLF_MAX, -unit);
    return (struct ts_range){ldexp(TS_DLF_FLOOR, -unit), max, saturate ? max : (double)NAN};
}

/* A number of 10 significant bits into the range. NaN passes both comparisons by. */
static inline double ts_limit(double x, const struct ts_range *range)
{
    double mag = fabs(x);
    x = mag <= range->floor ? 0 : x;
    return mag > range->max ? copysign(range->past, x) : x;
}

/*
 * RN(outer + acc) to dlfloat16. The sum of two doubles of 10 bits is rounded to 53 bits first,
 * and that is harmless. It is exact unless the larger exceeds the smaller more than 2^42 times.
 * Then the sum lies within 2^-41 (relative) of the larger, a number on the grid of 10 bits,
 * while the nearest rounding boundary is 2^-12 away or more, on either side.
 */
static inline double ts_outer_dlfloat16(double outer, double acc, const struct ts_range *range)
{
    return ts_limit(ts_round10(outer + acc), range);
}

/* Codes of numbers that are on the grid of their format. */
static inline uint32_t ts_code_dlfloat16(float x)
{
    enum { DROPPED = 23 - 9, BIAS = 127 - 31, QUIET = 0x7FFF };
    uint32_t bits = ts_bits_of_float(x), mag = bits & INT32_MAX;
    uint32_t code = (bits >> 31 << 15) | ((mag >> DROPPED) - ((uint32_t)BIAS << 9));
    code = mag == 0 ? 0 : code;
    return isnan(x) ? QUIET : code;
}

static inline uint32_t ts_code_fp32(float x)
{
    uint32_t bits = x == 0 ? 0 : ts_bits_of_float(x);
    return isnan(x) ? 0x7FC00000 : bits;
}

static inline uint32_t ts_code_fp16(float x)
{
    enum { DROPPED = 23 - 10, BIAS = 127 - 15 };
    uint32_t bits = ts_bits_of_float(x), mag = bits & INT32_MAX, sign = bits >> 31 << 15;
    if (isnan(x))
        return 0x7E00;
    if (isinf(x))
        return sign | 0x7C00;
    if (mag < (uint32_t)(BIAS + 1) << 23) { /* zero, or a subnormal: an integer times 2^-24 */
        uint32_t sig = (uint32_t)(fabsf(x) * 0x1p24F);
        return sig ? sign | sig : 0;
    }
    return sign | ((mag >> DROPPED) - ((uint32_t)BIAS << 10));
}

#endif
