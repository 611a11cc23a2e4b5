/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The tensors of one layer and captured step, and how a design sees them: as
 * codes, made of any piece when they are needed, and the real factors that the
 * codes stand for.
 */
#ifndef TESSERA_SIM_OPERANDS_H
#define TESSERA_SIM_OPERANDS_H

#include "design/design.h"
#include "replay/errors.h"
#include "tessera/quantize.h"
#include "tessera/trace.h"

/** Where the clip of X comes from. */
enum ts_clip_source { TS_CLIP_NONE, TS_CLIP_PACT, TS_CLIP_LEAST_MSE };

struct ts_operands {
    const struct ts_design *design;
    size_t elements[TS_TENSORS];
    float *real[TS_TENSORS]; /**< as captured */
    float loss_scale;        /**< what dY is multiplied by before it is rounded */

    bool x_unsigned;
    enum ts_clip_source clip_source;
    float x_clip, w_clip;
    bool w_fell_back;             /**< SAWB's clip was outside (0, max|w|] */
    double scale[TS_TENSORS];     /**< value = code's value * scale, but for dY's 2^-k */
    int k;                        /**< GradScale's exponent: dY's codes stand for dY * 2^k */
    double flushed;               /**< share of dY that dlfloat16 flushed to zero */
    double zeros[2];              /**< share of dY that became zero in each phase */
    double saturated[2];          /**< share of dY that saturated in each phase */
    struct ts_errors dy_error[2]; /**< of dY's codes against dY, in each phase */
};

/** Reads the tensors, and finds out how they are quantized; false with one line in `error`. Free
 * in either case. */
bool ts_operands_make(struct ts_operands *operands, struct ts_trace *trace, int step, int layer,
                      const struct ts_design *design, struct ts_error *error);

/** Codes of n elements of a tensor, from `first` on; dY is in one phase on a 4-bit design. */
void ts_operands_codes(const struct ts_operands *operands, enum ts_tensor tensor, int phase,
                       size_t first, size_t n, uint16_t *codes);

/** Their format. */
const struct ts_format *ts_operands_format(const struct ts_operands *operands,
                                           enum ts_tensor tensor, int phase);

void ts_operands_free(struct ts_operands *operands);

#endif
