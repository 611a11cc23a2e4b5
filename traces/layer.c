/* SPDX-License-Identifier: Apache-2.0 */
/* A layer's geometry: what is consistent, and how large it is. */
#include "tessera/layer.h"

enum { MAX_EXTENT = 1 << 24 };

/* All products of extents stay below this, so that eight bytes of each fit in a size_t. */
static const double MAX_PRODUCT = 0x1p60;

const char *ts_layer_kind_name(enum ts_layer_kind kind)
{
    return kind == TS_CONV2D ? "conv2d" : "linear";
}

const char *ts_tensor_name(enum ts_tensor tensor)
{
    static const char *const names[TS_TENSORS] = {"X", "W", "dY"};
    return names[tensor];
}

static size_t product(size_t a, int b, int c, int d)
{
    return a * (size_t)b * (size_t)c * (size_t)d;
}

size_t ts_tensor_elements(const struct ts_layer *l, int samples, enum ts_tensor tensor)
{
    switch (tensor) {
    case TS_TENSOR_X:
        return product((size_t)samples, l->in_channels, l->in_height, l->in_width);
    case TS_TENSOR_W:
        return product((size_t)l->out_channels, l->in_channels, l->kernel_height, l->kernel_width);
    case TS_TENSOR_DY:
        break;
    }
    return product((size_t)samples, l->out_channels, l->out_height, l->out_width);
}

size_t ts_layer_macs(const struct ts_layer *l, int samples)
{
    return ts_tensor_elements(l, samples, TS_TENSOR_DY) *
           product(1, l->in_channels, l->kernel_height, l->kernel_width);
}

static bool check_extents(const struct ts_layer *l, struct ts_error *error)
{
    const struct {
        const char *name;
        int value, min;
    } extents[] = {
        {"in_channels", l->in_channels, 1},     {"out_channels", l->out_channels, 1},
        {"in_height", l->in_height, 1},         {"in_width", l->in_width, 1},
        {"out_height", l->out_height, 1},       {"out_width", l->out_width, 1},
        {"kernel_height", l->kernel_height, 1}, {"kernel_width", l->kernel_width, 1},
        {"stride_height", l->stride_height, 1}, {"stride_width", l->stride_width, 1},
        {"pad_height", l->pad_height, 0},       {"pad_width", l->pad_width, 0},
    };
    for (size_t i = 0; i < sizeof extents / sizeof *extents; i++)
        if (extents[i].value < extents[i].min || extents[i].value > MAX_EXTENT)
            return ts_error_set(error, "%s is %d; it must be %d to %d", extents[i].name,
                                extents[i].value, extents[i].min, MAX_EXTENT);
    return true;
}

static bool check_window(const char *what, int in, int out, int kernel, int stride, int pad,
                         struct ts_error *error)
{
    int room = in + 2 * pad - kernel;
    if (room < 0)
        return ts_error_set(error, "kernel_%s %d exceeds in_%s %d with %d of padding on each side",
                            what, kernel, what, in, pad);
    if (room / stride + 1 != out)
        return ts_error_set(error,
                            "out_%s is %d, but input %d, kernel %d, stride %d and padding %d give "
                            "%d (dilation and groups are not in this layout)",
                            what, out, in, kernel, stride, pad, room / stride + 1);
    return true;
}

bool ts_layer_check(const struct ts_layer *l, int samples, struct ts_error *error)
{
    if (!check_extents(l, error))
        return false;
    bool plain = l->in_height == 1 && l->in_width == 1 && l->out_height == 1 && l->out_width == 1 &&
                 l->kernel_height == 1 && l->kernel_width == 1 && l->stride_height == 1 &&
                 l->stride_width == 1 && l->pad_height == 0 && l->pad_width == 0;
    if (l->kind == TS_LINEAR && !plain)
        return ts_error_set(error, "a linear layer has heights, widths, kernel and stride 1 and "
                                   "padding 0");
    if (!check_window("height", l->in_height, l->out_height, l->kernel_height, l->stride_height,
                      l->pad_height, error) ||
        !check_window("width", l->in_width, l->out_width, l->kernel_width, l->stride_width,
                      l->pad_width, error))
        return false;
    double channels = (double)l->in_channels * l->out_channels;
    double taps = (double)l->kernel_height * l->kernel_width;
    double in = (double)l->in_height * l->in_width;
    double out = (double)l->out_height * l->out_width;
    if (samples * channels * taps * (in > out ? in : out) >= MAX_PRODUCT)
        return ts_error_set(error, "a GEMM of more than 2^60 multiply-accumulates");
    return true;
}
