/* SPDX-License-Identifier: Apache-2.0 */
/** @file What the command lines that name a block have in common. */
#ifndef TESSERA_CLI_ARGUMENTS_H
#define TESSERA_CLI_ARGUMENTS_H

#include "tessera/block.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The block of that name; NULL after a line on standard error. */
const struct ts_block *ts_argument_block(const char *program, const char *name);

/** Whether the word is PARAMETER=VALUE. */
bool ts_argument_is_param(const char *word);

/** Sets it; false after a line on standard error. */
bool ts_argument_param(const char *program, const struct ts_block *block, int64_t *params,
                       const char *word);

/** The presets, and over them `n` such words; false after a line on standard error. */
bool ts_argument_params(const char *program, const struct ts_block *block, int64_t *params,
                        char *const *words, int n);

/** Whether the parameters fit together; if not, says so. */
bool ts_argument_check(const char *program, const struct ts_block *block, const int64_t *params);

/** A number from min to max, with a line on standard error if it is none. */
bool ts_argument_number(const char *program, const char *option, const char *text, uint64_t min,
                        uint64_t max, uint64_t *value);

#ifdef __cplusplus
}
#endif
#endif
