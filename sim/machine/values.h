/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The values of jobs.
 */
#ifndef TESSERA_SIM_MACHINE_VALUES_H
#define TESSERA_SIM_MACHINE_VALUES_H

#include "machine/plan.h"

#include "tessera/gemm.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A GEMM's operands and arithmetic, and where its results go. */
struct ts_gemm_values {
    const struct ts_gemm *gemm;
    float factor; /**< that special functions multiply results with, in fp32; 1: they do not */
    uint32_t *c;  /**< [m][n], codes of ts_gemm_result() */
};

/** Whether a machine can do a job with these values; if not, says so in `error`. */
bool ts_gemm_values_check(const struct ts_machine *machine, const struct ts_gemm_job *job,
                          const struct ts_gemm_values *values, char *error, size_t size);

#ifdef __cplusplus
}
#endif
#endif
