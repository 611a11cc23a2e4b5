/* SPDX-License-Identifier: Apache-2.0 */
/* Walks the matrix products of a trace and puts their operands into rows. */
#include "vectors/trace_source.h"

#include "tessera/vectors.h"
#include "vectors/trace_tensors.h"

#include <stdlib.h>
#include <string.h>

enum role { ROLE_OTHER, ROLE_A, ROLE_B, ROLE_SUM };

struct ts_trace_source {
    const struct ts_layout *layout;
    struct ts_trace *trace;
    struct ts_random random;
    uint64_t rows, row;
    int event; /* step * layers + layer, or -1 */
    struct ts_trace_tensors tensors;
    enum ts_pass pass;
    size_t m, n, k, k_end; /* the dot product under way; none if k == k_end */
    enum role roles[TS_MAX_FIELDS];
    uint64_t *sums; /* outputs of the row before */
};

static bool is_named(const struct ts_field *field, const char *name)
{
    return field->port && strcmp(field->port->name, name) == 0;
}

static const struct ts_field *find_input(const struct ts_layout *layout, const char *name)
{
    for (int i = 0; i < layout->n_fields; i++)
        if (layout->fields[i].dir == TS_IN && is_named(&layout->fields[i], name))
            return &layout->fields[i];
    return NULL;
}

static bool is_operand(const struct ts_field *field)
{
    return field->dir == TS_IN && field->port && !field->port->control &&
           !is_named(field, "escale") && !is_named(field, "k");
}

static bool is_sum(const struct ts_field *field)
{
    return is_named(field, "acc") || is_named(field, "outer") || is_named(field, "sum");
}

static void find_roles(struct ts_trace_source *s)
{
    int operands = 0;
    for (int i = 0; i < s->layout->n_fields; i++) {
        const struct ts_field *field = &s->layout->fields[i];
        if (!is_operand(field))
            continue;
        s->roles[i] = is_sum(field)   ? ROLE_SUM
                      : operands == 0 ? ROLE_A
                      : operands == 1 ? ROLE_B
                                      : ROLE_SUM;
        operands += !is_sum(field);
    }
}

struct ts_trace_source *ts_trace_source_open(const char *path, const struct ts_layout *layout,
                                             uint64_t rows, uint64_t seed, struct ts_error *error)
{
    struct ts_trace *trace = ts_trace_open(path, error);
    if (!trace)
        return NULL;
    struct ts_trace_source *s = calloc(1, sizeof *s);
    uint64_t *sums = calloc((size_t)layout->out_words + 1, sizeof *sums);
    if (!s || !sums || ts_trace_steps(trace) == 0 || ts_trace_layers(trace) == 0) {
        ts_error_set(error, "%s: %s", path, s && sums ? "holds no step" : "out of memory");
        free(s);
        free(sums);
        ts_trace_close(trace);
        return NULL;
    }
    *s = (struct ts_trace_source){.layout = layout,
                                  .trace = trace,
                                  .random = {seed},
                                  .rows = rows,
                                  .event = -1,
                                  .sums = sums};
    find_roles(s);
    return s;
}

void ts_trace_source_close(struct ts_trace_source *source)
{
    if (!source)
        return;
    ts_trace_tensors_free(&source->tensors);
    ts_trace_close(source->trace);
    free(source->sums);
    free(source);
}

/* Which passes the block's Modes multiply; with others, or none, all three. */
static enum ts_pass draw_pass(struct ts_trace_source *s)
{
    const struct ts_block *block = s->layout->block;
    int modes = ts_block_param(block, "Modes");
    int64_t four_bit = modes < 0 ? 0 : s->layout->params[modes] & (TS_MODE_INT4 | TS_MODE_FP4);
    uint64_t r = ts_random_next(&s->random);
    if (four_bit == TS_MODE_INT4)
        return TS_FWD;
    if (four_bit == TS_MODE_FP4)
        return r & 1 ? TS_BWD : TS_GRAD;
    return (enum ts_pass)(r % TS_PASSES);
}

static size_t draw(struct ts_trace_source *s, size_t n)
{
    return (size_t)(ts_random_next(&s->random) % n);
}

static const struct ts_layer *layer_of(const struct ts_trace_source *s)
{
    return ts_trace_layer(s->trace, s->event % ts_trace_layers(s->trace));
}

/* The step and layer that the row belongs to. */
static bool load(struct ts_trace_source *s, struct ts_error *error)
{
    int layers = ts_trace_layers(s->trace);
    int events = layers * ts_trace_steps(s->trace);
    int event = (int)((double)s->row / (double)s->rows * events);
    event = event < events ? event : events - 1;
    if (event == s->event)
        return true;
    s->event = event;
    return ts_trace_tensors_read(&s->tensors, s->trace, event / layers, event % layers, error);
}

static void start_dot(struct ts_trace_source *s, bool new_pass)
{
    size_t rows = 0;
    size_t columns = 0;
    if (new_pass)
        s->pass = draw_pass(s);
    ts_lowered_shape(layer_of(s), ts_trace_run(s->trace)->kept, s->pass, &rows, &columns,
                     &s->k_end);
    s->m = draw(s, rows);
    s->n = draw(s, columns);
    s->k = 0;
    memset(s->sums, 0, (size_t)s->layout->out_words * sizeof *s->sums);
}

