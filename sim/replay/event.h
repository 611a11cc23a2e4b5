/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Computing an event, part by part, so that neither its lowered matrices nor its result need be
 * there whole.
 */
#ifndef TESSERA_SIM_EVENT_H
#define TESSERA_SIM_EVENT_H

#include "machine/counts.h"
#include "replay/part.h"

enum { TS_PHASES = 2 };

/** What a GEMM gave; phases 0 even, 1 odd; only [0] where dY is no operand or a 16-bit one. */
struct ts_event_result {
    size_t m, n, k;
    int phases;              /**< how many were computed */
    int phase;               /**< the design's own */
    struct ts_counts counts; /**< on the design, in closed form */
    uint64_t outputs;        /**< of all phases */
    uint64_t compared;       /**< of these, held against the golden blocks */
    uint64_t mismatches;     /**< of these */
    struct ts_errors error[TS_PHASES];
};

struct ts_event_options {
    int jobs;        /**< threads; nothing else depends on them */
    uint64_t golden; /**< multiply-accumulates that the golden blocks may do for a phase, one output
                        at least; 0: all outputs */
};

/** Runs the event in every phase. False with one line in `error`. */
bool ts_event_run(const struct ts_event *event, const struct ts_event_options *options,
                  struct ts_event_result *result, struct ts_error *error);

/** Some rows and columns of an event in the design's own phase, and their outputs. */
struct ts_event_tile {
    struct ts_gemm gemm;
    struct ts_packed a, b;
    uint32_t *c;
};

/** Computes a tile: `rows` and `cols` at most, from the given ones on. Free it in either case. */
bool ts_event_tile_run(const struct ts_event *event, struct ts_mnk first, struct ts_mnk most,
                       struct ts_event_tile *tile, struct ts_error *error);

void ts_event_tile_free(struct ts_event_tile *tile);

#endif
