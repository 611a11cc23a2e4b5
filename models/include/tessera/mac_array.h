/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * How arrays are driven, and how long they take.
 *
 * Of a weight-stationary mac_array: a fold is one set of stationary operands and the rows streamed
 * past them: Rows cycles of load (bottom row first), one cycle for each streamed row, then the
 * drain. Folds do not overlap (serial preload).
 *
 * Of an output-stationary mac_array_os: a tile is AccStages operations for each
 * step of Lanes k, then the drain; then its rows leave while the next one may begin.
 */
#ifndef TESSERA_MAC_ARRAY_H
#define TESSERA_MAC_ARRAY_H

#include "tessera/arith.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Control of a fold, constant from its first streamed row to the end of its drain. */
struct ts_fold {
    struct ts_mpe_mode mode;
    bool open;  /**< inner sums come from the pass before; only where Rows * Lanes < Chunk */
    bool close; /**< a chunk ends with this pass; always where Rows * Lanes >= Chunk */
    bool first; /**< outer sums start from zero */
    bool last;  /**< outer sums are results */
};

/**
 * Cycles of one fold of `rows` streamed rows, from the first load to the cycle
 * in which the last result is at outer_o, included:
 * Rows + AccStages * Rows + Cols + rows - 2, plus a drain of
 * DotStages + OuterStages + 1. `params` are those of the block mac_array.
 */
int ts_mac_array_fold_cycles(const int64_t *params, int rows);

/**
 * Cycles of one tile of `steps` steps along k, from the first operation to the
 * cycle in which the last sum is there, included: steps * AccStages + Rows +
 * Cols - 2, plus a drain of DotStages + AccStages - 1 + OuterStages + 1. In the
 * Rows * AccStages cycles after that its rows leave. `params` are those of the
 * block mac_array_os.
 */
int ts_mac_array_os_tile_cycles(const int64_t *params, int steps);

#ifdef __cplusplus
}
#endif
#endif
