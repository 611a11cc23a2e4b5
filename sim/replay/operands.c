/* SPDX-License-Identifier: Apache-2.0 */
/* Quantization of a layer's tensors: SAWB, PACT, GradScale and TPR, or dlfloat16. */
#include "replay/operands.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { INT4_TOP = 7, UINT4_TOP = 15, ESCALE_MIN = -64, ESCALE_MAX = 63 };

static bool read_tensors(struct ts_operands *o, struct ts_trace *trace, int step, int layer,
                         struct ts_error *error)
{
    for (int t = 0; t < TS_TENSORS; t++) {
        size_t n = ts_trace_elements(trace, layer, (enum ts_tensor)t);
        o->elements[t] = n;
        o->real[t] = calloc(n ? n : 1, sizeof(float));
        o->codes[t] = calloc(n ? n : 1, sizeof(uint16_t));
        if (!o->real[t] || !o->codes[t])
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
    if (o->x_unsigned)
        ts_quantize_uint4(x, n, o->x_clip, o->codes[TS_TENSOR_X]);
    else
        ts_quantize_int4(x, n, o->x_clip, o->codes[TS_TENSOR_X]);
    o->scale[TS_TENSOR_X] = (double)o->x_clip / (o->x_unsigned ? UINT4_TOP : INT4_TOP);
}

static void quantize_w(struct ts_operands *o)
{
    const float *w = o->real[TS_TENSOR_W];
    size_t n = o->elements[TS_TENSOR_W];
    o->w_clip = ts_sawb_clip(w, n, &o->w_fell_back);
    ts_quantize_int4(w, n, o->w_clip, o->codes[TS_TENSOR_W]);
    o->scale[TS_TENSOR_W] = (double)o->w_clip / INT4_TOP;
}

static double share(size_t part, size_t whole)
{
    return whole ? (double)part / (double)whole : 0;
}

static bool phase_error(struct ts_operands *o, int phase, struct ts_error *error)
{
    const struct ts_format *f = phase ? &ts_format_fp4_r4_odd : &ts_format_fp4_r4_even;
    const uint16_t *codes = phase ? o->odd : o->codes[TS_TENSOR_DY];
    size_t n = o->elements[TS_TENSOR_DY];
    double *q = malloc(2 * (n ? n : 1) * sizeof *q);
    if (!q)
        return ts_error_set(error, "out of memory for the error of a tensor of %zu elements", n);
    for (size_t i = 0; i < n; i++) {
        q[i] = ldexp(ts_to_double(f, codes[i]), -o->k) * o->scale[TS_TENSOR_DY];
        q[n + i] = o->real[TS_TENSOR_DY][i];
    }
    o->dy_error[phase] = ts_errors_of(q, q + n, n, 1);
    free(q);
    return true;
}

/* dY: dlfloat16, then both radix-4 grids, the whole batch's maximum at the top of the even one. */
static bool quantize_dy(struct ts_operands *o, const struct ts_design *design, float max_abs,
                        struct ts_error *error)
{
    size_t n = o->elements[TS_TENSOR_DY];
    uint16_t *codes = o->codes[TS_TENSOR_DY];
    o->odd = malloc((n ? n : 1) * sizeof *o->odd);
    if (!o->odd)
        return ts_error_set(error, "out of memory for a tensor of %zu elements", n);

    o->k = ts_gradscale_exponent(max_abs, (int)design->quantization.gradscale_target);
    if (-o->k < ESCALE_MIN) /* 2^-k has to fit escale */
        o->k = -ESCALE_MIN;
    if (-o->k > ESCALE_MAX)
        o->k = -ESCALE_MAX;
    struct ts_tpr_stats stats;
    ts_quantize_tpr(codes, n, o->k, (enum ts_underflow)design->quantization.underflow, codes,
                    o->odd, &stats);
    for (int phase = 0; phase < 2; phase++) {
        o->zeros[phase] = share(stats.zeros[phase], n);
        o->saturated[phase] = share(stats.saturated[phase], n);
        if (!phase_error(o, phase, error))
            return false;
    }
    return true;
}

bool ts_operands_make(struct ts_operands *o, struct ts_trace *trace, int step, int layer,
                      const struct ts_design *design, struct ts_error *error)
{
    *o = (struct ts_operands){.scale = {1, 1, 1}};
    if (!read_tensors(o, trace, step, layer, error))
        return false;

    const struct ts_step *captured = ts_trace_step(trace, step);
    float loss_scale = (float)captured->loss_scale;
    size_t flushed = 0;
    ts_round_dlfloat16(o->real[TS_TENSOR_DY], o->elements[TS_TENSOR_DY], loss_scale,
                       o->codes[TS_TENSOR_DY], &flushed);
    o->flushed = share(flushed, o->elements[TS_TENSOR_DY]);
    o->scale[TS_TENSOR_DY] = 1 / captured->loss_scale;

    if (design->modes == TS_MODE_FP16) {
        for (int t = TS_TENSOR_X; t <= TS_TENSOR_W; t++)
            ts_round_dlfloat16(o->real[t], o->elements[t], 1, o->codes[t], NULL);
        return true;
    }
    quantize_x(o, ts_trace_pact_alpha(trace, step, layer));
    quantize_w(o);
    size_t at = (size_t)captured->number * (size_t)ts_trace_layers(trace) + (size_t)layer;
    return quantize_dy(o, design, ts_trace_grad_max(trace)[at] * loss_scale, error);
}

void ts_operands_free(struct ts_operands *o)
{
    for (int t = 0; t < TS_TENSORS; t++) {
        free(o->real[t]);
        free(o->codes[t]);
    }
    free(o->odd);
    *o = (struct ts_operands){0};
}
