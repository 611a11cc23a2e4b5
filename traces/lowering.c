/* SPDX-License-Identifier: Apache-2.0 */
/* The three GEMMs of a layer: which element stands where, and gathering them. */
#include "tessera/lowering.h"

#include <stdint.h>
#include <string.h>

/*
 * A row of A or B is a sequence of runs of `count` elements, `stride` apart in
 * the tensor. Of a run, only elements begin..end-1 exist, the others are
 * structural zeros; `first` is where element `begin` stands.
 */
struct run {
    size_t count, begin, end;
    size_t first, stride;
};

static const struct run EMPTY = {0, 0, 0, 0, 0};

static size_t area(int height, int width)
{
    return (size_t)height * (size_t)width;
}

/* (outer, y, x) of an index. */
struct place {
    size_t outer;
    int y, x;
};

static struct place place_of(size_t index, int height, int width)
{
    size_t plane = area(height, width);
    size_t rest = index % plane;
    struct place p = {index / plane, (int)(rest / (size_t)width), (int)(rest % (size_t)width)};
    return p;
}

static bool within(int value, int end)
{
    return value >= 0 && value < end;
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

void ts_lowered_shape(const struct ts_layer *l, int samples, enum ts_pass pass, size_t *m,
                      size_t *n, size_t *k)
{
    size_t taps = area(l->kernel_height, l->kernel_width);
    size_t in = (size_t)samples * area(l->in_height, l->in_width);
    size_t out = (size_t)samples * area(l->out_height, l->out_width);
    size_t ic = (size_t)l->in_channels;
    size_t oc = (size_t)l->out_channels;
    *m = pass == TS_FWD ? out : pass == TS_BWD ? in : ic * taps;
    *n = pass == TS_BWD ? ic : oc;
    *k = pass == TS_FWD ? taps * ic : pass == TS_BWD ? taps * oc : out;
}

/* FWD: all input channels under tap `r` of the window of output `row`. */
static struct run fwd_run(const struct ts_layer *l, size_t row, size_t r)
{
    struct place out = place_of(row, l->out_height, l->out_width);
    struct place tap = place_of(r, l->kernel_height, l->kernel_width);
    int y = out.y * l->stride_height - l->pad_height + tap.y;
    int x = out.x * l->stride_width - l->pad_width + tap.x;
    struct run run = EMPTY;
    run.count = (size_t)l->in_channels;
    if (!within(y, l->in_height) || !within(x, l->in_width))
        return run;
    run.stride = area(l->in_height, l->in_width);
    run.end = run.count;
    run.first = out.outer * run.count * run.stride + area(y, l->in_width) + (size_t)x;
    return run;
}

/* BWD: all output channels of the output that met input `row` under tap `r`, if one did. */
static struct run bwd_run(const struct ts_layer *l, size_t row, size_t r)
{
    struct place in = place_of(row, l->in_height, l->in_width);
    struct place tap = place_of(r, l->kernel_height, l->kernel_width);
    int y = in.y + l->pad_height - tap.y;
    int x = in.x + l->pad_width - tap.x;
    struct run run = EMPTY;
    run.count = (size_t)l->out_channels;
    if (y % l->stride_height || x % l->stride_width)
        return run;
    y /= l->stride_height;
    x /= l->stride_width;
    if (!within(y, l->out_height) || !within(x, l->out_width))
        return run;
    run.stride = area(l->out_height, l->out_width);
    run.end = run.count;
    run.first = in.outer * run.count * run.stride + area(y, l->out_width) + (size_t)x;
    return run;
}

/* GRAD: under one tap of one input channel (`row`), the inputs of line `r` of the outputs. */
static struct run grad_run(const struct ts_layer *l, size_t row, size_t r)
{
    struct place tap = place_of(row, l->kernel_height, l->kernel_width);
    size_t sample = r / (size_t)l->out_height;
    int out_y = (int)(r % (size_t)l->out_height);
    int y = out_y * l->stride_height - l->pad_height + tap.y;
    int x = tap.x - l->pad_width;
    int begin = x < 0 ? (-x + l->stride_width - 1) / l->stride_width : 0;
    int end = x < l->in_width ? (l->in_width - 1 - x) / l->stride_width + 1 : 0;
    if (end > l->out_width)
        end = l->out_width;
    struct run run = EMPTY;
    run.count = (size_t)l->out_width;
    if (!within(y, l->in_height) || begin >= end)
        return run;
    run.begin = (size_t)begin;
    run.end = (size_t)end;
    run.stride = (size_t)l->stride_width;
    size_t line = (sample * (size_t)l->in_channels + tap.outer) * (size_t)l->in_height + (size_t)y;
    run.first = line * (size_t)l->in_width + (size_t)(x + begin * l->stride_width);
    return run;
}

static struct run a_run(const struct ts_layer *l, enum ts_pass pass, size_t row, size_t r)
{
    switch (pass) {
    case TS_FWD:
        return fwd_run(l, row, r);
    case TS_BWD:
        return bwd_run(l, row, r);
    case TS_GRAD:
        break;
    }
    return grad_run(l, row, r);
}

static size_t a_run_length(const struct ts_layer *l, enum ts_pass pass)
{
    return (size_t)(pass == TS_FWD   ? l->in_channels
                    : pass == TS_BWD ? l->out_channels
                                     : l->out_width);
}

/* A row of B is one run. */
static struct run b_run(const struct ts_layer *l, enum ts_pass pass, size_t row)
{
    size_t ic = (size_t)l->in_channels;
    size_t oc = (size_t)l->out_channels;
    size_t taps = area(l->kernel_height, l->kernel_width);
    size_t plane = area(l->out_height, l->out_width);
    struct run run = EMPTY;
    switch (pass) {
    case TS_FWD: /* row = (tap, ic), a column per oc */
        run.count = oc;
        run.stride = ic * taps;
        run.first = row % ic * taps + row / ic;
        break;
    case TS_BWD: /* row = (tap, oc), a column per ic */
        run.count = ic;
        run.stride = taps;
        run.first = row % oc * ic * taps + row / oc;
        break;
    case TS_GRAD: /* row = (sample, output), a column per oc */
        run.count = oc;
        run.stride = plane;
        run.first = row / plane * oc * plane + row % plane;
        break;
    }
    run.end = run.count;
    return run;
}

size_t ts_lowered_a(const struct ts_layer *l, enum ts_pass pass, size_t row, size_t k)
{
    size_t length = a_run_length(l, pass);
    struct run run = a_run(l, pass, row, k / length);
    size_t i = k % length;
    return i < run.begin || i >= run.end ? TS_NO_ELEMENT : run.first + (i - run.begin) * run.stride;
}

size_t ts_lowered_b(const struct ts_layer *l, enum ts_pass pass, size_t k, size_t column)
{
    struct run run = b_run(l, pass, k);
    return run.first + column * run.stride;
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

/* Copies `n` elements that are `stride` apart in the tensor. */
#define COPY(type)                                                                                 \
    for (size_t i = 0; i < n; i++)                                                                 \
    ((type *)out)[i] = ((const type *)tensor)[first + i * stride]

static void copy(void *out, const void *tensor, size_t size, size_t first, size_t stride, size_t n)
{
    switch (size) {
    case 1:
        COPY(uint8_t);
        break;
    case 2:
        COPY(uint16_t);
        break;
    case 4:
        COPY(uint32_t);
        break;
    default:
        COPY(uint64_t);
        break;
    }
}

#undef COPY

static char *gather(char *out, const void *tensor, size_t size, struct run run)
{
    memset(out, 0, run.begin * size);
    copy(out + run.begin * size, tensor, size, run.first, run.stride, run.end - run.begin);
    memset(out + run.end * size, 0, (run.count - run.end) * size);
    return out + run.count * size;
}

void ts_lower_a(const struct ts_layer *l, int samples, enum ts_pass pass, const void *tensor,
                size_t size, size_t first, size_t rows, void *matrix)
{
    size_t m;
    size_t n;
    size_t k;
    ts_lowered_shape(l, samples, pass, &m, &n, &k);
    size_t runs = k / a_run_length(l, pass);
    char *out = matrix;
    for (size_t row = first; row < first + rows; row++)
        for (size_t r = 0; r < runs; r++)
            out = gather(out, tensor, size, a_run(l, pass, row, r));
}

void ts_lower_b(const struct ts_layer *l, enum ts_pass pass, const void *tensor, size_t size,
                size_t first, size_t rows, void *matrix)
{
    char *out = matrix;
    for (size_t row = first; row < first + rows; row++)
        out = gather(out, tensor, size, b_run(l, pass, row));
}
