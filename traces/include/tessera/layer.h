/* SPDX-License-Identifier: Apache-2.0 */
/** @file A layer's geometry, its tensors and their sizes. */
#ifndef TESSERA_LAYER_H
#define TESSERA_LAYER_H

#include "tessera/error.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum ts_layer_kind { TS_CONV2D, TS_LINEAR };

/** A linear layer has heights, widths, kernel and stride 1 and padding 0. */
struct ts_layer {
    const char *name;
    enum ts_layer_kind kind;
    int in_channels, out_channels;
    int in_height, in_width;
    int out_height, out_width;
    int kernel_height, kernel_width;
    int stride_height, stride_width;
    int pad_height, pad_width;
};

/**
 * The tensors of a layer, C order: X [samples, in_channels, in_height, in_width],
 * W [out_channels, in_channels, kernel_height, kernel_width],
 * dY [samples, out_channels, out_height, out_width].
 */
enum ts_tensor { TS_TENSOR_X, TS_TENSOR_W, TS_TENSOR_DY };

enum { TS_TENSORS = 3 };

/** "conv2d", "linear"; "X", "W", "dY". */
const char *ts_layer_kind_name(enum ts_layer_kind kind);
const char *ts_tensor_name(enum ts_tensor tensor);

/** Elements of a tensor. */
size_t ts_tensor_elements(const struct ts_layer *layer, int samples, enum ts_tensor tensor);

/** Multiply-accumulates of FWD, which are those of GRAD; BWD has as many without the zeros that a
 * stride puts in. Padding counts. */
size_t ts_layer_macs(const struct ts_layer *layer, int samples);

/** Whether the geometry is consistent and the sizes fit; if not, one line without a file's name. */
bool ts_layer_check(const struct ts_layer *layer, int samples, struct ts_error *error);

#ifdef __cplusplus
}
#endif
#endif
