/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Events, and parts of them: the rows of some samples (in GRAD of some input channels) and some
 * columns. A part is a convolution too, of pieces of the tensors, and only these become codes.
 */
#ifndef TESSERA_SIM_PART_H
#define TESSERA_SIM_PART_H

#include "replay/operands.h"
#include "tessera/gemm.h"
#include "tessera/lowering.h"

/** One of the three GEMMs of a layer at a captured step, on a design. */
struct ts_event {
    const struct ts_operands *operands;
    const struct ts_layer *layer;
    int samples;
    enum ts_pass pass;
};

struct ts_part {
    int64_t outer, outers; /**< samples or input channels, from `outer` on */
    int64_t col, cols;
};

/** Rows of C in a sample, in GRAD in an input channel. */
int64_t ts_part_rows(const struct ts_event *event);

/** A part such that its operands and its result have about `elements` each, or one row of samples
 * and one column; all parts of an event are of this size, but for the last. */
struct ts_part ts_part_size(const struct ts_event *event, int64_t elements);

/** The codes of A of a part, as a view of `tensor`; free both. One line in `error`, if it fails. */
bool ts_part_pack_a(const struct ts_event *event, const struct ts_part *part, int phase,
                    struct ts_packed *tensor, struct ts_packed *a, struct ts_error *error);

/** The codes of B, its columns one after the other. */
bool ts_part_pack_b(const struct ts_event *event, const struct ts_part *part, int phase,
                    struct ts_packed *b, struct ts_error *error);

/** The GEMM of two operands on the event's design. */
bool ts_part_gemm(const struct ts_event *event, const struct ts_packed *a,
                  const struct ts_packed *b, struct ts_gemm *gemm, struct ts_error *error);

#endif
