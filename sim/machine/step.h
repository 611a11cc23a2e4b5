/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The SystemC machine for C: a job stepped, cycle by cycle.
 */
#ifndef TESSERA_SIM_MACHINE_STEP_H
#define TESSERA_SIM_MACHINE_STEP_H

#include "machine/counts.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What no one waits for is not stepped. */
#define TS_MAX_STEPPED ((int64_t)1000000000)

/**
 * Steps a job; the counts are those of ts_gemm_counts(). `vcd` is the file to write a waveform to,
 * or NULL. Returns false, with a line in `error`, where ts_gemm_counts() would, where it says that
 * there are more than TS_MAX_STEPPED cycles, and where the waveform cannot be written.
 */
bool ts_gemm_step(const struct ts_machine *machine, const struct ts_gemm_job *job, const char *vcd,
                  struct ts_counts *counts, char *error, size_t size);

#ifdef __cplusplus
}
#endif
#endif
