/* SPDX-License-Identifier: Apache-2.0 */
/* The fast engine: deals parts of C to threads, and computes them strip by strip. */
#include "gemm/kernel.h"
#include "gemm/view.h"

#include <fenv.h>
#include <pthread.h>
#include <stdlib.h>

enum {
    MAX_THREADS = 256,
    DEPTH = 1024,        /* codes along k at a time, about */
    B_BYTES = 1 << 20,   /* of B's panel, about: half of a core's second cache */
    A_STRIPS = 4,        /* in A's panel */
    A_PADDING = 16,      /* elements behind a row, so that rows use all sets of a cache */
    MAX_STRIP = 16 * 64, /* outputs */
    CACHE_LINE = 64
};

/* A rectangle of C, and what its thread works with. */
struct part {
    const struct ts_gemm *g;
    const struct ts_plan *plan;
    const union ts_tables *tables; /* of A and of B */
    uint32_t *c;
    int64_t row, rows, col, cols;
    int64_t depth, panel_cols;
    void *a, *b;
    struct ts_packed block; /* codes gathered from a view */
    bool failed;
};

/* A block of k. */
struct depth {
    int64_t k, codes, dots, elements;
    bool first, last;
};

static int64_t round_up(int64_t n, int64_t multiple)
{
    return (n + multiple - 1) / multiple * multiple;
}

static int64_t shorter(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int per_dot(const struct ts_plan *plan)
{
    return (plan->lanes + plan->kernel->group - 1) / plan->kernel->group;
}

/* Elements of so many codes of B; of A with what is ahead of them. */
static int64_t elements(const struct ts_plan *plan, int64_t depth, int ahead)
{
    return (depth + plan->lanes - 1) / plan->lanes * (per_dot(plan) + ahead);
}

/* For what is expanded at a time. */
static bool allocate_block(struct part *p)
{
    if (!ts_is_view(p->g->a) && !ts_is_view(p->g->b))
        return true;
    /* Rows of A or columns of B, whose codes are as wide. */
    const struct ts_kernel *kernel = p->plan->kernel;
    const int64_t rows = (int64_t)kernel->rows * A_STRIPS;
    const int64_t vectors = rows > kernel->cols ? rows : kernel->cols;
    p->block.stride = round_up(p->depth * ts_format_bits(&p->g->a->format) / 8, CACHE_LINE);
    p->block.codes = aligned_alloc(CACHE_LINE, (size_t)(p->block.stride * vectors));
    return p->block.codes;
}

static bool allocate(struct part *p)
{
    const struct ts_plan *plan = p->plan;
    const struct ts_kernel *kernel = plan->kernel;
    int64_t unit = plan->chunk ? plan->chunk : plan->lanes;
    p->depth = shorter(round_up(DEPTH, unit), round_up(p->g->a->k, plan->lanes));
    int64_t line = elements(plan, p->depth, 0) * kernel->size;
    /* A strip has room: 4096 floats or doubles are a line at most, and 64 or 32 of these fit. */
    p->panel_cols = B_BYTES / line / kernel->cols * kernel->cols;
    p->panel_cols = shorter(p->panel_cols, round_up(p->cols, kernel->cols));
    int64_t a_line = (elements(plan, p->depth, kernel->ahead) + A_PADDING) * kernel->size;
    p->a =
        aligned_alloc(CACHE_LINE, (size_t)round_up(a_line * kernel->rows * A_STRIPS, CACHE_LINE));
    p->b = aligned_alloc(CACHE_LINE, (size_t)round_up(line * p->panel_cols, CACHE_LINE));
    return p->a && p->b && allocate_block(p);
}

/* Expands `vectors` from `first` on: of a view they are gathered before. */
static void expand(struct part *p, const struct depth *d, const struct ts_packed *packed,
                   int64_t first, struct ts_expansion *x)
{
    x->packed = packed;
    x->first = first;
    x->k = d->k;
    if (ts_is_view(packed)) {
        x->packed = ts_view_block(packed, first, x->vectors, d->k, d->codes, &p->block);
        x->first = x->k = 0;
    }
    p->plan->kernel->expand(x);
}

static void expand_b(struct part *p, const struct depth *d, int64_t col, int64_t cols)
{
    const struct ts_kernel *kernel = p->plan->kernel;
    struct ts_expansion x = {.dots = d->dots};
    x.lanes = p->plan->lanes;
    x.per_dot = per_dot(p->plan);
    x.vector_step = 1;
    x.element_step = x.padded = kernel->cols;
    x.table = &p->tables[1];
    for (int64_t j = 0; j < cols; j += kernel->cols) {
        x.vectors = shorter(kernel->cols, cols - j);
        x.panel = (char *)p->b + j * d->elements * kernel->size;
        expand(p, d, p->g->b, p->col + col + j, &x);
    }
}

static void expand_a(struct part *p, const struct depth *d, int64_t row, int64_t rows)
{
    const struct ts_kernel *kernel = p->plan->kernel;
    struct ts_expansion x = {.dots = d->dots};
    x.lanes = p->plan->lanes;
    x.per_dot = per_dot(p->plan);
    x.vector_step = d->dots * (x.per_dot + kernel->ahead) + A_PADDING;
    x.element_step = 1;
    x.vectors = rows;
    x.padded = round_up(rows, kernel->rows);
    x.panel = p->a;
    x.table = &p->tables[0];
    x.ahead = kernel->ahead;
    x.biased = p->g->b->format.kind == TS_KIND_INT;
    expand(p, d, p->g->a, p->row + row, &x);
}

static void to_codes(const struct part *p, const uint32_t *state, int64_t row, int64_t col,
                     int64_t cols, uint32_t *c)
{
    const struct ts_plan *plan = p->plan;
    if (plan->result == &ts_format_fp32)
        for (int64_t j = 0; j < cols; j++)
            c[j] = ts_code_fp32(ts_float_of_bits(state[j]));
    else if (plan->result == &ts_format_fp16)
        for (int64_t j = 0; j < cols; j++)
            c[j] = ts_code_fp16(ts_float_of_bits(state[j]));
    else
        plan->codes(state, cols, c);
    for (int64_t j = 0; plan->repair && j < cols; j++)
        if (!isfinite(ts_float_of_bits(state[j])))
            c[j] = ts_gemm_golden_element(p->g, row, col + j);
}

/* Sums so far, from C; zeros where there are none yet, and outside. */
static void load_state(const struct part *p, const struct depth *d, const uint32_t *c, int64_t rows,
                       int64_t cols, uint32_t *state)
{
    const struct ts_kernel *kernel = p->plan->kernel;
    const int64_t n = p->g->b->vectors;
    memset(state, 0, (size_t)(kernel->rows * kernel->cols) * sizeof *state);
    for (int64_t i = 0; !d->first && i < rows; i++)
        memcpy(state + i * kernel->cols, c + i * n, (size_t)cols * sizeof *state);
}

/* So that they are in a cache when they are written. */
static void fetch(const uint32_t *c, int64_t step, int64_t rows, int64_t cols)
{
    enum { LINE = CACHE_LINE / sizeof *c };
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < cols; j += LINE)
            __builtin_prefetch(c + i * step + j, true);
}

