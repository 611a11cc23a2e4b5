/* SPDX-License-Identifier: Apache-2.0 */
/* Which GEMMs the machine can compute. */
#include "core/block_common.h"
#include "tessera/gemm.h"

enum { MAX_LANES = 64, MAX_CHUNK = 4096, MIN_ESCALE = -64, MAX_ESCALE = 63 };

static bool is_pow2(int64_t x, int64_t max)
{
    return x >= 1 && x <= max && (x & (x - 1)) == 0;
}

/* Whether rows * cols elements can be counted and addressed. */
static bool fits(int64_t rows, int64_t cols)
{
    return rows == 0 || cols <= INT64_MAX / 8 / rows;
}

const char *ts_gemm_check(const struct ts_gemm *g)
{
    bool fp16 = g->modes == TS_MODE_FP16;
    if (g->m < 0 || g->n < 0 || g->k < 0)
        return "m, n and k must not be negative";
    if (!fits(g->m, g->k) || !fits(g->k, g->n) || !fits(g->m, g->n))
        return "a matrix has too many elements";
    if (!fp16 && g->modes != TS_MODE_INT4 && g->modes != TS_MODE_FP4)
        return "modes must be int4, fp4 or fp16, one of them";
    if (!is_pow2(g->lanes, MAX_LANES))
        return "lanes must be a power of two from 1 to 64";
    if (!is_pow2(g->chunk, MAX_CHUNK))
        return "chunk must be a power of two from 1 to 4096";
    if (g->lanes > g->chunk)
        return "lanes must not exceed chunk";
    if (g->variant < TS_VARIANT_FUSED || g->variant > TS_VARIANT_INTEGER)
        return "variant must be fused, split or integer";
    if (fp16 && (g->lanes != 1 || g->variant != TS_VARIANT_FUSED))
        return "fp16 needs lanes = 1 and variant = fused";
    if (g->outer != TS_OUTER_DLFLOAT16 && g->outer != TS_OUTER_FP32)
        return "outer must be dlfloat16 or fp32";
    if (g->saturate != 0 && g->saturate != 1)
        return "saturate must be 0 or 1";
    if (g->escale < MIN_ESCALE || g->escale > MAX_ESCALE)
        return "escale must be from -64 to 63";
    if ((g->m && g->k && !g->a) || (g->k && g->n && !g->b))
        return "a and b must be given";
    return NULL;
}
