/* SPDX-License-Identifier: Apache-2.0 */
/** @file The inputs of rows: all of them, special-weighted random ones, or a training run's. */
#ifndef TESSERA_VECTORS_SOURCE_H
#define TESSERA_VECTORS_SOURCE_H

#include "tessera/vectors.h"
#include "vectors/layout.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Exhaustive runs have at most 2^TS_MAX_EXHAUSTIVE_BITS rows. */
enum { TS_MAX_EXHAUSTIVE_BITS = 28 };

/** All inputs together. */
int ts_input_bits(const struct ts_layout *layout);

/** Row number `index` of an exhaustive run: the inputs count up, the first field lowest. */
void ts_exhaustive_row(const struct ts_layout *layout, uint64_t index, struct ts_row *row);

/**
 * Random rows, as ts_random_inputs() draws them. A block with state gets sequences: a reset, clocks
 * of which one in eight is idle, and as many idle clocks as the block has stages.
 */
struct ts_random_source {
    const struct ts_layout *layout;
    struct ts_random random;
    uint64_t sequence; /**< random bits of the sequence */
    uint64_t clock;    /**< of the sequence, 0 in reset */
    uint64_t tail;     /**< idle clocks still to come */
};

void ts_random_source_init(struct ts_random_source *source, const struct ts_layout *layout,
                           uint64_t seed);
void ts_random_row(struct ts_random_source *source, struct ts_row *row);

#ifdef __cplusplus
}
#endif
#endif
