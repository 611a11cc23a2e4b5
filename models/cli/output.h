/* SPDX-License-Identifier: Apache-2.0 */
/* A file that is written beside its place, and takes that only when it is whole. */
#ifndef TESSERA_CLI_OUTPUT_H
#define TESSERA_CLI_OUTPUT_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ts_cli_output {
    FILE *stream;
    const char *name;    /**< as the user gave it */
    char path[PATH_MAX]; /**< where symbolic links lead */
    /** Written to until all is well; empty: `path` is no regular file. */
    char partial[PATH_MAX + sizeof ".partial"];
    struct ts_cli_output *volatile next; /**< of those that are open */
};

/**
 * Opens the place that `name` means. What is there and no regular file (a device, a pipe) is
 * written to, never replaced; "-", /dev/stdout and /dev/fd/N are what is open already. Says on
 * standard error what is wrong and returns false. `output` must stay where it is until it is
 * closed: a signal that ends the program removes what there is of it.
 */
bool ts_cli_output_open(const char *program, const char *name, struct ts_cli_output *output);

/**
 * Closes it and, if `keep`, puts it into its place; else nothing is left of it. Says on standard
 * error if that fails and returns false.
 */
bool ts_cli_output_close(const char *program, struct ts_cli_output *output, bool keep);

#ifdef __cplusplus
}
#endif
#endif
