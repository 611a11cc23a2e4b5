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

/* The format of an operand's codes: `tensor` in one phase. */
static const struct ts_format *format_of(const struct ts_operands *o,
                                         const struct ts_design *design, enum ts_tensor tensor,
                                         int phase)
{
    if (design->modes == TS_MODE_FP16)
        return &ts_format_dlfloat16;
    if (tensor == TS_TENSOR_DY)
        return phase ? &ts_format_fp4_r4_odd : &ts_format_fp4_r4_even;
    return tensor == TS_TENSOR_X && o->x_unsigned ? &ts_format_uint4 : &ts_format_int4;
}

/* Lowers and packs both operands. */
static bool pack_operands(struct ts_event_gemm *g, const struct ts_operands *o,
                          const struct ts_layer *layer, int samples, enum ts_pass pass,
                          const struct ts_design *design, int phase,
                          const struct ts_event_result *shape, struct ts_error *error)
{
    size_t m = shape->m, n = shape->n, k = shape->k;
    enum ts_tensor of_a = ts_lowered_tensor_a(pass), of_b = ts_lowered_tensor_b(pass);
    const struct ts_format *a_format = format_of(o, design, of_a, phase);
    const struct ts_format *b_format = format_of(o, design, of_b, phase);
    uint16_t *a = NULL, *b = NULL;
    const char *why_not = NULL;
    bool ok = allocate(&a, m * k, sizeof *a, error);
    if (ok) {
        ts_lower_a(layer, samples, pass, codes_of(o, of_a, phase), sizeof *a, 0, m, a);
        why_not = ts_pack(&g->a, a_format, (int64_t)m, (int64_t)k, a, sizeof *a, (int64_t)k, 1);
    }
    free(a);
    ok = ok && !why_not && allocate(&b, k * n, sizeof *b, error);
    if (ok) {
        ts_lower_b(layer, pass, codes_of(o, of_b, phase), sizeof *b, 0, k, b);
        why_not = ts_pack(&g->b, b_format, (int64_t)n, (int64_t)k, b, sizeof *b, 1, (int64_t)n);
    }
    free(b);
    if (why_not)
        return ts_error_set(error, "layer %s, %s: %s", layer->name, ts_pass_name(pass), why_not);
    return ok;
}

static bool make_gemm(struct ts_event_gemm *g, const struct ts_operands *o,
                      const struct ts_layer *layer, int samples, enum ts_pass pass,
                      const struct ts_design *design, int phase,
                      const struct ts_event_result *shape, struct ts_error *error)
{
    *g = (struct ts_event_gemm){0};
    if (!allocate(&g->c, shape->m * shape->n, sizeof *g->c, error) ||
        !pack_operands(g, o, layer, samples, pass, design, phase, shape, error))
        return false;
    bool scaled = design->modes != TS_MODE_FP16 && uses_gradient(pass);
    g->gemm = (struct ts_gemm){
        .a = &g->a,
        .b = &g->b,
        .lanes = design->array.lanes,
        .chunk = design->accumulator.chunk,
        .variant = design->accumulator.variant,
        .outer = design->accumulator.outer,
        .saturate = design->accumulator.saturate,
        .escale = scaled ? -o->k : 0,
    };
    const char *why_not = ts_gemm_check(&g->gemm);
    return !why_not ||
           ts_error_set(error, "layer %s, %s: %s", layer->name, ts_pass_name(pass), why_not);
}

static bool compute(const struct ts_event_gemm *g, int threads, const char *layer,
                    struct ts_error *error)
{
    const char *why_not = ts_gemm_run(&g->gemm, threads, g->c);
    return !why_not || ts_error_set(error, "layer %s: %s", layer, why_not);
}

/* A GEMM points to its own operands. */
static void move_gemm(struct ts_event_gemm *to, const struct ts_event_gemm *from)
{
    *to = *from;
    to->gemm.a = &to->a;
    to->gemm.b = &to->b;
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
    const struct ts_format *outer = ts_gemm_result(&g->gemm);
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
        ok = ok && compute(&g, threads, layer->name, error) && compare_golden(&g, result, error) &&
             measure(&g, scale, exact, result, phase, error);
        if (ok && phase == result->phase)
            move_gemm(kept, &g);
        else
            ts_event_gemm_free(&g);
    }
    free(exact);
    return ok;
}

void ts_event_gemm_free(struct ts_event_gemm *g)
{
    ts_packed_free(&g->a);
    ts_packed_free(&g->b);
    free(g->c);
    *g = (struct ts_event_gemm){0};
}
