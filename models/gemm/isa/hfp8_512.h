/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hfp8_mac of two lanes and a window of 24 bits or more in floats of AVX-512, where no sum is past
 * the largest number.
 *
 * Let p and r be the products, of 8 significant bits, Q = p + r, X = acc + Q and M the largest
 * magnitude of acc, p and r. Where |X| >= 2^-12 M the window gives RN(X), as hfp8.h says. q is Q
 * rounded down, and s is acc + q, rounded down; the same rounded up lie on the other side of X. Let
 * X be positive; a negative one is the same the other way round. Then s <= X, and s is positive,
 * for it is less than 2^-20 M below X. RN(X) comes of g, the largest number of 11 bits not above
 * X, and RN(s) is the same if s >= g. Let 2^e and 2^f be the exponents of X and acc.
 * - If g - acc has 24 bits or fewer, q >= g - acc, as Q is; thus acc + q >= g, and s >= g. This is
 *   so where f <= e + 13, which is a consequence of |X| >= 2^-12 M, and f >= e - 14.
 * - If Q is a float, s is X rounded down, and that is no less than g.
 * - Else acc is below 2^(e-14), and one of the products is so far below the other that it is less
 *   than 2^(e-13). Both s and X are less than 2^(e-12) from the other product, which has 8 bits.
 *   No boundary of rounding is nearer to it than 2^(e-11), so it is RN of both.
 * Of the two sums the one nearer to 0 is that s: of bits as integers the smaller one. Where they
 * differ in sign, both are at most 2^-20 M. Instead of |X| the magnitude of s is looked at, and
 * instead of M only acc and p: as |r| <= |X| + |acc| + |p|, it is enough if |X| is 2^-11 (1 + 2^-8)
 * of these, or more.
 */
#ifndef TESSERA_GEMM_ISA_HFP8_512_H
#define TESSERA_GEMM_ISA_HFP8_512_H

#include "gemm/isa/floats.h"
#include "gemm/isa/hfp8.h"

#include <immintrin.h>

/* X to 11 bits or more, its magnitude, and what that must be lest it be in doubt. */
struct hfp8_sum {
    vf sum, magnitude, least;
};

/* Without optimization the intrinsic is a macro that converts its mask's sign. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion"
INLINE vf larger_magnitude(vf a, vf b)
{
    enum { ABSOLUTE_LARGER = 11 };
    return _mm512_range_ps(a, b, ABSOLUTE_LARGER);
}
#pragma GCC diagnostic pop

INLINE struct hfp8_sum hfp8_sum(const float *a, const vf *b, vf acc)
{
    enum { DOWN = _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC };
    enum { UP = _MM_FROUND_TO_POS_INF | _MM_FROUND_NO_EXC };
    const vf p = splat(a[0]) * b[0], second = splat(a[1]);
    const vf below = _mm512_add_round_ps(acc, _mm512_fmadd_round_ps(second, b[1], p, DOWN), DOWN);
    const vf above = _mm512_add_round_ps(acc, _mm512_fmadd_round_ps(second, b[1], p, UP), UP);
    const vf most = larger_magnitude(acc, p);
    const vf sum = (vf)_mm512_min_epu32((__m512i)below, (__m512i)above);
    return (struct hfp8_sum){sum, magnitude(sum), most * splat(0x1.01p-11F)};
}

/* Those of them that are clear and not in doubt. */
INLINE __mmask16 clear_sums(__mmask16 clear, struct hfp8_sum x)
{
    return _mm512_mask_cmp_ps_mask(clear, x.magnitude, x.least, _CMP_GE_OQ);
}

/* RN(X), and 0 instead of what that gives if it is the floor of dlfloat16 or less. */
INLINE vf round_sum(struct hfp8_sum x, bool floored)
{
    const vf least = splat(0x1.004p-31F), rounded = round10(x.sum);
    const __mmask16 above = _mm512_cmp_ps_mask(x.magnitude, least, _CMP_GE_OQ);
    return floored ? (vf)_mm512_maskz_mov_epi32(above, (__m512i)rounded) : rounded;
}

/* Elements of a row that are in doubt, few of them. */
static vf hfp8_row_again(const struct ts_strip *s, const float *a, const vf *b, vf acc, vf rounded)
{
    unsigned doubt = UINT16_MAX & ~(unsigned)clear_sums(UINT16_MAX, hfp8_sum(a, b, acc));
    for (; doubt; doubt &= doubt - 1) {
        const int j = __builtin_ctz(doubt);
        const struct hfp8_terms x = {
            {(double)a[0], (double)a[1]}, {(double)b[0][j], (double)b[1][j]}, (double)acc[j]};
        rounded[j] = (float)ts_limit(window_sum(&x, s->sums->width), &s->sums->inner);
    }
    return rounded;
}

static __attribute__((noinline)) void hfp8_rows_again(const struct ts_strip *s, const float *a,
                                                      const vf *b, const vf *acc, vf *rounded)
{
    for (int row = 0; row < ROWS; row++)
        rounded[row] = hfp8_row_again(s, a + row * s->a_step, b, acc[row], rounded[row]);
}

/* An operation of all rows. */
INLINE void hfp8_step(const struct ts_strip *s, const float *a, const vf *b, bool floored,
                      vf acc[ROWS])
{
    vf rounded[ROWS];
    /* Not one mask alone: each comparison would wait for the last. */
    __mmask16 clear[2] = {UINT16_MAX, UINT16_MAX};
#pragma GCC unroll 16
    for (int row = 0; row < ROWS; row++) {
        const struct hfp8_sum x = hfp8_sum(a + row * s->a_step, b, acc[row]);
        rounded[row] = round_sum(x, floored);
        clear[row % 2] = clear_sums(clear[row % 2], x);
    }
    if (__builtin_expect((clear[0] & clear[1]) != UINT16_MAX, 0)) {
        vf before[ROWS], after[ROWS];
        memcpy(before, acc, sizeof before);
        memcpy(after, rounded, sizeof after);
        hfp8_rows_again(s, a, b, before, after);
#pragma GCC unroll 16
        for (int row = 0; row < ROWS; row++)
            rounded[row] = after[row];
    }
#pragma GCC unroll 16
    for (int row = 0; row < ROWS; row++)
        acc[row] = rounded[row];
}

INLINE void hfp8_chunks(const struct ts_strip *s, bool floored)
{
    const float *a = s->a;
    const vf *b = s->b;
    for (int64_t dot = 0; dot < s->dots; dot += s->chunk_dots) {
        const int64_t left = s->dots - dot, dots = left < s->chunk_dots ? left : s->chunk_dots;
        vf acc[ROWS] = {{0}};
        for (int64_t i = dot; i < dot + dots; i++)
            hfp8_step(s, a + 2 * i, b + 2 * i, floored, acc);
#pragma GCC unroll 16
        for (int row = 0; row < ROWS; row++)
            add_to(s->state + row * COLS, acc[row], splat(1), s->sums);
    }
}

static void hfp8_dot_strip(const struct ts_strip *s)
{
    if (s->sums->limited)
        hfp8_chunks(s, true);
    else
        hfp8_chunks(s, false);
}

static const struct ts_kernel hfp8_dot_kernel = {
    .rows = ROWS,
    .cols = COLS,
    .group = 1,
    .size = sizeof(float),
    .tabulate = ts_tabulate_floats,
    .expand = ts_expand_floats,
    .strip = hfp8_dot_strip,
};

#endif
