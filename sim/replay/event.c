/* SPDX-License-Identifier: Apache-2.0 */
/* Exact GEMMs of an event's parts, held against the golden blocks and the FP32 product. */
#include "replay/event.h"

#include "replay/ordered.h"
#include "replay/reference.h"

#include <stdlib.h>
#include <string.h>

/* Codes and outputs of a part: a fraction of what the event has, or a small number. */
enum { PART_FRACTION = 32, PART_ELEMENTS = 1 << 19 };

enum { VALUE_BITS = 16 }; /* dlfloat16 */

/* Which outputs are held against the golden blocks: a row of each stretch of rows, in it a column
 * of each stretch of columns. */
struct sample {
    int64_t rows, m;
    int64_t cols, n;
};

struct event_run {
    const struct ts_event *event;
    const struct ts_event_options *options;
    struct ts_event_result *result;
    struct ts_error *error;
    struct ts_reference reference;
    struct sample sample;
    float factor;        /* of the quantizers */
    double exact_factor; /* dX and dW leave the machine with the loss scale in them */
    struct ts_error_sums sums[TS_PHASES];
    const float *dlfloat16; /* values of all codes */
};

/* A part in all phases; operands that are alike in both are there once. */
struct part_run {
    struct event_run *run;
    struct ts_part part;
    int64_t row, rows; /* of C */
    struct ts_packed tensor[TS_PHASES], a[TS_PHASES], b[TS_PHASES];
    struct ts_gemm gemm[TS_PHASES];
    uint32_t *c[TS_PHASES];
};

/* What a thread works with, and what it found out about a panel. */
struct scratch {
    struct ts_reference_panel *panel;
    float *product;
    uint16_t *codes;
    double *y, *exact;
    struct ts_error_sums sums[TS_PHASES];
    double *columns; /* of the sums */
    uint64_t compared, mismatches;
};

