/* SPDX-License-Identifier: Apache-2.0 */
/** @file Several Liberty files as one. */
#ifndef TESSERA_REPORTS_MERGE_H
#define TESSERA_REPORTS_MERGE_H

#include <stdbool.h>
#include <stddef.h>

#include "tessera/error.h"

/** A text, to be freed. */
struct ts_text {
    char *at;
    size_t size;
};

/**
 * Writes to `path` the library of the first file, with the cells and other groups of the rest.
 * False with one line if a cell is in two files, or one table template's name has two meanings.
 */
bool ts_liberty_merge(const char *const *files, const struct ts_text *texts, int n,
                      const char *path, struct ts_error *error);

#endif
