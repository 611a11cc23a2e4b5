/* SPDX-License-Identifier: Apache-2.0 */
/** @file The report's charts and block diagrams. */
#ifndef TESSERA_REPORTS_CHARTS_H
#define TESSERA_REPORTS_CHARTS_H

#include "render/figures.h"
#include "render/svg.h"

/** Each writes one <svg> into the page, or nothing if nothing was measured. */
bool ts_chart_cycles(FILE *page, const struct ts_report *report, const struct ts_scratch *scratch,
                     struct ts_error *error);
bool ts_chart_errors(FILE *page, const struct ts_report *report, const struct ts_scratch *scratch,
                     struct ts_error *error);
bool ts_chart_area(FILE *page, const struct ts_report *report, const struct ts_scratch *scratch,
                   struct ts_error *error);
bool ts_chart_power(FILE *page, const struct ts_report *report, const struct ts_scratch *scratch,
                    struct ts_error *error);

/** A slice and the array it is in: parts with their area, share and power. */
bool ts_diagram_slice(FILE *page, const struct ts_costed *costed, int index,
                      const struct ts_scratch *scratch, struct ts_error *error);
bool ts_diagram_array(FILE *page, const struct ts_costed *costed, int index,
                      const struct ts_scratch *scratch, struct ts_error *error);

#endif
