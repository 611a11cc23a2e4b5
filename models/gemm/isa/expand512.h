/* SPDX-License-Identifier: Apache-2.0 */
/* ts_expand_pairs() in vectors of 512 bits: 16 bytes at a time, or 4 of each of 16 vectors. */
#ifndef TESSERA_GEMM_ISA_EXPAND512_H
#define TESSERA_GEMM_ISA_EXPAND512_H

#include "gemm/expand.h"

#include <immintrin.h>

enum { WORDS = 16 };

/* Words of both codes of a byte: 0 is the code of zero, which is 0. */
struct pair_tables {
    __m512i low, high;
};

static inline struct pair_tables pair_tables_of(const uint32_t table[256])
{
    uint32_t high[WORDS];
    for (int code = 0; code < WORDS; code++)
        high[code] = table[WORDS * code];
    return (struct pair_tables){_mm512_loadu_si512(table), _mm512_loadu_si512(high)};
}

/* Of each lane's lowest byte: an index of words has 4 bits, what is above them is not looked at. */
static inline __m512i words_of(struct pair_tables t, __m512i bytes)
{
    __m512i low = _mm512_permutexvar_epi32(bytes, t.low);
    return _mm512_or_si512(low, _mm512_permutexvar_epi32(_mm512_srli_epi32(bytes, 4), t.high));
}

/* The rest of a vector's elements, one after the other. */
static inline void expand_rest(const struct ts_expansion *x, const uint8_t *bytes, int64_t from,
                               int64_t stored, uint32_t *out)
{
    const uint32_t *table = x->table;
    for (int64_t i = from; i < x->dots * x->per_dot; i++)
        out[i * x->element_step] = i < stored ? table[bytes[i]] : 0;
}

/* A vector whose elements lie side by side. */
static void expand_along(const struct ts_expansion *x, struct pair_tables t, const uint8_t *bytes,
                         int64_t stored, uint32_t *out)
{
    int64_t i = 0;
    for (; i + WORDS <= stored; i += WORDS) {
        __m512i each = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(bytes + i)));
        _mm512_storeu_si512(out + i, words_of(t, each));
    }
    expand_rest(x, bytes, i, stored, out);
}

/* 16 vectors side by side. */
static void expand_across(const struct ts_expansion *x, struct pair_tables t, const uint8_t *bytes,
                          int64_t stored, uint32_t *out)
{
    const int64_t stride = x->packed->stride, step = x->element_step;
    int64_t i = 0;
    for (; i + 4 <= stored; i += 4) {
        uint32_t fours[WORDS];
        for (int v = 0; v < WORDS; v++)
            memcpy(&fours[v], bytes + v * stride + i, sizeof *fours);
        __m512i each = _mm512_loadu_si512(fours);
        for (int j = 0; j < 4; j++) {
            _mm512_storeu_si512(out + (i + j) * step, words_of(t, each));
            each = _mm512_srli_epi32(each, 8);
        }
    }
    for (int v = 0; v < WORDS; v++)
        expand_rest(x, bytes + v * stride, i, stored, out + v);
}

/* Some of the vectors, by the portable function. */
static void expand_some(const struct ts_expansion *x, int64_t from, int64_t to)
{
    struct ts_expansion some = *x;
    some.first += from;
    some.vectors = x->vectors < to ? x->vectors - from : to - from;
    some.padded = to - from;
    some.panel = (uint32_t *)x->panel + from * x->vector_step;
    ts_expand_pairs(&some);
}

static void expand_pairs(const struct ts_expansion *x)
{
    const struct ts_packed *p = x->packed;
    if (x->lanes < 2 || p->format.man_bits == 8) {
        ts_expand_pairs(x);
        return;
    }
    const struct pair_tables t = pair_tables_of(x->table);
    const int64_t behind = p->stride - x->k / 2, elements = x->dots * x->per_dot;
    const int64_t stored = behind < elements ? behind : elements;
    const int64_t together = x->element_step == 1 ? 1 : WORDS;
    int64_t v = 0;
    for (; v + together <= x->vectors; v += together) {
        const uint8_t *bytes = p->codes + (x->first + v) * p->stride + x->k / 2;
        uint32_t *out = (uint32_t *)x->panel + v * x->vector_step;
        if (together == 1)
            expand_along(x, t, bytes, stored, out);
        else
            expand_across(x, t, bytes, stored, out);
    }
    expand_some(x, v, x->padded);
}

#endif
