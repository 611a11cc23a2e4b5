/* SPDX-License-Identifier: Apache-2.0 */
/** @file Whole files. */
#ifndef TESSERA_REPORTS_FILE_H
#define TESSERA_REPORTS_FILE_H

#include "tessera/error.h"

/** The text of a file, to be freed; NULL with one line. */
char *ts_file_read(const char *path, struct ts_error *error);

/** Writes a whole file; false with one line. */
bool ts_file_write(const char *path, const char *text, struct ts_error *error);

#endif
