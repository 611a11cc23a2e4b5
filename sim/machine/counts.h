/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Cycles, stalls by cause and traffic of a job in closed form, as docs/machine.md defines them:
 * in no more than a few thousand terms, whatever the size of the job.
 */
#ifndef TESSERA_SIM_MACHINE_COUNTS_H
#define TESSERA_SIM_MACHINE_COUNTS_H

#include "machine/plan.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Of one job. cycles = busy + the sum of stall, always. */
struct ts_counts {
    int64_t cycles;
    int64_t busy;             /**< operands enter the array; of other jobs, their unit works */
    int64_t stall[TS_STALLS]; /**< cycles by enum ts_stall */
    int64_t dram_read, dram_write;
    int64_t l1_read, l1_write;
    int64_t l0_read, l0_write; /**< bytes, of the whole chip */
    int64_t macs;              /**< m * n * k * count: padding is no use */
};

/** An operation on each of many elements: updates, quantization, normalization. */
struct ts_elementwise_job {
    int64_t elements;
    int64_t in, out; /**< bits an element reads and writes, all tensors together */
    int64_t ops;     /**< special-function operations an element */
};

/* Each returns false where the job is absurd, a buffer too small or a counter would overflow, and
 * says so in `error`, in a line. */

bool ts_gemm_counts(const struct ts_machine *machine, const struct ts_gemm_job *job,
                    struct ts_counts *counts, char *error, size_t size);

bool ts_elementwise_counts(const struct ts_machine *machine, const struct ts_elementwise_job *job,
                           struct ts_counts *counts, char *error, size_t size);

/** The sum of so many bytes over all chips. */
bool ts_allreduce_counts(const struct ts_machine *machine, int64_t bytes, struct ts_counts *counts,
                         char *error, size_t size);

/** Multiply-accumulates of the chip in a cycle, at best. */
int64_t ts_machine_peak(const struct ts_machine *machine);

#ifdef __cplusplus
}
#endif
#endif
