/* SPDX-License-Identifier: Apache-2.0 */
/** @file report.json and report.csv. */
#ifndef TESSERA_REPORTS_OUTPUT_H
#define TESSERA_REPORTS_OUTPUT_H

#include "render/figures.h"

/** The text of report.json, as report.schema.json says; NULL without memory. */
char *ts_report_json(const struct ts_report *report, int argc, char *const *argv);

/** The text of report.csv: one figure a line. */
char *ts_report_csv(const struct ts_report *report, size_t *size);

#endif
