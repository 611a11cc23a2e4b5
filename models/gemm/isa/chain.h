/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chains of multiply-adds in float. The includer also defines ROWS, VECTORS of a row, fused(a, b,
 * c), which is a * b + c rounded once, toward_zero() and to_nearest(), which set how the thread
 * rounds.
 */
#ifndef TESSERA_GEMM_ISA_CHAIN_H
#define TESSERA_GEMM_ISA_CHAIN_H

#include "gemm/isa/floats.h"

/* Not inlined, so that no arithmetic moves past a change of the rounding. */
#define APART static __attribute__((noinline))

enum products { ROUNDED, LIMITED, FUSED };

static inline __attribute__((always_inline)) void
add_products(enum products products, const struct ts_strip *s, const float *restrict a,
             const vf *restrict b, int64_t depth, vf sums[ROWS][VECTORS])
{
    vf acc[ROWS][VECTORS];
    memcpy(acc, sums, sizeof acc);
    const struct ts_range range = s->sums->inner;
    for (int64_t k = 0; k < depth; k++)
#pragma GCC unroll 16
        for (int row = 0; row < ROWS; row++)
#pragma GCC unroll 16
            for (int v = 0; v < VECTORS; v++) {
                vf x = splat(a[row * s->a_step + k]), y = b[k * VECTORS + v];
                acc[row][v] =
                    products == FUSED ? fused(x, y, acc[row][v]) : round10(x * y + acc[row][v]);
                if (products == LIMITED)
                    acc[row][v] = limit(acc[row][v], &range);
            }
    memcpy(sums, acc, sizeof acc);
}

/*
 * acc = RN(a * b + acc) to dlfloat16, with the thread rounding towards zero. a * b has 20
 * significant bits and is exact, and so is, above the last of 24 bits, the sum: what lies below is
 * cut off. RN looks at 11 bits of the magnitude and cuts off the rest.
 */
APART void rounded_products(const struct ts_strip *s, const float *restrict a, const vf *restrict b,
                            int64_t depth, vf sums[ROWS][VECTORS])
{
    add_products(ROUNDED, s, a, b, depth, sums);
}

/* The same where sums leave the range. */
APART void limited_products(const struct ts_strip *s, const float *restrict a, const vf *restrict b,
                            int64_t depth, vf sums[ROWS][VECTORS])
{
    add_products(LIMITED, s, a, b, depth, sums);
}

/* acc = RN(a * b + acc) to fp32. */
APART void fused_products(const struct ts_strip *s, const float *restrict a, const vf *restrict b,
                          int64_t depth, vf sums[ROWS][VECTORS])
{
    add_products(FUSED, s, a, b, depth, sums);
}

APART void add_rows(const struct ts_strip *s, vf acc[ROWS][VECTORS])
{
#pragma GCC unroll 16
    for (int row = 0; row < ROWS; row++)
#pragma GCC unroll 16
        for (int v = 0; v < VECTORS; v++)
            add_to(s->state + (row * VECTORS + v) * COLS, acc[row][v], splat(1), s->sums);
}

static void dlfloat16_strip(const struct ts_strip *s)
{
    const float *a = s->a;
    const vf *b = s->b;
    for (int64_t k = 0; k < s->dots; k += s->chunk_dots) {
        int64_t depth = s->dots - k < s->chunk_dots ? s->dots - k : s->chunk_dots;
        vf acc[ROWS][VECTORS] = {{{0}}};
        toward_zero();
        if (s->sums->limited)
            limited_products(s, a + k, b + k * VECTORS, depth, acc);
        else
            rounded_products(s, a + k, b + k * VECTORS, depth, acc);
        to_nearest();
        add_rows(s, acc);
    }
}

/* bf16 and fp32. */
static void fp32_strip(const struct ts_strip *s)
{
    const float *a = s->a;
    const vf *b = s->b;
    if (s->sums->unchunked) {
        vf acc[ROWS][VECTORS];
        memcpy(acc, s->state, sizeof acc);
        fused_products(s, a, b, s->dots, acc);
        memcpy(s->state, acc, sizeof acc);
        return;
    }
    for (int64_t k = 0; k < s->dots; k += s->chunk_dots) {
        int64_t depth = s->dots - k < s->chunk_dots ? s->dots - k : s->chunk_dots;
        vf acc[ROWS][VECTORS] = {{{0}}};
        fused_products(s, a + k, b + k * VECTORS, depth, acc);
        add_rows(s, acc);
    }
}

#endif
