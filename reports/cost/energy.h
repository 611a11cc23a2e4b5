/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Power of the array from that of recorded slices, and the figures of merit.
 */
#ifndef TESSERA_REPORTS_ENERGY_H
#define TESSERA_REPORTS_ENERGY_H

#include "cost/rollup.h"
#include "cost/streams.h"
#include "power/power.h"

/** Slices that power is measured of: at work, and in columns of padding. */
enum { TS_MAX_WORKING = 64, TS_MAX_IDLE = 3, TS_MAX_POSITIONS = TS_MAX_WORKING + TS_MAX_IDLE };

struct ts_spread {
    double mean, min, max, stddev;
};

struct ts_cost_power {
    int n;
    struct ts_stream streams[TS_MAX_POSITIONS];
    struct ts_power positions[TS_MAX_POSITIONS];
    int working;               /**< the first so many positions; the others are idle */
    struct ts_spread slice_mw; /**< of a one-slice mpe at work, over the positions */
    struct ts_spread idle_mw;  /**< of one in a column of padding; NAN where none was recorded */
    double mpes_mw, outer_mw, sums_skew_mw, array_mw;
    double utilization; /**< useful multiply-accumulates over the lanes' peak, in the recordings */
};

/**
 * The replayed run on the array: columns with work draw power as the working positions do,
 * columns of padding as the idle ones.
 */
struct ts_cost_run {
    int64_t cycles, macs;
    double milliseconds;
    double working_share; /**< of the columns of mpes, weighted by cycles */
    double average_mw, energy_uj, pj_per_mac;
};

struct ts_cost_run ts_cost_run_of(const struct ts_cost_areas *areas,
                                  const struct ts_cost_power *power, const struct ts_design *design,
                                  const cJSON *replay);

/** Measures every stream; false with one line in `error`. Mismatches are in the positions. */
bool ts_cost_measure(struct ts_cost_power *power, const struct ts_cost_areas *areas,
                     const struct ts_design *design, const struct ts_library *library,
                     ts_cost_progress progress, void *context, struct ts_error *error);

/** The figures by which designs are compared; those of power are NAN without a trace. */
struct ts_cost_metrics {
    double area_mm2, peak_tops, tops_per_mm2;
    double power_mw, utilization, tops_per_w, pj_per_mac, pj_per_mac_busy;
    bool meets_clock;
};

struct ts_cost_metrics ts_cost_metrics_of(const struct ts_cost_areas *areas,
                                          const struct ts_cost_power *power,
                                          const struct ts_design *design);

#endif
