/* SPDX-License-Identifier: Apache-2.0 */
#include "core/tile_stress.h"

enum { BLOCK_M, BLOCK_N, BLOCK_K, STREAMED, FIRST_K };
enum { LARGEST = (1 << TS_TILE_SIZE_BITS) - 1 };

enum ts_tile_draw ts_stress_tile_draw(uint64_t random, bool may_be_long)
{
    if ((random >> 60 & 3) == 0)
        return TS_TILE_ANY;
    return may_be_long ? TS_TILE_LONG : TS_TILE_FEW;
}

/* As many of each length in bits. */
static uint64_t of_any_length(uint64_t random)
{
    uint64_t top = 1ULL << (random >> 32) % TS_TILE_SIZE_BITS;
    return top | (random & (top - 1));
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* One size of a block of one slice: as many slices or tiles as it takes, or ones as large. */
static void make_long(const struct ts_array_takes *takes, uint64_t random, uint64_t *sizes)
{
    uint64_t size = of_any_length(random), share = 1 + (random >> 48) % size;
    int which = (int)((random >> 40) % STREAMED);
    sizes[BLOCK_M] = least(sizes[BLOCK_M], takes->rows ? takes->rows : sizes[STREAMED]);
    sizes[BLOCK_N] = least(sizes[BLOCK_N], takes->columns);
    sizes[BLOCK_K] = least(sizes[BLOCK_K], takes->rows ? sizes[STREAMED] : takes->k);
    sizes[which] = size;
    if (which == BLOCK_M && takes->rows == 0)
        sizes[STREAMED] = share;
    if (which == BLOCK_K && takes->rows > 0)
        sizes[STREAMED] = least((share + takes->k - 1) / takes->k, LARGEST / takes->k) * takes->k;
}

void ts_stress_tile_block(const struct ts_array_takes *takes, enum ts_tile_draw draw,
                          uint64_t *sizes)
{
    enum { LARGEST_ROWS = 5, LARGEST_SLICE = 3, PARTS = 3 };
    bool any = draw == TS_TILE_ANY;
    uint64_t random = sizes[STREAMED] << 48 | sizes[BLOCK_M] << 32 | sizes[BLOCK_N] << 16 |
                      sizes[BLOCK_K]; /* before they are made smaller */
    uint64_t granule = takes->rows ? takes->k : 1;
    uint64_t most = any ? LARGEST / granule : takes->rows ? LARGEST_SLICE : LARGEST_ROWS;
    uint64_t streamed = granule * (1 + sizes[STREAMED] % most);
    uint64_t m = takes->rows ? takes->rows : streamed, k = takes->rows ? streamed : takes->k;
    sizes[STREAMED] = streamed;
    sizes[BLOCK_M] = 1 + sizes[BLOCK_M] % (any ? LARGEST : PARTS * m);
    sizes[BLOCK_N] = 1 + sizes[BLOCK_N] % (any ? LARGEST : PARTS * takes->columns);
    sizes[BLOCK_K] = 1 + sizes[BLOCK_K] % (any ? LARGEST : PARTS * k);
    if (draw == TS_TILE_LONG)
        make_long(takes, random, sizes);
    if (takes->rows)
        k = sizes[STREAMED];
    uint64_t first = sizes[FIRST_K], slices = first >> 8;
    if (first & 1)
        slices = of_any_length(first >> 2 << 32 | (first & 2 ? random >> 16 & LARGEST : 0)) / k;
    sizes[FIRST_K] = slices % (draw == TS_TILE_FEW ? PARTS : LARGEST / k + 1) * k;
}

uint64_t ts_stress_tile_cycles(uint64_t random, uint64_t least_cycles, enum ts_tile_draw draw)
{
    enum { FEW = 3, END = 1 << TS_TILE_CYCLES_BITS };
    if (draw == TS_TILE_LONG)
        return least_cycles;
    return least_cycles + random % (draw == TS_TILE_ANY ? END - least_cycles : FEW);
}

bool ts_stress_tile_ends(uint64_t random, uint64_t clock)
{
    enum { MOST = 100000 };
    bool goes_on = ts_stress_tile_draw(random, true) == TS_TILE_LONG && (random >> 32 & 3) == 0;
    return clock == MOST || (clock == TS_TILE_CLOCKS && !goes_on);
}
