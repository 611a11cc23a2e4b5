/* SPDX-License-Identifier: Apache-2.0 */
/* The tiling rule of docs/machine.md. */
#include "machine/plan.h"

#include "machine/saturate.h"

#include <inttypes.h>
#include <stdio.h>

enum { MAX_BITS = 32, MAX_OPS = 1000 };

struct message {
    char *text;
    size_t size;
};

static bool check_range(const char *what, int64_t value, int64_t least, int64_t most,
                        const struct message *error)
{
    if (value >= least && value <= most)
        return true;
    snprintf(error->text, error->size, "%s is %" PRId64 "; it must be %" PRId64 " to %" PRId64,
             what, value, least, most);
    return false;
}

static bool check_operand(const char *const names[4], const struct ts_operand *operand,
                          const struct message *error)
{
    return check_range(names[0], operand->stored, 1, MAX_BITS, error) &&
           check_range(names[1], operand->bits, 1, MAX_BITS, error) &&
           check_range(names[2], operand->lowered, 1, TS_MAX_DIMENSION, error) &&
           check_range(names[3], operand->unique, 1, operand->lowered, error);
}

static bool check_job(const struct ts_gemm_job *job, const struct message *error)
{
    static const char *const a[] = {"a's stored bits", "a's bits", "a's lowered elements",
                                    "a's unique elements"};
    static const char *const b[] = {"b's stored bits", "b's bits", "b's lowered elements",
                                    "b's unique elements"};
    return check_range("m", job->shape.m, 1, TS_MAX_DIMENSION, error) &&
           check_range("n", job->shape.n, 1, TS_MAX_DIMENSION, error) &&
           check_range("k", job->shape.k, 1, TS_MAX_DIMENSION, error) &&
           check_range("count", job->count, 1, TS_MAX_DIMENSION, error) &&
           check_range("the result's stored bits", job->stored, 1, MAX_BITS, error) &&
           check_range("ops", job->ops, 1, MAX_OPS, error) && check_operand(a, &job->a, error) &&
           check_operand(b, &job->b, error);
}

/* Parts of at most `most` units, evenly: the units of one. */
static int64_t even(int64_t units, int64_t most)
{
    return ts_sat_ceil(units, ts_sat_ceil(units, most));
}

/* The largest number up to `most` for which something that gets harder is true; 0: none. */
static int64_t largest(int64_t most, bool (*fits)(const void *, int64_t), const void *context)
{
    int64_t good = 0, bad = most + 1;
    while (bad - good > 1) {
        int64_t middle = good + (bad - good) / 2;
        if (fits(context, middle))
            good = middle;
        else
            bad = middle;
    }
    return good;
}

/* What is cut, and how far one has come. */
struct cut {
    const struct ts_machine *machine;
    const struct ts_gemm_job *job;
    struct ts_mnk share; /* of a corelet */
    struct ts_plan plan;
};

/* ---- Parts ---- */

/* So many more share N, if each then still has a whole tile's columns, or they must. */
static bool share_n(const struct ts_machine *machine, int64_t split, int64_t parts, int64_t n)
{
    if (split != TS_SPLIT_AUTO)
        return split == TS_SPLIT_N;
    return n >= ts_sat_mul(parts, machine->columns);
}

static struct ts_parts parts_of(const struct ts_machine *machine, int64_t n)
{
    struct ts_parts p = {1, 1, 1, 1};
    bool corelets = share_n(machine, machine->corelets_split, machine->corelets, n);
    *(corelets ? &p.core_n : &p.core_m) = machine->corelets;
    bool cores = share_n(machine, machine->cores_split, machine->cores * p.core_n, n);
    p.m = p.core_m * (cores ? 1 : machine->cores);
    p.n = p.core_n * (cores ? machine->cores : 1);
    return p;
}

/* ---- Slices in L0 ---- */

static bool slice_fits(const struct cut *cut, int64_t m, int64_t k)
{
    int64_t a = ts_bytes(ts_sat_mul(m, k), cut->job->a.bits);
    int64_t b = ts_bytes(ts_sat_mul(k, cut->machine->columns), cut->job->b.bits);
    return ts_sat_add(a, b) <= cut->machine->l0_half;
}

static bool rows_fit(const void *context, int64_t rows)
{
    const struct cut *cut = context;
    return slice_fits(cut, rows, cut->machine->rows * cut->machine->lanes);
}

static bool steps_fit(const void *context, int64_t steps)
{
    const struct cut *cut = context;
    return slice_fits(cut, cut->machine->rows * cut->machine->add, steps * cut->machine->lanes);
}

