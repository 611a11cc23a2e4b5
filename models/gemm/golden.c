/* SPDX-License-Identifier: Apache-2.0 */
/* The definition of a GEMM: the functions of the blocks, in the order of k. */
#include "core/aligned_sum.h"
#include "gemm/kernel.h"

struct element {
    const struct ts_gemm *g;
    struct ts_pairing pairing;
    enum ts_overflow overflow;
    int64_t row, col;
    int s;        /* weight of a 4-bit product */
    int acc_bits; /* of an exact sum, for the wider products */
};

static uint32_t code_a(const struct element *e, int64_t k)
{
    return ts_packed_code(e->g->a, e->row, k);
}

static uint32_t code_b(const struct element *e, int64_t k)
{
    return ts_packed_code(e->g->b, e->col, k);
}

static int32_t product(const struct element *e, int64_t k)
{
    const struct ts_pairing *p = &e->pairing;
    unsigned port_a = p->b_is_port_a ? code_b(e, k) : code_a(e, k);
    unsigned port_b = p->b_is_port_a ? code_a(e, k) : code_b(e, k);
    if (p->fp4)
        port_b = ts_radix4_to_radix2((ts_fp4_r4){(uint8_t)port_b}, p->odd).v;
    return ts_mac_lane(ts_operand_a(port_a, p->port_a_unsigned), port_b, p->fp4);
}

static uint64_t four_bit(const struct element *e, int64_t k, int64_t end, uint64_t acc)
{
    int64_t sum = 0;
    for (; k < end; k++)
        sum += product(e, k);
    return ts_chunk_add_word(e->g->variant, e->overflow, e->acc_bits, acc, sum, e->s);
}

static uint64_t int8(const struct element *e, int64_t k, int64_t end, uint64_t acc)
{
    enum { OPERAND_BITS = 8, ACC_BITS = 32 };
    int64_t sum = ts_sign_extend(acc, ACC_BITS);
    for (; k < end; k++)
        sum +=
            ts_sign_extend(code_a(e, k), OPERAND_BITS) * ts_sign_extend(code_b(e, k), OPERAND_BITS);
    return ts_fit_int(sum, ACC_BITS, e->g->saturate);
}

static ts_fp9_153 widened(const struct ts_format *f, uint32_t code)
{
    return ts_hfp8_widen((uint8_t)code, ts_is_format(f, &ts_format_fp8_152), f->bias);
}

static uint64_t hfp8(const struct element *e, int64_t k, int64_t end, uint64_t acc)
{
    ts_fp9_153 a[TS_MAX_DOT_LANES], b[TS_MAX_DOT_LANES];
    int lanes = (int)(end - k);
    for (int i = 0; i < lanes; i++) {
        a[i] = widened(&e->g->a->format, code_a(e, k + i));
        b[i] = widened(&e->g->b->format, code_b(e, k + i));
    }
    return ts_hfp8_mac(a, b, lanes, (ts_dlfloat16){(uint16_t)acc}, e->g->align, e->overflow).v;
}

static uint64_t dlfloat16(const struct element *e, int64_t k, int64_t end, uint64_t acc)
{
    ts_dlfloat16 a[TS_MAX_DOT_LANES], b[TS_MAX_DOT_LANES];
    ts_dlfloat16 sum = {(uint16_t)acc};
    int lanes = (int)(end - k);
    for (int i = 0; i < lanes; i++) {
        a[i] = (ts_dlfloat16){(uint16_t)code_a(e, k + i)};
        b[i] = (ts_dlfloat16){(uint16_t)code_b(e, k + i)};
    }
    if (e->g->lanes == 1)
        return ts_dlfloat16_fma(a[0], b[0], sum, e->overflow).v;
    return ts_dlfloat16_dot(a, b, lanes, sum, e->g->align, e->overflow).v;
}

