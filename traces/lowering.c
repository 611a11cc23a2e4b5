/* SPDX-License-Identifier: Apache-2.0 */
/* The three GEMMs of a layer: which element stands where. */
#include "tessera/lowering.h"

static size_t area(int height, int width)
{
    return (size_t)height * (size_t)width;
}

const char *ts_pass_name(enum ts_pass pass)
{
    static const char *const names[TS_PASSES] = {"fwd", "bwd", "grad"};
    return names[pass];
}

enum ts_tensor ts_lowered_tensor_a(enum ts_pass pass)
{
    return pass == TS_BWD ? TS_TENSOR_DY : TS_TENSOR_X;
}

enum ts_tensor ts_lowered_tensor_b(enum ts_pass pass)
{
    return pass == TS_GRAD ? TS_TENSOR_DY : TS_TENSOR_W;
}

struct ts_conv ts_lowered_conv(const struct ts_layer *l, int samples)
{
    return (struct ts_conv){
        .images = samples,
        .in_channels = l->in_channels,
        .out_channels = l->out_channels,
        .in_height = l->in_height,
        .in_width = l->in_width,
        .kernel_height = l->kernel_height,
        .kernel_width = l->kernel_width,
        .stride_height = l->stride_height,
        .stride_width = l->stride_width,
        .pad_height = l->pad_height,
        .pad_width = l->pad_width,
        .dilation_height = 1,
        .dilation_width = 1,
        .groups = 1,
    };
}

enum ts_conv_pass ts_lowered_pass(enum ts_pass pass)
{
    static const enum ts_conv_pass passes[TS_PASSES] = {TS_CONV_FORWARD, TS_CONV_BACKWARD,
                                                        TS_CONV_GRADIENT};
    return passes[pass];
}

void ts_lowered_shape(const struct ts_layer *l, int samples, enum ts_pass pass, size_t *m,
                      size_t *n, size_t *k)
{
    struct ts_conv conv = ts_lowered_conv(l, samples);
    int64_t rows;
    int64_t columns;
    int64_t depth;
    ts_conv_shape(&conv, ts_lowered_pass(pass), &rows, &columns, &depth);
    *m = (size_t)rows;
    *n = (size_t)columns;
    *k = (size_t)depth;
}

/* Where elements stand does not depend on the number of samples. */
static size_t element(const struct ts_layer *l, enum ts_pass pass, enum ts_conv_operand which,
                      size_t vector, size_t k)
{
    struct ts_conv conv = ts_lowered_conv(l, 1);
    struct ts_view view = ts_conv_view(&conv, ts_lowered_pass(pass), which);
    int64_t index = ts_view_index(&view, (int64_t)vector, (int64_t)k);
    return index < 0 ? TS_NO_ELEMENT : (size_t)index;
}

size_t ts_lowered_a(const struct ts_layer *l, enum ts_pass pass, size_t row, size_t k)
{
    return element(l, pass, TS_CONV_A, row, k);
}

size_t ts_lowered_b(const struct ts_layer *l, enum ts_pass pass, size_t k, size_t column)
{
    return element(l, pass, TS_CONV_B, column, k);
}

size_t ts_lowered_c(const struct ts_layer *l, enum ts_pass pass, size_t row, size_t column)
{
    if (pass == TS_GRAD) /* dW [oc][ic, kh, kw] */
        return column * (size_t)l->in_channels * area(l->kernel_height, l->kernel_width) + row;
    size_t plane =
        pass == TS_FWD ? area(l->out_height, l->out_width) : area(l->in_height, l->in_width);
    size_t channels = (size_t)(pass == TS_FWD ? l->out_channels : l->in_channels);
    return (row / plane * channels + column) * plane + row % plane;
}
