/* SPDX-License-Identifier: Apache-2.0 */
/* A tile of C, the unit of work of the fast engine, and the kernels that compute one. */
#ifndef TESSERA_GEMM_TILE_H
#define TESSERA_GEMM_TILE_H

#include "gemm/rounding.h"

/* A panel of TILE_K x TILE_COLS doubles fills 32 KB. TILE_K is a multiple of any lanes. */
enum { TILE_ROWS = 32, TILE_COLS = 64, TILE_K = 64 };

struct ts_tile {
    const struct ts_gemm *g;
    int64_t row, col;
    int rows, cols;
    uint32_t *c; /* of the whole GEMM */
};

/* Sums over chunks of one row of a tile, in value. */
typedef double ts_tile_row[TILE_COLS];

/* The four-bit modes: always right, and right where ts_tile_float_holds(). */
void ts_tile_double(const struct ts_tile *tile);
void ts_tile_float(const struct ts_tile *tile);
bool ts_tile_float_holds(const struct ts_gemm *g);

/* FP16. */
void ts_tile_fma(const struct ts_tile *tile);

/* Values of the codes of port a (16) and port b (32), in units of the product's. */
void ts_port_a_values(const struct ts_gemm *g, double *values);
void ts_port_b_values(const struct ts_gemm *g, double *values);

/* RN(outer + acc) on a row; acc in value. */
void ts_tile_outer_add(const struct ts_gemm *g, double *outer, const double *acc);

/* The codes of a row into C. */
void ts_tile_store(const struct ts_tile *tile, int row, const double *outer);

#endif
