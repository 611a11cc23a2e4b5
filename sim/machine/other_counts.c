/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs without an array: operations on elements, and sums over chips. */
#include "machine/saturate.h"
#include "machine/tally.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MAX_BITS = 4096, MAX_OPS = 1000 };

static bool check_range(const char *what, int64_t value, int64_t least, int64_t most, char *error,
                        size_t size)
{
    if (value >= least && value <= most)
        return true;
    snprintf(error, size, "%s is %" PRId64 "; it must be %" PRId64 " to %" PRId64, what, value,
             least, most);
    return false;
}

/* The most elements of a corelet of which in and out fit half an L1. */
static int64_t most_elements(const struct ts_machine *m, const struct ts_elementwise_job *job)
{
    int64_t good = 0, bad = TS_MAX_DIMENSION;
    while (bad - good > 1) {
        int64_t middle = good + (bad - good) / 2;
        int64_t elements = ts_sat_mul(m->corelets, middle);
        int64_t bytes = ts_sat_add(ts_bytes(elements, job->in), ts_bytes(elements, job->out));
        if (bytes <= m->l1_size / 2)
            good = middle;
        else
            bad = middle;
    }
    return good;
}

static struct ts_counts block_counts(const struct ts_machine *m,
                                     const struct ts_elementwise_job *job, int64_t elements)
{
    int64_t each = ts_sat_ceil(elements, m->cores * m->corelets);
    int64_t in = ts_bytes(m->corelets * each, job->in);
    int64_t out = ts_bytes(m->corelets * each, job->out);
    struct ts_counts c = {.l1_read = m->cores * in, .l1_write = m->cores * out};
    if (m->ideal)
        return c;
    c.busy = c.cycles = ts_sat_ceil(each * job->ops, m->sfu_lanes);
    int64_t l1 = ts_most(ts_sat_ceil(in, m->l1_rate), ts_sat_ceil(out, m->l1_rate));
    ts_counts_stall(&c, TS_STALL_L1, ts_most(0, l1 - c.cycles));
    return c;
}

bool ts_elementwise_counts(const struct ts_machine *machine, const struct ts_elementwise_job *job,
                           struct ts_counts *counts, char *error, size_t size)
{
    if (!check_range("elements", job->elements, 1, TS_MAX_DIMENSION, error, size) ||
        !check_range("bits in", job->in, 0, MAX_BITS, error, size) ||
        !check_range("bits out", job->out, 0, MAX_BITS, error, size) ||
        !check_range("ops", job->ops, 1, MAX_OPS, error, size))
        return false;
    int64_t corelets = machine->cores * machine->corelets, most = most_elements(machine, job);
    if (most == 0) {
        snprintf(error, size, "l1.kib is too small: its half must hold an element of each corelet");
        return false;
    }
    int64_t each = ts_sat_ceil(job->elements, corelets);
    int64_t part = ts_sat_mul(ts_sat_ceil(each, ts_sat_ceil(each, most)), corelets);
    int64_t blocks = ts_sat_ceil(job->elements, part);
    int64_t last = job->elements - (blocks - 1) * part;

    struct ts_counts sum = {0}, nothing = {0};
    int64_t first = blocks == 1 ? last : part;
    struct ts_counts begin = {.l1_write = ts_bytes(first, job->in)};
    ts_counts_phase(&sum, machine, &begin, begin.l1_write, 0, 1);
    struct ts_indices set = ts_indices_of(blocks);
    for (int i = 0; i < set.n; i++) {
        int64_t at = set.at[i];
        struct ts_counts block = block_counts(machine, job, at == blocks - 1 ? last : part);
        int64_t next = at == blocks - 1 ? 0 : at == blocks - 2 ? last : part;
        int64_t read = ts_bytes(next, job->in), write = at ? ts_bytes(part, job->out) : 0;
        block.l1_write = ts_sat_add(block.l1_write, read);
        ts_counts_phase(&sum, machine, &block, read, write, set.times[i]);
    }
    ts_counts_phase(&sum, machine, &nothing, 0, ts_bytes(last, job->out), 1);
    *counts = sum;
    return ts_counts_check(counts, error, size);
}

bool ts_allreduce_counts(const struct ts_machine *machine, int64_t bytes, struct ts_counts *counts,
                         char *error, size_t size)
{
    if (!check_range("bytes", bytes, 0, TS_MAX_DIMENSION, error, size))
        return false;
    memset(counts, 0, sizeof *counts);
    struct ts_rate rate = {machine->link.num * machine->chips, machine->link.den};
    counts->cycles = ts_rate_cycles(rate, ts_sat_mul(2 * (machine->chips - 1), bytes));
    counts->busy = counts->cycles;
    return ts_counts_check(counts, error, size);
}

int64_t ts_machine_peak(const struct ts_machine *machine)
{
    int64_t array = machine->rows * machine->lanes * machine->columns;
    return array * machine->cores * machine->corelets;
}
