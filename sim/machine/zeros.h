/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Structural zeros along K, as the gather form of a strided convolution's BWD has them: which of K
 * is walked where a design skips them (docs/machine.md).
 */
#ifndef TESSERA_SIM_MACHINE_ZEROS_H
#define TESSERA_SIM_MACHINE_ZEROS_H

#include "machine/machine.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Consecutive k's that a machine skips together: those of a slice, or of a step. */
int64_t ts_machine_granule(const struct ts_machine *machine);

/**
 * K of the job that remains of `taps` kernel taps of `channels` k's each, of which those with
 * live[tap] false are zeros: the k's in granules, at multiples of their size, that hold any that
 * lives. With all alive, taps * channels.
 */
int64_t ts_live_k(int64_t channels, const bool *live, int64_t taps, int64_t granule);

#ifdef __cplusplus
}
#endif
#endif
