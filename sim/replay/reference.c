/* SPDX-License-Identifier: Apache-2.0 */
/*
 * k ascends for every output, so that its sum does not depend on blocks; products and sums are not
 * contracted (C17 without extensions), so it does not depend on the processor either.
 */
#include "replay/reference.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH = 128 };

struct ts_reference_panel {
    float a[DEPTH];
    float b_column[DEPTH];
    double *b; /* [DEPTH][cols] */
    double *c; /* [rows][cols] */
    double memory[];
};

struct ts_reference_panel *ts_reference_panel_new(int64_t cols)
{
    size_t doubles = (size_t)cols * (DEPTH + TS_REFERENCE_ROWS);
    struct ts_reference_panel *panel = malloc(sizeof *panel + doubles * sizeof(double));
    if (panel) {
        panel->b = panel->memory;
        panel->c = panel->memory + (size_t)cols * DEPTH;
    }
    return panel;
}

/* A row of A times B. Zeros are skipped, of which ReLU makes many. */
static inline __attribute__((always_inline)) void
add_products(const float *a, const double *b, int64_t depth, int64_t cols, double *c)
{
    for (int64_t k = 0; k < depth; k++) {
        double x = (double)a[k];
        if (x == 0)
            continue;
        for (int64_t j = 0; j < cols; j++)
            c[j] += x * b[k * cols + j];
    }
}

static void add_portable(const float *a, const double *b, int64_t depth, int64_t cols, double *c)
{
    add_products(a, b, depth, cols, c);
}

#ifdef __x86_64__
__attribute__((target("avx2"))) static void add_avx2(const float *a, const double *b, int64_t depth,
                                                     int64_t cols, double *c)
{
    add_products(a, b, depth, cols, c);
}

__attribute__((target("avx512f,prefer-vector-width=512"))) static void
add_avx512(const float *a, const double *b, int64_t depth, int64_t cols, double *c)
{
    add_products(a, b, depth, cols, c);
}
#endif

static void add(const float *a, const double *b, int64_t depth, int64_t cols, double *c)
{
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx512f")) {
        add_avx512(a, b, depth, cols, c);
        return;
    }
    if (__builtin_cpu_supports("avx2")) {
        add_avx2(a, b, depth, cols, c);
        return;
    }
#endif
    add_portable(a, b, depth, cols, c);
}

static void load(const struct ts_view *view, const float *tensor, int64_t vector, int64_t k,
                 int64_t depth, float *out)
{
    enum { BITS = 32 };
    memset(out, 0, (size_t)depth * sizeof *out);
    ts_view_gather(view, tensor, BITS, vector, k, depth, out);
}

const double *ts_reference_run(const struct ts_reference *r, int64_t row, int64_t rows, int64_t col,
                               int64_t cols, struct ts_reference_panel *p)
{
    memset(p->c, 0, (size_t)(rows * cols) * sizeof *p->c);
    for (int64_t k = 0; k < r->k; k += DEPTH) {
        int64_t depth = r->k - k < DEPTH ? r->k - k : DEPTH;
        for (int64_t j = 0; j < cols; j++) {
            load(&r->b, r->real_b, col + j, k, depth, p->b_column);
            for (int64_t i = 0; i < depth; i++)
                p->b[i * cols + j] = (double)p->b_column[i];
        }
        for (int64_t i = 0; i < rows; i++) {
            load(&r->a, r->real_a, row + i, k, depth, p->a);
            add(p->a, p->b, depth, cols, p->c + i * cols);
        }
    }
    return p->c;
}
