/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A design as a training step sees it: its machine in each mode, and its precision policy.
 */
#ifndef TESSERA_SIM_TRAINING_TRAINING_H
#define TESSERA_SIM_TRAINING_TRAINING_H

#include "design/policy.h"
#include "machine/machine.h"

#include "tessera/workload.h"

#ifdef __cplusplus
extern "C" {
#endif

/** INT4, FP4, HFP8, FP16, in the order of their bits in enum ts_modes. */
enum { TS_MACHINE_MODES = 4 };

struct ts_training {
    struct ts_design design;
    struct ts_policy policy;
    struct ts_machine machines[TS_MACHINE_MODES]; /**< of the modes that the design has */
    int64_t value_bits; /**< of a value between jobs: activations, gradients, weights */
};

/** Whether the design is a machine; if not, a line that begins with the field. */
bool ts_training_make(const struct ts_design *design, struct ts_training *training,
                      struct ts_error *error);

/** The machine in a mode; 0: any, for jobs without an array. */
const struct ts_machine *ts_training_machine(const struct ts_training *training, int64_t mode);

/** "int4", "fp4", "hfp8", "fp16"; "-" of none. */
const char *ts_mode_name(int64_t mode);

/** The mode of a GEMM layer in a pass. */
int64_t ts_training_mode(const struct ts_training *training, const struct ts_work_layer *layer,
                         enum ts_pass pass);

/** Groups as many as channels: each channel has filters of its own. */
bool ts_work_is_depthwise(const struct ts_work_layer *layer);

bool ts_work_is_pointwise(const struct ts_work_layer *layer);

#ifdef __cplusplus
}
#endif
#endif
