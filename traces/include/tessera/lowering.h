/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The three GEMMs of a layer as views of its tensors: C[M,N] = A[M,K] * B[K,N].
 *
 * |   | FWD Y = X*W  | BWD dX = dY*W | GRAD dW = X*dY |
 * |---|--------------|---------------|----------------|
 * | M | n, oh, ow    | n, ih, iw     | ic, kh, kw     |
 * | N | oc           | ic            | oc             |
 * | K | kh, kw, ic   | kh, kw, oc    | n, oh, ow      |
 * | A | X            | dY            | X              |
 * | B | W            | W             | dY             |
 *
 * Outermost index first. Padding, and in BWD the holes of a stride, are zeros
 * that keep their k. (A and B are matrices here, not the ports a and b of a
 * multiplier: in BWD the machine feeds W to port a.)
 */
#ifndef TESSERA_LOWERING_H
#define TESSERA_LOWERING_H

#include "tessera/conv.h"
#include "tessera/layer.h"

#ifdef __cplusplus
extern "C" {
#endif

enum ts_pass { TS_FWD, TS_BWD, TS_GRAD };

enum { TS_PASSES = 3 };

/** "fwd", "bwd", "grad". */
const char *ts_pass_name(enum ts_pass pass);

/** The tensors that A and B are gathered from. */
enum ts_tensor ts_lowered_tensor_a(enum ts_pass pass);
enum ts_tensor ts_lowered_tensor_b(enum ts_pass pass);

/** The layer as the GEMM engine knows it: its operands need no lowered matrices. */
struct ts_conv ts_lowered_conv(const struct ts_layer *layer, int samples);
enum ts_conv_pass ts_lowered_pass(enum ts_pass pass);

void ts_lowered_shape(const struct ts_layer *layer, int samples, enum ts_pass pass, size_t *m,
                      size_t *n, size_t *k);

/** Stands for a structural zero. */
#define TS_NO_ELEMENT ((size_t)-1)

/** Index in its tensor of A[row,k], or TS_NO_ELEMENT. */
size_t ts_lowered_a(const struct ts_layer *layer, enum ts_pass pass, size_t row, size_t k);

/** Index in its tensor of B[k,column]; B has no structural zeros. */
size_t ts_lowered_b(const struct ts_layer *layer, enum ts_pass pass, size_t k, size_t column);

/** Index of C[row,column] in Y, dX or dW, which have the shapes of dY, X and W. */
size_t ts_lowered_c(const struct ts_layer *layer, enum ts_pass pass, size_t row, size_t column);

#ifdef __cplusplus
}
#endif
#endif
