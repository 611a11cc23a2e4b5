/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernels that sum products as integers. The includer also defines ROWS, pair_dot() and quad_dot(),
 * which add the products in each 32 bits of a and b to an integer: two of 16 bits, or four of 8,
 * those of b without sign; and to_float(). ts_four_bit_in_float() is why acc + P is exact.
 */
#ifndef TESSERA_GEMM_ISA_DOT_H
#define TESSERA_GEMM_ISA_DOT_H

#include "gemm/isa/floats.h"

enum element { PAIRS, QUADS };

#define INLINE static inline __attribute__((always_inline))

INLINE vi element_dot(enum element element, vi sum, int32_t a, vi b)
{
    return element == QUADS ? quad_dot(sum, splat_int(a), b) : pair_dot(sum, splat_int(a), b);
}

/* The next dot product of all rows. */
INLINE void dot_rows(enum element element, int per_dot, const int32_t *restrict a, int64_t a_step,
                     const vi *restrict b, vi *restrict p)
{
    const int ahead = element == QUADS;
    for (int row = 0; row < ROWS; row++)
        p[row] = splat_int(ahead ? a[row * a_step] : 0);
    for (int i = 0; i < per_dot; i++)
        for (int row = 0; row < ROWS; row++)
            p[row] = element_dot(element, p[row], a[row * a_step + ahead + i], b[i]);
}

static void close_chunk(const struct ts_strip *s, vf *restrict acc)
{
    const vf unit = splat((float)s->sums->unit);
    for (int row = 0; row < ROWS; row++) {
        uint32_t *outer = s->state + row * COLS;
        store(outer, outer_add(load(outer), acc[row] * unit, s->sums));
        acc[row] = splat(0);
    }
}

INLINE void sum_strip(const struct ts_strip *s, enum element element, int per_dot, bool split)
{
    const int32_t *a = s->a;
    const vi *b = s->b;
    vf acc[ROWS] = {0};
    int64_t left = s->chunk_dots;
    for (int64_t dot = 0; dot < s->dots; dot++) {
        vi p[ROWS];
        dot_rows(element, per_dot, a, s->a_step, b, p);
        a += per_dot + (element == QUADS);
        b += per_dot;
        for (int row = 0; row < ROWS; row++) {
            vf term = to_float(p[row]);
            acc[row] = round10(acc[row] + (split ? round10(term) : term));
        }
        if (--left > 0 && dot + 1 < s->dots)
            continue;
        close_chunk(s, acc);
        left = s->chunk_dots;
    }
}

INLINE void strip_of(const struct ts_strip *s, enum element element)
{
    const bool split = s->sums->split;
    if (split)
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
    const int32_t *a = s->a;
    const vi *b = s->b;
    vi sum[ROWS];
    memcpy(sum, s->state, sizeof sum);
    for (int64_t i = 0; i < s->dots * s->per_dot; i++)
        for (int row = 0; row < ROWS; row++)
            sum[row] = pair_dot(sum[row], splat_int(a[row * s->a_step + i]), b[i]);
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
