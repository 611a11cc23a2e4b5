/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Convolutions as GEMMs whose lowered matrices do not exist.
 *
 * The three GEMMs of training, C[M,N] = sum over k of A[M,K] * B[K,N], outermost index first:
 *
 * |   | forward Y = X*W | backward dX = dY*W | gradient dW = X*dY |
 * |---|-----------------|--------------------|--------------------|
 * | M | n, oh, ow       | n, ih, iw          | ic, kh, kw         |
 * | N | oc              | ic                 | oc                 |
 * | K | kh, kw, ic      | kh, kw, oc         | n, oh, ow          |
 * | A | X               | dY                 | X                  |
 * | B | W               | W                  | dY                 |
 *
 * Padding, and in backward the holes of a stride, are zeros that keep their k. The channels are
 * those of one group: groups are GEMMs of their own. A linear layer has heights, widths, kernel,
 * stride and dilation 1 and padding 0.
 */
#ifndef TESSERA_CONV_H
#define TESSERA_CONV_H

#include "tessera/gemm.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ts_conv {
    int64_t images;
    int64_t in_channels, out_channels; /**< of all groups; multiples of `groups` */
    int64_t in_height, in_width;
    int64_t kernel_height, kernel_width;
    int64_t stride_height, stride_width;
    int64_t pad_height, pad_width; /**< zeros on each side */
    int64_t dilation_height, dilation_width;
    int64_t groups, group; /**< how many, and which one is meant */
    bool channels_last;    /**< X and dY are [n][h][w][c], W [oc][kh][kw][ic]: else [n][c][h][w] */
};

enum ts_conv_pass { TS_CONV_FORWARD, TS_CONV_BACKWARD, TS_CONV_GRADIENT };

enum ts_conv_operand { TS_CONV_A, TS_CONV_B };

/** NULL if the convolution is one, of at least one output, else one line saying why not. */
const char *ts_conv_check(const struct ts_conv *conv);

/** Of an output plane: (in + 2 * pad - dilation * (kernel - 1) - 1) / stride + 1. */
int64_t ts_conv_out_height(const struct ts_conv *conv);
int64_t ts_conv_out_width(const struct ts_conv *conv);

/** M, N and K of a pass, of one group. */
void ts_conv_shape(const struct ts_conv *conv, enum ts_conv_pass pass, int64_t *m, int64_t *n,
                   int64_t *k);

/**
 * An operand of a pass as a view of its tensor: X, W or dY, all groups, packed as one vector by
 * ts_pack(&tensor, format, 1, elements, codes, size, 0, 1). The tensor stays the caller's, and must
 * live as long as the view. Returns NULL, or one line that says what is wrong.
 */
const char *ts_conv_pack(struct ts_packed *operand, const struct ts_conv *conv,
                         enum ts_conv_pass pass, enum ts_conv_operand which,
                         const struct ts_packed *tensor);

/** The view itself, of a convolution that passes ts_conv_check(), for tensors of other elements. */
struct ts_view ts_conv_view(const struct ts_conv *conv, enum ts_conv_pass pass,
                            enum ts_conv_operand which);

/** Index in its tensor of vector v's element k, or -1 where there is a structural zero. */
int64_t ts_view_index(const struct ts_view *view, int64_t vector, int64_t k);

/**
 * Gathers elements k to k + n - 1 of a vector from a tensor, elements of `bits` (4, 8, 16 or 32),
 * without gaps, into zeros at `out`.
 */
void ts_view_gather(const struct ts_view *view, const void *tensor, int bits, int64_t vector,
                    int64_t k, int64_t n, void *out);

#ifdef __cplusplus
}
#endif
#endif
