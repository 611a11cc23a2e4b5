/* SPDX-License-Identifier: Apache-2.0 */
/* A GEMM in closed form: each phase's rule, times how often it occurs. */
#include "machine/saturate.h"
#include "machine/tally.h"

#include <string.h>

/* A GEMM on a machine, and what all its slices have in common. */
struct form {
    const struct ts_machine *machine;
    const struct ts_gemm_job *job;
    struct ts_plan plan;
    int64_t preload; /* R * p: cycles in which stationary operands move in */
    int64_t stream;  /* s: cycles of a streamed row, or of a step */
};

/* Loops over n, m and k, outermost first: how long each is, and where one is. */
struct nest {
    struct ts_mnk whole, part, n;
};

static struct nest nest_of(struct ts_mnk whole, struct ts_mnk part)
{
    return (struct nest){
        .whole = whole,
        .part = part,
        .n = {ts_sat_ceil(whole.m, part.m), ts_sat_ceil(whole.n, part.n),
              ts_sat_ceil(whole.k, part.k)},
    };
}

static struct ts_mnk size_at(const struct nest *nest, struct ts_mnk at)
{
    return (struct ts_mnk){
        .m = ts_least(nest->part.m, nest->whole.m - at.m * nest->part.m),
        .n = ts_least(nest->part.n, nest->whole.n - at.n * nest->part.n),
        .k = ts_least(nest->part.k, nest->whole.k - at.k * nest->part.k),
    };
}

/* To the next place; false, and nothing, from the last one. */
static bool forward(const struct nest *nest, struct ts_mnk *at)
{
    if (at->k + 1 < nest->n.k) {
        at->k++;
        return true;
    }
    if (at->m + 1 < nest->n.m) {
        *at = (struct ts_mnk){.m = at->m + 1, .n = at->n, .k = 0};
        return true;
    }
    if (at->n + 1 < nest->n.n) {
        *at = (struct ts_mnk){.m = 0, .n = at->n + 1, .k = 0};
        return true;
    }
    return false;
}

static bool backward(const struct nest *nest, struct ts_mnk *at)
{
    if (at->k > 0) {
        at->k--;
        return true;
    }
    if (at->m > 0) {
        *at = (struct ts_mnk){.m = at->m - 1, .n = at->n, .k = nest->n.k - 1};
        return true;
    }
    if (at->n > 0) {
        *at = (struct ts_mnk){.m = nest->n.m - 1, .n = at->n - 1, .k = nest->n.k - 1};
        return true;
    }
    return false;
}

/* ---- Bytes ---- */

static int64_t stored_bytes(int64_t elements, const struct ts_operand *operand)
{
    int64_t bits = ts_sat_mul(ts_sat_mul(elements, operand->stored), operand->unique);
    return ts_sat_ceil(bits, ts_sat_mul(8, operand->lowered));
}

/* What a slice's operands are: out of an L1, and into an L0. Sizes of zero: no operand. */
struct moved {
    int64_t l1, l0;
};

static struct moved slice_bytes(const struct form *f, struct ts_mnk a, struct ts_mnk b)
{
    const struct ts_operand *of_a = &f->job->a, *of_b = &f->job->b;
    return (struct moved){
        .l1 = f->plan.parts.core_m * ts_bytes(a.m * a.k, of_a->stored) +
              f->plan.parts.core_n * ts_bytes(b.n * b.k, of_b->stored),
        .l0 = ts_bytes(a.m * a.k, of_a->bits) + ts_bytes(b.n * b.k, of_b->bits),
    };
}

static int64_t fill(const struct form *f, struct ts_mnk a, struct ts_mnk b)
{
    if (f->machine->ideal)
        return 0;
    struct moved bytes = slice_bytes(f, a, b);
    return ts_most(ts_sat_ceil(bytes.l1, f->machine->l1_rate),
                   ts_sat_ceil(bytes.l0, f->machine->l0_rate));
}

