/* SPDX-License-Identifier: Apache-2.0 */
#include "gemm/expand.h"

int ts_four_bit_value(const struct ts_format *f, uint32_t code)
{
    int low = (int)(code & 7);
    if (f->kind == TS_KIND_UINT)
        return (int)(code & 15);
    if (f->kind == TS_KIND_INT)
        return code & 8 ? low - 8 : low;
    int magnitude = low ? 1 << 2 * (low - 1) : 0;
    return code & 8 ? -magnitude : magnitude;
}

void ts_tabulate_int16_pairs(const struct ts_format *f, bool is_b, union ts_tables *t)
{
    (void)is_b;
    for (uint32_t byte = 0; byte < 256; byte++)
        t->words[byte] = (uint16_t)ts_four_bit_value(f, byte & 15) |
                         (uint32_t)ts_four_bit_value(f, byte >> 4) << 16;
}

void ts_tabulate_bf16_pairs(const struct ts_format *f, bool is_b, union ts_tables *t)
{
    (void)is_b;
    for (uint32_t byte = 0; byte < 256; byte++) {
        /* Of at most 4 significant bits: the upper half of a float holds them. */
        uint32_t low = ts_bits_of_float((float)ts_four_bit_value(f, byte & 15));
        uint32_t high = ts_bits_of_float((float)ts_four_bit_value(f, byte >> 4));
        t->words[byte] = low >> 16 | (high & 0xFFFF0000U);
    }
}

static void tabulate_quads(const struct ts_format *f, int bias, union ts_tables *t)
{
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint8_t low = (uint8_t)(ts_four_bit_value(f, byte & 15) + bias);
        uint8_t high = (uint8_t)(ts_four_bit_value(f, byte >> 4) + bias);
        t->halves[byte] = (uint16_t)(low | high << 8);
    }
}

void ts_tabulate_int8_quads(const struct ts_format *f, bool is_b, union ts_tables *t)
{
    tabulate_quads(f, is_b && f->kind == TS_KIND_INT ? TS_QUAD_BIAS : 0, t);
}

void ts_tabulate_signed_quads(const struct ts_format *f, bool is_b, union ts_tables *t)
{
    (void)is_b;
    tabulate_quads(f, 0, t);
}

/* A 4-bit code stands alone here: the table has no pairs. */
void ts_tabulate_doubles(const struct ts_format *f, bool is_b, union ts_tables *t)
{
    (void)is_b;
    bool four_bit = ts_format_bits(f) == 4;
    for (uint32_t code = 0; code < 256; code++)
        t->doubles[code] = four_bit ? ts_four_bit_value(f, code & 15) : ts_to_double(f, code);
}

void ts_tabulate_floats(const struct ts_format *f, bool is_b, union ts_tables *t)
{
    (void)is_b;
    for (uint32_t code = 0; ts_format_bits(f) == 8 && code < 256; code++)
        t->floats[code] = (float)ts_to_double(f, code);
}

static const uint8_t *vector_of(const struct ts_expansion *x, int64_t v)
{
    return x->packed->codes + (x->first + v) * x->packed->stride;
}

/* How many of the elements lie within a packed vector; zeros are behind it. */
static int64_t stored(const struct ts_expansion *x, int group)
{
    int bits = ts_format_bits(&x->packed->format);
    int64_t codes = x->packed->stride * 8 / bits - x->k;
    int64_t elements = x->dots * x->per_dot;
    return codes / group < elements ? codes / group : elements;
}

/* Fewer lanes than an element holds: the rest of it is zeros. */
static uint32_t lone_byte(const struct ts_expansion *x, const uint8_t *vector, int64_t dot, int at)
{
    uint32_t byte = 0;
    for (int i = 0; i < 2; i++) {
        int64_t k = x->k + dot * x->lanes + at + i; /* behind the last one are zeros */
        if (at + i < x->lanes)
            byte |= (uint32_t)(vector[k / 2] >> k % 2 * 4 & 15) << 4 * i;
    }
    return byte;
}

