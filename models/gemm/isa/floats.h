/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sums of dlfloat16 numbers in vectors of floats. The includer defines the vectors vf and vi, of
 * COLS floats and integers, and the type of a float's sums over chunks is that of struct ts_strip.
 */
#ifndef TESSERA_GEMM_ISA_FLOATS_H
#define TESSERA_GEMM_ISA_FLOATS_H

#include "gemm/kernel.h"

static inline vf splat(float x)
{
    return x - (vf){0};
}

static inline vi splat_int(int32_t x)
{
    return x - (vi){0};
}

static inline vf load(const uint32_t *words)
{
    vf x;
    memcpy(&x, words, sizeof x);
    return x;
}

static inline void store(uint32_t *words, vf x)
{
    memcpy(words, &x, sizeof x);
}

/* ts_round10f(). */
static inline vf round10(vf x)
{
    return (vf)(((vi)x + splat_int(1 << 13)) & splat_int(-(1 << 14)));
}

static inline vf magnitude(vf x)
{
    return (vf)((vi)x & splat_int(INT32_MAX));
}

/* ts_code_dlfloat16() of n numbers. */
static inline void codes_of_dlfloat16(const uint32_t *state, int64_t n, uint32_t *codes)
{
    enum { DROPPED = 23 - 9, BIAS = 127 - 31, SIGN = 1 << 15, QUIET = 0x7FFF };
    enum { INFINITE = 0x7F800000 };
    int64_t i = 0;
    for (; i + COLS <= n; i += COLS) {
        const vf x = load(state + i);
        const vi mag = (vi)x & splat_int(INT32_MAX), sign = (vi)x >> 16 & splat_int(SIGN);
        vi code = sign | ((mag >> DROPPED) - splat_int(BIAS << 9));
        code &= mag != splat_int(0);
        const vi is_nan = mag > splat_int(INFINITE);
        code = (code & ~is_nan) | (is_nan & splat_int(QUIET));
        memcpy(codes + i, &code, sizeof code);
    }
    for (; i < n; i++)
        codes[i] = ts_code_dlfloat16(ts_float_of_bits(state[i]));
}

/* ts_limit(). */
static inline vf limit(vf x, const struct ts_range *range)
{
    const vf mag = magnitude(x);
    const vi small = mag <= splat((float)range->floor), large = mag > splat((float)range->max);
    const vi past = (vi)splat((float)range->past) | ((vi)x & splat_int(INT32_MIN));
    return (vf)(((vi)x & ~(small | large)) | (past & large));
}

/*
 * RN(outer + acc). The sum of two floats of 10 bits is rounded to 24 first, and to dlfloat16 that
 * is harmless. It is exact unless the last place of the smaller is below 2^(E-23), where 2^E is the
 * exponent of the larger. Then the smaller is below 2^(E-13), and so is its distance from the sum,
 * while no boundary of rounding is nearer to the larger than 2^(E-11).
 */
static inline vf outer_add(vf outer, vf acc, const struct ts_sums *sums)
{
    const vf sum = outer + acc;
    if (sums->plain)
        return round10(sum);
    return sums->outer_fp32 ? sum : limit(round10(sum), &sums->outer);
}

/* The same in memory, acc in some unit. */
static inline void add_to(uint32_t *outer, vf acc, vf unit, const struct ts_sums *sums)
{
    store(outer, outer_add(load(outer), acc * unit, sums));
}

#endif
