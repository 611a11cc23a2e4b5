/* SPDX-License-Identifier: Apache-2.0 */
/** @file What is found out of a point, under the names of its columns. */
#ifndef TESSERA_SIM_SWEEP_FIGURES_H
#define TESSERA_SIM_SWEEP_FIGURES_H

#include "training/count.h"

enum {
    COUNTER_CYCLES,
    COUNTER_BUSY,
    COUNTER_STALL,
    COUNTER_BYTES = COUNTER_STALL + TS_STALLS, /**< read and written: DRAM, L1, L0 */
    COUNTER_MACS = COUNTER_BYTES + 6,
    COUNTER_GROUP, /**< cycles of each kind of work */
    COUNTERS = COUNTER_GROUP + TS_GROUPS
};

/** Impossible: the design is none, or the workload does not fit it. Crashed: the process that
 * worked on it has died. */
enum status { STATUS_MISSING, STATUS_OK, STATUS_IMPOSSIBLE, STATUS_CRASHED };

struct outcome {
    int64_t status;
    int64_t counters[COUNTERS];
    double ideal; /**< cycles of the multiply-accumulates at the peak rate */
};

/** An outcome on its way from one process to another: no pointers. */
struct report {
    int64_t point;
    struct outcome outcome;
    struct ts_error error; /**< unless it is STATUS_OK */
};

enum { FIGURE_NAME = 64 };

/** "ok", "impossible", ... */
const char *status_name(int64_t status);

/** "stall_l0_cycles"; the caller has room for FIGURE_NAME bytes. */
const char *counter_name(int i, char *name);

/** Counts a workload's step on a design. */
void work_out(const struct ts_design *design, const struct ts_workload *workload,
              struct report *report);

/** Figures that follow from the counters or from the design alone. */
enum {
    FIGURE_MS,
    FIGURE_UTILIZATION,
    FIGURE_GEMM_UTILIZATION,
    FIGURE_SHARE,
    FIGURE_PEAK_TOPS = FIGURE_SHARE + TS_GROUPS, /**< of the fastest mode */
    FIGURE_L0_KIB,                               /**< of the chip */
    FIGURE_L1_KIB,
    FIGURES
};

const char *figure_name(int i, char *name);

double figure_value(int i, const struct ts_design *design, const struct outcome *outcome);

#endif
