/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel for AVX-512 with FP16: sums of int4 products, as fp16 numbers, of which a vector holds
 * twice as many as of floats.
 *
 * In units of a product's weight P and acc are integers: see ts_four_bit_in_float(). |P| is 2^10 at
 * most, so it is an fp16 number, as is acc, of 10 significant bits and below 65504. acc + P with 11
 * bits, rounded towards zero, is the exact sum but for what lies below the 11th bit; and RN looks
 * at 11 bits of the magnitude and cuts off the rest. The first dot products of a chunk need no
 * rounding while none of their sums is above 2^10, and so they are one.
 */
#include "gemm/expand.h"

#include <cpuid.h>
#include <immintrin.h>

enum { ROWS = 12, COLS = 16, VECTORS = 2, HALVES = COLS * VECTORS };

typedef float vf __attribute__((vector_size(COLS * sizeof(float))));
typedef int32_t vi __attribute__((vector_size(COLS * sizeof(int32_t))));

#include "gemm/isa/expand512.h"
#include "gemm/isa/floats.h"

extern const struct ts_isa ts_isa_avx512vnni;

#define INLINE static inline __attribute__((always_inline))

/* The operands of some dot products: a row of A, and B. */
struct operands {
    const int32_t *a;
    const vi *b;
    int per_dot;
};

INLINE vi quad_dot(vi sum, int32_t a, vi b)
{
    return (vi)_mm512_dpbusd_epi32((__m512i)sum, (__m512i)b, (__m512i)splat_int(a));
}

/* The sum of one dot product or two. In each fourth of the vector are 4 of the first columns. */
INLINE __m512h products(struct operands x, bool two)
{
    vi p[VECTORS] = {splat_int(x.a[0]), splat_int(x.a[0])};
    for (int dot = 0; dot <= two; dot++, x.a += 1 + x.per_dot, x.b += VECTORS * x.per_dot) {
        for (int v = 0; dot > 0 && v < VECTORS; v++)
            p[v] += splat_int(x.a[0]);
        for (int i = 0; i < x.per_dot; i++)
            for (int v = 0; v < VECTORS; v++)
                p[v] = quad_dot(p[v], x.a[1 + i], x.b[i * VECTORS + v]);
    }
    return _mm512_cvtepi16_ph(_mm512_packs_epi32((__m512i)p[0], (__m512i)p[1]));
}

/* From 11 significant bits to 10, halves away from zero. */
INLINE __m512h round10_h(__m512h x)
{
    const __m512i half = _mm512_set1_epi16(1), mask = _mm512_set1_epi16(-2);
    return (__m512h)_mm512_and_si512(_mm512_add_epi16((__m512i)x, half), mask);
}

INLINE __m512h add_rounded(__m512h acc, __m512h p)
{
    return round10_h(_mm512_add_round_ph(acc, p, _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC));
}

/* A row's sums of a chunk enter those over chunks. */
INLINE void add_row(uint32_t *state, __m512h acc, vf unit, const struct ts_sums *sums)
{
    enum { EVEN = 0x88, ODD = 0xDD };
    const __m256i low = _mm512_castsi512_si256((__m512i)acc);
    const __m256i high = _mm512_extracti64x4_epi64((__m512i)acc, 1);
    const vf x = _mm512_cvtph_ps(low), y = _mm512_cvtph_ps(high);
    add_to(state, _mm512_shuffle_f32x4(x, y, EVEN), unit, sums);
    add_to(state + COLS, _mm512_shuffle_f32x4(x, y, ODD), unit, sums);
}

INLINE struct operands after(struct operands x, int64_t dots)
{
    return (struct operands){x.a + dots * (1 + x.per_dot), x.b + dots * x.per_dot * VECTORS,
                             x.per_dot};
}

/*
 * The next products of all rows, the first of a chunk or those that are added to acc. None is past
 * 2^10 (`whole`), so that the rounding of a dot product, which splits the variants, changes none.
 */
INLINE void add_products(struct operands x, int64_t a_step, bool first, bool two, __m512h acc[ROWS])
{
#pragma GCC unroll 16
    for (int row = 0; row < ROWS; row++, x.a += a_step) {
        const __m512h p = products(x, two);
        acc[row] = first ? p : add_rounded(acc[row], p);
        /* One row after the other, for lack of registers. */
        __asm__ volatile("" : "+v"(acc[row]));
    }
}

/* The sums of a chunk of so many dot products. */
INLINE void sum_chunk(const struct ts_strip *s, struct operands x, int64_t dots, __m512h acc[ROWS])
{
    const bool two = s->sums->whole > 1 && dots > 1;
    if (two)
        add_products(x, s->a_step, true, true, acc);
    else
        add_products(x, s->a_step, true, false, acc);
    x = after(x, 1 + two);
    for (int64_t dot = 1 + two; dot < dots; dot++, x = after(x, 1))
        add_products(x, s->a_step, false, false, acc);
}

INLINE void strip_of(const struct ts_strip *s, const struct ts_sums *sums, int per_dot)
{
    const vf unit = splat((float)sums->unit);
    const struct operands all = {s->a, s->b, per_dot};
    for (int64_t dot = 0; dot < s->dots; dot += s->chunk_dots) {
        const int64_t left = s->dots - dot, dots = left < s->chunk_dots ? left : s->chunk_dots;
        __m512h acc[ROWS];
        sum_chunk(s, after(all, dot), dots, acc);
#pragma GCC unroll 16
        for (int row = 0; row < ROWS; row++)
            add_row(s->state + row * HALVES, acc[row], unit, sums);
    }
}

/* The cases apart, for the compiler. */
INLINE void sums_of(const struct ts_strip *s, int per_dot)
{
    const struct ts_sums plain = {.plain = true, .unit = s->sums->unit};
    if (s->sums->plain)
        strip_of(s, &plain, per_dot);
    else
        strip_of(s, s->sums, per_dot);
}

static void strip(const struct ts_strip *s)
{
    if (s->per_dot == 1)
        sums_of(s, 1);
    else
        sums_of(s, 2);
}

static const struct ts_kernel kernel = {
    .rows = ROWS,
    .cols = HALVES,
    .group = 4,
    .size = sizeof(int32_t),
    .ahead = 1,
    .in_fp16 = true,
    .max_lanes = 8,
    .tabulate = ts_tabulate_int8_quads,
    .expand = expand_quads,
    .strip = strip,
};

/* Some compilers' __builtin_cpu_supports() has no name for it. */
static bool present(void)
{
    enum { LEAF = 7, AVX512_FP16 = 1 << 23 };
    unsigned int a = 0, b = 0, c = 0, d = 0;
    return ts_isa_avx512vnni.present() && __get_cpuid_count(LEAF, 0, &a, &b, &c, &d) &&
           (d & AVX512_FP16) != 0;
}

const struct ts_isa ts_isa_avx512fp16 = {
    .name = "avx512fp16",
    .present = present,
    .preferred = present,
    .int4_dot = &kernel,
};
