/* SPDX-License-Identifier: Apache-2.0 */
/* Which GEMMs the machine can compute. */
#include "core/aligned_sum.h"
#include "gemm/pairing.h"

enum {
    MAX_LANES = 64,
    MAX_CHUNK = 4096,
    MIN_ESCALE = -64,
    MAX_ESCALE = 63,
    MIN_ALIGN = 16,
    MAX_ALIGN = 48
};

static bool is_pow2(int64_t x, int64_t max)
{
    return x >= 1 && x <= max && (x & (x - 1)) == 0;
}

static bool is_ieee(enum ts_pairing_kind kind)
{
    return kind == TS_PAIRING_FP16 || kind == TS_PAIRING_BF16 || kind == TS_PAIRING_FP32;
}

static const char *check_operands(const struct ts_gemm *g)
{
    enum ts_pairing_kind kind = ts_pairing_of(&g->a->format, &g->b->format).kind;
    if (kind == TS_PAIRING_NONE)
        return "no GEMM takes operands of these two formats together";
    if (g->a->k != g->b->k)
        return "A and B differ in k";
    if (g->a->vectors && g->b->vectors > INT64_MAX / 8 / g->a->vectors)
        return "a matrix has too many elements";
    if (kind == TS_PAIRING_HFP8 && ts_is_format(&g->a->format, &g->b->format) &&
        g->a->format.bias != g->b->format.bias)
        return "A and B must have the same bias";
    return NULL;
}

static const char *check_lanes(const struct ts_gemm *g, enum ts_pairing_kind kind)
{
    bool integers = kind == TS_PAIRING_FOUR_BIT || kind == TS_PAIRING_INT8;
    if (is_ieee(kind) && g->lanes != 1)
        return "lanes must be 1 in fp16, bf16 and fp32";
    if (integers && !is_pow2(g->lanes, MAX_LANES))
        return "lanes must be a power of two from 1 to 64";
    if (!integers && !is_pow2(g->lanes, TS_MAX_DOT_LANES))
        return "lanes must be a power of two from 1 to 16";
    return NULL;
}

static const char *check_chunk(const struct ts_gemm *g, enum ts_pairing_kind kind)
{
    if (kind == TS_PAIRING_INT8)
        return g->chunk ? "chunk must be 0 in int8, which has one sum over all of k" : NULL;
    if (is_ieee(kind) && g->chunk == 0)
        return NULL;
    if (!is_pow2(g->chunk, MAX_CHUNK))
        return is_ieee(kind) ? "chunk must be 0 or a power of two from 1 to 4096"
                             : "chunk must be a power of two from 1 to 4096";
    return g->lanes > g->chunk ? "lanes must not exceed chunk" : NULL;
}

static const char *check_sums(const struct ts_gemm *g, enum ts_pairing_kind kind)
{
    bool four_bit = kind == TS_PAIRING_FOUR_BIT;
    if (g->variant < TS_VARIANT_FUSED || g->variant > TS_VARIANT_INTEGER)
        return "variant must be fused, split or integer";
    if (!four_bit && g->variant != TS_VARIANT_FUSED)
        return "variant must be fused unless both operands have 4 bits";
    if (g->outer != TS_OUTER_DLFLOAT16 && g->outer != TS_OUTER_FP32)
        return "outer must be dlfloat16 or fp32";
    if (kind == TS_PAIRING_INT8 && g->outer != TS_OUTER_DLFLOAT16)
        return "int8 has no outer sum";
    if (g->saturate != 0 && g->saturate != 1)
        return "saturate must be 0 or 1";
    if (!four_bit && g->escale != 0)
        return "escale must be 0 unless both operands have 4 bits";
    if (g->escale < MIN_ESCALE || g->escale > MAX_ESCALE)
        return "escale must be from -64 to 63";
    bool aligned = kind == TS_PAIRING_HFP8 || (kind == TS_PAIRING_DLFLOAT16 && g->lanes > 1);
    if (aligned && !g->align.exact && (g->align.width < MIN_ALIGN || g->align.width > MAX_ALIGN))
        return "align must be exact or a width from 16 to 48";
    return NULL;
}

const char *ts_gemm_check(const struct ts_gemm *g)
{
    const char *error = check_operands(g);
    if (error)
        return error;
    enum ts_pairing_kind kind = ts_pairing_of(&g->a->format, &g->b->format).kind;
    error = check_lanes(g, kind);
    if (!error)
        error = check_chunk(g, kind);
    return error ? error : check_sums(g, kind);
}

const struct ts_format *ts_gemm_result(const struct ts_gemm *g)
{
    switch (ts_pairing_of(&g->a->format, &g->b->format).kind) {
    case TS_PAIRING_INT8:
        return NULL;
    case TS_PAIRING_BF16:
    case TS_PAIRING_FP32:
        return &ts_format_fp32;
    case TS_PAIRING_FP16:
        return g->outer == TS_OUTER_FP32 ? &ts_format_fp32 : &ts_format_fp16;
    default:
        return g->outer == TS_OUTER_FP32 ? &ts_format_fp32 : &ts_format_dlfloat16;
    }
}
