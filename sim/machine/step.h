/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The SystemC machine for C: a job stepped, cycle by cycle.
 */
#ifndef TESSERA_SIM_MACHINE_STEP_H
#define TESSERA_SIM_MACHINE_STEP_H

#include "machine/counts.h"
#include "machine/values.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What no one waits for is not stepped. */
#define TS_MAX_STEPPED ((int64_t)1000000000)

/*
 * These step a job; the counts are those of ts_gemm_counts() and its like. They return false, with
 * a line in `error`, where those would, and where they say that there are more than TS_MAX_STEPPED
 * cycles.
 */

bool ts_gemm_step(const struct ts_machine *machine, const struct ts_gemm_job *job,
                  struct ts_counts *counts, char *error, size_t size);

bool ts_elementwise_step(const struct ts_machine *machine, const struct ts_elementwise_job *job,
                         struct ts_counts *counts, char *error, size_t size);

bool ts_allreduce_step(const struct ts_machine *machine, int64_t bytes, struct ts_counts *counts,
                       char *error, size_t size);

/** Multiply-accumulates that are computed one by one, and elements of A, B and C, at most. */
#define TS_MAX_STEPPED_MACS ((int64_t)4000000000)
#define TS_MAX_STEPPED_ELEMENTS ((int64_t)100000000)

/** Whether a job is small enough to be stepped with values; if not, says so in `error`. */
bool ts_gemm_can_step_values(const struct ts_machine *machine, const struct ts_gemm_job *job,
                             char *error, size_t size);

/**
 * ts_gemm_step() with values, or without where `values` is NULL, and with a waveform, written to
 * the stream `vcd`, or without; false also where values do not fit. Whether the waveform could be
 * written, ferror() says, and then errno why.
 */
bool ts_gemm_step_values(const struct ts_machine *machine, const struct ts_gemm_job *job,
                         const struct ts_gemm_values *values, FILE *vcd, struct ts_counts *counts,
                         char *error, size_t size);

#ifdef __cplusplus
}
#endif
#endif
