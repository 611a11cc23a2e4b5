/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs counted: networks repeat their layers, so what is alike is counted once. */
#include "training/count.h"

#include "machine/saturate.h"
#include "machine/tally.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_ERROR = 512 };

const struct ts_counting ts_closed_form = {"closed form", ts_gemm_counts, ts_elementwise_counts,
                                           ts_allreduce_counts};

/* ---- Which jobs are alike ---- */

/* What a job's counts depend on; it has no padding. */
struct key {
    int64_t mode, kind;
    struct ts_gemm_job gemm;
    struct ts_elementwise_job elementwise;
    int64_t bytes;
};

static struct key key_of(const struct ts_job *job)
{
    return (struct key){job->mode, job->kind, job->gemm, job->elementwise, job->bytes};
}

static size_t hash(const struct key *key)
{
    const uint64_t prime = 0x100000001b3, basis = 0xcbf29ce484222325;
    const unsigned char *bytes = (const unsigned char *)key;
    uint64_t h = basis;
    for (size_t i = 0; i < sizeof *key; i++)
        h = (h ^ bytes[i]) * prime;
    return (size_t)(h ^ h >> 32);
}

/* A hash table of the jobs that have been counted: 1 + their index. */
struct seen {
    size_t *at, mask;
};

static bool seen_make(struct seen *seen, size_t jobs)
{
    size_t room = 2;
    while (room < 2 * jobs)
        room *= 2;
    seen->mask = room - 1;
    seen->at = calloc(room, sizeof *seen->at);
    return seen->at != NULL;
}

/* The first job that is like that one; itself, if there was none. */
static size_t first_like(struct seen *seen, const struct ts_jobs *jobs, size_t i)
{
    struct key key = key_of(&jobs->jobs[i]);
    size_t slot = hash(&key) & seen->mask;
    for (; seen->at[slot]; slot = (slot + 1) & seen->mask) {
        struct key other = key_of(&jobs->jobs[seen->at[slot] - 1]);
        if (memcmp(&key, &other, sizeof key) == 0)
            return seen->at[slot] - 1;
    }
    seen->at[slot] = i + 1;
    return i;
}

/* ---- Counting ---- */

static bool count_job(const struct ts_training *t, const struct ts_job *job,
                      const struct ts_counting *by, struct ts_counts *counts, char *why,
                      size_t size)
{
    const struct ts_machine *machine = ts_training_machine(t, job->mode);
    switch (job->kind) {
    case TS_JOB_GEMM:
        return by->gemm(machine, &job->gemm, counts, why, size);
    case TS_JOB_ELEMENTWISE:
        return by->elementwise(machine, &job->elementwise, counts, why, size);
    default:
        return by->allreduce(machine, job->bytes, counts, why, size);
    }
}

static bool refuse(const struct ts_workload *w, const struct ts_job *job, const char *why,
                   struct ts_error *error)
{
    if (job->layer == w->n)
        return ts_error_set(error, "%s: %s", ts_group_name(job->group), why);
    return ts_error_set(error, "layers[%zu] '%s', %s, %s: %s", job->layer,
                        w->layers[job->layer].name, ts_pass_name(job->pass),
                        ts_group_name(job->group), why);
}

static bool count_all(const struct ts_training *t, const struct ts_workload *w,
                      const struct ts_jobs *jobs, const struct ts_counting *by, struct seen *seen,
                      struct ts_counts *counts, struct ts_error *error)
{
    char why[MAX_ERROR];
    struct ts_counts sum = {0};
    for (size_t i = 0; i < jobs->n; i++) {
        size_t first = first_like(seen, jobs, i);
        counts[i] = counts[first];
        if (first == i && !count_job(t, &jobs->jobs[i], by, &counts[i], why, sizeof why))
            return refuse(w, &jobs->jobs[i], why, error);
        ts_counts_add(&sum, &counts[i], 1);
        if (!ts_counts_check(&sum, why, sizeof why))
            return refuse(w, &jobs->jobs[i],
                          "with it, the step is too large: its counters overflow 64 bits", error);
    }
    return true;
}

struct ts_counts *ts_jobs_count(const struct ts_training *t, const struct ts_workload *w,
                                const struct ts_jobs *jobs, const struct ts_counting *by,
                                struct ts_error *error)
{
    struct seen seen = {NULL, 0};
    struct ts_counts *counts = calloc(jobs->n + 1, sizeof *counts);
    bool ok = counts && seen_make(&seen, jobs->n);
    if (!ok)
        ts_error_set(error, "out of memory");
    ok = ok && count_all(t, w, jobs, by, &seen, counts, error);
    free(seen.at);
    if (ok)
        return counts;
    free(counts);
    return NULL;
}

/* ---- Sums ---- */

static int index_of_mode(int64_t mode)
{
    int i = 0;
    while (mode >> (i + 1))
        i++;
    return i;
}

void ts_total_add(struct ts_total *total, const struct ts_training *training,
                  const struct ts_job *job, const struct ts_counts *counts)
{
    ts_counts_add(&total->counts, counts, 1);
    if (job->kind == TS_JOB_GEMM)
        total->ideal += (double)counts->macs /
                        (double)ts_machine_peak(ts_training_machine(training, job->mode));
}

double ts_total_utilization(const struct ts_total *total)
{
    return total->counts.cycles ? total->ideal / (double)total->counts.cycles : 0;
}

/* All that a workload's GEMMs would be with their structural zeros. */
static int64_t nominal_macs(const struct ts_workload *w)
{
    int64_t sum = 0;
    for (size_t i = 0; i < w->n; i++)
        for (int p = 0; p < TS_PASSES; p++)
            sum += ts_work_macs(&w->layers[i], w->batch, (enum ts_pass)p);
    return sum;
}

struct ts_totals ts_jobs_totals(const struct ts_training *training, const struct ts_workload *w,
                                const struct ts_jobs *jobs, const struct ts_counts *counts)
{
    struct ts_totals t = {.skipped = nominal_macs(w)};
    for (size_t i = 0; i < jobs->n; i++) {
        const struct ts_job *job = &jobs->jobs[i];
        ts_total_add(&t.all, training, job, &counts[i]);
        ts_total_add(&t.group[job->group], training, job, &counts[i]);
        t.skipped -= counts[i].macs;
        ts_total_add(ts_group_is_gemm(job->group) ? &t.gemms : &t.others, training, job,
                     &counts[i]);
        if (!ts_group_is_gemm(job->group))
            continue;
        ts_total_add(&t.mode[index_of_mode(job->mode)], training, job, &counts[i]);
        if (job->group == TS_GROUP_CONV1X1 && job->mode == TS_MODE_HFP8)
            ts_total_add(&t.eight_bit_pointwise, training, job, &counts[i]);
    }
    return t;
}
