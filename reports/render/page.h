/* SPDX-License-Identifier: Apache-2.0 */
/** @file report.html. */
#ifndef TESSERA_REPORTS_PAGE_H
#define TESSERA_REPORTS_PAGE_H

#include "render/figures.h"
#include "render/svg.h"

/** The style sheet, report.css. */
extern const char ts_report_css[];

/** The page; NULL with one line in `error` if it could not be drawn. Free it. */
char *ts_page(const struct ts_report *report, size_t *size, struct ts_error *error);

/* Its sections, in their order. */
void ts_page_answer(FILE *page, const struct ts_report *report);
void ts_page_compared(FILE *page, const struct ts_report *report);
void ts_page_designs(FILE *page, const struct ts_report *report);
void ts_page_cycles(FILE *page, const struct ts_report *report);
void ts_page_errors(FILE *page, const struct ts_report *report);
void ts_page_operands(FILE *page, const struct ts_report *report);
void ts_page_claims(FILE *page, const struct ts_report *report);
void ts_page_provenance(FILE *page, const struct ts_report *report);

/** A section's heading. */
void ts_page_section(FILE *page, const char *id, const char *title);

#endif
