/* SPDX-License-Identifier: Apache-2.0 */
/** @file Writing HTML: escaped text, and figures as a reader wants them. */
#ifndef TESSERA_REPORTS_HTML_H
#define TESSERA_REPORTS_HTML_H

#include <stdio.h>

enum { TS_NUMBER = 48 };

/** Text with what HTML reserves escaped. */
void ts_html_text(FILE *out, const char *text);

/** printf with the result escaped. */
__attribute__((format(printf, 2, 3))) void ts_html_printf(FILE *out, const char *format, ...);

/**
 * A figure to `digits` significant digits, never as 1e+06: "1,542,372", "0.0135", "1.8e-6" below
 * 1e-4; "&mdash;" (as HTML) for NAN.
 */
const char *ts_html_number(char text[TS_NUMBER], double value, int digits);

/** A right-aligned cell of a table; what was not measured says so. */
void ts_html_cell(FILE *out, double value, int digits);
void ts_html_text_cell(FILE *out, const char *text);

/** A cell that says how its figure came about. */
void ts_html_kind_cell(FILE *out, const char *kind);
void ts_html_kind(FILE *out, const char *kind);

/** One heading of columns: "Area|mm2|Kind"; a leading '>' right-aligns, "a [b]" has unit b. */
void ts_html_head(FILE *out, const char *columns);

/** A unit as HTML: mm2 with its exponent, u as the micro sign. */
void ts_html_unit(FILE *out, const char *unit);

#endif
