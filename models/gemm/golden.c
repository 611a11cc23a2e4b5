/* SPDX-License-Identifier: Apache-2.0 */
/* The definition of a GEMM: the adders of the blocks, in the order of k. */
#include "core/block_common.h"
#include "tessera/gemm.h"

struct element {
    const struct ts_gemm *g;
    int64_t row, col;
};

static uint16_t code_a(const struct element *e, int64_t k)
{
    return e->g->a[e->row * e->g->k + k];
}

static uint16_t code_b(const struct element *e, int64_t k)
{
    return e->g->b[k * e->g->n + e->col];
}

static int32_t product(const struct element *e, int64_t k)
{
    const struct ts_gemm *g = e->g;
    unsigned port_a = g->b_is_port_a ? code_b(e, k) : code_a(e, k);
    unsigned port_b = g->b_is_port_a ? code_a(e, k) : code_b(e, k);
    return ts_mac_lane(ts_operand_a(port_a, g->port_a_unsigned), port_b, g->modes == TS_MODE_FP4);
}

/* One operation of the array: the `lanes` products from k on enter acc. */
static uint64_t inner_add(const struct element *e, int64_t k, uint64_t acc)
{
    const struct ts_gemm *g = e->g;
    enum ts_overflow overflow = ts_overflow_of(g->saturate);
    if (g->modes == TS_MODE_FP16)
        return ts_dlfloat16_fma((ts_dlfloat16){code_a(e, k)}, (ts_dlfloat16){code_b(e, k)},
                                (ts_dlfloat16){(uint16_t)acc}, overflow)
            .v;
    int64_t end = k + g->lanes < g->k ? k + g->lanes : g->k;
    int64_t sum = 0;
    for (; k < end; k++)
        sum += product(e, k);
    int acc_bits = ts_acc_bits(g->modes, g->chunk, g->variant);
    int s = g->escale + ts_product_exp(g->modes == TS_MODE_FP4);
    return ts_chunk_add_word(g->variant, overflow, acc_bits, acc, sum, s);
}

static uint32_t element_of(const struct element *e)
{
    const struct ts_gemm *g = e->g;
    int acc_bits = ts_acc_bits(g->modes, g->chunk, g->variant);
    int s = g->escale + ts_product_exp(g->modes == TS_MODE_FP4);
    uint32_t outer = 0;
    for (int64_t chunk = 0; chunk < g->k; chunk += g->chunk) {
        int64_t end = chunk + g->chunk < g->k ? chunk + g->chunk : g->k;
        uint64_t acc = 0;
        for (int64_t k = chunk; k < end; k += g->lanes)
            acc = inner_add(e, k, acc);
        outer = ts_outer_add_word(g->variant, g->outer, ts_overflow_of(g->saturate), acc_bits,
                                  outer, acc, s);
    }
    return outer;
}

void ts_gemm_golden(const struct ts_gemm *g, uint32_t *c)
{
    for (int64_t row = 0; row < g->m; row++)
        for (int64_t col = 0; col < g->n; col++)
            c[row * g->n + col] = element_of(&(struct element){g, row, col});
}
