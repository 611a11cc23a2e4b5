/* SPDX-License-Identifier: Apache-2.0 */
/** @file cost.json and cost.csv, as reports/README.md says. */
#ifndef TESSERA_REPORTS_COST_OUTPUT_H
#define TESSERA_REPORTS_COST_OUTPUT_H

#include "cost/energy.h"

struct ts_cost {
    const struct ts_design *design;
    const struct ts_library *library;
    const struct ts_cost_areas *areas;
    const struct ts_cost_power *power; /**< NULL without a trace */
    const cJSON *replay;               /**< replay.json; NULL without a trace */
    struct ts_cost_metrics metrics;
    struct ts_cost_run run; /**< of no meaning without a trace */
    int argc;
    char *const *argv;
    const char *yosys, *opensta; /**< versions */
};

/** Writes both into `dir`, or neither and one line in `error`. */
bool ts_cost_write(const struct ts_cost *cost, const char *dir, struct ts_error *error);

#endif
