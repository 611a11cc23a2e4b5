/* SPDX-License-Identifier: Apache-2.0 */
/* A point, counted in closed form. */
#include "sweep/figures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *status_name(int64_t status)
{
    static const char *const names[] = {"missing", "ok", "impossible", "crashed"};
    return names[status];
}

/* ---- Counters ---- */

const char *counter_name(int i, char *name)
{
    static const char *const bytes[] = {"dram_read", "dram_write", "l1_read",
                                        "l1_write",  "l0_read",    "l0_write"};
    if (i >= COUNTER_GROUP)
        snprintf(name, FIGURE_NAME, "%s_cycles",
                 ts_group_name((enum ts_work_group)(i - COUNTER_GROUP)));
    else if (i == COUNTER_MACS)
        snprintf(name, FIGURE_NAME, "macs");
    else if (i >= COUNTER_BYTES)
        snprintf(name, FIGURE_NAME, "%s_bytes", bytes[i - COUNTER_BYTES]);
    else if (i >= COUNTER_STALL)
        snprintf(name, FIGURE_NAME, "stall_%s_cycles", ts_stall_names[i - COUNTER_STALL]);
    else
        snprintf(name, FIGURE_NAME, i == COUNTER_CYCLES ? "cycles" : "busy_cycles");
    return name;
}

static void take(const struct ts_totals *totals, struct outcome *outcome)
{
    const struct ts_counts *c = &totals->all.counts;
    const int64_t bytes[] = {c->dram_read, c->dram_write, c->l1_read,
                             c->l1_write,  c->l0_read,    c->l0_write};
    int64_t *to = outcome->counters;
    outcome->status = STATUS_OK;
    outcome->ideal = totals->all.ideal;
    to[COUNTER_CYCLES] = c->cycles;
    to[COUNTER_BUSY] = c->busy;
    memcpy(to + COUNTER_STALL, c->stall, sizeof c->stall);
    memcpy(to + COUNTER_BYTES, bytes, sizeof bytes);
    to[COUNTER_MACS] = c->macs;
    for (int g = 0; g < TS_GROUPS; g++)
        to[COUNTER_GROUP + g] = totals->group[g].counts.cycles;
}

static bool count(const struct ts_design *design, const struct ts_workload *workload,
                  struct ts_jobs *jobs, struct report *report)
{
    struct ts_training training;
    if (!ts_design_check(design, report->error.text, sizeof report->error.text) ||
        !ts_training_make(design, &training, &report->error) ||
        !ts_jobs_make(&training, workload, jobs, &report->error))
        return false;
    struct ts_counts *counts =
        ts_jobs_count(&training, workload, jobs, &ts_closed_form, &report->error);
    if (!counts)
        return false;
    struct ts_totals totals = ts_jobs_totals(&training, workload, jobs, counts);
    take(&totals, &report->outcome);
    free(counts);
    return true;
}

void work_out(const struct ts_design *design, const struct ts_workload *workload,
              struct report *report)
{
    struct ts_jobs jobs = {.n = 0};
    report->outcome = (struct outcome){.status = STATUS_IMPOSSIBLE};
    report->error.text[0] = '\0';
    count(design, workload, &jobs, report);
    ts_jobs_free(&jobs);
}

/* ---- Figures ---- */

const char *figure_name(int i, char *name)
{
    static const char *const names[FIGURES] = {
        [FIGURE_MS] = "time_ms",
        [FIGURE_UTILIZATION] = "utilization",
        [FIGURE_GEMM_UTILIZATION] = "gemm_utilization",
        [FIGURE_PEAK_TOPS] = "peak_tops",
        [FIGURE_L0_KIB] = "total_l0_kib",
        [FIGURE_L1_KIB] = "total_l1_kib",
    };
    if (names[i])
        snprintf(name, FIGURE_NAME, "%s", names[i]);
    else
        snprintf(name, FIGURE_NAME, "share_%s",
                 ts_group_name((enum ts_work_group)(i - FIGURE_SHARE)));
    return name;
}

static double peak_tops(const struct ts_design *design)
{
    double best = 0;
    for (int i = 0; i < TS_MACHINE_MODES; i++) {
        int64_t mode = (int64_t)1 << i;
        double tops = design->modes & mode ? ts_design_chip_tops(design, mode) : 0;
        best = tops > best ? tops : best;
    }
    return best;
}

static double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

static double gemm_cycles(const struct outcome *outcome)
{
    int64_t sum = 0;
    for (int g = 0; g < TS_GROUPS; g++)
        if (ts_group_is_gemm((enum ts_work_group)g))
            sum += outcome->counters[COUNTER_GROUP + g];
    return (double)sum;
}

double figure_value(int i, const struct ts_design *d, const struct outcome *outcome)
{
    static const double khz = 1e3; /* of a MHz: cycles a millisecond */
    double cycles = (double)outcome->counters[COUNTER_CYCLES];
    switch (i) {
    case FIGURE_MS:
        return cycles / (d->clock_mhz * khz);
    case FIGURE_UTILIZATION:
        return ratio(outcome->ideal, cycles);
    case FIGURE_GEMM_UTILIZATION:
        return ratio(outcome->ideal, gemm_cycles(outcome));
    case FIGURE_PEAK_TOPS:
        return peak_tops(d);
    case FIGURE_L0_KIB:
        return (double)(d->l0.kib * d->chip.cores * d->chip.corelets);
    case FIGURE_L1_KIB:
        return (double)(d->l1.kib * d->chip.cores);
    default:
        return ratio((double)outcome->counters[COUNTER_GROUP + i - FIGURE_SHARE], cycles);
    }
}
