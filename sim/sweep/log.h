/* SPDX-License-Identifier: Apache-2.0 */
/** @file The file points.jsonl: what is known so far, a line a point, whole or not at all. */
#ifndef TESSERA_SIM_SWEEP_LOG_H
#define TESSERA_SIM_SWEEP_LOG_H

#include "sweep/figures.h"

#include <limits.h>
#include <stdio.h>

/** Where outcomes are gathered. */
struct results {
    size_t n;
    struct outcome *outcomes; /**< of each point; STATUS_MISSING: not known yet */
    char **errors;            /**< of each point; NULL: none */
};

bool results_make(struct results *results, size_t n, struct ts_error *error);
bool results_take(struct results *results, const struct report *report);
void results_free(struct results *results);

struct sweep_log {
    int fd;
    char path[PATH_MAX];
    size_t damaged; /**< lines that were none of a point's */
};

/**
 * Opens the log in a directory, which is made, locks it, and takes what it has. `header`, a line,
 * names the sweep; a log of another one is refused. What a killed process left of its last line is
 * cut off.
 */
bool log_open(struct sweep_log *log, const char *directory, const char *header,
              struct results *results, struct ts_error *error);

bool log_add(const struct sweep_log *log, const struct report *report, struct ts_error *error);

void log_close(struct sweep_log *log);

/** The log of all points that are known, in their order. */
void log_write(const char *header, const struct results *results, FILE *out);

/** Text as JSON, in quotes. */
void write_json_text(const char *text, FILE *out);

#endif