static uint32_t pair_of_int8(const uint8_t *vector, int64_t k)
{
    return (uint16_t)(int8_t)vector[k] | (uint32_t)(int8_t)vector[k + 1] << 16;
}

static void pairs_of_vector(const struct ts_expansion *x, const uint8_t *vector, uint32_t *out)
{
    const uint32_t *table = x->table;
    const int64_t n = stored(x, 2), step = x->element_step;
    bool int8 = x->packed->format.man_bits == 8;
    if (x->lanes < 2)
        for (int64_t i = 0; i < x->dots; i++)
            out[i * step] =
                int8 ? (uint16_t)(int8_t)vector[x->k + i] : table[lone_byte(x, vector, i, 0)];
    else if (int8)
        for (int64_t i = 0; i < n; i++)
            out[i * step] = pair_of_int8(vector, x->k + 2 * i);
    else
        for (int64_t i = 0; i < n; i++)
            out[i * step] = table[vector[x->k / 2 + i]];
    for (int64_t i = x->lanes < 2 ? x->dots : n; i < x->dots * x->per_dot; i++)
        out[i * step] = 0;
}

/* A vector that is none: what its sums come to is stored nowhere. */
static void pad(uint32_t *out, int64_t elements, int64_t step)
{
    for (int64_t at = 0; at < elements; at++)
        out[at * step] = 0;
}

void ts_expand_pairs(const struct ts_expansion *x)
{
    for (int64_t v = 0; v < x->padded; v++) {
        uint32_t *out = (uint32_t *)x->panel + v * x->vector_step;
        if (v < x->vectors)
            pairs_of_vector(x, vector_of(x, v), out);
        else
            pad(out, x->dots * x->per_dot, x->element_step);
    }
}

/* Fewer than 4 lanes. */
static uint32_t lone_quad(const struct ts_expansion *x, const uint8_t *vector, int64_t dot)
{
    const uint16_t *table = x->table;
    return table[lone_byte(x, vector, dot, 0)] | (uint32_t)table[lone_byte(x, vector, dot, 2)]
                                                     << 16;
}

static int32_t sum_of_bytes(uint32_t word)
{
    int32_t sum = 0;
    for (int i = 0; i < 4; i++)
        sum += (int8_t)(word >> 8 * i);
    return sum;
}

/* What a dot product of A starts with. */
static void set_ahead(const struct ts_expansion *x, uint32_t *start)
{
    int32_t sum = 0;
    for (int i = 0; i < x->per_dot; i++)
        sum += sum_of_bytes(start[(i + 1) * x->element_step]);
    *start = x->biased ? (uint32_t)(-TS_QUAD_BIAS * sum) : 0;
}

/* Elements of one vector, in dot products with room ahead of them. */
static void quads_of_vector(const struct ts_expansion *x, const uint8_t *vector, uint32_t *out)
{
    const uint16_t *table = x->table;
    const int64_t n = x->lanes < 4 ? 0 : stored(x, 4), step = x->element_step;
    const uint8_t *bytes = vector + x->k / 2;
    int64_t at = 0;
    for (int64_t dot = 0; dot < x->dots; dot++) {
        uint32_t *elements = out + x->ahead * step;
        int64_t end = at + x->per_dot < n ? at + x->per_dot : n;
        if (x->lanes < 4)
            *elements = lone_quad(x, vector, dot);
        int64_t i = x->lanes < 4;
        for (; at < end; at++, i++)
            elements[i * step] = table[bytes[2 * at]] | (uint32_t)table[bytes[2 * at + 1]] << 16;
        for (; i < x->per_dot; i++)
            elements[i * step] = 0; /* in B, too, as A's are zeros there */
        if (x->ahead)
            set_ahead(x, out);
        out += (x->per_dot + x->ahead) * step;
    }
}

void ts_expand_quads(const struct ts_expansion *x)
{
    for (int64_t v = 0; v < x->padded; v++) {
        uint32_t *out = (uint32_t *)x->panel + v * x->vector_step;
        if (v < x->vectors)
            quads_of_vector(x, vector_of(x, v), out);
        else
            pad(out, x->dots * (x->per_dot + x->ahead), x->element_step);
    }
}

