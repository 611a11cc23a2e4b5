/* SPDX-License-Identifier: Apache-2.0 */
/* Lowering, exact GEMM, golden comparison and error of one event. */
#include "replay/event.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool uses_gradient(enum ts_pass pass)
{
    return pass != TS_FWD;
}

static bool allocate(void *pointer, size_t elements, size_t size, struct ts_error *error)
{
    void *memory = calloc(elements ? elements : 1, size);
    memcpy(pointer, &memory, sizeof memory);
    return memory || ts_error_set(error, "out of memory for a matrix of %zu elements", elements);
}

/* C = A * B in double, from the FP32 tensors: what the machine's result is held against. */
static bool reference(const struct ts_operands *o, const struct ts_layer *layer, int samples,
                      enum ts_pass pass, const struct ts_event_result *shape, double **c,
                      struct ts_error *error)
{
    size_t m = shape->m, n = shape->n, k = shape->k;
    float *row = NULL, *b = NULL;
    *c = NULL;
    bool ok = allocate(c, m * n, sizeof **c, error) && allocate(&row, k, sizeof *row, error) &&
              allocate(&b, k * n, sizeof *b, error);
    if (ok) {
        const float *from_a = o->real[ts_lowered_tensor_a(pass)];
        ts_lower_b(layer, pass, o->real[ts_lowered_tensor_b(pass)], sizeof *b, 0, k, b);
        for (size_t i = 0; i < m; i++) {
            ts_lower_a(layer, samples, pass, from_a, sizeof *row, i, 1, row);
            for (size_t x = 0; x < k; x++)
                for (size_t j = 0; row[x] != 0 && j < n; j++)
                    (*c)[i * n + j] += (double)row[x] * (double)b[x * n + j];
        }
    }
    free(row);
    free(b);
    return ok;
}

static const uint16_t *codes_of(const struct ts_operands *o, enum ts_tensor tensor, int phase)
{
    return tensor == TS_TENSOR_DY && phase ? o->odd : o->codes[tensor];
}

static bool make_gemm(struct ts_event_gemm *g, const struct ts_operands *o,
                      const struct ts_layer *layer, int samples, enum ts_pass pass,
                      const struct ts_design *design, int phase,
                      const struct ts_event_result *shape, struct ts_error *error)
{
    size_t m = shape->m, n = shape->n, k = shape->k;
    *g = (struct ts_event_gemm){0};
    if (!allocate(&g->a, m * k, sizeof *g->a, error) ||
        !allocate(&g->b, k * n, sizeof *g->b, error) ||
        !allocate(&g->c, m * n, sizeof *g->c, error))
        return false;
    ts_lower_a(layer, samples, pass, codes_of(o, ts_lowered_tensor_a(pass), phase), sizeof *g->a, 0,
               m, g->a);
    ts_lower_b(layer, pass, codes_of(o, ts_lowered_tensor_b(pass), phase), sizeof *g->b, 0, k,
               g->b);
    bool fp16 = design->modes == TS_MODE_FP16;
    bool scaled = !fp16 && uses_gradient(pass);
    g->gemm = (struct ts_gemm){
        .m = (int64_t)m,
        .n = (int64_t)n,
        .k = (int64_t)k,
        .modes = fp16                  ? TS_MODE_FP16
                 : uses_gradient(pass) ? TS_MODE_FP4
                                       : TS_MODE_INT4,
        .lanes = design->array.lanes,
        .chunk = design->accumulator.chunk,
        .variant = design->accumulator.variant,
        .outer = design->accumulator.outer,
        .saturate = design->accumulator.saturate,
        .escale = scaled ? -o->k : 0,
        .b_is_port_a = !fp16 && pass == TS_BWD,
        .port_a_unsigned = !fp16 && pass != TS_BWD && o->x_unsigned,
        .a = g->a,
        .b = g->b,
    };
    const char *why_not = ts_gemm_check(&g->gemm);
    return !why_not ||
           ts_error_set(error, "layer %s, %s: %s", layer->name, ts_pass_name(pass), why_not);
}

