/* SPDX-License-Identifier: Apache-2.0 */
#include "core/tile_stress.h"

enum { BLOCK_M, BLOCK_N, BLOCK_K, TILE_M, SLICE_K, FIRST_K };

void ts_stress_tile_block(const struct ts_array_takes *takes, bool any, uint64_t *sizes)
{
    enum { LARGEST_ROWS = 5, LARGEST_SLICE = 3, PARTS = 3, LARGEST = (1 << TS_TILE_SIZE_BITS) - 1 };
    uint64_t most_rows = any ? LARGEST : LARGEST_ROWS;
    uint64_t most_k = any ? LARGEST / takes->k : LARGEST_SLICE;
    uint64_t *m = &sizes[TILE_M], *k = &sizes[SLICE_K];
    *m = takes->rows ? takes->rows : 1 + *m % most_rows;
    *k = takes->k * (takes->rows ? 1 + *k % most_k : 1);
    sizes[BLOCK_M] = 1 + sizes[BLOCK_M] % (any ? LARGEST : PARTS * *m);
    sizes[BLOCK_N] = 1 + sizes[BLOCK_N] % (any ? LARGEST : PARTS * takes->columns);
    sizes[BLOCK_K] = 1 + sizes[BLOCK_K] % (any ? LARGEST : PARTS * *k);
    sizes[FIRST_K] = sizes[FIRST_K] % (any ? LARGEST / *k + 1 : PARTS) * *k;
}

uint64_t ts_stress_tile_cycles(uint64_t random, uint64_t least, bool any)
{
    enum { FEW = 3, END = 1 << TS_TILE_CYCLES_BITS };
    return least + random % (any ? END - least : FEW);
}
