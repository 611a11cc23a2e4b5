/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Jobs of a machine, and how it cuts a GEMM: the sizes of tiles, slices and blocks.
 */
#ifndef TESSERA_SIM_MACHINE_PLAN_H
#define TESSERA_SIM_MACHINE_PLAN_H

#include "design/schedule.h"
#include "machine/machine.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The largest M, N, K and count of a job. */
#define TS_MAX_DIMENSION ((int64_t)1 << 40)

/** An operand's bits per element, and the share of its elements that exist before lowering. */
struct ts_operand {
    int64_t stored;          /**< in DRAM and L1 */
    int64_t bits;            /**< in L0 and at the array */
    int64_t unique, lowered; /**< unique <= lowered */
};

/** C[m][n] = A[m][k] * B[k][n], `count` times. */
struct ts_gemm_job {
    struct ts_mnk shape;
    struct ts_operand a, b;
    int64_t stored; /**< bits of a result in DRAM and L1 */
    int64_t ops;    /**< special-function operations for each */
    int64_t count;
};

/** How many share out M and N: corelets of the chip, and those of a core among them. */
struct ts_parts {
    int64_t m, n;           /**< pm, pn */
    int64_t core_m, core_n; /**< qm, qn */
};

/** Sizes, all for one corelet; those of the last in a row are what remains. */
struct ts_plan {
    struct ts_parts parts;
    struct ts_mnk tile;  /**< k: of a slice */
    struct ts_mnk block; /**< multiples of the tile, or all there is */
};

/** Cuts a GEMM. If a buffer is too small, or the job absurd, says so in `error`. */
bool ts_machine_plan(const struct ts_machine *machine, const struct ts_gemm_job *job,
                     struct ts_plan *plan, char *error, size_t size);

#ifdef __cplusplus
}
#endif
#endif
