/* SPDX-License-Identifier: Apache-2.0 */
/* Layers of a workload: what is sound, and what follows from them. */
#include "tessera/workload.h"

#include "workload/fields.h"

#include <inttypes.h>
#include <stdlib.h>

/* All counts of a step, and their sums, stay below this. */
static const double MAX_COUNT = 0x1p60;

bool ts_workload_add(struct ts_workload *workload, const struct ts_work_layer *layer)
{
    size_t n = workload->n;
    if ((n & (n - 1)) == 0) { /* full: a power of two, or none */
        size_t room = n ? 2 * n : 1;
        struct ts_work_layer *more = realloc(workload->layers, room * sizeof *more);
        if (!more)
            return false;
        workload->layers = more;
    }
    workload->layers[workload->n++] = *layer;
    return true;
}

void ts_workload_free(struct ts_workload *workload)
{
    free(workload->layers);
    workload->layers = NULL;
    workload->n = 0;
}

bool ts_work_is_gemm(const struct ts_work_layer *layer)
{
    return layer->kind <= TS_WORK_MATMUL;
}

/* ---- GEMMs ---- */

/* What a transposed conv makes of an extent; the conv behind it makes the extent of that. */
static int64_t transposed_extent(int64_t in, int64_t kernel, int64_t stride, int64_t pad,
                                 int64_t dilation, int64_t output_pad)
{
    return (in - 1) * stride - 2 * pad + dilation * (kernel - 1) + output_pad + 1;
}

static struct ts_conv conv_of(const struct ts_work_layer *l, int64_t images)
{
    struct ts_conv conv = {
        .images = images,
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
        .dilation_height = l->dilation_height,
        .dilation_width = l->dilation_width,
        .groups = l->kind == TS_WORK_MATMUL ? 1 : l->groups,
    };
    if (l->transposed) {
        conv.in_channels = l->out_channels;
        conv.out_channels = l->in_channels;
        conv.in_height = transposed_extent(l->in_height, l->kernel_height, l->stride_height,
                                           l->pad_height, l->dilation_height, l->output_pad_height);
        conv.in_width = transposed_extent(l->in_width, l->kernel_width, l->stride_width,
                                          l->pad_width, l->dilation_width, l->output_pad_width);
    }
    return conv;
}

/* A matmul's batch is products of their own, each with its own B. */
static int64_t images_of(const struct ts_work_layer *l, int64_t batch)
{
    return l->kind == TS_WORK_MATMUL ? l->rows : l->rows * batch;
}

struct ts_conv ts_work_conv(const struct ts_work_layer *l, int64_t batch, enum ts_pass pass,
                            enum ts_conv_pass *conv_pass)
{
    *conv_pass = ts_lowered_pass(pass);
    if (l->transposed && pass != TS_GRAD)
        *conv_pass = pass == TS_FWD ? TS_CONV_BACKWARD : TS_CONV_FORWARD;
    return conv_of(l, images_of(l, batch) * (pass == TS_GRAD ? l->repeat : 1));
}

void ts_work_out(const struct ts_work_layer *l, int64_t *height, int64_t *width)
{
    struct ts_conv conv = conv_of(l, 1);
    *height = l->transposed ? conv.in_height : ts_conv_out_height(&conv);
    *width = l->transposed ? conv.in_width : ts_conv_out_width(&conv);
}

struct ts_work_gemm ts_work_gemm_of(const struct ts_work_layer *l, int64_t batch, enum ts_pass pass)
{
    enum ts_conv_pass conv_pass;
    struct ts_conv conv = ts_work_conv(l, batch, pass, &conv_pass);
    struct ts_work_gemm g;
    ts_conv_shape(&conv, conv_pass, &g.m, &g.n, &g.k);
    g.count = l->kind == TS_WORK_MATMUL ? l->groups * batch : l->groups;
    if (pass != TS_GRAD)
        g.count *= l->repeat;
    bool of_out = conv_pass == TS_CONV_BACKWARD; /* A is gathered from the conv's output */
    g.unique = conv.images *
               (of_out ? ts_conv_out_height(&conv) * ts_conv_out_width(&conv) * conv.out_channels
                       : conv.in_height * conv.in_width * conv.in_channels) /
               conv.groups;
    g.lowered = g.m * g.k;
    if (g.unique > g.lowered)
        g.unique = g.lowered;
    return g;
}

int64_t ts_work_macs(const struct ts_work_layer *l, int64_t batch, enum ts_pass pass)
{
    if (!ts_work_is_gemm(l) || (l->first && pass == TS_BWD))
        return 0;
    struct ts_work_gemm g = ts_work_gemm_of(l, batch, pass);
    return g.m * g.n * g.k * g.count;
}

static int64_t weights(const struct ts_work_layer *l)
{
    return l->out_channels * (l->in_channels / (l->kind == TS_WORK_MATMUL ? 1 : l->groups)) *
           l->kernel_height * l->kernel_width;
}

int64_t ts_work_elements(const struct ts_work_layer *l, int64_t batch, enum ts_tensor tensor)
{
    int64_t height;
    int64_t width;
    int64_t times = l->kind == TS_WORK_MATMUL ? batch * l->groups : 1;
    int64_t images = images_of(l, batch) * l->repeat * times;
    ts_work_out(l, &height, &width);
    switch (tensor) {
    case TS_TENSOR_X:
        return images * l->in_channels * l->in_height * l->in_width;
    case TS_TENSOR_W:
        return weights(l) * times;
    case TS_TENSOR_DY:
        break;
    }
    return images * l->out_channels * height * width;
}

int64_t ts_work_parameters(const struct ts_work_layer *l)
{
    if (!ts_work_is_gemm(l))
        return l->parameters;
    if (l->kind == TS_WORK_MATMUL || l->shared)
        return 0;
    return weights(l) + (l->bias ? l->out_channels : 0);
}

