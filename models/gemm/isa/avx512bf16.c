/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel for AVX-512 with BF16: products go straight into acc. */
#include "gemm/expand.h"

#include <immintrin.h>

enum { ROWS = 8, COLS = 16, VECTORS = 2 };

typedef float vf __attribute__((vector_size(COLS * sizeof(float))));
typedef int32_t vi __attribute__((vector_size(COLS * sizeof(int32_t))));

#include "gemm/isa/expand512.h"
#include "gemm/isa/floats.h"

static inline vf pair_dot(vf sum, int32_t a, vi b)
{
    return _mm512_dpbf16_ps(sum, (__m512bh)splat_int(a), (__m512bh)b);
}

/* The next products of all rows enter what is there. */
static inline __attribute__((always_inline)) void dot_rows(int per_dot, const int32_t *restrict a,
                                                           int64_t a_step, const vi *restrict b,
                                                           vf sums[ROWS][VECTORS])
{
    for (int i = 0; i < per_dot; i++)
#pragma GCC unroll 16
        for (int row = 0; row < ROWS; row++)
#pragma GCC unroll 16
            for (int v = 0; v < VECTORS; v++)
                sums[row][v] = pair_dot(sums[row][v], a[row * a_step + i], b[i * VECTORS + v]);
}

/*
 * Here not only acc and acc + P are integers in units of 2^s, and exact: so is every sum between
 * them, as it is of some of the products.
 */
static inline __attribute__((always_inline)) void sum_strip(const struct ts_strip *s, int per_dot,
                                                            bool split)
{
    const int32_t *a = s->a;
    const vi *b = s->b;
    const vf unit = splat((float)s->sums->unit);
    vf acc[ROWS][VECTORS] = {{{0}}};
    int64_t left = s->chunk_dots;
    for (int64_t dot = 0; dot < s->dots; dot++, a += per_dot, b += per_dot * VECTORS) {
        vf p[ROWS][VECTORS] = {{{0}}};
        dot_rows(per_dot, a, s->a_step, b, split ? p : acc);
#pragma GCC unroll 16
        for (int row = 0; row < ROWS; row++)
#pragma GCC unroll 16
            for (int v = 0; v < VECTORS; v++)
                acc[row][v] = round10(split ? acc[row][v] + round10(p[row][v]) : acc[row][v]);
        if (--left > 0 && dot + 1 < s->dots)
            continue;
#pragma GCC unroll 16
        for (int row = 0; row < ROWS; row++)
#pragma GCC unroll 16
            for (int v = 0; v < VECTORS; v++) {
                add_to(s->state + (row * VECTORS + v) * COLS, acc[row][v], unit, s->sums);
                acc[row][v] = splat(0);
            }
        left = s->chunk_dots;
    }
}

static void float_strip(const struct ts_strip *s)
{
    if (s->sums->split)
        sum_strip(s, s->per_dot, true);
    else if (s->per_dot == 4)
        sum_strip(s, 4, false);
    else
        sum_strip(s, s->per_dot, false);
}

static const struct ts_kernel float_kernel = {
    .rows = ROWS,
    .cols = COLS * VECTORS,
    .group = 2,
    .size = sizeof(int32_t),
    .tabulate = ts_tabulate_bf16_pairs,
    .expand = expand_pairs,
    .strip = float_strip,
};

static bool present(void)
{
    return __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512vnni");
}

/* Intel's processors have this instruction at a quarter of VNNI's rate. */
static bool preferred(void)
{
    return present() && __builtin_cpu_is("amd");
}

const struct ts_isa ts_isa_avx512bf16 = {
    .name = "avx512bf16",
    .present = present,
    .preferred = preferred,
    .fp4_dot = &float_kernel,
    .fp4_sum = &float_kernel,
};
