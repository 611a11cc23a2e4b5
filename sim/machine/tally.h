/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of counts, and the sets of indices over which they are taken. */
#ifndef TESSERA_SIM_MACHINE_TALLY_H
#define TESSERA_SIM_MACHINE_TALLY_H

#include "machine/counts.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The first three of 0 .. n-1, the last three, and one for all between. */
struct ts_indices {
    int n;
    int64_t at[7], times[7];
};

struct ts_indices ts_indices_of(int64_t n);

/* to += what * times */
void ts_counts_add(struct ts_counts *to, const struct ts_counts *what, int64_t times);

/* Cycles that are charged to a cause. */
void ts_counts_stall(struct ts_counts *to, enum ts_stall cause, int64_t cycles);

/*
 * The phase of a block: it is worked on while the DMA reads the next and writes the results of
 * the one before.
 */
void ts_counts_phase(struct ts_counts *to, const struct ts_machine *machine,
                     const struct ts_counts *block, int64_t read, int64_t write, int64_t times);

/* Whether no counter has overflowed; if one has, says so. */
bool ts_counts_check(const struct ts_counts *counts, char *error, size_t size);

#ifdef __cplusplus
}
#endif

#endif
