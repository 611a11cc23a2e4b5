/* SPDX-License-Identifier: Apache-2.0 */
/* What every command-line program of Tessera does alike. */
#ifndef TESSERA_CLI_CLI_H
#define TESSERA_CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Exit statuses: success, the work failed, the command line was wrong. */
enum { TS_EXIT_OK = 0, TS_EXIT_FAILURE = 1, TS_EXIT_USAGE = 2 };

/** Prints `summary` or `help` if the first argument asks for it; else returns false. */
bool ts_cli_introduces(int argc, char **argv, const char *summary, const char *help);

/** The candidate closest to a mistyped word, or NULL if none is close. */
const char *ts_cli_nearest(const char *word, const char *const *candidates, size_t n);

/** The number of an option, from min to max; else says so on standard error and returns false. */
bool ts_cli_number(const char *program, const char *option, const char *text, long min, long max,
                   long *value);

/** Flushes standard output; a failed write (full disk, closed pipe) turns success into failure. */
int ts_cli_finish(const char *program, int status);

#ifdef __cplusplus
}
#endif
#endif
