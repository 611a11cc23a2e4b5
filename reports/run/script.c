/* SPDX-License-Identifier: Apache-2.0 */
/* Filling in scripts. */
#include "run/script.h"

#include "share/share.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_all(FILE *file)
{
    char *text = NULL, part[4096];
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    for (size_t n; (n = fread(part, 1, sizeof part, file)) > 0;)
        fwrite(part, 1, n, out);
    fclose(out);
    return text;
}

char *ts_script_read(const char *name, struct ts_error *error)
{
    char directory[PATH_MAX], path[PATH_MAX + 256];
    if (!ts_share_directory("flow", directory, sizeof directory)) {
        ts_error_set(error, "share/tessera/flow: not found beside this program; install Tessera "
                            "again");
        return NULL;
    }
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "r");
    char *text = file ? read_all(file) : NULL;
    if (!text)
        ts_error_set(error, "%s: cannot be read: %s", path, strerror(errno));
    if (file)
        fclose(file);
    return text;
}

/* The value of a place that starts at `at`, and its length in the script; NULL if there is none. */
static const char *value_at(const char *at, const struct ts_place *places, size_t *length)
{
    for (; places->key; places++) {
        size_t n = strlen(places->key);
        if (at[0] == '@' && strncmp(at + 1, places->key, n) == 0 && at[n + 1] == '@') {
            *length = n + 2;
            return places->value;
        }
    }
    return NULL;
}

bool ts_script_write(const char *name, const struct ts_place *places, const char *path,
                     struct ts_error *error)
{
    char *text = ts_script_read(name, error);
    if (!text)
        return false;
    FILE *file = fopen(path, "w");
    for (const char *at = text; file && *at;) {
        size_t length = 1;
        const char *value = value_at(at, places, &length);
        if (value)
            fputs(value, file);
        else
            fputc(*at, file);
        at += length;
    }
    free(text);
    bool failed = !file || ferror(file);
    if ((file && fclose(file) != 0) || failed)
        return ts_error_set(error, "%s: cannot be written: %s", path, strerror(errno));
    return true;
}