/* One operation of the machine: the products from k to `end` enter acc. */
static uint64_t inner_add(const struct element *e, int64_t k, int64_t end, uint64_t acc)
{
    ts_fp32 sum = {(uint32_t)acc};
    switch (e->pairing.kind) {
    case TS_PAIRING_INT8:
        return int8(e, k, end, acc);
    case TS_PAIRING_HFP8:
        return hfp8(e, k, end, acc);
    case TS_PAIRING_DLFLOAT16:
        return dlfloat16(e, k, end, acc);
    case TS_PAIRING_FP16:
        return ts_fp16_fma((ts_fp16){(uint16_t)code_a(e, k)}, (ts_fp16){(uint16_t)code_b(e, k)},
                           (ts_fp16){(uint16_t)acc}, true, e->overflow)
            .v;
    case TS_PAIRING_BF16:
        return ts_bf16_fma((ts_bf16){(uint16_t)code_a(e, k)}, (ts_bf16){(uint16_t)code_b(e, k)},
                           sum, e->overflow)
            .v;
    case TS_PAIRING_FP32:
        return ts_fp32_fma((ts_fp32){code_a(e, k)}, (ts_fp32){code_b(e, k)}, sum, e->overflow).v;
    default:
        return four_bit(e, k, end, acc);
    }
}

static const struct ts_format *inner_format(enum ts_pairing_kind kind)
{
    switch (kind) {
    case TS_PAIRING_FP16:
        return &ts_format_fp16;
    case TS_PAIRING_BF16:
    case TS_PAIRING_FP32:
        return &ts_format_fp32;
    default:
        return &ts_format_dlfloat16;
    }
}

/* RN(outer + acc); a chunk that is all of K enters a zero. */
static uint32_t outer_add(const struct element *e, uint32_t outer, uint64_t acc)
{
    const struct ts_gemm *g = e->g;
    if (e->pairing.kind == TS_PAIRING_INT8)
        return (uint32_t)acc;
    if (e->pairing.kind == TS_PAIRING_FOUR_BIT)
        return ts_outer_add_word(g->variant, g->outer, e->overflow, e->acc_bits, outer, acc, e->s);
    const struct ts_format *f = ts_gemm_result(g);
    struct ts_value sum =
        ts_value_add(ts_decode(f, outer), ts_decode(inner_format(e->pairing.kind), (uint32_t)acc));
    return ts_encode(f, sum, f->rounding, e->overflow);
}

static uint32_t element_of(const struct element *e)
{
    const int64_t k = e->g->a->k, lanes = e->g->lanes;
    const int64_t chunk = e->g->chunk ? e->g->chunk : k;
    uint32_t outer = 0;
    for (int64_t start = 0; start < k; start += chunk) {
        int64_t end = chunk < k - start ? start + chunk : k;
        uint64_t acc = 0;
        for (int64_t i = start; i < end; i += lanes)
            acc = inner_add(e, i, i + lanes < end ? i + lanes : end, acc);
        outer = outer_add(e, outer, acc);
    }
    return outer;
}

static struct element first_element(const struct ts_gemm *g)
{
    struct element e = {.g = g, .pairing = ts_pairing_of(&g->a->format, &g->b->format)};
    e.overflow = ts_overflow_of(g->saturate);
    e.s = g->escale + ts_product_exp(e.pairing.fp4);
    e.acc_bits = ts_acc_bits(TS_MODES_INTEGER, g->chunk, g->variant);
    return e;
}

void ts_gemm_golden(const struct ts_gemm *g, uint32_t *c)
{
    struct element e = first_element(g);
    const int64_t n = g->b->vectors;
    for (e.row = 0; e.row < g->a->vectors; e.row++)
        for (e.col = 0; e.col < n; e.col++)
            c[e.row * n + e.col] = element_of(&e);
}

uint32_t ts_gemm_golden_element(const struct ts_gemm *g, int64_t row, int64_t col)
{
    struct element e = first_element(g);
    e.row = row;
    e.col = col;
    return element_of(&e);
}
