/* SPDX-License-Identifier: Apache-2.0 */
/* A CSV file of points: its header names fields, each row has their values. */
#include "sweep/changes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

struct reader {
    const char *path;
    int line, column; /* of the cell at hand, from 1 on */
    char *rest;       /* of the line; NULL: no more cells */
};

static bool refuse(const struct reader *reader, const char *why, struct ts_error *error)
{
    return ts_error_set(error, "%.200s: line %d, column %d: %s", reader->path, reader->line,
                        reader->column, why);
}

static char *trim(char *text)
{
    text += strspn(text, " \t");
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t", text[length - 1]))
        text[--length] = '\0';
    return text;
}

/* In quotes, "" is a quote. Returns what follows the last one, or NULL. */
static char *unquote(char *cell)
{
    char *to = cell;
    for (char *from = cell; *from; from++) {
        if (*from == '"' && *++from != '"') {
            *to = '\0';
            return from;
        }
        *to++ = *from;
    }
    return NULL;
}

/* The next cell of the line; false with a line if there is none. */
static bool next(struct reader *reader, char **cell, struct ts_error *error)
{
    reader->column++;
    if (!reader->rest)
        return refuse(reader, "the row ends here; the header has more columns", error);
    char *start = reader->rest + strspn(reader->rest, " \t");
    char *end = start;
    bool quoted = *start == '"';
    if (quoted) {
        end = unquote(++start);
        if (!end)
            return refuse(reader, "a quote is not closed in this line", error);
        end += strspn(end, " \t");
        if (*end && *end != ',')
            return refuse(reader, "there is more behind a closed quote", error);
    }
    char *comma = strchr(end, ',');
    reader->rest = comma ? comma + 1 : NULL;
    if (comma && !quoted)
        *comma = '\0';
    *cell = quoted ? start : trim(start);
    return true;
}

static bool read_header(struct reader *reader, struct changes *changes,
                        const struct ts_design *design, struct ts_error *error)
{
    struct ts_error why;
    while (reader->rest) {
        char *name = NULL;
        if (!next(reader, &name, error))
            return false;
        if (!axis_add(changes, design, name, &why))
            return refuse(reader, why.text, error);
    }
    return true;
}

static bool read_row(struct reader *reader, struct changes *changes, const struct ts_design *design,
                     struct ts_error *error)
{
    struct ts_error why;
    if (changes->points == MAX_POINTS)
        return ts_error_set(error, "%.200s: line %d: more than %d points", reader->path,
                            reader->line, MAX_POINTS);
    for (size_t a = 0; a < changes->n; a++) {
        char *value = NULL;
        if (!next(reader, &value, error))
            return false;
        if (!axis_add_value(&changes->axes[a], design, value, &why))
            return refuse(reader, why.text, error);
    }
    reader->column++;
    if (reader->rest)
        return refuse(reader, "the row goes on; the header has fewer columns", error);
    changes->points++;
    return true;
}

/* Without its end and, if it is the first, its byte-order mark. Lines may hold nothing. */
static bool read_line(struct reader *reader, char *text, ssize_t length, struct changes *changes,
                      const struct ts_design *design, struct ts_error *error)
{
    static const char mark[] = "\xEF\xBB\xBF";
    reader->line++;
    reader->column = 0;
    if (strlen(text) != (size_t)length)
        return ts_error_set(error, "%.200s: line %d: is no text", reader->path, reader->line);
    text[strcspn(text, "\r\n")] = '\0';
    if (reader->line == 1 && strncmp(text, mark, sizeof mark - 1) == 0)
        text += sizeof mark - 1;
    reader->rest = text;
    if (!*trim(text))
        return true;
    return changes->n == 0 ? read_header(reader, changes, design, error)
                           : read_row(reader, changes, design, error);
}

bool changes_read(struct changes *changes, const struct ts_design *design, const char *path,
                  struct ts_error *error)
{
    struct reader reader = {.path = path};
    FILE *in = fopen(path, "r");
    char *text = NULL;
    size_t room = 0;
    bool ok = in != NULL;
    if (!ok)
        return ts_error_set(error, "%.200s: %s", path, strerror(errno));
    changes->list = true;
    errno = 0;
    for (ssize_t length; ok && (length = getline(&text, &room, in)) >= 0;)
        ok = read_line(&reader, text, length, changes, design, error);
    if (ok && ferror(in))
        ok = ts_error_set(error, "%.200s: %s", path, strerror(errno));
    else if (ok && changes->points == 0)
        ok = ts_error_set(error, "%.200s: has no points: a header of fields, then a row for each",
                          path);
    free(text);
    fclose(in);
    return ok;
}
