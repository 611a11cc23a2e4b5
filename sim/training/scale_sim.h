/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What SCALE-Sim reports of a layer, of a GEMM on our machine: docs/machine.md, "SCALE-Sim's
 * reports".
 */
#ifndef TESSERA_SIM_TRAINING_SCALE_SIM_H
#define TESSERA_SIM_TRAINING_SCALE_SIM_H

#include "machine/counts.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Sums over the GEMMs of one pass. Elements: of A, B and C. */
struct ts_scale_sim {
    double cycles;   /**< with what is read before the first block */
    double prefetch; /**< that */
    double stall; /**< of the rest, cycles in which memories or special functions are waited for */
    double busy;
    double macs;
    double sram[3], dram[3];
};

/** Adds a GEMM that fits the machine. */
void ts_scale_sim_add(struct ts_scale_sim *sum, const struct ts_machine *machine,
                      const struct ts_gemm_job *job, const struct ts_counts *counts);

#ifdef __cplusplus
}
#endif
#endif
