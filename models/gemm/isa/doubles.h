/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernels that need the range or the precision of doubles. The includer defines the vectors vd and
 * vl, of DCOLS doubles and integers, DROWS, toward_zero() and to_nearest(), and in_doubt().
 */
#ifndef TESSERA_GEMM_ISA_DOUBLES_H
#define TESSERA_GEMM_ISA_DOUBLES_H

#include "gemm/kernel.h"

#define APART_D static __attribute__((noinline))

static inline vd splat_d(double x)
{
    return x - (vd){0};
}

static inline vl splat_l(int64_t x)
{
    return x - (vl){0};
}

/* ts_round10(). */
static inline vd round10_d(vd x)
{
    return (vd)(((vl)x + splat_l(1LL << 42)) & splat_l(-(1LL << 43)));
}

/* ts_limit(). */
static inline vd limit_d(vd x, const struct ts_range *range)
{
    const vd mag = (vd)((vl)x & splat_l(INT64_MAX));
    const vl small = mag <= splat_d(range->floor), large = mag > splat_d(range->max);
    const vl past = (vl)splat_d(range->past) | ((vl)x & splat_l(INT64_MIN));
    return (vd)(((vl)x & ~(small | large)) | (past & large));
}

/* To 11 significant bits, ties to even, with fp16's subnormals; past 65504 is infinity. */
static inline vd round_fp16(vd x)
{
    const vl half = splat_l((1LL << 41) - 1) + ((vl)x >> 42 & 1);
    const vd normal = (vd)(((vl)x + half) & splat_l(-(1LL << 42)));
    /* The last place of this constant is that of a subnormal, 2^-24. */
    const vd to_place = splat_d(0x1.8p28);
    const vd subnormal = (x + to_place) - to_place;
    const vd mag = (vd)((vl)x & splat_l(INT64_MAX));
    const vl small = mag < splat_d(0x1p-14), large = mag >= splat_d(65520);
    const vl infinity = (vl)splat_d((double)INFINITY) | ((vl)x & splat_l(INT64_MIN));
    return (vd)(((vl)normal & ~(small | large)) | ((vl)subnormal & small) | (infinity & large));
}

/* Sums of a chunk, in value, enter those over chunks. */
static void add_doubles(const struct ts_strip *s, const vd *restrict acc)
{
    double sums[DROWS * DCOLS];
    float outer[DROWS * DCOLS];
    const struct ts_range range = s->sums->outer;
    memcpy(sums, acc, sizeof sums);
    memcpy(outer, s->state, sizeof outer);
    if (s->sums->outer_fp32)
        for (int i = 0; i < DROWS * DCOLS; i++)
            outer[i] += (float)sums[i];
    else
        for (int i = 0; i < DROWS * DCOLS; i++)
            outer[i] = (float)ts_outer_dlfloat16((double)outer[i], sums[i], &range);
    memcpy(s->state, outer, sizeof outer);
}

/*
 * 4-bit operands. In units of 2^s, the weight of a product, products are integers. Rounding an
 * integer to 10 significant bits gives an integer, so inner sums are integers too, except where
 * they saturate, and acc + P (or acc + RN(P)) is exact, or rounding it is without effect.
 * - Without saturation acc is an integer in units of 2^s. In a chunk sum |P| is at most
 *   4096 * 15 * 2^12 < 2^28, and 4096 roundings, by a factor of up to 1 + 2^-10 each (twice that
 *   for split), leave it below 2^28 * e^8 < 2^40. Integers up to 2^53 are doubles.
 * - The largest number, to which acc may saturate, is 1022 * 2^23 in value. With s <= 23 it is an
 *   integer in units of 2^s, and if acc can reach it, it is below 2^40 of them. With
 *   23 < s <= 33 acc and P are multiples of 2^23 below 2^33 and 2^55. With s >= 34 and P not zero
 *   |acc + P| is above 2^34 - 2^33, past the range; rounding to double is monotone and leaves it
 *   there. RN(P) in turn is the largest number then, a multiple of 2^23 again.
 * - NaN-Infinity is a NaN, which every addition keeps.
 */