/* Held against the golden blocks, every output. */
static bool compare_golden(const struct ts_event_gemm *g, struct ts_event_result *result,
                           struct ts_error *error)
{
    size_t outputs = result->m * result->n;
    uint32_t *golden = NULL;
    if (!allocate(&golden, outputs, sizeof *golden, error))
        return false;
    ts_gemm_golden(&g->gemm, golden);
    for (size_t i = 0; i < outputs; i++)
        result->mismatches += golden[i] != g->c[i];
    result->compared += outputs;
    free(golden);
    return true;
}

/*
 * The special-function unit multiplies the outer value by the quantizers' real
 * factor in fp32 and rounds to dlfloat16 [A].
 */
static bool measure(const struct ts_event_gemm *g, double scale, const double *exact,
                    struct ts_event_result *result, int phase, struct ts_error *error)
{
    size_t outputs = result->m * result->n;
    const struct ts_format *outer =
        g->gemm.outer == TS_OUTER_FP32 ? &ts_format_fp32 : &ts_format_dlfloat16;
    double *y = NULL;
    if (!allocate(&y, outputs, sizeof *y, error))
        return false;
    float factor = (float)scale;
    for (size_t i = 0; i < outputs; i++) {
        float product = (float)ts_to_double(outer, g->c[i]) * factor;
        y[i] =
            ts_to_double(&ts_format_dlfloat16, ts_of_double(&ts_format_dlfloat16, (double)product));
    }
    result->error[phase] = ts_errors_of(y, exact, result->m, result->n);
    free(y);
    return true;
}

/* dX and dW leave the machine with the loss scale in them, a power of two. */
static void put_in_loss_scale(double *exact, size_t outputs, double loss_scale)
{
    for (size_t i = 0; i < outputs; i++)
        exact[i] *= loss_scale;
}

bool ts_event_run(const struct ts_operands *o, const struct ts_layer *layer, int samples,
                  enum ts_pass pass, const struct ts_design *design, int threads,
                  struct ts_event_result *result, struct ts_event_gemm *kept,
                  struct ts_error *error)
{
    *kept = (struct ts_event_gemm){0};
    *result = (struct ts_event_result){0};
    ts_lowered_shape(layer, samples, pass, &result->m, &result->n, &result->k);
    bool both = design->modes != TS_MODE_FP16 && uses_gradient(pass);
    result->phases = both ? TS_PHASES : 1;
    if (both)
        result->phase = (int)(pass == TS_BWD ? design->quantization.phase_bwd
                                             : design->quantization.phase_grad);
    int64_t params[TS_MAX_PARAMS];
    ts_design_params(design, params);
    struct ts_mnk mnk = {(int64_t)result->m, (int64_t)result->n, (int64_t)result->k};
    result->cycles = ts_gemm_cycles(params, mnk);

    double scale = 1;
    if (design->modes != TS_MODE_FP16)
        for (int t = TS_TENSOR_X; t <= TS_TENSOR_W; t++)
            if (ts_lowered_tensor_a(pass) == (enum ts_tensor)t ||
                ts_lowered_tensor_b(pass) == (enum ts_tensor)t)
                scale *= o->scale[t];

    double *exact = NULL;
    bool ok = reference(o, layer, samples, pass, result, &exact, error);
    if (ok && uses_gradient(pass))
        put_in_loss_scale(exact, result->m * result->n, 1 / o->scale[TS_TENSOR_DY]);
    for (int phase = 0; ok && phase < result->phases; phase++) {
        struct ts_event_gemm g;
        ok = make_gemm(&g, o, layer, samples, pass, design, phase, result, error);
        if (ok) {
            ts_gemm_run(&g.gemm, threads, g.c);
            ok = compare_golden(&g, result, error) &&
                 measure(&g, scale, exact, result, phase, error);
        }
        if (ok && phase == result->phase)
            *kept = g;
        else
            ts_event_gemm_free(&g);
    }
    free(exact);
    return ok;
}

void ts_event_gemm_free(struct ts_event_gemm *g)
{
    free(g->a);
    free(g->b);
    free(g->c);
    *g = (struct ts_event_gemm){0};
}
