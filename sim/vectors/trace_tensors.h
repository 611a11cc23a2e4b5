/* SPDX-License-Identifier: Apache-2.0 */
/** @file The tensors of one layer and captured step, and codes of their elements in any format. */
#ifndef TESSERA_VECTORS_TRACE_TENSORS_H
#define TESSERA_VECTORS_TRACE_TENSORS_H

#include "tessera/block.h"
#include "tessera/lowering.h"
#include "tessera/trace.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ts_trace_tensors {
    float *elements[TS_TENSORS]; /**< dY times the loss scale */
    float largest[TS_TENSORS];   /**< magnitude */
    float x_clip, w_clip;
    bool x_unsigned;
    int k; /**< GradScale's exponent */
};

/** Reads them in place of what was there; false with a line in `error`. */
bool ts_trace_tensors_read(struct ts_trace_tensors *tensors, struct ts_trace *trace, int step,
                           int layer, struct ts_error *error);
void ts_trace_tensors_free(struct ts_trace_tensors *tensors);

/** The code of an element (TS_NO_ELEMENT: zero) on a port of that format and width. */
uint64_t ts_trace_code(const struct ts_trace_tensors *tensors, enum ts_tensor tensor,
                       size_t element, const struct ts_format *format, int bits, bool odd_phase);

#ifdef __cplusplus
}
#endif
#endif
