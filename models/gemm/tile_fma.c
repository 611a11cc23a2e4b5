/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The FP16 kernel: acc = RN(a * b + acc), rounded once, in double.
 *
 * a * b has 20 significant bits and is exact. The sum is not: it is a double and a remainder, which
 * acc - (sum - p) is wherever p is the larger (Dekker's two-sum). Where acc is, with its 10 bits,
 * the sum is exact and the remainder none; or p is less than 2^-32 of it, and the sum so near to
 * acc that no boundary is, whatever the remainder. A rounding boundary T of dlfloat16 is a double,
 * and rounding to double is monotone, so the sum is at or past T exactly when the double is past
 * T, or equals it and the remainder does not point towards zero. Where it does, the double is
 * moved one ulp towards zero: that takes it below T if it was equal, and past no other boundary.
 */
#include "gemm/tile.h"

static inline double fma_rounded(double a, double b, double acc, const struct ts_range *range)
{
    double p = a * b;
    double sum = acc + p;
    double rest = acc - (sum - p);
    /* Not too small to be told from zero: both are multiples of 2^-80. */
    uint64_t bits = ts_bits_of_double(sum);
    return ts_limit(ts_round10_bits(rest * sum < 0 ? bits - 1 : bits), range);
}

static void row_fma(double a, const double *restrict b, const struct ts_range *range,
                    double *restrict acc)
{
    const struct ts_range r = *range;
    for (int j = 0; j < TILE_COLS; j++)
        acc[j] = fma_rounded(a, b[j], acc[j], &r);
}

static double value_of(uint16_t code)
{
    enum { MAN_BITS = 9, BIAS = 1023 - 31 };
    uint64_t mag = code & 0x7FFF;
    if (mag == 0x7FFF)
        return (double)NAN;
    if (mag == 0)
        return 0;
    uint64_t bits = (mag + ((uint64_t)BIAS << MAN_BITS)) << (52 - MAN_BITS);
    return ts_double_of_bits((uint64_t)(code >> 15) << 63 | bits);
}

static void expand(const uint16_t *codes, int64_t stride, int rows, int cols,
                   double (*panel)[TILE_COLS])
{
    for (int i = 0; i < rows; i++, codes += stride) {
        for (int j = 0; j < cols; j++)
            panel[i][j] = value_of(codes[j]);
        for (int j = cols; j < TILE_COLS; j++)
            panel[i][j] = 0;
    }
}

void ts_tile_fma(const struct ts_tile *t)
{
    const struct ts_gemm *g = t->g;
    const struct ts_range range = ts_range_of(g, 0);
    double a[TILE_ROWS][TILE_K], b[TILE_K][TILE_COLS];
    ts_tile_row acc[TILE_ROWS] = {{0}}, outer[TILE_ROWS] = {{0}};
    for (int64_t k = 0; k < g->k; k += TILE_K) {
        int depth = g->k - k < TILE_K ? (int)(g->k - k) : TILE_K;
        expand(g->a + t->row * g->k + k, g->k, t->rows, depth, a);
        expand(g->b + k * g->n + t->col, g->n, depth, t->cols, b);
        for (int row = 0; row < t->rows; row++) {
            for (int i = 0; i < depth; i++) {
                row_fma(a[row][i], b[i], &range, acc[row]);
                int64_t next = k + i + 1;
                if (next % g->chunk && next < g->k)
                    continue;
                ts_tile_outer_add(g, outer[row], acc[row]);
                memset(acc[row], 0, sizeof acc[row]);
            }
        }
    }
    for (int row = 0; row < t->rows; row++)
        ts_tile_store(t, row, outer[row]);
}
