/* SPDX-License-Identifier: Apache-2.0 */
/* Codes at their true width. */
#include "gemm/pairing.h"
#include "gemm/view.h"

#include <stdlib.h>
#include <string.h>

/* Codes are packed in squares, so that cache lines stay until they are full. */
enum { ALIGNMENT = 64, SQUARE = 64 };

struct source {
    const uint8_t *codes;
    size_t size;
    int64_t vector_step, k_step;
    uint32_t mask;
    int bits;
};

/* One column or row of a square: codes at a distance of `step` elements. */
static void read_line(const struct source *s, int64_t first, int64_t step, int n, uint32_t *line)
{
    const uint8_t *at = s->codes + first * (int64_t)s->size;
    uint16_t half = 0;
    if (s->size == 4 && step == 1)
        memcpy(line, at, (size_t)n * sizeof *line);
    for (int i = 0; i < n && s->size == 2; i++) {
        memcpy(&half, at + 2 * step * i, sizeof half);
        line[i] = half;
    }
    for (int i = 0; i < n && s->size == 1; i++)
        line[i] = at[step * i];
    for (int i = 0; i < n && s->size == 4 && step != 1; i++)
        memcpy(&line[i], at + 4 * step * i, sizeof *line);
    for (int i = 0; i < n; i++)
        line[i] &= s->mask;
}

/* Two lines of 4-bit codes, one of another k each, to bytes. */
static void pair_lines(const uint32_t *low, const uint32_t *high, int n, uint8_t *bytes)
{
    for (int i = 0; i < n; i++)
        bytes[i] = (uint8_t)(low[i] | high[i] << 4);
}

/* A line of codes along k. */
static void write_line(const struct source *s, const uint32_t *line, int n, uint8_t *out)
{
    uint16_t halves[SQUARE];
    switch (s->bits) {
    case 4:
        for (int i = 0; i < n / 2; i++)
            out[i] = (uint8_t)(line[2 * i] | line[2 * i + 1] << 4);
        if (n % 2)
            out[n / 2] = (uint8_t)line[n - 1];
        break;
    case 8:
        for (int i = 0; i < n; i++)
            out[i] = (uint8_t)line[i];
        break;
    case 16:
        for (int i = 0; i < n; i++)
            halves[i] = (uint16_t)line[i];
        memcpy(out, halves, (size_t)n * sizeof *halves);
        break;
    default:
        memcpy(out, line, (size_t)n * sizeof *line);
        break;
    }
}

/* The square's place in the source, and in a packed vector. */
struct square {
    int64_t v, k;
    int vectors, codes;
};

static int64_t first_of(const struct source *s, const struct square *q, int v, int k)
{
    return (q->v + v) * s->vector_step + (q->k + k) * s->k_step;
}

static void pack_along_k(struct ts_packed *p, const struct source *s, const struct square *q)
{
    uint32_t line[SQUARE];
    for (int v = 0; v < q->vectors; v++) {
        read_line(s, first_of(s, q, v, 0), s->k_step, q->codes, line);
        write_line(s, line, q->codes, p->codes + (q->v + v) * p->stride + q->k * s->bits / 8);
    }
}

/* 4-bit codes of vectors that lie side by side. */
static void pack_across_k(struct ts_packed *p, const struct source *s, const struct square *q)
{
    uint32_t low[SQUARE], high[SQUARE];
    uint8_t bytes[SQUARE / 2][SQUARE];
    for (int k = 0; k < q->codes; k += 2) {
        memset(high, 0, sizeof high);
        read_line(s, first_of(s, q, 0, k), 1, q->vectors, low);
        if (k + 1 < q->codes)
            read_line(s, first_of(s, q, 0, k + 1), 1, q->vectors, high);
        pair_lines(low, high, q->vectors, bytes[k / 2]);
    }
    for (int v = 0; v < q->vectors; v++) {
        uint8_t *out = p->codes + (q->v + v) * p->stride + q->k / 2;
        for (int i = 0; i < (q->codes + 1) / 2; i++)
            out[i] = bytes[i][v];
    }
}

static void pack_square(struct ts_packed *p, const struct source *s, int64_t v, int64_t k)
{
    struct square q = {.v = v, .k = k};
    q.vectors = (int)(p->vectors - v < SQUARE ? p->vectors - v : SQUARE);
    q.codes = (int)(p->k - k < SQUARE ? p->k - k : SQUARE);
    if (s->bits == 4 && s->vector_step == 1)
        pack_across_k(p, s, &q);
    else
        pack_along_k(p, s, &q);
}

