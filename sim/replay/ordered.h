/* SPDX-License-Identifier: Apache-2.0 */
/** @file Equal pieces of work on several threads, their results taken in order. */
#ifndef TESSERA_SIM_ORDERED_H
#define TESSERA_SIM_ORDERED_H

#include <stddef.h>

struct ts_ordered {
    size_t count;
    void *context;
    void (*work)(void *context, void *scratch, size_t piece);
    /** What the work left in `scratch`: of piece 0 first, then of 1, ... and one at a time. */
    void (*merge)(void *context, void *scratch, size_t piece);
};

/** One thread for each of the `jobs` scratches, `size` bytes each; fewer where threads cannot be
 * had. */
void ts_ordered_run(const struct ts_ordered *ordered, int jobs, void *scratches, size_t size);

#endif
