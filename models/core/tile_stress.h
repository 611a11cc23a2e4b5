/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks of a GEMM for tile_sequencer. */
#ifndef TESSERA_CORE_TILE_STRESS_H
#define TESSERA_CORE_TILE_STRESS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Widths of the block's inputs. */
enum { TS_TILE_SIZE_BITS = 16, TS_TILE_CYCLES_BITS = 8 };

/** What an array takes. */
struct ts_array_takes {
    uint64_t rows;    /**< of a tile; 0: any number */
    uint64_t columns; /**< of a tile */
    uint64_t k;       /**< of a slice: this, or with `rows` a multiple */
};

/**
 * A block of few tiles and slices, or of `any` size, of which only the beginning is seen. `sizes`
 * is random numbers first, then m, n, k of the block, rows of a tile, k of a slice, the first k.
 */
void ts_stress_tile_block(const struct ts_array_takes *takes, bool any, uint64_t *sizes);

/** Cycles, at least so many: a few more, or `any` number that the input holds. */
uint64_t ts_stress_tile_cycles(uint64_t random, uint64_t least, bool any);

#ifdef __cplusplus
}
#endif
#endif
