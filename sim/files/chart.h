/* SPDX-License-Identifier: Apache-2.0 */
/** @file Charts that gnuplot draws. */
#ifndef TESSERA_SIM_CHART_H
#define TESSERA_SIM_CHART_H

#include <stdbool.h>
#include <stdio.h>

/** Writes text to a script in single quotes, between which gnuplot runs and replaces nothing. */
void ts_chart_text(const char *text, FILE *script);

/**
 * Runs gnuplot on NAME.gp, in its directory; what the script prints becomes NAME.svg. If gnuplot is
 * missing or fails, `program` says so in one line, and there is no NAME.svg, not even an old one.
 */
bool ts_chart_draw(const char *program, const char *directory, const char *name);

#endif
