/* SPDX-License-Identifier: Apache-2.0 */
/* Codes at their true width. */
#include "gemm/pairing.h"

#include <stdlib.h>
#include <string.h>

/* A strip of vectors is packed a few bytes at a time, so that its cache lines stay. */
enum { ALIGNMENT = 64, BLOCK = 64 };

struct source {
    const uint8_t *codes;
    size_t size;
    int64_t vector_step, k_step;
    uint32_t mask, magnitude;
    int bits;
};

static inline uint32_t element(const struct source *s, int64_t v, int64_t k)
{
    const uint8_t *at = s->codes + (v * s->vector_step + k * s->k_step) * (int64_t)s->size;
    uint32_t code = 0;
    uint16_t half = 0;
    switch (s->size) {
    case 1:
        return *at & s->mask;
    case 2:
        memcpy(&half, at, sizeof half);
        return half & s->mask;
    default:
        memcpy(&code, at, sizeof code);
        return code & s->mask;
    }
}

static void store(const struct source *s, uint8_t *vector, int64_t k, uint32_t code)
{
    uint16_t half = (uint16_t)code;
    switch (s->bits) {
    case 4:
        vector[k / 2] |= (uint8_t)(code << k % 2 * 4);
        break;
    case 8:
        vector[k] = (uint8_t)code;
        break;
    case 16:
        memcpy(vector + 2 * k, &half, sizeof half);
        break;
    default:
        memcpy(vector + 4 * k, &code, sizeof code);
        break;
    }
}

static void pack_block(struct ts_packed *p, const struct source *s, int64_t v0, int64_t k0)
{
    int64_t v1 = v0 + BLOCK < p->vectors ? v0 + BLOCK : p->vectors;
    int64_t k1 = k0 + BLOCK < p->k ? k0 + BLOCK : p->k;
    uint32_t below_least = p->least - 1, most = p->most;
    for (int64_t v = v0; v < v1; v++) {
        uint8_t *vector = p->codes + v * p->stride;
        for (int64_t k = k0; k < k1; k++) {
            uint32_t code = element(s, v, k);
            uint32_t magnitude = code & s->magnitude;
            store(s, vector, k, code);
            /* Of a zero less one is the largest number of all. */
            below_least = magnitude - 1 < below_least ? magnitude - 1 : below_least;
            most = magnitude > most ? magnitude : most;
        }
    }
    p->least = below_least + 1;
    p->most = most;
}

static const char *check(const struct ts_packed *p, const void *codes, size_t size)
{
    int bits = ts_format_bits(&p->format);
    if (ts_pairing_of(&p->format, &ts_format_int4).kind == TS_PAIRING_NONE &&
        ts_pairing_of(&p->format, &p->format).kind == TS_PAIRING_NONE)
        return "no GEMM takes operands of this format";
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
    s.magnitude = format->kind == TS_KIND_FLOAT ? s.mask >> 1 : s.mask;
    for (int64_t v = 0; v < vectors; v += BLOCK)
        for (int64_t at = 0; at < k; at += BLOCK)
            pack_block(p, &s, v, at);
    return NULL;
}

void ts_packed_free(struct ts_packed *p)
{
    free(p->codes);
    *p = (struct ts_packed){0};
}

uint32_t ts_packed_code(const struct ts_packed *p, int64_t v, int64_t k)
{
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
