/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Runs another program: an argument vector, no shell.
 */
#ifndef TESSERA_REPORTS_RUN_H
#define TESSERA_REPORTS_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "tessera/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A program that a report needs, found in PATH. */
struct ts_tool {
    const char *program;
    const char *package; /**< that has it, for who does not: "not installed (package yosys)" */
};

/**
 * Runs `tool` with `arguments` (NULL-terminated, without the program's own name) in `directory`
 * (NULL: here). What it prints is appended to the file `log` (relative to the caller, not to
 * `directory`; NULL: dropped). It has no input. Returns false with one line if it is not
 * installed, ends with another status than 0, or by a signal; the line names the log.
 */
bool ts_run(const struct ts_tool *tool, const char *const *arguments, const char *directory,
            const char *log, struct ts_error *error);

/** The same, but what it prints on standard output comes as text, cut to `size` - 1 characters. */
bool ts_run_output(const struct ts_tool *tool, const char *const *arguments, char *text,
                   size_t size, struct ts_error *error);

#ifdef __cplusplus
}
#endif
#endif
