/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What the jobs of a step cost, each and in sums.
 */
#ifndef TESSERA_SIM_TRAINING_COUNT_H
#define TESSERA_SIM_TRAINING_COUNT_H

#include "training/jobs.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Who counts: a function for each kind of job, as in machine/counts.h. */
struct ts_counting {
    const char *name; /**< "closed form", "SystemC" */
    bool (*gemm)(const struct ts_machine *machine, const struct ts_gemm_job *job,
                 struct ts_counts *counts, char *error, size_t size);
    bool (*elementwise)(const struct ts_machine *machine, const struct ts_elementwise_job *job,
                        struct ts_counts *counts, char *error, size_t size);
    bool (*allreduce)(const struct ts_machine *machine, int64_t bytes, struct ts_counts *counts,
                      char *error, size_t size);
};

extern const struct ts_counting ts_closed_form;

/**
 * The counts of each job; those alike are counted once. The caller frees them. NULL, with a line
 * that names layer and pass, if a job does not fit the machine, or their sums 64 bits.
 */
struct ts_counts *ts_jobs_count(const struct ts_training *training,
                                const struct ts_workload *workload, const struct ts_jobs *jobs,
                                const struct ts_counting *by, struct ts_error *error);

/** A sum over jobs. */
struct ts_total {
    struct ts_counts counts;
    double ideal; /**< cycles at the peak rate of each job's mode */
};

/** What a step adds up to. */
struct ts_totals {
    struct ts_total all;
    struct ts_total gemms; /**< those in which an array works */
    struct ts_total others;
    struct ts_total group[TS_GROUPS];
    struct ts_total mode[TS_MACHINE_MODES]; /**< of GEMMs */
    struct ts_total eight_bit_pointwise;    /**< 1x1 convolutions in HFP8 */
    int64_t skipped;                        /**< multiply-accumulates of structural zeros */
};

struct ts_totals ts_jobs_totals(const struct ts_training *training,
                                const struct ts_workload *workload, const struct ts_jobs *jobs,
                                const struct ts_counts *counts);

/** Adds a job to a sum. */
void ts_total_add(struct ts_total *total, const struct ts_training *training,
                  const struct ts_job *job, const struct ts_counts *counts);

/** The share of the peak rate that was used, each mode by its own; 0 without cycles. */
double ts_total_utilization(const struct ts_total *total);

#ifdef __cplusplus
}
#endif
#endif
