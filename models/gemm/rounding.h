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

static inline struct ts_range ts_range_of(const struct ts_gemm *g, int unit)
{
    double max = ldexp(TS_DLF_MAX, -unit);
    return (struct ts_range){ldexp(TS_DLF_FLOOR, -unit), max, g->saturate ? max : (double)NAN};
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

/* RN(outer + acc) to fp32: a float addition. Both are floats, as a dlfloat16 is. */
static inline double ts_outer_fp32(double outer, double acc)
{
    return (double)((float)outer + (float)acc);
}

/* Codes of numbers that are on the grid. */
static inline uint32_t ts_code_dlfloat16(double x)
{
    if (isnan(x))
        return 0x7FFF;
    if (x == 0)
        return 0;
    enum { MAN_BITS = 9, BIAS = 31 - 1023 };
    uint64_t bits = ts_bits_of_double(x);
    uint32_t mag = (uint32_t)(bits >> (52 - MAN_BITS)) & ((1U << (11 + MAN_BITS)) - 1);
    return (uint32_t)(bits >> 63) << 15 | (mag + ((uint32_t)BIAS << MAN_BITS));
}

static inline uint32_t ts_code_fp32(double x)
{
    if (isnan(x))
        return 0x7FC00000;
    return x == 0 ? 0 : ts_bits_of_float((float)x);
}

#endif
