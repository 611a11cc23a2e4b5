/* SPDX-License-Identifier: Apache-2.0 */
/** @file Processes of this host that work on points, each on one at a time. */
#ifndef TESSERA_SIM_SWEEP_POOL_H
#define TESSERA_SIM_SWEEP_POOL_H

#include "sweep/figures.h"

#include <sys/types.h>

enum { MAX_JOBS = 256 };

struct worker {
    pid_t pid;
    int to, from; /* pipes */
    bool busy;
    int64_t point;
};

struct pool {
    size_t n, busy;
    struct worker workers[MAX_JOBS];
    void (*work)(const void *context, struct report *report); /**< on report->point */
    const void *context;
};

/** Starts processes; `work` and `context` must be set. They end when their parent does. */
bool pool_start(struct pool *pool, size_t n, struct ts_error *error);

/** Gives a point to a process that is not busy; there must be one. */
bool pool_give(struct pool *pool, int64_t point, struct ts_error *error);

/**
 * Waits for a report, at most so many milliseconds; -1: as long as it takes. `found` says whether
 * there is one. A process that has died is one too, and is replaced.
 */
bool pool_wait(struct pool *pool, int milliseconds, struct report *report, bool *found,
               struct ts_error *error);

void pool_stop(struct pool *pool);

#endif
