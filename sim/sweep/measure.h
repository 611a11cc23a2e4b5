/* SPDX-License-Identifier: Apache-2.0 */
/** @file A figure of a point by its name: a column of sweep.csv, or a number of the design. */
#ifndef TESSERA_SIM_SWEEP_MEASURE_H
#define TESSERA_SIM_SWEEP_MEASURE_H

#include "design/fields.h"
#include "sweep/figures.h"

struct measure {
    char name[FIGURE_NAME];
    int counter, figure; /**< which it is; -1: neither */
    const struct ts_design_field *field;
    bool more_is_better;
};

bool measure_find(const char *name, const struct ts_design *design, struct measure *measure,
                  struct ts_error *error);

double measure_value(const struct measure *measure, const struct ts_design *design,
                     const struct outcome *outcome);

#endif
