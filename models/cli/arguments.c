/* SPDX-License-Identifier: Apache-2.0 */
/* A block and its parameters on a command line. */
#include "cli/arguments.h"

#include "cli/cli.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BLOCKS = 256 };

const struct ts_block *ts_argument_block(const char *program, const char *name)
{
    const struct ts_block *block = ts_block_find(name);
    if (block)
        return block;
    const char *names[MAX_BLOCKS];
    size_t n = 0;
    for (; ts_blocks[n] && n < MAX_BLOCKS; n++)
        names[n] = ts_blocks[n]->name;
    const char *nearest = ts_cli_nearest(name, names, n);
    if (nearest)
        fprintf(stderr, "%s: no block '%s'; did you mean '%s'?\n", program, name, nearest);
    else
        fprintf(stderr, "%s: no block '%s'; 'tessera blocks' lists them\n", program, name);
    return NULL;
}

bool ts_argument_is_param(const char *word)
{
    return word[0] != '-' && strchr(word, '=') != NULL;
}

bool ts_argument_param(const char *program, const struct ts_block *block, int64_t *params,
                       const char *word)
{
    const char *error = ts_block_set(block, params, word);
    if (error)
        fprintf(stderr, "%s: %s\n", program, error);
    return !error;
}

bool ts_argument_check(const char *program, const struct ts_block *block, const int64_t *params)
{
    const char *error = ts_block_check(block, params);
    if (error)
        fprintf(stderr, "%s: %s: %s\n", program, block->name, error);
    return !error;
}

bool ts_argument_params(const char *program, const struct ts_block *block, int64_t *params,
                        char *const *words, int n)
{
    ts_block_presets(block, params);
    for (int i = 0; i < n; i++)
        if (!ts_argument_param(program, block, params, words[i]))
            return false;
    return ts_argument_check(program, block, params);
}

bool ts_argument_number(const char *program, const char *option, const char *text, uint64_t min,
                        uint64_t max, uint64_t *value)
{
    char *end = NULL;
    errno = 0;
    *value = strtoull(text, &end, 10);
    if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && !errno && *value >= min &&
        *value <= max)
        return true;
    fprintf(stderr, "%s: %s must be a number from %" PRIu64 " to %" PRIu64 ", not '%s'\n", program,
            option, min, max, text);
    return false;
}
