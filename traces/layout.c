/* SPDX-License-Identifier: Apache-2.0 */
/* Names and shapes of layout version 1, shared by reader and writer. */
#include "layout.h"

#include <math.h>

#define RUN(member)                                                                                \
    {                                                                                              \
#member, offsetof(struct ts_run, member)                                                   \
    }
#define LAYER(member)                                                                              \
    {                                                                                              \
#member, offsetof(struct ts_layer, member)                                                 \
    }

const struct layout_string layout_strings[LAYOUT_STRINGS] = {
    RUN(framework), RUN(framework_version), RUN(script), RUN(command), RUN(dataset),
    RUN(model),     RUN(quantization),
};

const struct layout_int layout_extents[LAYOUT_EXTENTS] = {
    LAYER(in_channels),   LAYER(out_channels), LAYER(in_height),     LAYER(in_width),
    LAYER(out_height),    LAYER(out_width),    LAYER(kernel_height), LAYER(kernel_width),
    LAYER(stride_height), LAYER(stride_width), LAYER(pad_height),    LAYER(pad_width),
};

bool layout_is_loss_scale(double scale)
{
    int exponent;
    return scale >= LOSS_SCALE_MIN && scale <= LOSS_SCALE_MAX && frexp(scale, &exponent) == 0.5;
}

int layout_shape(const struct ts_layer *l, int samples, enum ts_tensor tensor, hsize_t *shape)
{
    shape[0] = (hsize_t)(tensor == TS_TENSOR_W ? l->out_channels : samples);
    shape[1] = (hsize_t)(tensor == TS_TENSOR_DY ? l->out_channels : l->in_channels);
    if (l->kind == TS_LINEAR)
        return 2;
    shape[2] = (hsize_t)(tensor == TS_TENSOR_X   ? l->in_height
                         : tensor == TS_TENSOR_W ? l->kernel_height
                                                 : l->out_height);
    shape[3] = (hsize_t)(tensor == TS_TENSOR_X   ? l->in_width
                         : tensor == TS_TENSOR_W ? l->kernel_width
                                                 : l->out_width);
    return 4;
}

size_t layout_first_bad(const float *values, size_t n)
{
    size_t i = 0;
    while (i < n && isfinite(values[i]))
        i++;
    return i;
}