/* The least and the largest magnitude of floats. */
static void measure(struct ts_packed *p)
{
    uint32_t magnitude = UINT32_MAX >> (33 - ts_format_bits(&p->format));
    /* Of a zero less one is the largest number of all. */
    uint32_t below_least = UINT32_MAX, most = 0;
    for (int64_t v = 0; v < p->vectors; v++)
        for (int64_t k = 0; k < p->k; k++) {
            uint32_t code = ts_packed_code(p, v, k) & magnitude;
            below_least = code - 1 < below_least ? code - 1 : below_least;
            most = code > most ? code : most;
        }
    p->least = below_least + 1;
    p->most = most;
}

static bool has_own_bias(const struct ts_format *f)
{
    enum { MAX_BIAS = 15 };
    if (ts_is_format(f, &ts_format_fp8_143))
        return f->bias >= 0 && f->bias <= MAX_BIAS;
    return f->bias == ts_format_find(f->name)->bias;
}

static const char *check(const struct ts_packed *p, const void *codes, size_t size)
{
    int bits = ts_format_bits(&p->format);
    if (ts_pairing_of(&p->format, &ts_format_int4).kind == TS_PAIRING_NONE &&
        ts_pairing_of(&p->format, &p->format).kind == TS_PAIRING_NONE)
        return "no GEMM takes operands of this format";
    if (!has_own_bias(&p->format))
        return "only the bias of fp8_143 can be another one, from 0 to 15";
    if (p->vectors < 0 || p->k < 0)
        return "m, n and k must not be negative";
    if (p->vectors > 0 && p->k > INT64_MAX / 8 / p->vectors - ALIGNMENT)
        return "a matrix has too many elements";
    if (size != 1 && size != 2 && size != 4)
        return "an element must have 1, 2 or 4 bytes";
    if ((int)size * 8 < bits)
        return "an element is too small for a code of the format";
    if (p->vectors && p->k && !codes)
        return "the codes of a matrix are missing";
    return NULL;
}

static bool allocate(struct ts_packed *p, int bits)
{
    p->stride = ((p->k * bits + 7) / 8 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    size_t bytes = (size_t)(p->vectors * p->stride);
    p->codes = aligned_alloc(ALIGNMENT, bytes ? bytes : ALIGNMENT);
    if (p->codes)
        memset(p->codes, 0, bytes);
    return p->codes;
}

const char *ts_pack(struct ts_packed *p, const struct ts_format *format, int64_t vectors, int64_t k,
                    const void *codes, size_t size, int64_t vector_step, int64_t k_step)
{
    *p = (struct ts_packed){.format = *format, .vectors = vectors, .k = k};
    const char *error = check(p, codes, size);
    if (error)
        return error;
    int bits = ts_format_bits(format);
    if (!allocate(p, bits))
        return "out of memory for a packed matrix";
    struct source s = {.codes = codes, .size = size, .bits = bits};
    s.vector_step = vector_step;
    s.k_step = k_step;
    s.mask = UINT32_MAX >> (32 - bits);
    for (int64_t v = 0; v < vectors; v += SQUARE)
        for (int64_t at = 0; at < k; at += SQUARE)
            pack_square(p, &s, v, at);
    if (bits > 4 && format->kind == TS_KIND_FLOAT)
        measure(p);
    return NULL;
}

void ts_packed_free(struct ts_packed *p)
{
    if (!ts_is_view(p))
        free(p->codes);
    *p = (struct ts_packed){0};
}

uint32_t ts_packed_code(const struct ts_packed *p, int64_t v, int64_t k)
{
    if (ts_is_view(p)) {
        k = ts_view_index(&p->view, v, k);
        v = 0;
        if (k < 0)
            return 0;
    }
    const uint8_t *vector = p->codes + v * p->stride;
    uint16_t half = 0;
    uint32_t code = 0;
    switch (ts_format_bits(&p->format)) {
    case 4:
        return vector[k / 2] >> k % 2 * 4 & 0xF;
    case 8:
        return vector[k];
    case 16:
        memcpy(&half, vector + 2 * k, sizeof half);
        return half;
    default:
        memcpy(&code, vector + 4 * k, sizeof code);
        return code;
    }
}
