/* SPDX-License-Identifier: Apache-2.0 */
/* Names and shapes of layout version 1, shared by reader and writer. */
#ifndef TESSERA_LAYOUT_H
#define TESSERA_LAYOUT_H

#include "tessera/trace.h"

#include <hdf5.h>

enum { LAYOUT_VERSION = 1, MAX_LAYERS = 1000, MAX_COUNT = 1 << 24 };

/* Loss scales that FP32 and its gradients survive. */
static const double LOSS_SCALE_MIN = 0x1p-64;
static const double LOSS_SCALE_MAX = 0x1p64;

struct layout_string {
    const char *name;
    size_t offset; /* in struct ts_run */
};

struct layout_int {
    const char *name;
    size_t offset; /* in struct ts_layer */
};

enum { LAYOUT_STRINGS = 7, LAYOUT_EXTENTS = 12 };

extern const struct layout_string layout_strings[LAYOUT_STRINGS];
extern const struct layout_int layout_extents[LAYOUT_EXTENTS];

bool layout_is_loss_scale(double scale);

/* Rank and shape of a tensor as stored: a linear layer's leave out the ones. */
int layout_shape(const struct ts_layer *layer, int samples, enum ts_tensor tensor, hsize_t *shape);

/* Index of the first element that is NaN or infinite, or n. */
size_t layout_first_bad(const float *values, size_t n);

#endif
