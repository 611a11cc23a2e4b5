/* SPDX-License-Identifier: Apache-2.0 */
/** @file Writing a set of files: all of them, or none. */
#ifndef TESSERA_SIM_FILES_H
#define TESSERA_SIM_FILES_H

#include "tessera/error.h"

#include <stddef.h>

struct ts_file {
    const char *name;
    const char *text;
    size_t size;
};

/** Makes the directory and its parents if they are missing. */
bool ts_make_directory(const char *dir, struct ts_error *error);

/**
 * Writes the files beside their names in `dir`, which is made if it is missing, and then renames
 * them. If one cannot be written, none takes its name, and `error` says which and why.
 */
bool ts_files_write(const char *dir, const struct ts_file *files, size_t n, struct ts_error *error);

#endif