/* A block with `swap` has its stationary operand first, which is port a in BWD alone. */
static bool is_port_a(const struct ts_trace_source *s, enum role role)
{
    bool swapped = find_input(s->layout, "swap") && s->pass != TS_BWD;
    return (role == ROLE_A) != swapped;
}

/* Elements past the end of k are zero; columns of a slice follow each other. */
static size_t element_at(const struct ts_trace_source *s, bool matrix_b, size_t column, size_t k)
{
    const struct ts_layer *layer = layer_of(s);
    size_t rows = 0;
    size_t columns = 0;
    size_t k_end = 0;
    ts_lowered_shape(layer, ts_trace_run(s->trace)->kept, s->pass, &rows, &columns, &k_end);
    if (k >= k_end)
        return TS_NO_ELEMENT;
    if (matrix_b)
        return ts_lowered_b(layer, s->pass, k, (s->n + column) % columns);
    return ts_lowered_a(layer, s->pass, (s->m + column) % rows, k);
}

static void fill_operand(const struct ts_trace_source *s, const struct ts_field *field,
                         enum role role, size_t lanes, uint64_t *words)
{
    /* In BWD the integers, W, are the matrix B. */
    bool port_a = is_port_a(s, role);
    bool matrix_b = port_a == (s->pass == TS_BWD);
    enum ts_tensor tensor = matrix_b ? ts_lowered_tensor_b(s->pass) : ts_lowered_tensor_a(s->pass);
    const struct ts_format *format = ts_port_format(field->port, s->layout->params);
    for (size_t i = 0; i < (size_t)field->count; i++) {
        size_t element = element_at(s, matrix_b, i / lanes, s->k + i % lanes);
        words[i] =
            ts_trace_code(&s->tensors, tensor, element, format, field->bits, s->pass == TS_GRAD);
    }
}

/* The first output as wide as the port has its sum; without one the port stays random. */
static void fill_sum(const struct ts_trace_source *s, const struct ts_field *field, uint64_t *words)
{
    for (int i = 0; i < s->layout->n_fields; i++) {
        const struct ts_field *from = &s->layout->fields[i];
        if (from->dir == TS_OUT && from->port && from->bits == field->bits &&
            from->count == field->count) {
            memcpy(words, s->sums + from->first, (size_t)field->count * sizeof *words);
            return;
        }
    }
}

static void set(const struct ts_trace_source *s, struct ts_row *row, const char *name,
                int64_t value)
{
    const struct ts_field *field = find_input(s->layout, name);
    if (field && field->count == 1)
        row->in[field->first] = (uint64_t)value & (~0ULL >> (64 - field->bits));
}

static void set_controls(const struct ts_trace_source *s, struct ts_row *row)
{
    enum { ESCALE_MIN = -64, ESCALE_MAX = 63 };
    int escale = s->pass == TS_FWD ? 0 : -s->tensors.k;
    escale = escale < ESCALE_MIN ? ESCALE_MIN : escale > ESCALE_MAX ? ESCALE_MAX : escale;
    set(s, row, "a_unsigned", s->pass != TS_BWD && s->tensors.x_unsigned);
    set(s, row, "fp4", s->pass != TS_FWD);
    set(s, row, "mode", s->pass != TS_FWD); /* of an mpe: INT4 or FP4 */
    set(s, row, "swap", s->pass == TS_BWD);
    set(s, row, "phase", s->pass == TS_GRAD);
    set(s, row, "escale", escale);
    set(s, row, "k", s->tensors.k);
}

/* Elements of k that a row takes. */
static size_t lanes_of(const struct ts_layout *layout)
{
    int lanes = ts_block_param(layout->block, "Lanes");
    return lanes < 0 ? 1 : (size_t)layout->params[lanes];
}

bool ts_trace_overlay(struct ts_trace_source *s, struct ts_row *row, struct ts_error *error)
{
    bool has_state = s->layout->block->state_bytes != NULL;
    bool may_change = has_state ? row->reset : s->k >= s->k_end;
    if (may_change && !load(s, error))
        return false;
    if (may_change || s->k >= s->k_end)
        start_dot(s, may_change);
    s->row++;
    if (row->reset)
        return true;

    size_t lanes = lanes_of(s->layout);
    set_controls(s, row);
    for (int i = 0; i < s->layout->n_fields; i++) {
        const struct ts_field *field = &s->layout->fields[i];
        uint64_t *words = row->in + field->first;
        if (s->roles[i] == ROLE_SUM)
            fill_sum(s, field, words);
        else if (s->roles[i] != ROLE_OTHER)
            fill_operand(s, field, s->roles[i], lanes, words);
    }
    if (row->valid)
        s->k += lanes;
    return true;
}

void ts_trace_result(struct ts_trace_source *s, const uint64_t *out)
{
    memcpy(s->sums, out, (size_t)s->layout->out_words * sizeof *s->sums);
}
