/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel of the four-bit modes, for one type of number: the includer defines REAL, ROUND10 (to
 * 10 significant bits), LIMIT (into the range, on a REAL) and TILE (the name).
 *
 * All is in units of 2^s, the weight of a product, in which products are integers. Rounding an
 * integer to 10 significant bits gives an integer, so inner sums are integers too, except where
 * they saturate. Each addition is therefore exact as long as its result fits REAL's significand;
 * the includer says why it does.
 */
#include "gemm/tile.h"

/* p[j] = sum of a[l] * b[l][j]: integers of at most 64 * 15 * 2^13 < 2^23, exact in any order. */
static void dot(int lanes, const REAL *restrict a, const REAL (*restrict b)[TILE_COLS],
                REAL *restrict p)
{
    if (lanes < 4) {
        for (int j = 0; j < TILE_COLS; j++)
            p[j] = a[0] * b[0][j];
        for (int l = 1; l < lanes; l++)
            for (int j = 0; j < TILE_COLS; j++)
                p[j] += a[l] * b[l][j];
        return;
    }
    for (int j = 0; j < TILE_COLS; j++)
        p[j] = (a[0] * b[0][j] + a[1] * b[1][j]) + (a[2] * b[2][j] + a[3] * b[3][j]);
    for (int l = 4; l < lanes; l += 4)
        for (int j = 0; j < TILE_COLS; j++)
            p[j] += (a[l] * b[l][j] + a[l + 1] * b[l + 1][j]) +
                    (a[l + 2] * b[l + 2][j] + a[l + 3] * b[l + 3][j]);
}

static void chunk_add(int64_t variant, const struct ts_range *range, const REAL *restrict p,
                      REAL *restrict acc)
{
    const struct ts_range r = *range;
    switch ((enum ts_variant)variant) {
    case TS_VARIANT_FUSED:
        for (int j = 0; j < TILE_COLS; j++)
            acc[j] = LIMIT(ROUND10(acc[j] + p[j]), &r);
        break;
    case TS_VARIANT_SPLIT:
        for (int j = 0; j < TILE_COLS; j++)
            acc[j] = LIMIT(ROUND10(acc[j] + LIMIT(ROUND10(p[j]), &r)), &r);
        break;
    case TS_VARIANT_INTEGER:
        for (int j = 0; j < TILE_COLS; j++)
            acc[j] += p[j];
        break;
    }
}

/* The chunk ends: its sum, in value, enters the sum over chunks. */
static void close_chunk(const struct ts_gemm *g, double unit, REAL *restrict acc,
                        double *restrict outer)
{
    double sum[TILE_COLS];
    for (int j = 0; j < TILE_COLS; j++)
        sum[j] = (double)acc[j] * unit;
    if (g->variant == TS_VARIANT_INTEGER) {
        const struct ts_range range = ts_range_of(g, 0);
        for (int j = 0; j < TILE_COLS; j++)
            sum[j] = ts_limit(ts_round10(sum[j]), &range);
    }
    ts_tile_outer_add(g, outer, sum);
    memset(acc, 0, TILE_COLS * sizeof *acc);
}

/* rows x cols codes into a zero-padded panel of TILE_COLS (or TILE_K) values a row. */
static void expand(const REAL *values, uint16_t mask, const uint16_t *codes, int64_t stride,
                   int rows, int cols, REAL (*panel)[TILE_COLS])
{
    for (int i = 0; i < rows; i++, codes += stride) {
        for (int j = 0; j < cols; j++)
            panel[i][j] = values[codes[j] & mask];
        for (int j = cols; j < TILE_COLS; j++)
            panel[i][j] = 0;
    }
}

void TILE(const struct ts_tile *t)
{
    const struct ts_gemm *g = t->g;
    const int s = g->escale + (g->modes == TS_MODE_FP4 ? -6 : 0);
    const double unit = ldexp(1, s);
    const struct ts_range range = ts_range_of(g, s);
    const int lanes = (int)g->lanes;

    double port_a[16], port_b[32];
    ts_port_a_values(g, port_a);
    ts_port_b_values(g, port_b);
    REAL of_a[32], of_b[32];
    for (int i = 0; i < 32; i++) {
        of_a[i] = (REAL)(g->b_is_port_a ? port_b[i] : port_a[i & 15]);
        of_b[i] = (REAL)(g->b_is_port_a ? port_a[i & 15] : port_b[i]);
    }

    _Static_assert(TILE_K == TILE_COLS, "expand() fills panels of either operand");
    REAL a[TILE_ROWS][TILE_K], b[TILE_K][TILE_COLS];
    REAL acc[TILE_ROWS][TILE_COLS] = {{0}};
    ts_tile_row outer[TILE_ROWS] = {{0}};
    for (int64_t k = 0; k < g->k; k += TILE_K) {
        int depth = g->k - k < TILE_K ? (int)(g->k - k) : TILE_K;
        expand(of_a, 31, g->a + t->row * g->k + k, g->k, t->rows, depth, a);
        expand(of_b, 31, g->b + k * g->n + t->col, g->n, depth, t->cols, b);
        /* The tail of the last dot product. */
        for (int i = depth; i % lanes; i++)
            memset(b[i], 0, sizeof b[i]);
        for (int row = 0; row < t->rows; row++) {
            for (int i = 0; i < depth; i += lanes) {
                REAL p[TILE_COLS];
                dot(lanes, &a[row][i], (const REAL(*)[TILE_COLS]) & b[i], p);
                chunk_add(g->variant, &range, p, acc[row]);
                int64_t next = k + i + lanes;
                if (next % g->chunk == 0 || next >= g->k)
                    close_chunk(g, unit, acc[row], outer[row]);
            }
        }
    }
    for (int row = 0; row < t->rows; row++)
        ts_tile_store(t, row, outer[row]);
}
