/* SPDX-License-Identifier: Apache-2.0 */
/* Quantization of a layer's tensors: SAWB, PACT, GradScale and TPR, or dlfloat16. */
#include "replay/operands.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { INT4_TOP = 7, UINT4_TOP = 15, ESCALE_MIN = -64, ESCALE_MAX = 63 };

/* Codes of dY are made so many at a time. */
enum { PIECE = 1 << 14 };

static bool read_tensors(struct ts_operands *o, struct ts_trace *trace, int step, int layer,
                         struct ts_error *error)
{
    for (int t = 0; t < TS_TENSORS; t++) {
        size_t n = ts_trace_elements(trace, layer, (enum ts_tensor)t);
        o->elements[t] = n;
        o->real[t] = malloc(n * sizeof(float));
        if (!o->real[t])
            return ts_error_set(error, "%s: out of memory for a tensor of %zu elements",
                                ts_trace_path(trace), n);
        if (!ts_trace_read(trace, step, layer, (enum ts_tensor)t, o->real[t], error))
            return false;
    }
    return true;
}

static bool has_negatives(const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (x[i] < 0)
            return true;
    return false;
}

/* X: uint4 with PACT's clip, or the clip of least square error; int4 if it has negatives. */
static void quantize_x(struct ts_operands *o, double pact_alpha)
{
    const float *x = o->real[TS_TENSOR_X];
    size_t n = o->elements[TS_TENSOR_X];
    o->x_unsigned = !has_negatives(x, n);
    o->clip_source = o->x_unsigned && !isnan(pact_alpha) ? TS_CLIP_PACT : TS_CLIP_LEAST_MSE;
    o->x_clip = o->clip_source == TS_CLIP_PACT ? (float)pact_alpha
                                               : ts_least_mse_clip(x, n, !o->x_unsigned);
    o->scale[TS_TENSOR_X] = (double)o->x_clip / (o->x_unsigned ? UINT4_TOP : INT4_TOP);
}

static void quantize_w(struct ts_operands *o)
{
    const float *w = o->real[TS_TENSOR_W];
    size_t n = o->elements[TS_TENSOR_W];
    o->w_clip = ts_sawb_clip(w, n, &o->w_fell_back);
    o->scale[TS_TENSOR_W] = (double)o->w_clip / INT4_TOP;
}

