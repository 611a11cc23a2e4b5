/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks of a GEMM for tile_sequencer. */
#ifndef TESSERA_CORE_TILE_STRESS_H
#define TESSERA_CORE_TILE_STRESS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Widths of the block's inputs, and clocks of most sequences. */
enum { TS_TILE_SIZE_BITS = 16, TS_TILE_CYCLES_BITS = 8, TS_TILE_CLOCKS = 2000 };

/** What an array takes. */
struct ts_array_takes {
    uint64_t rows;    /**< of a tile; 0: any number */
    uint64_t columns; /**< of a tile */
    uint64_t k;       /**< of a slice: this, or with `rows` a multiple */
};

/** Few tiles and slices; any sizes, of which a beginning is seen; one size large, to its end. */
enum ts_tile_draw { TS_TILE_FEW, TS_TILE_ANY, TS_TILE_LONG };

/** How a block is drawn; a long one only in a long sequence. */
enum ts_tile_draw ts_stress_tile_draw(uint64_t random, bool may_be_long);

/** Random numbers to sizes: m, n, k of a block, rows of a tile or k of a slice, first k. */
void ts_stress_tile_block(const struct ts_array_takes *takes, enum ts_tile_draw draw,
                          uint64_t *sizes);

/** Cycles, at least so many: a few more, or any number that the input holds. */
uint64_t ts_stress_tile_cycles(uint64_t random, uint64_t least, enum ts_tile_draw draw);

/** Whether a sequence ends with that clock: most after TS_TILE_CLOCKS, some take far longer. */
bool ts_stress_tile_ends(uint64_t random, uint64_t clock);

#ifdef __cplusplus
}
#endif
#endif
