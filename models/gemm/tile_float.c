/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The four-bit kernel in float, twice as wide: right where no sum passes 2^24, up to which all
 * integers are floats, and none leaves the range of dlfloat16. ts_tile_float_holds() says so
 * from the largest magnitude that the formats allow.
 */
#include "gemm/tile.h"

static inline float limit(float x, const struct ts_range *range)
{
    return fabsf(x) <= (float)range->floor ? 0 : x;
}

#define REAL float
#define ROUND10 ts_round10f
#define LIMIT limit
#define TILE ts_tile_float
#include "gemm/four_bit.h"

/*
 * Rounding is monotone in the magnitude, so what bounds the operands bounds the result:
 * |acc'| = RN|acc + P| <= RN(bound of acc + bound of P). Followed through one chunk.
 */
bool ts_tile_float_holds(const struct ts_gemm *g)
{
    double port_a = g->port_a_unsigned ? 15 : 8;
    double port_b = g->modes == TS_MODE_FP4 ? 0x1p13 : 8;
    double p = port_a * port_b * (double)g->lanes; /* of 4 significant bits: `split` changes none */
    int64_t terms = g->k < g->chunk ? g->k : g->chunk;
    double acc = 0;
    for (int64_t k = 0; k < terms; k += g->lanes) {
        acc += p;
        if (acc > 0x1p24)
            return false;
        if (g->variant != TS_VARIANT_INTEGER)
            acc = ts_round10(acc);
    }
    /* The integer variant is limited when the chunk has ended, in double. */
    int s = g->escale + (g->modes == TS_MODE_FP4 ? -6 : 0);
    return g->variant == TS_VARIANT_INTEGER || acc <= ldexp(TS_DLF_MAX, -s);
}
