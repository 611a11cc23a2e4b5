/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * How a weight-stationary mac_array is driven, and how long a fold takes.
 *
 * A fold is one set of stationary operands and the rows streamed past them:
 * Rows cycles of load (bottom row first), one cycle for each streamed row,
 * then the drain. Folds do not overlap (serial preload).
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

#ifdef __cplusplus
}
#endif
#endif
