/* SPDX-License-Identifier: Apache-2.0 */
/** @file Drawings by gnuplot and Graphviz, as SVG to put into a page. */
#ifndef TESSERA_REPORTS_SVG_H
#define TESSERA_REPORTS_SVG_H

#include "tessera/error.h"

#include <stdio.h>

/**
 * Colours of a drawing that the page's style sheet decides, light or dark: TS_INK(3) stands for
 * its variable --ink3. Ink 0 is text and lines, 1 to 3 the first design's, 4 to 6 the second's,
 * 7 to 9 further ones, 10 pale lines, 11 the paper.
 */
#define TS_INK(n) "#0102" TS_INK_##n
#define TS_INK_0 "10"
#define TS_INK_1 "11"
#define TS_INK_2 "12"
#define TS_INK_3 "13"
#define TS_INK_4 "14"
#define TS_INK_5 "15"
#define TS_INK_6 "16"
#define TS_INK_7 "17"
#define TS_INK_8 "18"
#define TS_INK_9 "19"
#define TS_INK_10 "1a"
#define TS_INK_11 "1b"
enum { TS_INKS = 12, TS_MAX_INK_TEXT = 8 };

/** The colour's text for a design's shade (0 strong, 1, 2). */
const char *ts_ink_of(int design, int shade);

/** A temporary directory for the tools' files; removed with what is in it. */
struct ts_scratch {
    char dir[256];
};

bool ts_scratch_make(struct ts_scratch *scratch, struct ts_error *error);
void ts_scratch_remove(struct ts_scratch *scratch);

/** Runs gnuplot on a script, which prints SVG; writes it into the page with ids that begin with
 * `name`. */
bool ts_svg_gnuplot(FILE *page, const struct ts_scratch *scratch, const char *name,
                    const char *script, struct ts_error *error);

/** The same of a graph in Graphviz's language. */
bool ts_svg_dot(FILE *page, const struct ts_scratch *scratch, const char *name, const char *graph,
                struct ts_error *error);

#endif
