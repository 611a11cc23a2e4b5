/* SPDX-License-Identifier: Apache-2.0 */
#include "replay/part.h"

#include <stdlib.h>

/* Kept in a cache by whoever works on a part. */
enum { MAX_COLUMNS = 512 };

static int64_t area(int height, int width)
{
    return (int64_t)height * width;
}

static struct ts_conv conv_of(const struct ts_event *e)
{
    return ts_lowered_conv(e->layer, e->samples);
}

/* The convolution that a part is. */
static struct ts_conv conv_of_part(const struct ts_event *e, const struct ts_part *part)
{
    struct ts_conv c = conv_of(e);
    *(e->pass == TS_GRAD ? &c.in_channels : &c.images) = part->outers;
    *(e->pass == TS_BWD ? &c.in_channels : &c.out_channels) = part->cols;
    return c;
}

/* A tensor: [outer][channels][plane]. */
struct tensor {
    enum ts_tensor which;
    int64_t outer, channels, plane;
};

static struct tensor tensor_of(const struct ts_event *e, enum ts_tensor which)
{
    const struct ts_layer *l = e->layer;
    switch (which) {
    case TS_TENSOR_X:
        return (struct tensor){which, e->samples, l->in_channels, area(l->in_height, l->in_width)};
    case TS_TENSOR_W:
        return (struct tensor){which, l->out_channels, l->in_channels,
                               area(l->kernel_height, l->kernel_width)};
    default:
        return (struct tensor){which, e->samples, l->out_channels,
                               area(l->out_height, l->out_width)};
    }
}

static bool failed(const struct ts_event *e, const char *why, struct ts_error *error)
{
    return ts_error_set(error, "layer %s, %s: %s", e->layer->name, ts_pass_name(e->pass), why);
}

/* Codes of a range of the outer extent or, of all of it, of the channels: one vector. */
static bool pack_piece(const struct ts_event *e, struct tensor t, bool by_channel, int64_t first,
                       int64_t count, int phase, struct ts_packed *packed, struct ts_error *error)
{
    int64_t line = (by_channel ? count : t.channels) * t.plane;
    int64_t lines = by_channel ? t.outer : count;
    int64_t at = first * (by_channel ? t.plane : t.channels * t.plane);
    uint16_t *codes = malloc((size_t)(lines * line) * sizeof *codes);
    if (!codes)
        return failed(e, "out of memory for codes", error);
    for (int64_t i = 0; i < lines; i++)
        ts_operands_codes(e->operands, t.which, phase, (size_t)(at + i * t.channels * t.plane),
                          (size_t)line, codes + i * line);
    const char *why = ts_pack(packed, ts_operands_format(e->operands, t.which, phase), 1,
                              lines * line, codes, sizeof *codes, 0, 1);
    free(codes);
    return !why || failed(e, why, error);
}

int64_t ts_part_rows(const struct ts_event *e)
{
    const struct ts_layer *l = e->layer;
    if (e->pass == TS_GRAD)
        return area(l->kernel_height, l->kernel_width);
    return e->pass == TS_FWD ? area(l->out_height, l->out_width) : area(l->in_height, l->in_width);
}

static int64_t between(int64_t x, int64_t low, int64_t high)
{
    return x < low ? low : x > high ? high : x;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

struct ts_part ts_part_size(const struct ts_event *e, int64_t elements)
{
    struct tensor a = tensor_of(e, ts_lowered_tensor_a(e->pass));
    struct tensor b = tensor_of(e, ts_lowered_tensor_b(e->pass));
    bool grad = e->pass == TS_GRAD, forward = e->pass == TS_FWD;
    int64_t outers = grad ? a.channels : a.outer, cols = forward ? b.outer : b.channels;
    int64_t row = (grad ? a.outer : a.channels) * a.plane;
    int64_t col = (forward ? b.channels : b.outer) * b.plane;
    struct ts_part part = {.cols = between(elements / col, 1, between(cols, 1, MAX_COLUMNS))};
    part.outers = between(elements / larger(row, ts_part_rows(e) * part.cols), 1, outers);
    return part;
}

bool ts_part_pack_a(const struct ts_event *e, const struct ts_part *part, int phase,
                    struct ts_packed *tensor, struct ts_packed *a, struct ts_error *error)
{
    *a = *tensor = (struct ts_packed){0};
    if (!pack_piece(e, tensor_of(e, ts_lowered_tensor_a(e->pass)), e->pass == TS_GRAD, part->outer,
                    part->outers, phase, tensor, error))
        return false;
    struct ts_conv conv = conv_of_part(e, part);
    const char *why = ts_conv_pack(a, &conv, ts_lowered_pass(e->pass), TS_CONV_A, tensor);
    return !why || failed(e, why, error);
}

bool ts_part_pack_b(const struct ts_event *e, const struct ts_part *part, int phase,
                    struct ts_packed *b, struct ts_error *error)
{
    struct ts_packed tensor = {0}, view;
    struct ts_conv conv = conv_of_part(e, part);
    const char *why = NULL;
    *b = (struct ts_packed){0};
    bool ok = pack_piece(e, tensor_of(e, ts_lowered_tensor_b(e->pass)), e->pass != TS_FWD,
                         part->col, part->cols, phase, &tensor, error);
    if (ok)
        why = ts_conv_pack(&view, &conv, ts_lowered_pass(e->pass), TS_CONV_B, &tensor);
    if (ok && !why)
        why = ts_packed_copy(b, &view, 0, view.vectors);
    ts_packed_free(&tensor);
    return ok && (!why || failed(e, why, error));
}

bool ts_part_gemm(const struct ts_event *e, const struct ts_packed *a, const struct ts_packed *b,
                  struct ts_gemm *gemm, struct ts_error *error)
{
    const struct ts_design *design = e->operands->design;
    bool scaled = design->modes != TS_MODE_FP16 && e->pass != TS_FWD;
    *gemm = (struct ts_gemm){
        .a = a,
        .b = b,
        .lanes = design->array.lanes,
        .chunk = design->accumulator.chunk,
        .variant = design->accumulator.variant,
        .outer = design->accumulator.outer,
        .saturate = design->accumulator.saturate,
        .escale = scaled ? -e->operands->k : 0,
    };
    const char *why = ts_gemm_check(gemm);
    return !why || failed(e, why, error);
}
