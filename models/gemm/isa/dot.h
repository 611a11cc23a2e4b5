/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernels that sum products as integers. The includer also defines DOT_ROWS, VECTORS of a row, and
 * pair_dot() and quad_dot(), which add the products in each 32 bits of a and b to an integer: two
 * of 16 bits, or four of 8, those of b without sign; and to_float(). Why acc + P is exact says
 * ts_four_bit_in_float().
 */
#ifndef TESSERA_GEMM_ISA_DOT_H
#define TESSERA_GEMM_ISA_DOT_H

#include "gemm/isa/floats.h"

enum element { PAIRS, QUADS };

#define INLINE static inline __attribute__((always_inline))

INLINE vi element_dot(enum element element, vi sum, vi a, vi b)
{
    return element == QUADS ? quad_dot(sum, a, b) : pair_dot(sum, a, b);
}

/* More products of all rows. */
INLINE void dot_rows(enum element element, int per_dot, const int32_t *restrict a, int64_t a_step,
                     const vi *restrict b, vi p[DOT_ROWS][VECTORS])
{
    for (int i = 0; i < per_dot; i++)
#pragma GCC unroll 16
        for (int row = 0; row < DOT_ROWS; row++)
#pragma GCC unroll 16
            for (int v = 0; v < VECTORS; v++)
                p[row][v] = element_dot(element, p[row][v], splat_int(a[row * a_step + i]),
                                        b[i * VECTORS + v]);
}

INLINE void sum_strip(const struct ts_strip *s, enum element element, int per_dot, bool split)
{
    const int ahead = element == QUADS;
    const int32_t *a = s->a;
    const vi *b = s->b;
    const vf unit = splat((float)s->sums->unit);
    vf acc[DOT_ROWS][VECTORS] = {{{0}}};
    int64_t left = s->chunk_dots;
    for (int64_t dot = 0; dot < s->dots; dot++) {
        vi p[DOT_ROWS][VECTORS];
#pragma GCC unroll 16
        for (int row = 0; row < DOT_ROWS; row++)
#pragma GCC unroll 16
            for (int v = 0; v < VECTORS; v++)
                p[row][v] = splat_int(ahead ? a[row * s->a_step] : 0);
        dot_rows(element, per_dot, a + ahead, s->a_step, b, p);
        a += per_dot + ahead;
        b += per_dot * VECTORS;
#pragma GCC unroll 16
        for (int row = 0; row < DOT_ROWS; row++)
#pragma GCC unroll 16
            for (int v = 0; v < VECTORS; v++) {
                vf term = to_float(p[row][v]);
                acc[row][v] = round10(acc[row][v] + (split ? round10(term) : term));
            }
        if (--left > 0 && dot + 1 < s->dots)
            continue;
#pragma GCC unroll 16
        for (int row = 0; row < DOT_ROWS; row++)
#pragma GCC unroll 16
            for (int v = 0; v < VECTORS; v++) {
                add_to(s->state + (row * VECTORS + v) * COLS, acc[row][v], unit, s->sums);
                acc[row][v] = splat(0);
            }
        left = s->chunk_dots;
    }
}

INLINE void strip_of(const struct ts_strip *s, enum element element)
{
    if (s->sums->split)
        sum_strip(s, element, s->per_dot, true);
    else if (s->per_dot == 2)
        sum_strip(s, element, 2, false);
    else if (s->per_dot == 4)
        sum_strip(s, element, 4, false);
    else
        sum_strip(s, element, s->per_dot, false);
}

/* int8: the integers themselves. */
static void integer_strip(const struct ts_strip *s)
{
    vi sum[DOT_ROWS][VECTORS];
    memcpy(sum, s->state, sizeof sum);
    dot_rows(PAIRS, (int)s->dots * s->per_dot, s->a, s->a_step, s->b, sum);
    memcpy(s->state, sum, sizeof sum);
}

static void pair_strip(const struct ts_strip *s)
{
    if (s->sums->unchunked)
        integer_strip(s);
    else
        strip_of(s, PAIRS);
}

static void quad_strip(const struct ts_strip *s)
{
    strip_of(s, QUADS);
}

#endif
