/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Structural zeros: a strided convolution's backward pass as one job for each residue of the
 * row's and column's index.
 */
#ifndef TESSERA_SIM_TRAINING_STRIDES_H
#define TESSERA_SIM_TRAINING_STRIDES_H

#include "training/jobs.h"

/** Whether a pass has holes of a stride that the design skips. */
bool ts_has_holes(const struct ts_training *training, const struct ts_work_layer *layer,
                  enum ts_pass pass);

/**
 * Adds the jobs of such a pass. `whole` is it with its holes, and what they have in common. Results
 * without a product are zeros: one job that only writes them.
 */
bool ts_add_residues(const struct ts_training *training, const struct ts_work_layer *layer,
                     int64_t batch, const struct ts_job *whole, struct ts_jobs *jobs,
                     struct ts_error *error);

#endif
