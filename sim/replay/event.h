/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * One event: one of the three GEMMs of a layer at a captured step, on a design.
 */
#ifndef TESSERA_SIM_EVENT_H
#define TESSERA_SIM_EVENT_H

#include "design/cycles.h"
#include "replay/operands.h"
#include "tessera/gemm.h"
#include "tessera/lowering.h"

enum { TS_PHASES = 2 };

/** What a GEMM gave; phases 0 even, 1 odd; only [0] where dY is no operand or a 16-bit one. */
struct ts_event_result {
    size_t m, n, k;
    int phases; /**< how many were computed */
    int phase;  /**< the design's own */
    struct ts_cycles cycles;
    uint64_t compared;   /**< outputs held against the golden blocks */
    uint64_t mismatches; /**< of these */
    struct ts_errors error[TS_PHASES];
};

/** A lowered GEMM and its result, for a tile to be cut from. */
struct ts_event_gemm {
    struct ts_gemm gemm;
    struct ts_packed a, b;
    uint32_t *c;
};

/**
 * Runs the event in every phase. Keeps the GEMM of the design's own phase in
 * `kept` (free it) for tiles. False with one line in `error`.
 */
bool ts_event_run(const struct ts_operands *operands, const struct ts_layer *layer, int samples,
                  enum ts_pass pass, const struct ts_design *design, int threads,
                  struct ts_event_result *result, struct ts_event_gemm *kept,
                  struct ts_error *error);

void ts_event_gemm_free(struct ts_event_gemm *gemm);

#endif