/* ---- Slices ---- */

static const struct ts_mnk none = {0, 0, 0};

static void set_rates(struct form *f)
{
    const struct ts_machine *m = f->machine;
    int64_t a = ts_bytes(m->rows * m->lanes, f->job->a.bits);
    int64_t b = ts_bytes(m->columns * m->lanes, f->job->b.bits);
    if (m->output_stationary) {
        f->stream = m->ideal ? m->add : ts_most(m->add, ts_sat_ceil(m->add * a + b, m->l0_rate));
        return;
    }
    f->stream = m->ideal ? 1 : ts_sat_ceil(m->overlapped ? a + b : a, m->l0_rate);
    f->preload = m->rows * (m->ideal ? 1 : ts_sat_ceil(m->overlapped ? a + b : b, m->l0_rate));
}

/* A slice in the array. */
static struct ts_counts array_counts(const struct form *f, struct ts_mnk slice, bool last)
{
    const struct ts_machine *m = f->machine;
    struct ts_counts c = {0};
    bool leaves = last || !m->output_stationary;
    int64_t steps = m->output_stationary ? ts_sat_ceil(slice.k, m->lanes) : slice.m;
    c.busy = c.cycles = steps * (m->output_stationary ? m->add : 1);
    ts_counts_stall(&c, TS_STALL_L0, steps * f->stream - c.busy);
    if (!m->output_stationary && !m->overlapped)
        ts_counts_stall(&c, TS_STALL_PRELOAD, f->preload);
    ts_counts_stall(&c, TS_STALL_SKEW, leaves ? m->skew : 0);
    ts_counts_stall(&c, TS_STALL_DRAIN, leaves ? m->drain : 0);
    return c;
}

/* Cycles from now on until those are over, charged to one cause. */
static void wait_for(struct ts_counts *c, enum ts_stall cause, int64_t cycles)
{
    ts_counts_stall(c, cause, ts_most(0, cycles - c->cycles));
}

/* The phase of the slice at a place of a block. */
static struct ts_counts slice_counts(const struct form *f, const struct nest *nest,
                                     struct ts_mnk at)
{
    const struct ts_machine *m = f->machine;
    struct ts_mnk here = size_at(nest, at);
    struct ts_counts c = array_counts(f, here, at.k == nest->n.k - 1);
    struct ts_mnk place = at;
    bool follows = forward(nest, &place);
    struct ts_mnk a = follows ? size_at(nest, place) : none, b = a;
    if (m->overlapped) {
        b = follows && forward(nest, &place) ? size_at(nest, place) : none;
        wait_for(&c, TS_STALL_PRELOAD, follows ? f->preload : 0);
    }
    wait_for(&c, TS_STALL_L1, fill(f, a, b));

    struct moved bytes = slice_bytes(f, here, here);
    c.l1_read = m->cores * bytes.l1;
    c.l0_write = c.l0_read = m->cores * m->corelets * bytes.l0;
    return c;
}

/* The phases before a block's first slice. */
static struct ts_counts lead_in(const struct form *f, const struct nest *nest)
{
    struct ts_counts c = {0};
    struct ts_mnk place = none;
    struct ts_mnk first = size_at(nest, place);
    if (!f->machine->overlapped) {
        wait_for(&c, TS_STALL_L1, fill(f, first, first));
        return c;
    }
    struct ts_counts second = {0};
    wait_for(&c, TS_STALL_L1, fill(f, none, first));
    wait_for(&second, TS_STALL_PRELOAD, f->preload);
    wait_for(&second, TS_STALL_L1,
             fill(f, first, forward(nest, &place) ? size_at(nest, place) : none));
    ts_counts_add(&c, &second, 1);
    return c;
}

/* ---- Tiles ---- */

