/* SPDX-License-Identifier: Apache-2.0 */
/* What every command-line program of Tessera does alike. */
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WORD = 63 };

static bool asks_for_help(const char *argument)
{
    return strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0;
}

bool ts_cli_introduces(int argc, char **argv, const char *summary, const char *help)
{
    if (argc < 2)
        return false;
    if (strcmp(argv[1], "--summary") == 0)
        puts(summary);
    else if (asks_for_help(argv[1]))
        fputs(help, stdout);
    else
        return false;
    return true;
}

/* Edits to turn a into b: insertions, deletions, replacements (Levenshtein). */
static size_t distance(const char *a, const char *b)
{
    size_t row[MAX_WORD + 1];
    size_t n = strlen(b);
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 0; a[i]; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < n; j++) {
            size_t best = diagonal + (a[i] != b[j]);
            diagonal = row[j + 1];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (diagonal + 1 < best)
                best = diagonal + 1;
            row[j + 1] = best;
        }
    }
    return row[n];
}

const char *ts_cli_nearest(const char *word, const char *const *candidates, size_t n)
{
    const char *nearest = NULL;
    size_t length = strlen(word);
    size_t least = length / 3 + 2; /* further away is no misspelling */
    if (length == 0 || length > MAX_WORD)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        if (strlen(candidates[i]) > MAX_WORD)
            continue;
        bool begins = strncmp(candidates[i], word, length) == 0;
        size_t d = begins ? 1 : distance(word, candidates[i]);
        if (d < least) {
            least = d;
            nearest = candidates[i];
        }
    }
    return nearest;
}

bool ts_cli_number(const char *program, const char *option, const char *text, long min, long max,
                   long *value)
{
    char *end = NULL;
    *value = strtol(text, &end, 10);
    if (end != text && *end == '\0' && *value >= min && *value <= max)
        return true;
    fprintf(stderr, "%s: %s must be a number from %ld to %ld, not '%s'\n", program, option, min,
            max, text);
    return false;
}

int ts_cli_finish(const char *program, int status)
{
    (void)fflush(stdout); /* an error stays with the stream, as do those of before */
    if (!ferror(stdout))
        return status;
    fprintf(stderr, "%s: cannot write the output: %s\n", program, strerror(errno));
    return status == TS_EXIT_OK ? TS_EXIT_FAILURE : status;
}
