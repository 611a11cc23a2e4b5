/* SPDX-License-Identifier: Apache-2.0 */
/* Whole files. */
#include "synth/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *ts_file_read(const char *path, struct ts_error *error)
{
    char *text = NULL, part[4096];
    size_t size = 0;
    FILE *file = fopen(path, "r"), *copy = file ? open_memstream(&text, &size) : NULL;
    for (size_t n; copy && (n = fread(part, 1, sizeof part, file)) > 0;)
        fwrite(part, 1, n, copy);
    bool failed = !copy || ferror(file);
    if (failed)
        ts_error_set(error, "%s: cannot be read: %s", path, strerror(errno));
    if (copy && fclose(copy) != 0)
        failed = true;
    if (file)
        fclose(file);
    if (!failed)
        return text;
    free(text);
    return NULL;
}

bool ts_file_write(const char *path, const char *text, struct ts_error *error)
{
    FILE *file = fopen(path, "w");
    bool failed = !file || fputs(text, file) < 0;
    if ((file && fclose(file) != 0) || failed)
        return ts_error_set(error, "%s: cannot be written: %s", path, strerror(errno));
    return true;
}