static bool out_of_memory(struct ts_error *error)
{
    return ts_error_set(error, "out of memory for the panels of an event");
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* The i-th of `n` that are drawn from `all`. */
static int64_t drawn(int64_t i, int64_t n, int64_t all)
{
    enum { PRIME = 7919 };
    int64_t stretch = all / n;
    return i * stretch + i * PRIME % stretch;
}

static struct sample sample_of(const struct ts_event_result *r, uint64_t golden)
{
    struct sample s = {.rows = (int64_t)r->m, .m = (int64_t)r->m};
    s.cols = s.n = (int64_t)r->n;
    uint64_t outputs = golden / r->k;
    if (golden == 0 || outputs >= r->m * r->n)
        return s;
    s.cols = smaller(s.n, outputs ? (int64_t)outputs : 1);
    s.rows = smaller(s.m, outputs > r->n ? (int64_t)(outputs / r->n) : 1);
    return s;
}

static bool allocate_scratch(struct scratch *s, int64_t cols)
{
    size_t n = (size_t)cols;
    *s = (struct scratch){.panel = ts_reference_panel_new(cols)};
    s->product = malloc(n * sizeof *s->product);
    s->codes = malloc(n * sizeof *s->codes);
    s->y = malloc(2 * n * sizeof *s->y);
    s->columns = malloc(2 * TS_PHASES * n * sizeof *s->columns);
    if (!s->panel || !s->product || !s->codes || !s->y || !s->columns)
        return false;
    s->exact = s->y + n;
    return true;
}

static void free_scratch(struct scratch *s)
{
    free(s->panel);
    free(s->product);
    free(s->codes);
    free(s->y);
    free(s->columns);
}

static void clear_sums(struct scratch *s, int64_t cols)
{
    size_t n = (size_t)cols;
    memset(s->columns, 0, 2 * TS_PHASES * n * sizeof *s->columns);
    for (int phase = 0; phase < TS_PHASES; phase++) {
        double *columns = s->columns + 2 * (size_t)phase * n;
        s->sums[phase] = (struct ts_error_sums){.y = columns, .r = columns + n};
    }
    s->compared = s->mismatches = 0;
}

/*
 * The special-function unit multiplies the outer value by the quantizers' real factor in fp32 and
 * rounds to dlfloat16 [A].
 */
static void leave_machine(const struct event_run *run, const struct ts_gemm *gemm,
                          const uint32_t *c, int64_t n, struct scratch *s)
{
    bool fp32 = ts_gemm_result(gemm) == &ts_format_fp32;
    for (int64_t j = 0; j < n; j++) {
        float value;
        if (fp32)
            memcpy(&value, &c[j], sizeof value);
        else
            value = run->dlfloat16[c[j]];
        s->product[j] = value * run->factor;
    }
    ts_round_dlfloat16(s->product, (size_t)n, 1, s->codes, NULL);
    for (int64_t j = 0; j < n; j++)
        s->y[j] = (double)run->dlfloat16[s->codes[j]];
}

static void measure_row(const struct part_run *p, int64_t i, const double *exact, struct scratch *s)
{
    const int64_t n = p->part.cols;
    for (int64_t j = 0; j < n; j++)
        s->exact[j] = exact[j] * p->run->exact_factor;
    for (int phase = 0; phase < p->run->result->phases; phase++) {
        leave_machine(p->run, &p->gemm[phase], p->c[phase] + i * n, n, s);
        ts_errors_add(&s->sums[phase], s->y, s->exact, 0, (size_t)n);
    }
}

/* The columns of a row that were drawn. A row that there is no memory for is not compared. */
static void compare_row(const struct part_run *p, int64_t i, struct scratch *s)
{
    const struct sample *drawn_ones = &p->run->sample;
    const int64_t first = p->part.col, n = p->part.cols;
    for (int phase = 0; phase < p->run->result->phases; phase++) {
        struct ts_gemm gemm = p->gemm[phase];
        struct ts_packed row;
        bool ok = !ts_packed_copy(&row, gemm.a, i, 1);
        gemm.a = &row;
        for (int64_t d = 0; ok && d < drawn_ones->cols; d++) {
            int64_t j = drawn(d, drawn_ones->cols, drawn_ones->n) - first;
            if (j < 0 || j >= n)
                continue;
            s->compared++;
            s->mismatches += ts_gemm_golden_element(&gemm, 0, j) != p->c[phase][i * n + j];
        }
        ts_packed_free(&row);
    }
}

static bool is_drawn(const struct sample *s, int64_t row)
{
    int64_t i = row / (s->m / s->rows);
    return i < s->rows && drawn(i, s->rows, s->m) == row;
}

static void work(void *context, void *scratch, size_t piece)
{
    const struct part_run *p = context;
    const struct event_run *run = p->run;
    struct scratch *s = scratch;
    int64_t first = (int64_t)piece * TS_REFERENCE_ROWS;
    int64_t rows = smaller(TS_REFERENCE_ROWS, p->rows - first);
    clear_sums(s, p->part.cols);
    const double *exact = ts_reference_run(&run->reference, p->row + first, rows, p->part.col,
                                           p->part.cols, s->panel);
    for (int64_t i = 0; i < rows; i++) {
        measure_row(p, first + i, exact + i * p->part.cols, s);
        if (is_drawn(&run->sample, p->row + first + i))
            compare_row(p, first + i, s);
    }
}

static void merge(void *context, void *scratch, size_t piece)
{
    (void)piece;
    const struct part_run *p = context;
    struct event_run *run = p->run;
    struct scratch *s = scratch;
    run->result->compared += s->compared;
    run->result->mismatches += s->mismatches;
    for (int phase = 0; phase < run->result->phases; phase++)
        ts_errors_merge(&run->sums[phase], &s->sums[phase], (size_t)p->part.col,
                        (size_t)p->part.cols);
}

static bool has_dy(enum ts_tensor tensor)
{
    return tensor == TS_TENSOR_DY;
}

/* A of all phases. */
static bool pack_a(struct part_run *p)
{
    const struct event_run *run = p->run;
    int phases = has_dy(ts_lowered_tensor_a(run->event->pass)) ? run->result->phases : 1;
    for (int phase = 0; phase < phases; phase++)
        if (!ts_part_pack_a(run->event, &p->part, phase, &p->tensor[phase], &p->a[phase],
                            run->error))
            return false;
    return true;
}

static bool pack_b(struct part_run *p)
{
    const struct event_run *run = p->run;
    int phases = has_dy(ts_lowered_tensor_b(run->event->pass)) ? run->result->phases : 1;
    for (int phase = 0; phase < phases; phase++)
        if (!ts_part_pack_b(run->event, &p->part, phase, &p->b[phase], run->error))
            return false;
    return true;
}

static bool compute(struct part_run *p)
{
    const struct event_run *run = p->run;
    for (int phase = 0; phase < run->result->phases; phase++) {
        const struct ts_packed *a = p->a[phase].codes ? &p->a[phase] : &p->a[0];
        const struct ts_packed *b = p->b[phase].codes ? &p->b[phase] : &p->b[0];
        if (!ts_part_gemm(run->event, a, b, &p->gemm[phase], run->error))
            return false;
        p->c[phase] = malloc((size_t)(p->rows * p->part.cols) * sizeof(uint32_t));
        if (!p->c[phase])
            return out_of_memory(run->error);
        const char *why = ts_gemm_run(&p->gemm[phase], run->options->jobs, p->c[phase]);
        if (why)
            return ts_error_set(run->error, "layer %s: %s", run->event->layer->name, why);
    }
    return true;
}

static bool hold_against(struct part_run *p)
{
    enum { MAX_JOBS = 256 };
    struct scratch scratches[MAX_JOBS];
    size_t panels = (size_t)((p->rows + TS_REFERENCE_ROWS - 1) / TS_REFERENCE_ROWS);
    int jobs = 0, most = (int)smaller(smaller(p->run->options->jobs, MAX_JOBS), (int64_t)panels);
    bool ok = true;
    while (ok && jobs < most)
        ok = allocate_scratch(&scratches[jobs++], p->part.cols);
    struct ts_ordered ordered = {panels, p, work, merge};
    if (ok)
        ts_ordered_run(&ordered, jobs, scratches, sizeof *scratches);
    for (int i = 0; i < jobs; i++)
        free_scratch(&scratches[i]);
    return ok || out_of_memory(p->run->error);
}

/* Rows of the part, B being there. */
static bool run_rows(struct part_run *p)
{
    int64_t rows = ts_part_rows(p->run->event);
    p->row = p->part.outer * rows;
    p->rows = p->part.outers * rows;
    bool ok = pack_a(p) && compute(p) && hold_against(p);
    for (int phase = 0; phase < TS_PHASES; phase++) {
        ts_packed_free(&p->a[phase]);
        ts_packed_free(&p->tensor[phase]);
        free(p->c[phase]);
        p->c[phase] = NULL;
    }
    return ok;
}

static bool run_parts(struct event_run *run)
{
    const struct ts_event_result *r = run->result;
    const int64_t outers = (int64_t)r->m / ts_part_rows(run->event), cols = (int64_t)r->n;
    size_t all = 0;
    for (int t = 0; t < TS_TENSORS; t++)
        all += run->event->operands->elements[t];
    int64_t elements = (int64_t)(all / PART_FRACTION);
    struct ts_part size =
        ts_part_size(run->event, elements > PART_ELEMENTS ? elements : PART_ELEMENTS);
    bool ok = true;
    for (int64_t col = 0; ok && col < cols; col += size.cols) {
        struct part_run p = {.run = run, .part = size};
        p.part.col = col;
        p.part.cols = smaller(size.cols, cols - col);
        ok = pack_b(&p);
        for (int64_t outer = 0; ok && outer < outers; outer += size.outers) {
            p.part.outer = outer;
            p.part.outers = smaller(size.outers, outers - outer);
            ok = run_rows(&p);
        }
        for (int phase = 0; phase < TS_PHASES; phase++)
            ts_packed_free(&p.b[phase]);
    }
    return ok;
}

static bool is_two_phase(const struct ts_event *e)
{
    return e->operands->design->modes != TS_MODE_FP16 && e->pass != TS_FWD;
}

/* The design's own. */
static int phase_of(const struct ts_event *e)
{
    const struct ts_design *design = e->operands->design;
    if (!is_two_phase(e))
        return 0;
    return (int)(e->pass == TS_BWD ? design->quantization.phase_bwd
                                   : design->quantization.phase_grad);
}

static void describe(const struct ts_event *e, struct ts_event_result *r)
{
    *r = (struct ts_event_result){.phases = is_two_phase(e) ? TS_PHASES : 1, .phase = phase_of(e)};
    ts_lowered_shape(e->layer, e->samples, e->pass, &r->m, &r->n, &r->k);
    r->outputs = (uint64_t)r->phases * r->m * r->n;
}

static int64_t mode_of(const struct ts_event *e)
{
    if (e->operands->design->modes == TS_MODE_FP16)
        return TS_MODE_FP16;
    return is_two_phase(e) ? TS_MODE_FP4 : TS_MODE_INT4;
}

/* An operand's elements as the tensor has them, and as many as the GEMM. */
static struct ts_operand operand_of(const struct ts_event *e, enum ts_tensor tensor, int64_t mode,
                                    size_t lowered)
{
    const struct ts_design *design = e->operands->design;
    const bool is_dy = has_dy(tensor);
    const int64_t bits = ts_machine_operand_bits(design, mode, is_dy);
    const bool requantized =
        is_dy && mode == TS_MODE_FP4 && design->training.dy == TS_DY_REQUANTIZED;
    const size_t unique = e->operands->elements[tensor];
    return (struct ts_operand){requantized ? VALUE_BITS : bits, bits,
                               (int64_t)(unique < lowered ? unique : lowered), (int64_t)lowered};
}

/* Cycles, stalls and traffic of the design's own phase, as docs/machine.md says. */
static bool count(const struct ts_event *e, struct ts_event_result *r, struct ts_error *error)
{
    const struct ts_design *design = e->operands->design;
    const int64_t mode = mode_of(e);
    const enum ts_tensor a = ts_lowered_tensor_a(e->pass), b = ts_lowered_tensor_b(e->pass);
    const struct ts_gemm_job job = {
        .shape = {(int64_t)r->m, (int64_t)r->n, (int64_t)r->k},
        .a = operand_of(e, a, mode, r->m * r->k),
        .b = operand_of(e, b, mode, r->k * r->n),
        .stored = design->accumulator.outer == TS_OUTER_FP32 ? 2 * VALUE_BITS : VALUE_BITS,
        .ops = 1,
        .count = 1,
    };
    struct ts_error why;
    struct ts_machine machine;
    if (!design->is_machine)
        ts_machine_of_array(design, mode, &machine);
    else if (!ts_machine_make(design, mode, &machine, why.text, sizeof why.text))
        return ts_error_set(error, "%s: %s", design->name, why.text);
    return ts_gemm_counts(&machine, &job, &r->counts, why.text, sizeof why.text) ||
           ts_error_set(error, "layer %s: %s", e->layer->name, why.text);
}

static void set_reference(struct event_run *run)
{
    const struct ts_event *e = run->event;
    const struct ts_operands *o = e->operands;
    const enum ts_tensor a = ts_lowered_tensor_a(e->pass), b = ts_lowered_tensor_b(e->pass);
    struct ts_conv conv = ts_lowered_conv(e->layer, e->samples);
    run->reference = (struct ts_reference){
        .a = ts_conv_view(&conv, ts_lowered_pass(e->pass), TS_CONV_A),
        .b = ts_conv_view(&conv, ts_lowered_pass(e->pass), TS_CONV_B),
        .real_a = o->real[a],
        .real_b = o->real[b],
        .k = (int64_t)run->result->k,
    };
    double factor = has_dy(a) ? 1 : o->scale[a];
    run->factor = (float)(has_dy(b) ? factor : factor * o->scale[b]);
    run->exact_factor = e->pass == TS_FWD ? 1 : 1 / o->scale[TS_TENSOR_DY];
}

static float *decode_dlfloat16(void)
{
    enum { CODES = 1 << 16 };
    float *values = malloc(CODES * sizeof *values);
    for (uint32_t code = 0; values && code < CODES; code++)
        values[code] = (float)ts_to_double(&ts_format_dlfloat16, code);
    return values;
}

bool ts_event_run(const struct ts_event *event, const struct ts_event_options *options,
                  struct ts_event_result *result, struct ts_error *error)
{
    describe(event, result);
    if (!count(event, result, error))
        return false;
    struct event_run run = {.event = event, .options = options, .result = result, .error = error};
    set_reference(&run);
    run.sample = sample_of(result, options->golden);
    float *values = decode_dlfloat16();
    double *columns = calloc(2 * TS_PHASES * result->n, sizeof *columns);
    run.dlfloat16 = values;
    for (int phase = 0; columns && phase < TS_PHASES; phase++) {
        run.sums[phase].y = columns + (size_t)(2 * phase) * result->n;
        run.sums[phase].r = run.sums[phase].y + result->n;
    }
    bool ok = values && columns ? run_parts(&run) : out_of_memory(error);
    for (int phase = 0; ok && phase < result->phases; phase++)
        result->error[phase] = ts_errors_of(&run.sums[phase], result->n);
    free(values);
    free(columns);
    return ok;
}

bool ts_event_tile_run(const struct ts_event *event, struct ts_mnk first, struct ts_mnk most,
                       struct ts_event_tile *tile, struct ts_error *error)
{
    const int64_t rows_each = ts_part_rows(event);
    const int phase = phase_of(event);
    struct ts_event_result r;
    struct ts_packed tensor = {0}, view = {0};
    *tile = (struct ts_event_tile){0};
    describe(event, &r);
    int64_t rows = smaller(most.m, (int64_t)r.m - first.m);
    struct ts_part part = {.outer = first.m / rows_each, .col = first.n};
    part.outers = (first.m + rows - 1) / rows_each - part.outer + 1;
    part.cols = smaller(most.n, (int64_t)r.n - first.n);
    bool ok = ts_part_pack_a(event, &part, phase, &tensor, &view, error);
    const char *why =
        ok ? ts_packed_copy(&tile->a, &view, first.m - part.outer * rows_each, rows) : NULL;
    ts_packed_free(&tensor);
    ok = ok && !why && ts_part_pack_b(event, &part, phase, &tile->b, error) &&
         ts_part_gemm(event, &tile->a, &tile->b, &tile->gemm, error);
    tile->c = malloc((size_t)(rows * part.cols) * sizeof *tile->c);
    if (ok && tile->c)
        why = ts_gemm_run(&tile->gemm, 1, tile->c);
    if (why || (ok && !tile->c))
        return ts_error_set(error, "layer %s: %s", event->layer->name,
                            why ? why : "out of memory for a tile");
    return ok;
}

void ts_event_tile_free(struct ts_event_tile *tile)
{
    ts_packed_free(&tile->a);
    ts_packed_free(&tile->b);
    free(tile->c);
    *tile = (struct ts_event_tile){0};
}
