/* SPDX-License-Identifier: Apache-2.0 */
/* Tensors of a trace, and their elements rounded to the format of a port. */
#include "vectors/trace_tensors.h"

#include "tessera/quantize.h"

#include <math.h>
#include <stdlib.h>

static float largest_of(const float *x, size_t n)
{
    float largest = 0;
    for (size_t i = 0; i < n; i++)
        largest = fmaxf(largest, fabsf(x[i]));
    return largest;
}

static bool has_negatives(const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (x[i] < 0)
            return true;
    return false;
}

bool ts_trace_tensors_read(struct ts_trace_tensors *t, struct ts_trace *trace, int step, int layer,
                           struct ts_error *error)
{
    size_t n[TS_TENSORS];
    ts_trace_tensors_free(t);
    for (int i = 0; i < TS_TENSORS; i++) {
        n[i] = ts_trace_elements(trace, layer, (enum ts_tensor)i);
        t->elements[i] = calloc(n[i] + 1, sizeof(float));
        if (!t->elements[i])
            return ts_error_set(error, "%s: out of memory for a tensor", ts_trace_path(trace));
        if (!ts_trace_read(trace, step, layer, (enum ts_tensor)i, t->elements[i], error))
            return false;
    }
    const struct ts_step *captured = ts_trace_step(trace, step);
    for (size_t i = 0; i < n[TS_TENSOR_DY]; i++)
        t->elements[TS_TENSOR_DY][i] *= (float)captured->loss_scale;
    for (int i = 0; i < TS_TENSORS; i++)
        t->largest[i] = largest_of(t->elements[i], n[i]);

    const float *x = t->elements[TS_TENSOR_X];
    double alpha = ts_trace_pact_alpha(trace, step, layer);
    t->x_unsigned = !has_negatives(x, n[TS_TENSOR_X]);
    t->x_clip = t->x_unsigned && !isnan(alpha)
                    ? (float)alpha
                    : ts_least_mse_clip(x, n[TS_TENSOR_X], !t->x_unsigned);
    t->w_clip = ts_sawb_clip(t->elements[TS_TENSOR_W], n[TS_TENSOR_W], NULL);
    size_t at = (size_t)captured->number * (size_t)ts_trace_layers(trace) + (size_t)layer;
    float max_abs = ts_trace_grad_max(trace)[at] * (float)captured->loss_scale;
    t->k = ts_gradscale_exponent(max_abs, TS_GRADSCALE_TARGET);
    return true;
}

void ts_trace_tensors_free(struct ts_trace_tensors *tensors)
{
    for (int i = 0; i < TS_TENSORS; i++)
        free(tensors->elements[i]);
    *tensors = (struct ts_trace_tensors){0};
}

/* {s, e3} of the phase; five bits have the phase appended. */
static uint64_t radix4_code(const struct ts_trace_tensors *t, float value, int bits, bool odd)
{
    uint16_t rounded = 0;
    uint16_t codes[2];
    ts_round_dlfloat16(&value, 1, 1, &rounded, NULL);
    ts_quantize_tpr(&rounded, 1, t->k, TS_UNDERFLOW_NEAREST, &codes[0], &codes[1], NULL);
    if (bits == ts_format_bits(&ts_format_fp5_r2))
        ts_append_phase(&codes[odd], 1, odd, &codes[odd]);
    return codes[odd];
}

static uint64_t int4_code(const struct ts_trace_tensors *t, enum ts_tensor tensor, float value)
{
    uint16_t code = 0;
    if (tensor == TS_TENSOR_X && t->x_unsigned)
        ts_quantize_uint4(&value, 1, t->x_clip, &code);
    else
        ts_quantize_int4(&value, 1, tensor == TS_TENSOR_X ? t->x_clip : t->w_clip, &code);
    return code;
}

/* The tensor's largest magnitude becomes the largest number. */
static uint64_t integer_code(float value, float largest, int bits)
{
    double top = ldexp(1, bits - 1) - 1;
    double code = largest > 0 ? nearbyint((double)value / (double)largest * top) : 0;
    return (uint64_t)(int64_t)code & (~0ULL >> (64 - bits));
}

static bool is_radix4(const struct ts_format *f)
{
    return f && (f->radix_log2 == 2 || f == &ts_format_fp5_r2);
}

uint64_t ts_trace_code(const struct ts_trace_tensors *t, enum ts_tensor tensor, size_t element,
                       const struct ts_format *format, int bits, bool odd_phase)
{
    enum { INT4_BITS = 4, MAX_INTEGER = 53 };
    float value = element == TS_NO_ELEMENT ? 0 : t->elements[tensor][element];
    bool is_integer = !format || format->kind != TS_KIND_FLOAT;
    if (is_radix4(format) && tensor == TS_TENSOR_DY)
        return radix4_code(t, value, bits, odd_phase);
    if (is_radix4(format) || (is_integer && bits == INT4_BITS))
        return int4_code(t, tensor, value);
    if (is_integer)
        return integer_code(value, t->largest[tensor], bits < MAX_INTEGER ? bits : MAX_INTEGER) &
               (~0ULL >> (64 - bits));
    return ts_of_double(format, (double)value);
}
