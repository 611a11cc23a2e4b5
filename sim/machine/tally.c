/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of counts that stay at the largest number once they are too large. */
#include "machine/tally.h"

#include "machine/saturate.h"

#include <stdio.h>
#include <string.h>

enum { EDGE = 3, COUNTERS = sizeof(struct ts_counts) / sizeof(int64_t) };

struct ts_indices ts_indices_of(int64_t n)
{
    struct ts_indices set = {0};
    for (int64_t i = 0; i < n; i++) {
        bool between = n > 2 * EDGE && i == EDGE;
        set.at[set.n] = i;
        set.times[set.n++] = between ? n - 2 * EDGE : 1;
        if (between)
            i = n - EDGE - 1;
    }
    return set;
}

void ts_counts_add(struct ts_counts *to, const struct ts_counts *what, int64_t times)
{
    int64_t sums[COUNTERS], terms[COUNTERS];
    memcpy(sums, to, sizeof sums);
    memcpy(terms, what, sizeof terms);
    for (int i = 0; i < COUNTERS; i++)
        sums[i] = ts_sat_add(sums[i], ts_sat_mul(terms[i], times));
    memcpy(to, sums, sizeof sums);
}

void ts_counts_stall(struct ts_counts *to, enum ts_stall cause, int64_t cycles)
{
    to->cycles = ts_sat_add(to->cycles, cycles);
    to->stall[cause] = ts_sat_add(to->stall[cause], cycles);
}

void ts_counts_phase(struct ts_counts *to, const struct ts_machine *machine,
                     const struct ts_counts *block, int64_t read, int64_t write, int64_t times)
{
    struct ts_counts phase = *block;
    int64_t reading = 0, writing = 0, latency = 0;
    phase.dram_read = ts_sat_add(phase.dram_read, read);
    phase.dram_write = ts_sat_add(phase.dram_write, write);
    phase.l1_read = ts_sat_add(phase.l1_read, write);
    if (!machine->ideal) {
        reading = ts_rate_cycles(machine->dram, read);
        writing = ts_rate_cycles(machine->dram, write);
        latency = read ? machine->latency : 0;
    }
    int64_t dma = ts_sat_add(ts_sat_add(latency, reading), writing);
    int64_t wait = ts_most(0, dma - block->cycles);
    int64_t last = ts_least(wait, writing), before = ts_least(wait - last, reading);
    ts_counts_stall(&phase, TS_STALL_DRAM_WRITE, last);
    ts_counts_stall(&phase, TS_STALL_DRAM_READ, before);
    ts_counts_stall(&phase, TS_STALL_DRAM_LATENCY, wait - last - before);
    ts_counts_add(to, &phase, times);
}

bool ts_counts_check(const struct ts_counts *counts, char *error, size_t size)
{
    int64_t values[COUNTERS];
    memcpy(values, counts, sizeof values);
    for (int i = 0; i < COUNTERS; i++) {
        if (values[i] == INT64_MAX) {
            snprintf(error, size, "the job is too large: its counters overflow 64 bits");
            return false;
        }
    }
    return true;
}