/* A number of bias 31 and 9 bits, without subnormals. */
static float dlfloat16(uint16_t code)
{
    enum { MAN_BITS = 9, BIAS = 127 - 31 };
    uint32_t mag = code & 0x7FFF, sign = (uint32_t)(code >> 15) << 31;
    float x = ts_float_of_bits(sign | (mag + ((uint32_t)BIAS << MAN_BITS)) << (23 - MAN_BITS));
    x = mag == 0 ? 0 : x;
    return mag == 0x7FFF ? NAN : x;
}

static double fp16(uint16_t code)
{
    enum { MAN_BITS = 10, EXP_MASK = 31, BIAS = 15 };
    int e = code >> MAN_BITS & EXP_MASK, man = code & ((1 << MAN_BITS) - 1);
    double sign = code >> 15 ? -1 : 1;
    if (e == EXP_MASK)
        return man ? (double)NAN : sign * (double)INFINITY;
    int sig = e ? man | 1 << MAN_BITS : man;
    return sign * sig * ts_double_of_bits((uint64_t)(1023 - BIAS - MAN_BITS + (e ? e : 1)) << 52);
}

static uint16_t half_at(const uint8_t *vector, int64_t k)
{
    uint16_t code = 0;
    memcpy(&code, vector + 2 * k, sizeof code);
    return code;
}

/* n codes from k on. */
static void doubles_of_vector(const struct ts_expansion *x, const uint8_t *vector, int64_t n,
                              double *out)
{
    const double *table = x->table;
    const int64_t step = x->element_step;
    switch (ts_format_bits(&x->packed->format)) {
    case 4:
        for (int64_t i = 0; i < n; i++)
            out[i * step] = table[vector[(x->k + i) / 2] >> (x->k + i) % 2 * 4 & 15];
        break;
    case 8:
        for (int64_t i = 0; i < n; i++)
            out[i * step] = table[vector[x->k + i]];
        break;
    default: /* fp16 */
        for (int64_t i = 0; i < n; i++)
            out[i * step] = fp16(half_at(vector, x->k + i));
        break;
    }
}

static void floats_of_vector(const struct ts_expansion *x, const uint8_t *vector, int64_t n,
                             float *out)
{
    const int64_t step = x->element_step;
    const float *table = x->table;
    if (ts_format_bits(&x->packed->format) == 8)
        for (int64_t i = 0; i < n; i++)
            out[i * step] = table[vector[x->k + i]];
    else if (ts_format_bits(&x->packed->format) == 32)
        for (int64_t i = 0; i < n; i++)
            memcpy(&out[i * step], vector + 4 * (x->k + i), sizeof *out);
    else if (x->packed->format.exp_bits == 8)
        for (int64_t i = 0; i < n; i++)
            out[i * step] = ts_float_of_bits((uint32_t)half_at(vector, x->k + i) << 16);
    else
        for (int64_t i = 0; i < n; i++)
            out[i * step] = dlfloat16(half_at(vector, x->k + i));
}

void ts_expand_doubles(const struct ts_expansion *x)
{
    for (int64_t v = 0; v < x->padded; v++) {
        double *out = (double *)x->panel + v * x->vector_step;
        int64_t n = 0;
        if (v < x->vectors) {
            n = stored(x, 1);
            doubles_of_vector(x, vector_of(x, v), n, out);
        }
        for (int64_t i = n; i < x->dots * x->per_dot; i++)
            out[i * x->element_step] = 0;
    }
}

void ts_expand_floats(const struct ts_expansion *x)
{
    for (int64_t v = 0; v < x->padded; v++) {
        float *out = (float *)x->panel + v * x->vector_step;
        int64_t n = 0;
        if (v < x->vectors) {
            n = stored(x, 1);
            floats_of_vector(x, vector_of(x, v), n, out);
        }
        for (int64_t i = n; i < x->dots * x->per_dot; i++)
            out[i * x->element_step] = 0;
    }
}
