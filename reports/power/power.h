/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Power of a synthesized block from activity: the netlist runs recorded
 * operands, every net's toggles and duty annotate OpenSTA.
 */
#ifndef TESSERA_REPORTS_POWER_H
#define TESSERA_REPORTS_POWER_H

#include "synth/synth.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ts_power {
    double internal_mw, switching_mw, leakage_mw, total_mw;
    double toggles_per_cycle; /**< mean over nets: transitions per net and clock cycle */
    int nets;
    uint64_t cycles;        /**< of the stimulus, without warm-up */
    uint64_t bits_compared; /**< netlist = RTL: output bits compared on this stimulus */
    uint64_t mismatches;
    bool cached;
};

/** The operands of one mpe as recorded by a replay (NAME_mpe_ROW_COL.vec), of one of its slices. */
struct ts_stimulus {
    const char *file;
    int slice;
};

/**
 * Runs the stimulus through the netlist of an `mpe` with Simd = 1 and through its RTL, cycle by
 * cycle, and has OpenSTA work out the power at `period_ns`. False with one line in `error`.
 */
bool ts_power_of_mpe(const struct ts_synth *synth, const int64_t *mpe_params,
                     const struct ts_library *library, double period_ns,
                     const struct ts_stimulus *stimulus, struct ts_power *result,
                     struct ts_error *error);

#ifdef __cplusplus
}
#endif
#endif
