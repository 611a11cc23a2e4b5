/* SPDX-License-Identifier: Apache-2.0 */
/** @file The inputs of rows: all of them, special-weighted random ones, or a training run's. */
#ifndef TESSERA_VECTORS_SOURCE_H
#define TESSERA_VECTORS_SOURCE_H

#include "tessera/error.h"
#include "vectors/layout.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Exhaustive runs have at most 2^TS_MAX_EXHAUSTIVE_BITS rows. */
enum { TS_MAX_EXHAUSTIVE_BITS = 28 };

/** How many rows an exhaustive run has; 0, with a line in `error`, if that makes no sense. */
uint64_t ts_exhaustive_rows(const struct ts_layout *layout, struct ts_error *error);

struct ts_source_options {
    bool exhaustive;
    const char *trace; /**< its operands in place of random ones; or NULL */
    uint64_t rows;     /**< that will be asked for: a trace is spread over them */
    uint64_t seed;
};

/**
 * An exhaustive source counts the inputs up, the first field lowest. A random one draws them by
 * ts_random_inputs(); a block with state gets sequences: a reset, clocks of which one in eight is
 * idle, and as many idle clocks as the block has stages.
 */
struct ts_source;

/** NULL, with a line in `error`, if the trace cannot be read. */
struct ts_source *ts_source_open(const struct ts_layout *layout,
                                 const struct ts_source_options *options, struct ts_error *error);

/** The inputs of the next row; false with a line in `error`. */
bool ts_source_next(struct ts_source *source, struct ts_row *row, struct ts_error *error);

/** Tells the results of that row, which a trace takes up in a later one. */
void ts_source_result(struct ts_source *source, bool yields, const uint64_t *out);

/** The random bits, for a protocol, of the sequence that the row belongs to. */
uint64_t ts_source_sequence(const struct ts_source *source);

void ts_source_close(struct ts_source *source); /**< NULL is allowed */

#ifdef __cplusplus
}
#endif
#endif
