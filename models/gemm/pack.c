/* SPDX-License-Identifier: Apache-2.0 */
/* Codes at their true width. */
#include "gemm/pairing.h"
#include "gemm/view.h"

#include <stdlib.h>
#include <string.h>

/* Codes are packed in squares, so that cache lines stay until they are full. */
enum { ALIGNMENT = 64, SQUARE = 64, ROW = 16 };

typedef uint8_t byte_row __attribute__((vector_size(ROW)));

#define INLINE static inline __attribute__((always_inline))

static int64_t shorter(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

struct source {
    const uint8_t *codes;
    size_t size;
    int64_t vector_step, k_step;
    uint32_t mask;
    int bits;
};

/* Codes at a distance of `step` elements: at most a square's, of 4 bits or of any. */
#define READ_LINE(name, out_type)                                                                  \
    INLINE void name(const struct source *s, int64_t first, int64_t step, int n, out_type line[])  \
    {                                                                                              \
        const uint8_t *at = s->codes + first * (int64_t)s->size;                                   \
        uint16_t half = 0;                                                                         \
        uint32_t word = 0;                                                                         \
        if (s->size == 1)                                                                          \
            for (int i = 0; i < n; i++)                                                            \
                line[i] = (out_type)(at[step * i] & s->mask);                                      \
        else if (s->size == 2)                                                                     \
            for (int i = 0; i < n; i++) {                                                          \
                memcpy(&half, at + 2 * step * i, sizeof half);                                     \
                line[i] = (out_type)(half & s->mask);                                              \
            }                                                                                      \
        else                                                                                       \
            for (int i = 0; i < n; i++) {                                                          \
                memcpy(&word, at + 4 * step * i, sizeof word);                                     \
                line[i] = (out_type)(word & s->mask);                                              \
            }                                                                                      \
    }

READ_LINE(read_four_bits, uint8_t)
READ_LINE(read_line, uint32_t)

/* A line of 4-bit codes along k. */
INLINE void write_four_bits(const uint8_t *line, int n, uint8_t *out)
{
    for (int i = 0; i < n / 2; i++)
        out[i] = (uint8_t)(line[2 * i] | line[2 * i + 1] << 4);
    if (n % 2)
        out[n / 2] = line[n - 1];
}

/* A line of wider codes. */
INLINE void write_line(const struct source *s, const uint32_t *line, int n, uint8_t *out)
{
    uint16_t halves[SQUARE];
    switch (s->bits) {
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

/* A part of the source: a square at most, or vectors as they lie there. */
struct block {
    int64_t v, k, vectors, codes;
};

INLINE void pack_line(struct ts_packed *p, const struct source *s, int64_t v, int64_t k,
                      int64_t step, int n)
{
    uint8_t four_bits[SQUARE];
    uint32_t line[SQUARE];
    const int64_t first = v * s->vector_step + k * step;
    uint8_t *out = p->codes + v * p->stride + k * s->bits / 8;
    if (s->bits == 4) {
        read_four_bits(s, first, step, n, four_bits);
        write_four_bits(four_bits, n, out);
    } else {
        read_line(s, first, step, n, line);
        write_line(s, line, n, out);
    }
}

INLINE void pack_along_k(struct ts_packed *p, const struct source *s, const struct block *b,
                         int64_t step)
{
    for (int64_t v = b->v; v < b->v + b->vectors; v++) {
        int64_t k = b->k, end = k + b->codes;
        for (; k + SQUARE <= end; k += SQUARE)
            pack_line(p, s, v, k, step, SQUARE);
        pack_line(p, s, v, k, step, (int)(end - k));
    }
}

/* Rows become columns: four times, one half of them is shuffled into the other like cards. */
static void transpose(byte_row rows[ROW])
{
    byte_row shuffled[ROW];
    for (int distance = 1; distance < ROW; distance *= 2) {
        for (int i = 0; i < ROW / 2; i++) {
            const byte_row a = rows[i], b = rows[i + ROW / 2];
            shuffled[2 * i] = __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5,
                                                      21, 6, 22, 7, 23);
            shuffled[2 * i + 1] = __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12,
                                                          28, 13, 29, 14, 30, 15, 31);
        }
        memcpy(rows, shuffled, sizeof shuffled);
    }
}

/* Bytes of a square, a line for each two k, to its vectors; zeros are behind the last. */
static void write_bytes(struct ts_packed *p, const struct block *b,
                        const uint8_t bytes[SQUARE / 2][SQUARE])
{
    byte_row rows[ROW];
    for (int k = 0; k < SQUARE / 2; k += ROW)
        for (int v = 0; v < b->vectors; v += ROW) {
            for (int i = 0; i < ROW; i++)
                memcpy(&rows[i], &bytes[k + i][v], sizeof *rows);
            transpose(rows);
            uint8_t *out = p->codes + (b->v + v) * p->stride + b->k / 2 + k;
            for (int i = 0; i < ROW && v + i < b->vectors; i++)
                memcpy(out + i * p->stride, &rows[i], sizeof *rows);
        }
}

/* 4-bit codes of so many vectors that lie side by side. */
INLINE void pack_across_k(struct ts_packed *p, const struct source *s, const struct block *b,
                          int vectors)
{
    uint8_t low[SQUARE], high[SQUARE], bytes[SQUARE / 2][SQUARE] = {{0}};
    for (int k = 0; k < b->codes; k += 2) {
        const int64_t first = b->v + (b->k + k) * s->k_step;
        memset(high, 0, sizeof high);
        read_four_bits(s, first, 1, vectors, low);
        if (k + 1 < b->codes)
            read_four_bits(s, first + s->k_step, 1, vectors, high);
        for (int i = 0; i < vectors; i++)
            bytes[k / 2][i] = (uint8_t)(low[i] | high[i] << 4);
    }
    write_bytes(p, b, bytes);
}

/* The usual steps and sizes apart, for the compiler. */
static void pack_block(struct ts_packed *p, const struct source *s, const struct block *b)
{
    if (s->k_step == 1)
        pack_along_k(p, s, b, 1);
    else if (s->bits > 4 || s->vector_step != 1)
        pack_along_k(p, s, b, s->k_step);
    else if (b->vectors == SQUARE)
        pack_across_k(p, s, b, SQUARE);
    else
        pack_across_k(p, s, b, (int)b->vectors);
}

/* Of magnitudes: of a zero less one is the largest number of all. */
struct extremes {
    uint32_t below_least, most;
};

/* Extremes of a vector, in numbers of its own width, as a processor compares more of small ones. */
#define MEASURE(type, max)                                                                         \
    static void measure_##type(const void *vector, int64_t n, struct extremes *x)                  \
    {                                                                                              \
        const type *codes = vector;                                                                \
        type below_least = (max), most = 0;                                                        \
        for (int64_t i = 0; i < n; i++) {                                                          \
            const type code = codes[i] & (max) >> 1, below = (type)(code - 1);                     \
            below_least = below < below_least ? below : below_least;                               \
            most = code > most ? code : most;                                                      \
        }                                                                                          \
        x->most = most > x->most ? most : x->most;                                                 \
        x->below_least = below_least < x->below_least ? below_least : x->below_least;              \
    }

MEASURE(uint8_t, UINT8_MAX)
MEASURE(uint16_t, UINT16_MAX)
MEASURE(uint32_t, UINT32_MAX)

/* The least and the largest magnitude of floats. */
static void measure(struct ts_packed *p)
{
    int bits = ts_format_bits(&p->format);
    struct extremes x = {UINT32_MAX >> (32 - bits), 0};
    for (int64_t v = 0; v < p->vectors; v++) {
        const uint8_t *vector = p->codes + v * p->stride;
        if (bits == 8)
            measure_uint8_t(vector, p->k, &x);
        else if (bits == 16)
            measure_uint16_t(vector, p->k, &x);
        else
            measure_uint32_t(vector, p->k, &x);
    }
    p->least = (x.below_least + 1) & UINT32_MAX >> (32 - bits);
    p->most = x.most;
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
    /* So that all their bits can be counted. */
    if (p->k > INT64_MAX / 64 / (p->vectors ? p->vectors : 1) - ALIGNMENT)
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
    if (k == 0) /* however many vectors */
        return NULL;
    struct source s = {.codes = codes, .size = size, .bits = bits};
    s.vector_step = vector_step;
    s.k_step = k_step;
    s.mask = UINT32_MAX >> (32 - bits);
    const int64_t depth = k_step == 1 ? k : SQUARE;
    for (int64_t v = 0; v < vectors; v += SQUARE)
        for (int64_t at = 0; at < k; at += depth) {
            const struct block b = {v, at, shorter(vectors - v, SQUARE), shorter(k - at, depth)};
            pack_block(p, &s, &b);
        }
    if (bits > 4 && format->kind == TS_KIND_FLOAT)
        measure(p);
    return NULL;
}

const char *ts_packed_copy(struct ts_packed *copy, const struct ts_packed *p, int64_t first,
                           int64_t vectors)
{
    *copy = *p;
    copy->view = (struct ts_view){0};
    copy->vectors = vectors;
    if (!allocate(copy, ts_format_bits(&p->format)))
        return "out of memory for a packed matrix";
    if (ts_is_view(p))
        ts_view_block(p, first, vectors, 0, p->k, copy);
    else
        memcpy(copy->codes, p->codes + first * p->stride, (size_t)(vectors * p->stride));
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
    uint16_t half;
    uint32_t code;
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