static void run_strip(const struct part *p, const struct depth *d, struct ts_strip *strip,
                      int64_t row, int64_t col)
{
    const struct ts_kernel *kernel = p->plan->kernel;
    const int64_t rows = shorter(kernel->rows, p->row + p->rows - row);
    const int64_t cols = shorter(kernel->cols, p->col + p->cols - col);
    const int64_t n = p->g->b->vectors;
    _Alignas(CACHE_LINE) uint32_t state[MAX_STRIP];
    uint32_t *c = p->c + row * n + col;
    load_state(p, d, c, rows, cols, state);
    strip->state = state;
    fetch(c, n, rows, cols);
    kernel->strip(strip);
    for (int64_t i = 0; i < rows; i++) {
        const uint32_t *from = state + i * kernel->cols;
        if (d->last && !p->plan->is_int)
            to_codes(p, from, row + i, col, cols, c + i * n);
        else
            memcpy(c + i * n, from, (size_t)cols * sizeof *from);
    }
}

/* All strips of an expanded block of A and one of B. */
static void run_block(const struct part *p, const struct depth *d, int64_t row, int64_t rows,
                      int64_t col, int64_t cols)
{
    const struct ts_plan *plan = p->plan;
    const struct ts_kernel *kernel = plan->kernel;
    struct ts_strip strip = {.dots = d->dots, .per_dot = per_dot(plan), .sums = &plan->sums};
    strip.a_step = d->dots * (strip.per_dot + kernel->ahead) + A_PADDING;
    strip.chunk_dots = plan->chunk ? plan->chunk / plan->lanes : 1;
    for (int64_t j = 0; j < cols; j += kernel->cols) {
        strip.b = (const char *)p->b + j * d->elements * kernel->size;
        for (int64_t i = 0; i < rows; i += kernel->rows) {
            strip.a = (const char *)p->a + i * strip.a_step * kernel->size;
            run_strip(p, d, &strip, p->row + row + i, p->col + col + j);
        }
    }
}