static bool cut_tile(struct cut *cut, const struct message *error)
{
    const struct ts_machine *m = cut->machine;
    struct ts_mnk *tile = &cut->plan.tile;
    int64_t most = 0;
    tile->n = m->columns;
    if (m->output_stationary) {
        int64_t steps = ts_sat_ceil(cut->share.k, m->lanes);
        tile->m = m->rows * m->add;
        most = largest(steps, steps_fit, cut);
        if (most)
            tile->k = even(steps, most) * m->lanes;
    } else {
        tile->k = m->rows * m->lanes;
        most = largest(ts_least(m->depth, cut->share.m), rows_fit, cut);
        if (most)
            tile->m = even(cut->share.m, most);
    }
    if (most)
        return true;
    snprintf(error->text, error->size,
             "l0.kib is too small: its half, %" PRId64 " bytes, must hold the operands of one %s",
             m->l0_half, m->output_stationary ? "step of the array" : "streamed row");
    return false;
}

/* ---- Blocks in L1 ---- */

static int64_t stored_bytes(int64_t elements, const struct ts_operand *operand)
{
    int64_t bits = ts_sat_mul(ts_sat_mul(elements, operand->stored), operand->unique);
    return ts_sat_ceil(bits, ts_sat_mul(8, operand->lowered));
}

/* A block of so many tiles, or all there is. */
static struct ts_mnk block_of(const struct cut *cut, int64_t m, int64_t n, int64_t k)
{
    return (struct ts_mnk){
        .m = ts_least(ts_sat_mul(m, cut->plan.tile.m), cut->share.m),
        .n = ts_least(ts_sat_mul(n, cut->plan.tile.n), cut->share.n),
        .k = ts_least(ts_sat_mul(k, cut->plan.tile.k), cut->share.k),
    };
}

static bool block_fits(const struct cut *cut, struct ts_mnk block)
{
    const struct ts_parts *parts = &cut->plan.parts;
    int64_t m = ts_sat_mul(parts->core_m, block.m), n = ts_sat_mul(parts->core_n, block.n);
    int64_t a = stored_bytes(ts_sat_mul(m, block.k), &cut->job->a);
    int64_t b = stored_bytes(ts_sat_mul(block.k, n), &cut->job->b);
    int64_t c = ts_bytes(ts_sat_mul(m, n), cut->job->stored);
    return ts_sat_add(ts_sat_add(a, b), c) <= cut->machine->l1_size / 2;
}

static bool m_fits(const void *context, int64_t tiles)
{
    const struct cut *cut = context;
    struct ts_mnk block = block_of(cut, tiles, 1, 1);
    return block_fits(cut, (struct ts_mnk){block.m, cut->plan.block.n, cut->plan.block.k});
}

static bool n_fits(const void *context, int64_t tiles)
{
    const struct cut *cut = context;
    struct ts_mnk block = block_of(cut, 1, tiles, 1);
    return block_fits(cut, (struct ts_mnk){block.m, block.n, cut->share.k});
}

static bool k_fits(const void *context, int64_t slices)
{
    const struct cut *cut = context;
    return block_fits(cut, block_of(cut, 1, 1, slices));
}

static bool cut_block(struct cut *cut, const struct message *error)
{
    struct ts_mnk tiles = {
        .m = ts_sat_ceil(cut->share.m, cut->plan.tile.m),
        .n = ts_sat_ceil(cut->share.n, cut->plan.tile.n),
        .k = ts_sat_ceil(cut->share.k, cut->plan.tile.k),
    };
    int64_t n = largest(tiles.n, n_fits, cut);
    if (n) {
        cut->plan.block = block_of(cut, 1, even(tiles.n, n), tiles.k);
        int64_t m = even(tiles.m, ts_most(1, largest(tiles.m, m_fits, cut)));
        cut->plan.block.m = block_of(cut, m, 1, 1).m;
        return true;
    }
    int64_t k = largest(tiles.k, k_fits, cut);
    if (k) {
        cut->plan.block = block_of(cut, 1, 1, even(tiles.k, k));
        return true;
    }
    snprintf(error->text, error->size,
             "l1.kib is too small: its half, %" PRId64 " bytes, must hold the operands of a "
             "slice of %" PRId64 " x %" PRId64 " x %" PRId64 " (M, N, K) in each corelet, and the "
             "results",
             cut->machine->l1_size / 2, ts_least(cut->plan.tile.m, cut->share.m),
             ts_least(cut->plan.tile.n, cut->share.n), cut->plan.tile.k);
    return false;
}

bool ts_machine_plan(const struct ts_machine *machine, const struct ts_gemm_job *job,
                     struct ts_plan *plan, char *error, size_t size)
{
    const struct message message = {error, size};
    error[0] = '\0';
    if (!check_job(job, &message))
        return false;
    struct cut cut = {
        .machine = machine,
        .job = job,
        .plan.parts = parts_of(machine, job->shape.n),
    };
    cut.share = (struct ts_mnk){ts_sat_ceil(job->shape.m, cut.plan.parts.m),
                                ts_sat_ceil(job->shape.n, cut.plan.parts.n), job->shape.k};
    if (!cut_tile(&cut, &message) || !cut_block(&cut, &message))
        return false;
    *plan = cut.plan;
    return true;
}
