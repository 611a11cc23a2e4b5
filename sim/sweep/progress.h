/* SPDX-License-Identifier: Apache-2.0 */
/** @file Progress on standard error: how many points, how fast, how long yet. */
#ifndef TESSERA_SIM_SWEEP_PROGRESS_H
#define TESSERA_SIM_SWEEP_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

struct sweep_progress {
    size_t total, known, done; /**< of `done` so many were known at the start */
    double start, shown;       /**< seconds */
    bool terminal, any;
};

void sweep_progress_start(struct sweep_progress *progress, size_t total, size_t known);
void sweep_progress_step(struct sweep_progress *progress);
void sweep_progress_end(const struct sweep_progress *progress);

#endif