static void four_bit_strip(const struct ts_strip *s)
{
    const double *a = s->a;
    const vd *b = s->b;
    const struct ts_range range = s->sums->inner;
    vd acc[DROWS] = {0};
    int64_t left = s->chunk_dots;
    for (int64_t dot = 0; dot < s->dots; dot++, a += s->per_dot, b += s->per_dot) {
#pragma GCC unroll 16
        for (int row = 0; row < DROWS; row++) {
            vd p = splat_d(0);
            for (int i = 0; i < s->per_dot; i++)
                p += splat_d(a[row * s->a_step + i]) * b[i];
            if (s->sums->split)
                p = limit_d(round10_d(p), &range);
            acc[row] = limit_d(round10_d(acc[row] + p), &range);
        }
        if (--left > 0 && dot + 1 < s->dots)
            continue;
#pragma GCC unroll 16
        for (int row = 0; row < DROWS; row++)
            acc[row] *= splat_d(s->sums->unit);
        add_doubles(s, acc);
        memset(acc, 0, sizeof acc);
        left = s->chunk_dots;
    }
}

/*
 * fp16: acc = RN(a * b + acc). a * b has 22 significant bits and is exact; the sum is a double of
 * 53, and what it loses is harmless. Where |a * b| >= 2^17 it is past the range, as is the double.
 * Else, if the sum loses bits, its exponent E is 5 or more, for a * b is a multiple of 2^-48 and
 * acc of 2^-24; and the last place of a * b is below 2^(E-52), so it is below 2^(E-30). acc has 11
 * bits, so no boundary of rounding is nearer to it than 2^(E-13).
 */
static vd fp16_chain(const double *restrict a, const vd *restrict b, int64_t depth, vd acc)
{
    for (int64_t k = 0; k < depth; k++)
        acc = round_fp16(splat_d(a[k]) * b[k] + acc);
    return acc;
}

/* What an fp16 sum of a chunk enters; a sum of two of them is exact, or 2^-40 away from exact. */
static void add_fp16(const struct ts_strip *s, int row, vd acc)
{
    float state[DCOLS];
    double sums[DCOLS];
    vd outer;
    memcpy(state, s->state + row * DCOLS, sizeof state);
    memcpy(sums, &acc, sizeof sums);
    for (int i = 0; i < DCOLS; i++)
        sums[i] =
            s->sums->outer_fp32 ? (double)(state[i] + (float)sums[i]) : (double)state[i] + sums[i];
    memcpy(&outer, sums, sizeof sums);
    outer = s->sums->outer_fp32 ? outer : round_fp16(outer);
    memcpy(sums, &outer, sizeof sums);
    for (int i = 0; i < DCOLS; i++)
        state[i] = (float)sums[i];
    memcpy(s->state + row * DCOLS, state, sizeof state);
}

static vd load_fp16(const struct ts_strip *s, int row)
{
    float state[DCOLS];
    double sums[DCOLS];
    vd acc;
    memcpy(state, s->state + row * DCOLS, sizeof state);
    for (int i = 0; i < DCOLS; i++)
        sums[i] = (double)state[i];
    memcpy(&acc, sums, sizeof acc);
    return acc;
}

static void store_fp16(const struct ts_strip *s, int row, vd acc)
{
    float state[DCOLS];
    double sums[DCOLS];
    memcpy(sums, &acc, sizeof sums);
    for (int i = 0; i < DCOLS; i++)
        state[i] = (float)sums[i];
    memcpy(s->state + row * DCOLS, state, sizeof state);
}

static void fp16_strip(const struct ts_strip *s)
{
    const double *a = s->a;
    const vd *b = s->b;
    for (int row = 0; row < DROWS; row++, a += s->a_step) {
        if (s->sums->unchunked) {
            store_fp16(s, row, fp16_chain(a, b, s->dots, load_fp16(s, row)));
            continue;
        }
        for (int64_t k = 0; k < s->dots; k += s->chunk_dots) {
            int64_t depth = s->dots - k < s->chunk_dots ? s->dots - k : s->chunk_dots;
            add_fp16(s, row, fp16_chain(a + k, b + k, depth, splat_d(0)));
        }
    }
}

#endif