static void run_columns(struct part *p, int64_t col, int64_t cols)
{
    const int64_t k = p->g->a->k, block = (int64_t)p->plan->kernel->rows * A_STRIPS;
    for (int64_t at = 0; at < k; at += p->depth) {
        int64_t codes = shorter(p->depth, k - at);
        struct depth d = {.k = at, .codes = codes};
        d.dots = (codes + p->plan->lanes - 1) / p->plan->lanes;
        d.elements = elements(p->plan, codes, 0);
        d.first = at == 0;
        d.last = at + codes == k;
        expand_b(p, &d, col, cols);
        for (int64_t row = 0; row < p->rows; row += block) {
            int64_t rows = shorter(block, p->rows - row);
            expand_a(p, &d, row, rows);
            run_block(p, &d, row, rows, col, cols);
        }
    }
}

static void run_golden(const struct part *p)
{
    const int64_t n = p->g->b->vectors;
    for (int64_t row = p->row; row < p->row + p->rows; row++)
        for (int64_t col = p->col; col < p->col + p->cols; col++)
            p->c[row * n + col] = ts_gemm_golden_element(p->g, row, col);
}

static void *work(void *argument)
{
    struct part *p = argument;
    if (!p->plan->kernel) {
        run_golden(p);
        return NULL;
    }
    fenv_t callers;
    feholdexcept(&callers);
    fesetenv(FE_DFL_ENV);
    p->failed = !allocate(p);
    for (int64_t col = 0; !p->failed && col < p->cols; col += p->panel_cols)
        run_columns(p, col, shorter(p->panel_cols, p->cols - col));
    free(p->a);
    free(p->b);
    free(p->block.codes);
    fesetenv(&callers);
    return NULL;
}

/* C in equal parts along its longer side. */
static int split(const struct part *whole, int threads, struct part *parts)
{
    enum { GRAIN = 32 };
    bool by_rows = whole->rows > whole->cols;
    int64_t length = by_rows ? whole->rows : whole->cols;
    int64_t size = round_up((length + threads - 1) / threads, GRAIN);
    int n = 0;
    for (int64_t at = 0; at < length; at += size) {
        parts[n] = *whole;
        *(by_rows ? &parts[n].row : &parts[n].col) = at;
        *(by_rows ? &parts[n].rows : &parts[n].cols) = shorter(size, length - at);
        n++;
    }
    return n;
}

static const char *run_parts(struct part *parts, int n)
{
    pthread_t ids[MAX_THREADS];
    bool started[MAX_THREADS] = {false};
    bool failed = false;
    for (int i = 1; i < n; i++)
        started[i] = pthread_create(&ids[i], NULL, work, &parts[i]) == 0;
    for (int i = 0; i < n; i++) {
        if (started[i])
            pthread_join(ids[i], NULL);
        else /* the first part, or no thread to be had */
            work(&parts[i]);
        failed |= parts[i].failed;
    }
    return failed ? "out of memory for the panels of a GEMM" : NULL;
}

const char *ts_gemm_run(const struct ts_gemm *g, int threads, uint32_t *c)
{
    struct ts_plan plan;
    union ts_tables tables[2];
    struct part parts[MAX_THREADS];
    const char *error = ts_plan_make(g, &plan);
    if (error)
        return error;
    struct part whole = {.g = g, .plan = &plan, .tables = tables, .c = c};
    whole.rows = g->a->vectors;
    whole.cols = g->b->vectors;
    if (whole.rows == 0 || whole.cols == 0)
        return NULL;
    if (g->a->k == 0) {
        memset(c, 0, (size_t)(whole.rows * whole.cols) * sizeof *c);
        return NULL;
    }
    if (plan.kernel) {
        plan.kernel->tabulate(&g->a->format, false, &tables[0]);
        plan.kernel->tabulate(&g->b->format, true, &tables[1]);
    }
    if (threads > MAX_THREADS)
        threads = MAX_THREADS;
    return run_parts(parts, split(&whole, threads < 1 ? 1 : threads, parts));
}