static int64_t result_bytes(const struct form *f, struct ts_mnk tile)
{
    int64_t results = f->plan.parts.core_m * f->plan.parts.core_n * tile.m * tile.n;
    return ts_bytes(results, f->job->stored);
}

static int64_t sfu(const struct form *f, struct ts_mnk tile)
{
    const struct ts_machine *m = f->machine;
    if (m->ideal)
        return 0;
    int64_t cycles = ts_most(ts_sat_ceil(tile.m * tile.n * f->job->ops, m->sfu_lanes),
                             ts_sat_ceil(result_bytes(f, tile), m->l1_rate));
    return m->output_stationary ? ts_most(cycles, m->rows * m->add) : cycles;
}

/* The tile whose slices are at {m, n} of a block. */
static struct ts_counts tile_counts(const struct form *f, const struct nest *nest, struct ts_mnk at,
                                    bool yields)
{
    struct ts_counts c = {0};
    struct ts_indices slices = ts_indices_of(nest->n.k);
    for (int i = 0; i < slices.n; i++) {
        at.k = slices.at[i];
        struct ts_counts slice = slice_counts(f, nest, at);
        ts_counts_add(&c, &slice, slices.times[i]);
    }
    at.k = 0;
    struct ts_mnk tile = size_at(nest, at);
    if (yields && backward(nest, &at))
        wait_for(&c, TS_STALL_SFU, sfu(f, size_at(nest, at)));
    if (yields)
        c.l1_write = f->machine->cores * result_bytes(f, tile);
    return c;
}

/* ---- Blocks ---- */

/* The work of corelet 0 on a block of that size; one that yields results or not. */
static struct ts_counts block_counts(const struct form *f, struct ts_mnk size, bool yields)
{
    const struct nest nest = nest_of(size, f->plan.tile);
    struct ts_counts c = lead_in(f, &nest);
    struct ts_indices columns = ts_indices_of(nest.n.n), rows = ts_indices_of(nest.n.m);
    for (int i = 0; i < columns.n; i++) {
        for (int j = 0; j < rows.n; j++) {
            struct ts_mnk at = {.m = rows.at[j], .n = columns.at[i], .k = 0};
            struct ts_counts tile = tile_counts(f, &nest, at, yields);
            ts_counts_add(&c, &tile, ts_sat_mul(columns.times[i], rows.times[j]));
        }
    }
    struct ts_mnk last = {.m = nest.n.m - 1, .n = nest.n.n - 1, .k = 0};
    if (yields)
        ts_counts_stall(&c, TS_STALL_SFU, sfu(f, size_at(&nest, last)));
    return c;
}

/* Blocks of a kind are alike: the last or not in each dimension. */
struct blocks {
    struct form form;
    struct nest nest; /* of the chip's blocks */
    bool known[2][2][2];
    struct ts_counts of_kind[2][2][2];
};

static bool is_last_k(const struct blocks *b, struct ts_mnk at)
{
    return at.k == b->nest.n.k - 1;
}

static const struct ts_counts *work_on(struct blocks *b, struct ts_mnk at)
{
    const struct ts_parts *parts = &b->form.plan.parts;
    bool m = at.m == b->nest.n.m - 1, n = at.n == b->nest.n.n - 1, k = is_last_k(b, at);
    struct ts_counts *counts = &b->of_kind[m][n][k];
    if (!b->known[m][n][k]) {
        struct ts_mnk size = size_at(&b->nest, at);
        size.m = ts_sat_ceil(size.m, parts->m);
        size.n = ts_sat_ceil(size.n, parts->n);
        *counts = block_counts(&b->form, size, k);
        b->known[m][n][k] = true;
    }
    return counts;
}

/* What the DMA reads for the block at a place: its bytes, and those that L1s are given. */
struct operands {
    int64_t dram, l1;
};