/* ---- what is sound ---- */

static bool check_fields(const struct ts_work_layer *layer, struct ts_error *error)
{
    struct ts_work_layer l = *layer;
    for (size_t i = 0; i < work_fields_n; i++) {
        const struct work_field *f = &work_fields[i];
        int64_t value = *work_value(f, &l);
        if (work_has(f, l.kind) && (value < f->min || value > f->max))
            return ts_error_set(error, "%s is %" PRId64 "; it must be %" PRId64 " to %" PRId64,
                                f->name, value, f->min, f->max);
    }
    return true;
}

static bool check_window(const char *what, int64_t in, int64_t kernel, int64_t pad,
                         int64_t dilation, struct ts_error *error)
{
    if (dilation * (kernel - 1) < in + 2 * pad)
        return true;
    return ts_error_set(error,
                        "kernel_%s %" PRId64 " of dilation %" PRId64 " exceeds in_%s %" PRId64
                        " with %" PRId64 " of padding on each side",
                        what, kernel, dilation, what, in, pad);
}

static bool check_transposed(const struct ts_work_layer *l, const struct ts_conv *conv,
                             struct ts_error *error)
{
    if (!l->transposed)
        return (!l->output_pad_height && !l->output_pad_width) ||
               ts_error_set(error, "output_pad is for transposed convolutions");
    if (l->output_pad_height >= l->stride_height || l->output_pad_width >= l->stride_width)
        return ts_error_set(error, "output_pad must be below the stride");
    if (conv->in_height < 1 || conv->in_width < 1)
        return ts_error_set(error, "pad leaves no output");
    return true;
}

static bool check_conv(const struct ts_work_layer *l, const struct ts_conv *conv,
                       struct ts_error *error)
{
    if (l->in_channels % l->groups)
        return ts_error_set(error, "in_channels %" PRId64 " is no multiple of groups %" PRId64,
                            l->in_channels, l->groups);
    if (l->out_channels % l->groups)
        return ts_error_set(error, "out_channels %" PRId64 " is no multiple of groups %" PRId64,
                            l->out_channels, l->groups);
    return check_transposed(l, conv, error) &&
           check_window("height", conv->in_height, l->kernel_height, l->pad_height,
                        l->dilation_height, error) &&
           check_window("width", conv->in_width, l->kernel_width, l->pad_width, l->dilation_width,
                        error);
}

/* Multiply-accumulates of three passes, as if groups were none; a bound from above. */
static double count_gemm(const struct ts_work_layer *l, const struct ts_conv *c, int64_t batch)
{
    double times = l->kind == TS_WORK_MATMUL ? (double)l->groups * (double)batch : 1;
    double points = (double)c->in_height * (double)c->in_width +
                    (double)ts_conv_out_height(c) * (double)ts_conv_out_width(c);
    return TS_PASSES * times * points * (double)c->images * (double)c->in_channels *
           (double)c->out_channels * (double)c->kernel_height * (double)c->kernel_width;
}

static bool check_gemm(const struct ts_work_layer *l, int64_t batch, double *count,
                       struct ts_error *error)
{
    if ((double)l->rows * (double)batch * (double)l->repeat > WORK_MAX_EXTENT)
        return ts_error_set(error, "%s times batch times repeat is above %d",
                            l->kind == TS_WORK_CONV ? "images" : "rows", WORK_MAX_EXTENT);
    struct ts_conv conv = conv_of(l, images_of(l, batch) * l->repeat);
    if (l->kind == TS_WORK_CONV && !check_conv(l, &conv, error))
        return false;
    const char *problem = ts_conv_check(&conv);
    if (problem && l->kind != TS_WORK_CONV)
        return ts_error_set(error,
                            "a product of %" PRId64 " x %" PRId64 " x %" PRId64
                            " is too large; make one of them smaller",
                            l->rows, l->in_channels, l->out_channels);
    if (problem)
        return ts_error_set(error, "%s; make an extent or the channels smaller", problem);
    *count = count_gemm(l, &conv, batch);
    return true;
}

static bool check_layer(const struct ts_work_layer *l, int64_t batch, double *count,
                        struct ts_error *error)
{
    if (!*l->name)
        return ts_error_set(error, "name is missing");
    if (!check_fields(l, error))
        return false;
    if (ts_work_is_gemm(l))
        return check_gemm(l, batch, count, error);
    *count = (double)l->elements * (double)batch + (double)l->parameters;
    return true;
}

bool work_check(const struct ts_work_layer *layer, int64_t batch, double *sum,
                struct ts_error *error)
{
    double count = 0;
    if (!check_layer(layer, batch, &count, error))
        return false;
    *sum += count;
    return *sum < MAX_COUNT ||
           ts_error_set(error,
                        "with it, a step has more than 2^60 multiply-accumulates and elements");
}

bool ts_workload_check(const struct ts_workload *w, struct ts_error *error)
{
    struct ts_error problem;
    double sum = 0;
    if (w->batch < 1 || w->batch > WORK_MAX_EXTENT)
        return ts_error_set(error, "batch is %" PRId64 "; it must be 1 to %d", w->batch,
                            WORK_MAX_EXTENT);
    if (w->n == 0 || w->n > WORK_MAX_LAYERS)
        return ts_error_set(error, "%zu layers; there must be 1 to %d", w->n, WORK_MAX_LAYERS);
    for (size_t i = 0; i < w->n; i++)
        if (!work_check(&w->layers[i], w->batch, &sum, &problem))
            return ts_error_set(error, "layers[%zu] '%s': %s", i, w->layers[i].name, problem.text);
    return true;
}
