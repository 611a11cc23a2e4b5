/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ts_expand_pairs() and, of B, ts_expand_quads() in vectors of 512 bits: 16 bytes at a time, or 4
 * of each of 16 vectors.
 */
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
static inline void expand_along(const struct ts_expansion *x, struct pair_tables t,
                                const uint8_t *bytes, int64_t stored, uint32_t *out)
{
    int64_t i = 0;
    for (; i + WORDS <= stored; i += WORDS) {
        __m512i each = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(bytes + i)));
        _mm512_storeu_si512(out + i, words_of(t, each));
    }
    expand_rest(x, bytes, i, stored, out);
}

/* The next 4 bytes of each of 16 vectors. */
static inline __m512i fours_of(const struct ts_expansion *x, const uint8_t *bytes)
{
    uint32_t fours[WORDS];
    for (int v = 0; v < WORDS; v++)
        memcpy(&fours[v], bytes + v * x->packed->stride, sizeof *fours);
    return _mm512_loadu_si512(fours);
}

/* 16 vectors side by side. */
static inline void expand_across(const struct ts_expansion *x, struct pair_tables t,
                                 const uint8_t *bytes, int64_t stored, uint32_t *out)
{
    int64_t i = 0;
    for (; i + 4 <= stored; i += 4) {
        __m512i each = fours_of(x, bytes + i);
        for (int j = 0; j < 4; j++) {
            _mm512_storeu_si512(out + (i + j) * x->element_step, words_of(t, each));
            each = _mm512_srli_epi32(each, 8);
        }
    }
    for (int v = 0; v < WORDS; v++)
        expand_rest(x, bytes + v * x->packed->stride, i, stored, out + v);
}

/* The vectors from v on. */
static inline struct ts_expansion rest_of(const struct ts_expansion *x, int64_t v)
{
    struct ts_expansion rest = *x;
    rest.first += v;
    rest.vectors -= v;
    rest.padded -= v;
    rest.panel = (uint32_t *)x->panel + v * x->vector_step;
    return rest;
}

static inline void expand_pairs(const struct ts_expansion *x)
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
    const struct ts_expansion rest = rest_of(x, v);
    ts_expand_pairs(&rest);
}

/* Of two bytes in each lane four numbers: one of each code. */
static inline __m512i quads_of(__m512i numbers, __m512i x)
{
    x = _mm512_and_si512(x, _mm512_set1_epi32(UINT16_MAX));
    x = _mm512_and_si512(_mm512_or_si512(x, _mm512_slli_epi32(x, 8)), _mm512_set1_epi32(0xFF00FF));
    x = _mm512_and_si512(_mm512_or_si512(x, _mm512_slli_epi32(x, 4)), _mm512_set1_epi8(15));
    return _mm512_shuffle_epi8(numbers, x);
}

/*
 * 16 vectors of B side by side; what is not stored is zeros. Two elements are there or none, as a
 * vector's stride and the k where a panel begins are multiples of 8 codes and more.
 */
static inline void quads_across(const struct ts_expansion *x, __m512i numbers, const uint8_t *bytes,
                                uint32_t *out)
{
    const int64_t stored = (x->packed->stride - x->k / 2) / 2, elements = x->dots * x->per_dot;
    for (int64_t i = 0; i < elements; i += 2, out += 2 * x->element_step) {
        const __m512i each = i < stored ? fours_of(x, bytes + 2 * i) : _mm512_setzero_si512();
        _mm512_storeu_si512(out, quads_of(numbers, each));
        if (i + 1 < elements)
            _mm512_storeu_si512(out + x->element_step,
                                quads_of(numbers, _mm512_srli_epi32(each, 16)));
    }
}

/* The most elements of a vector: a panel is as deep as the longest chunk at most. */
enum { MOST_QUADS = 1024 };

/*
 * A vector of A, with what is ahead of each dot product: the negative sum of its numbers times the
 * bias, if there is one. What is stored are whole blocks of 32 bytes.
 */
static inline void quads_along(const struct ts_expansion *x, __m512i numbers, const uint8_t *bytes,
                               uint32_t *out)
{
    const int64_t stored = (x->packed->stride - x->k / 2) / 2, elements = x->dots * x->per_dot;
    const __m512i bias = _mm512_set1_epi8(x->biased ? TS_QUAD_BIAS : 0);
    uint32_t quads[MOST_QUADS], sums[MOST_QUADS];
    for (int64_t i = 0; i < elements; i += WORDS) {
        __m512i each = _mm512_setzero_si512();
        if (i < stored)
            each = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(bytes + 2 * i)));
        each = quads_of(numbers, each);
        _mm512_storeu_si512(quads + i, each);
        _mm512_storeu_si512(sums + i, _mm512_dpbusd_epi32(_mm512_setzero_si512(), bias, each));
    }
    for (int64_t dot = 0, i = 0; dot < x->dots; dot++) {
        uint32_t *start = out;
        if (x->ahead)
            *out++ = 0;
        for (int j = 0; j < x->per_dot; j++, i++) {
            *start -= x->ahead ? sums[i] : 0;
            *out++ = quads[i];
        }
    }
}

static inline void expand_quads(const struct ts_expansion *x)
{
    const struct ts_packed *p = x->packed;
    const uint16_t *table = x->table;
    uint8_t numbers[WORDS];
    for (int code = 0; code < WORDS; code++)
        numbers[code] = (uint8_t)table[code];
    const __m512i all = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)numbers));
    int64_t v = 0;
    if (x->element_step > 1 && x->lanes >= 4)
        for (; v + WORDS <= x->vectors; v += WORDS)
            quads_across(x, all, p->codes + (x->first + v) * p->stride + x->k / 2,
                         (uint32_t *)x->panel + v);
    if (x->element_step == 1 && x->lanes >= 4)
        for (; v < x->vectors; v++)
            quads_along(x, all, p->codes + (x->first + v) * p->stride + x->k / 2,
                        (uint32_t *)x->panel + v * x->vector_step);
    const struct ts_expansion rest = rest_of(x, v);
    ts_expand_quads(&rest);
}

#endif
