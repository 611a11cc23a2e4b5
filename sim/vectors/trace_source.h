/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Operands of a captured training run, in place of random ones.
 *
 * The rows go through the captured steps and layers, each with the same share. Within a layer a
 * pass, a row m and a column n of its matrix product are drawn, and k ascends from row to row, so
 * that operands meet as they do in training. By their order, ports are a and b of a multiplier:
 * a takes X (in BWD W), b takes W in FWD and dY else. A port acc, outer or sum, and a third
 * operand, take the result of the row before, from zero on for each m and n.
 *
 * What a port gets is rounded to its format: 4-bit integers by SAWB (W) and PACT (X), fp4 and fp5
 * by GradScale and TPR, even in BWD and odd in GRAD (dY), other integers linearly with the
 * tensor's largest magnitude at the top, floats by the format's own rounding; dY is multiplied by
 * the run's loss scale. The ports a_unsigned, fp4, swap, phase, escale and k follow from the pass
 * and the layer. Everything else stays random.
 */
#ifndef TESSERA_VECTORS_TRACE_SOURCE_H
#define TESSERA_VECTORS_TRACE_SOURCE_H

#include "tessera/error.h"
#include "vectors/layout.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ts_trace_source;

/** For so many rows; NULL with a line in `error`. */
struct ts_trace_source *ts_trace_source_open(const char *path, const struct ts_layout *layout,
                                             uint64_t rows, uint64_t seed, struct ts_error *error);

/** Puts the run's operands into a random row; false with a line in `error`. */
bool ts_trace_overlay(struct ts_trace_source *source, struct ts_row *row, struct ts_error *error);

/** Tells the results of a row, which a later one may take up. */
void ts_trace_result(struct ts_trace_source *source, const uint64_t *out);

void ts_trace_source_close(struct ts_trace_source *source); /**< NULL is allowed */

#ifdef __cplusplus
}
#endif
#endif