static struct operands read_bytes(const struct blocks *b, struct ts_mnk at)
{
    const struct ts_parts *parts = &b->form.plan.parts;
    const struct ts_gemm_job *job = b->form.job;
    struct ts_mnk size = size_at(&b->nest, at), before = at;
    bool first = !backward(&b->nest, &before);
    bool new_a = first || before.m != at.m || before.k != at.k;
    bool new_b = first || before.n != at.n || before.k != at.k;
    int64_t bytes_a = new_a ? stored_bytes(ts_sat_mul(size.m, size.k), &job->a) : 0;
    int64_t bytes_b = new_b ? stored_bytes(ts_sat_mul(size.k, size.n), &job->b) : 0;
    int64_t cores_a = parts->n / parts->core_n;
    int64_t cores_b = parts->m / parts->core_m;
    return (struct operands){
        .dram = ts_sat_add(bytes_a, bytes_b),
        .l1 = ts_sat_add(ts_sat_mul(cores_a, bytes_a), ts_sat_mul(cores_b, bytes_b)),
    };
}

static int64_t write_bytes(const struct blocks *b, struct ts_mnk at)
{
    struct ts_mnk size = size_at(&b->nest, at);
    return is_last_k(b, at) ? ts_bytes(ts_sat_mul(size.m, size.n), b->form.job->stored) : 0;
}

/* The block at a place, with what the DMA does meanwhile. */
static void add_block(struct ts_counts *sum, struct blocks *b, struct ts_mnk at, int64_t times)
{
    struct ts_mnk before = at, after = at;
    struct operands next = {0};
    int64_t results = backward(&b->nest, &before) ? write_bytes(b, before) : 0;
    if (forward(&b->nest, &after))
        next = read_bytes(b, after);
    struct ts_counts block = *work_on(b, at);
    block.l1_write = ts_sat_add(block.l1_write, next.l1);
    ts_counts_phase(sum, b->form.machine, &block, next.dram, results, times);
}

static struct ts_counts all_blocks(struct blocks *b)
{
    struct ts_counts sum = {0};
    struct ts_mnk last = {.m = b->nest.n.m - 1, .n = b->nest.n.n - 1, .k = b->nest.n.k - 1};
    struct operands first = read_bytes(b, none);
    struct ts_counts nothing = {0}, begin = {.l1_write = first.l1};
    ts_counts_phase(&sum, b->form.machine, &begin, first.dram, 0, 1);
    struct ts_indices n = ts_indices_of(b->nest.n.n), m = ts_indices_of(b->nest.n.m),
                      k = ts_indices_of(b->nest.n.k);
    for (int i = 0; i < n.n; i++)
        for (int j = 0; j < m.n; j++)
            for (int l = 0; l < k.n; l++) {
                struct ts_mnk at = {.m = m.at[j], .n = n.at[i], .k = k.at[l]};
                int64_t times = ts_sat_mul(ts_sat_mul(n.times[i], m.times[j]), k.times[l]);
                add_block(&sum, b, at, times);
            }
    ts_counts_phase(&sum, b->form.machine, &nothing, 0, write_bytes(b, last), 1);
    return sum;
}

bool ts_gemm_counts(const struct ts_machine *machine, const struct ts_gemm_job *job,
                    struct ts_counts *counts, char *error, size_t size)
{
    struct blocks b = {.form = {.machine = machine, .job = job}};
    if (!ts_machine_plan(machine, job, &b.form.plan, error, size))
        return false;
    set_rates(&b.form);
    struct ts_mnk part = b.form.plan.block;
    part.m = ts_sat_mul(part.m, b.form.plan.parts.m);
    part.n = ts_sat_mul(part.n, b.form.plan.parts.n);
    b.nest = nest_of(job->shape, part);

    struct ts_counts one = all_blocks(&b);
    one.macs = ts_sat_mul(ts_sat_mul(job->shape.m, job->shape.n), job->shape.k);
    memset(counts, 0, sizeof *counts);
    ts_counts_add(counts, &one, job->count);
    return ts_counts_check(counts, error, size);
}
