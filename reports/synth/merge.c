/* SPDX-License-Identifier: Apache-2.0 */
/* Yosys' passes take one Liberty file; vendors ship several. */
#include "synth/merge.h"

#include "synth/scan.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A group directly below a library. */
struct group {
    struct ts_span kind, name, text;
    int file;
};

struct groups {
    struct group *list;
    size_t n, room;
};

static bool add(struct groups *groups, struct group group)
{
    if (groups->n == groups->room) {
        size_t room = groups->room ? 2 * groups->room : 256;
        struct group *list = realloc(groups->list, room * sizeof *list);
        if (!list)
            return false;
        groups->list = list;
        groups->room = room;
    }
    groups->list[groups->n++] = group;
    return true;
}

/* The groups of one file; `*end` is the brace that closes its library. The text was parsed. */
static bool find_groups(struct ts_text text, int file, struct groups *groups, const char **end)
{
    struct ts_scan scan = {text.at, text.at + text.size};
    ts_scan_next(&scan);
    for (;;) {
        struct ts_statement s = ts_scan_next(&scan);
        *end = s.start;
        if (s.kind != TS_GROUP && s.kind != TS_ATTRIBUTE)
            return true;
        if (s.kind != TS_GROUP)
            continue;
        ts_scan_leave(&scan);
        struct ts_span whole = {s.start, (size_t)(scan.at - s.start)};
        if (!add(groups, (struct group){s.name, s.value, whole, file}))
            return false;
    }
}

static int compare_spans(struct ts_span a, struct ts_span b)
{
    int order = memcmp(a.at, b.at, a.size < b.size ? a.size : b.size);
    return order ? order : (a.size > b.size) - (a.size < b.size);
}

static int by_name_and_file(const void *x, const void *y)
{
    const struct group *a = x, *b = y;
    /* Cells last: OpenSTA wants their templates before them. */
    int order = ts_span_is(a->kind, "cell") - ts_span_is(b->kind, "cell");
    order = order ? order : compare_spans(a->kind, b->kind);
    order = order ? order : compare_spans(a->name, b->name);
    return order ? order : (a->file > b->file) - (a->file < b->file);
}

static bool same_name(const struct group *a, const struct group *b)
{
    return compare_spans(a->kind, b->kind) == 0 && compare_spans(a->name, b->name) == 0;
}

static const char *past_space(const char *at, const char *end)
{
    while (at < end && isspace((unsigned char)*at))
        at++;
    return at;
}

static bool same_text(struct ts_span a, struct ts_span b)
{
    const char *x = a.at, *y = b.at, *x_end = a.at + a.size, *y_end = b.at + b.size;
    for (;; x++, y++) {
        x = past_space(x, x_end);
        y = past_space(y, y_end);
        if (x == x_end || y == y_end)
            return x == x_end && y == y_end;
        if (*x != *y)
            return false;
    }
}

static bool is_template(const struct group *group)
{
    static const char end[] = "_template";
    size_t n = sizeof end - 1;
    return group->kind.size > n && memcmp(group->kind.at + group->kind.size - n, end, n) == 0;
}

static bool twice(const char *const *files, const struct group *a, const struct group *b,
                  struct ts_error *error)
{
    char kind[32], name[128];
    ts_span_copy(a->kind, kind, sizeof kind);
    ts_span_copy(a->name, name, sizeof name);
    return ts_error_set(error, "%s: its %s '%s' is another one than in %s", files[b->file], kind,
                        name, files[a->file]);
}

/* Writes what the first file lacks. Sorted, so that the same group of two files is neighbours. */
static bool write_missing(const char *const *files, const struct groups *groups, FILE *out,
                          struct ts_error *error)
{
    for (size_t i = 0; i < groups->n; i++) {
        const struct group *group = &groups->list[i], *last = i ? group - 1 : NULL;
        bool seen = last && last->file != group->file && same_name(last, group);
        if (seen && (ts_span_is(group->kind, "cell") ||
                     (is_template(group) && !same_text(last->text, group->text))))
            return twice(files, last, group, error);
        if (!seen && group->file > 0) {
            fputs("\n  ", out);
            fwrite(group->text.at, 1, group->text.size, out);
        }
    }
    return true;
}

bool ts_liberty_merge(const char *const *files, const struct ts_text *texts, int n,
                      const char *path, struct ts_error *error)
{
    struct groups groups = {0};
    const char *first_end = texts[0].at, *end;
    bool fine = true;
    for (int i = 0; i < n && fine; i++)
        fine = find_groups(texts[i], i, &groups, i ? &end : &first_end);
    FILE *out = fine ? fopen(path, "w") : NULL;
    if (!out) {
        free(groups.list);
        return ts_error_set(error, "%s: cannot be written: %s", path, strerror(errno));
    }
    if (groups.n)
        qsort(groups.list, groups.n, sizeof *groups.list, by_name_and_file);
    fwrite(texts[0].at, 1, (size_t)(first_end - texts[0].at), out);
    fine = write_missing(files, &groups, out, error);
    fputs("\n}\n", out);
    free(groups.list);
    bool failed = ferror(out) != 0;
    if ((fclose(out) != 0 || failed) && fine)
        fine = ts_error_set(error, "%s: cannot be written: %s", path, strerror(errno));
    return fine;
}
