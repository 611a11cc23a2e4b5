/* SPDX-License-Identifier: Apache-2.0 */
#include "workload/text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Devices and pipes too: what counts is what comes. */
static char *read_all(FILE *file, size_t *size)
{
    size_t room = 1 << 16;
    char *text = malloc(room);
    *size = 0;
    while (text) {
        *size += fread(text + *size, 1, room - 1 - *size, file);
        if (*size < room - 1)
            break;
        room *= 2;
        char *more = realloc(text, room);
        if (!more)
            free(text);
        text = more;
    }
    if (text)
        text[*size] = '\0';
    return text;
}

char *text_read(const char *path, struct ts_error *error)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        ts_error_set(error, "%s: cannot be opened: %s", path, strerror(errno));
        return NULL;
    }
    size_t size;
    errno = 0;
    char *text = read_all(file, &size);
    bool ok = true;
    if (!text)
        ok = ts_error_set(error, "%s: not enough memory for it", path);
    else if (ferror(file))
        ok = ts_error_set(error, "%s: cannot be read: %s", path, strerror(errno));
    else if (size >= 2 && memcmp(text, "\x1F\x8B", 2) == 0)
        ok = ts_error_set(error, "%s: is compressed; unpack it with gunzip first", path);
    else if (strlen(text) != size)
        ok = ts_error_set(error, "%s: byte %zu is a zero: not a text file", path, strlen(text));
    fclose(file);
    if (ok)
        return text;
    free(text);
    return NULL;
}

/* The escape of a zero, at which a text would end as it is read; or NULL. */
static const char *escaped_zero(const char *text)
{
    static const char zero[] = "\\u0000";
    for (const char *c = strchr(text, '\\'); c && c[1]; c = strchr(c + 2, '\\'))
        if (strncmp(c, zero, strlen(zero)) == 0)
            return c;
    return NULL;
}

cJSON *text_json(const char *path, const char *text, struct ts_error *error)
{
    const char *end = text;
    const char *zero = escaped_zero(text);
    cJSON *json = zero ? NULL : cJSON_ParseWithOpts(text, &end, true);
    if (json)
        return json;
    end = zero ? zero : end;
    int line = 1;
    const char *start = text;
    for (const char *c = text; c < end; c++)
        if (*c == '\n') {
            line++;
            start = c + 1;
        }
    ts_error_set(error, "%s: line %d, column %d: %s", path, line, (int)(end - start) + 1,
                 zero ? "a text holds a zero, \\u0000; it must be one of characters"
                      : "not JSON, here or just before");
    return NULL;
}

bool text_integer(const cJSON *item, int64_t *value)
{
    static const double MAX = 0x1p53;
    if (!cJSON_IsNumber(item) || fabs(item->valuedouble) > MAX ||
        item->valuedouble != floor(item->valuedouble))
        return false;
    *value = (int64_t)item->valuedouble;
    return true;
}
