/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * How work with files fails: one line for the user, filled in where it went wrong.
 *
 * A function that can fail takes a `struct ts_error *` (or NULL: not wanted) as
 * its last argument and returns false or NULL. The line names the file, the
 * object in it, what is wrong, and the way out; it has no newline.
 */
#ifndef TESSERA_ERROR_H
#define TESSERA_ERROR_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ts_error {
    char text[512];
};

/** Fills in the line, if one is wanted, as printf would; returns false, so that it can end a
 * function. Control characters, which a file may hold, become '?'. */
#ifdef __GNUC__
__attribute__((format(printf, 2, 3)))
#endif
bool ts_error_set(struct ts_error *error, const char *format, ...);

#ifdef __cplusplus
}
#endif
#endif
