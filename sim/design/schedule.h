/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A GEMM on a weight-stationary mac_array: the folds that it takes, to step through them.
 *
 * C[m][n] = sum over k of A[m][k] * B[k][n]. B is stationary, the rows of A are
 * streamed. For each n-tile of Cols * Simd columns, each m-tile of Depth rows and
 * each k-pass of Rows * Lanes products there is one fold, in this order of
 * loops. Tails of n and k are padded with zeros to whole tiles; a tail of m is
 * a fold of fewer rows. Folds do not overlap.
 *
 * `params` are those of the block mac_array, as of ts_design_params.
 */
#ifndef TESSERA_SIM_SCHEDULE_H
#define TESSERA_SIM_SCHEDULE_H

#include "tessera/mac_array.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The shape of a GEMM. */
struct ts_mnk {
    int64_t m, n, k;
};

/** Columns of the result in an n-tile, rows in an m-tile, products in a k-pass. */
struct ts_mnk ts_array_tile(const int64_t *params);

/** One fold of a GEMM: its place, and the control of the array. */
struct ts_array_fold {
    int64_t n0, m0, k0;
    int rows;    /**< streamed rows */
    int columns; /**< columns of the result that are not padding */
    struct ts_fold fold;
};

/** An iterator over the folds of a GEMM; its members are its own. */
struct ts_array_schedule {
    struct ts_mnk shape, tile, next;
    int64_t passes_per_chunk;
    struct ts_mpe_mode mode;
};

void ts_array_schedule_start(struct ts_array_schedule *schedule, const int64_t *params,
                             struct ts_mnk shape, struct ts_mpe_mode mode);

/** The next fold; false when there is none. */
bool ts_array_schedule_next(struct ts_array_schedule *schedule, struct ts_array_fold *fold);

#ifdef __cplusplus
}
#endif
#endif
