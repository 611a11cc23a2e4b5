/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernels share: operand values, sums over chunks, results. */
#include "gemm/tile.h"

void ts_port_a_values(const struct ts_gemm *g, double *values)
{
    for (int code = 0; code < 16; code++)
        values[code] = code < 8 || g->port_a_unsigned ? code : code - 16;
}

void ts_port_b_values(const struct ts_gemm *g, double *values)
{
    for (int code = 0; code < 32; code++) {
        int low = code & 15;
        if (g->modes == TS_MODE_INT4)
            values[code] = low < 8 ? low : low - 16;
        else if (low < 2) /* both codes with e3 = 0 */
            values[code] = 0;
        else
            values[code] = (code & 16 ? -1 : 1) * (double)(1 << (low - 2));
    }
}

void ts_tile_outer_add(const struct ts_gemm *g, double *restrict outer, const double *restrict acc)
{
    if (g->outer == TS_OUTER_FP32) {
        for (int j = 0; j < TILE_COLS; j++)
            outer[j] = ts_outer_fp32(outer[j], acc[j]);
        return;
    }
    const struct ts_range range = ts_range_of(g, 0);
    for (int j = 0; j < TILE_COLS; j++)
        outer[j] = ts_outer_dlfloat16(outer[j], acc[j], &range);
}

void ts_tile_store(const struct ts_tile *t, int row, const double *outer)
{
    uint32_t *c = t->c + (t->row + row) * t->g->n + t->col;
    bool fp32 = t->g->outer == TS_OUTER_FP32;
    for (int j = 0; j < t->cols; j++)
        c[j] = fp32 ? ts_code_fp32(outer[j]) : ts_code_dlfloat16(outer[j]);
}