static double share(size_t part, size_t whole)
{
    return whole ? (double)part / (double)whole : 0;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* dY's exponent: the whole batch's maximum is at the top of the even grid, as far as 2^-k fits
 * escale. */
static int exponent_of(float max_abs, const struct ts_design *design)
{
    int k = ts_gradscale_exponent(max_abs, (int)design->quantization.gradscale_target);
    if (-k < ESCALE_MIN)
        return -ESCALE_MIN;
    return -k > ESCALE_MAX ? -ESCALE_MAX : k;
}

/* What dY's codes of one piece and phase stand for, against dY. */
static void add_phase_error(const struct ts_operands *o, int phase, size_t first, size_t n,
                            struct ts_error_sums *sums)
{
    const struct ts_format *f = ts_operands_format(o, TS_TENSOR_DY, phase);
    double values[16];
    uint16_t codes[PIECE];
    for (uint32_t code = 0; code < 16; code++)
        values[code] = ldexp(ts_to_double(f, code), -o->k) * o->scale[TS_TENSOR_DY];
    ts_operands_codes(o, TS_TENSOR_DY, phase, first, n, codes);
    for (size_t i = 0; i < n; i++) {
        double r = (double)o->real[TS_TENSOR_DY][first + i];
        ts_errors_add(sums, &values[codes[i]], &r, 0, 1);
    }
}

static void add_stats(struct ts_tpr_stats *sum, const struct ts_tpr_stats *stats)
{
    for (int phase = 0; phase < 2; phase++) {
        sum->zeros[phase] += stats->zeros[phase];
        sum->saturated[phase] += stats->saturated[phase];
    }
}

/* What becomes of dY: in dlfloat16, and on a 4-bit design on both radix-4 grids. */
static void measure_dy(struct ts_operands *o, bool four_bit)
{
    const float *dy = o->real[TS_TENSOR_DY];
    const size_t n = o->elements[TS_TENSOR_DY];
    struct ts_tpr_stats sum = {0}, stats = {0};
    double columns[2][2] = {{0}};
    struct ts_error_sums errors[2] = {{.y = &columns[0][0], .r = &columns[0][1]},
                                      {.y = &columns[1][0], .r = &columns[1][1]}};
    size_t flushed = 0, all_flushed = 0;
    uint16_t codes[PIECE];
    for (size_t at = 0; at < n; at += PIECE) {
        size_t piece = smaller(PIECE, n - at);
        ts_round_dlfloat16(dy + at, piece, o->loss_scale, codes, &flushed);
        all_flushed += flushed;
        if (!four_bit)
            continue;
        ts_quantize_tpr(codes, piece, o->k, (enum ts_underflow)o->design->quantization.underflow,
                        NULL, NULL, &stats);
        add_stats(&sum, &stats);
        for (int phase = 0; phase < 2; phase++)
            add_phase_error(o, phase, at, piece, &errors[phase]);
    }
    o->flushed = share(all_flushed, n);
    for (int phase = 0; four_bit && phase < 2; phase++) {
        o->zeros[phase] = share(sum.zeros[phase], n);
        o->saturated[phase] = share(sum.saturated[phase], n);
        o->dy_error[phase] = ts_errors_of(&errors[phase], 1);
    }
}

bool ts_operands_make(struct ts_operands *o, struct ts_trace *trace, int step, int layer,
                      const struct ts_design *design, struct ts_error *error)
{
    const struct ts_step *captured = ts_trace_step(trace, step);
    bool four_bit = design->modes != TS_MODE_FP16;
    *o = (struct ts_operands){.design = design, .scale = {1, 1, 1}};
    if (!read_tensors(o, trace, step, layer, error))
        return false;
    o->loss_scale = (float)captured->loss_scale;
    o->scale[TS_TENSOR_DY] = 1 / captured->loss_scale;
    if (four_bit) {
        size_t at = (size_t)captured->number * (size_t)ts_trace_layers(trace) + (size_t)layer;
        o->k = exponent_of(ts_trace_grad_max(trace)[at] * o->loss_scale, design);
        quantize_x(o, ts_trace_pact_alpha(trace, step, layer));
        quantize_w(o);
    }
    measure_dy(o, four_bit);
    return true;
}

static void dy_codes(const struct ts_operands *o, int phase, size_t first, size_t n,
                     uint16_t *codes)
{
    ts_round_dlfloat16(o->real[TS_TENSOR_DY] + first, n, o->loss_scale, codes, NULL);
    if (o->design->modes != TS_MODE_FP16)
        ts_quantize_tpr(codes, n, o->k, (enum ts_underflow)o->design->quantization.underflow,
                        phase ? NULL : codes, phase ? codes : NULL, NULL);
}

void ts_operands_codes(const struct ts_operands *o, enum ts_tensor tensor, int phase, size_t first,
                       size_t n, uint16_t *codes)
{
    const float *x = o->real[tensor] + first;
    if (tensor == TS_TENSOR_DY)
        dy_codes(o, phase, first, n, codes);
    else if (o->design->modes == TS_MODE_FP16)
        ts_round_dlfloat16(x, n, 1, codes, NULL);
    else if (tensor == TS_TENSOR_W)
        ts_quantize_int4(x, n, o->w_clip, codes);
    else if (o->x_unsigned)
        ts_quantize_uint4(x, n, o->x_clip, codes);
    else
        ts_quantize_int4(x, n, o->x_clip, codes);
}

const struct ts_format *ts_operands_format(const struct ts_operands *o, enum ts_tensor tensor,
                                           int phase)
{
    if (o->design->modes == TS_MODE_FP16)
        return &ts_format_dlfloat16;
    if (tensor == TS_TENSOR_DY)
        return phase ? &ts_format_fp4_r4_odd : &ts_format_fp4_r4_even;
    return tensor == TS_TENSOR_X && o->x_unsigned ? &ts_format_uint4 : &ts_format_int4;
}

void ts_operands_free(struct ts_operands *o)
{
    for (int t = 0; t < TS_TENSORS; t++)
        free(o->real[t]);
    *o = (struct ts_operands){0};
}
