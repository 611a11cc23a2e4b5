/* SPDX-License-Identifier: Apache-2.0 */
/* FIELD=V1,V2,...: a value, or a range FROM..TO+STEP or FROM..TO*FACTOR. */
#include "sweep/changes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NUMBER = 32, MAX_VALUES = 10000 };

struct range {
    double from, to, by;
    bool times;
};

static bool number(const char **text, double *value)
{
    char *end = NULL;
    *value = strtod(*text, &end);
    bool found = end != *text;
    *text = end;
    return found;
}

/* strtod() takes 8..64 for 8. and .64: the dots are found first. */
static bool parse(const char *text, const char *dots, struct range *range)
{
    char first[MAX_NUMBER];
    size_t length = (size_t)(dots - text);
    const char *from = first, *rest = dots + 2;
    if (length >= sizeof first)
        return false;
    memcpy(first, text, length);
    first[length] = '\0';
    if (!number(&from, &range->from) || *from || !number(&rest, &range->to))
        return false;
    range->times = *rest == '*';
    if (!range->times && *rest != '+')
        return false;
    rest++;
    return number(&rest, &range->by) && !*rest;
}

static bool goes_on(const struct range *range)
{
    return range->from <= range->to &&
           (range->times ? range->by > 1 && range->from > 0 : range->by > 0);
}

static bool add_range(struct axis *axis, const struct ts_design *design, const char *text,
                      const char *dots, struct ts_error *error)
{
    char path[TS_FIELD_PATH];
    struct range range;
    ts_field_path(axis->field, path);
    if (!parse(text, dots, &range))
        return ts_error_set(
            error, "%s: '%.60s' is no range; one is FROM..TO+STEP or FROM..TO*FACTOR", path, text);
    if (!goes_on(&range))
        return ts_error_set(error, "%s: the range '%.60s' does not rise from its first to its last",
                            path, text);
    double value = range.from, last = range.to * (1 + 1e-12); /* steps of 0.1 are not exact */
    for (int i = 1; value <= last && axis->n <= MAX_VALUES; i++) {
        char one[MAX_NUMBER];
        snprintf(one, sizeof one, "%.10g", value);
        if (!axis_add_value(axis, design, one, error))
            return false;
        value = range.times ? value * range.by : range.from + i * range.by;
    }
    return true;
}

static bool add_item(struct axis *axis, const struct ts_design *design, const char *text,
                     struct ts_error *error)
{
    const char *dots = strstr(text, "..");
    if (dots && axis->field->kind != TS_FIELD_TEXT)
        return add_range(axis, design, text, dots, error);
    return axis_add_value(axis, design, text, error);
}

static bool are_different(const struct axis *axis, struct ts_error *error)
{
    char path[TS_FIELD_PATH];
    ts_field_path(axis->field, path);
    if (axis->n > MAX_VALUES)
        return ts_error_set(error, "%s has more than %d values", path, MAX_VALUES);
    for (size_t i = 0; i < axis->n; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(axis->values[i], axis->values[j]) == 0)
                return ts_error_set(error, "%s is %.60s twice", path, axis->values[i]);
    return true;
}

static bool add(struct changes *changes, const struct ts_design *design, char *text,
                struct ts_error *error)
{
    char *equals = strchr(text, '=');
    if (!equals)
        return ts_error_set(error, "'%.60s' must be FIELD=V1,V2,...", text);
    *equals = '\0';
    struct axis *axis = axis_add(changes, design, text, error);
    if (!axis)
        return false;
    for (char *item = equals + 1; item;) {
        char *comma = strchr(item, ',');
        if (comma)
            *comma = '\0';
        if (!add_item(axis, design, item, error))
            return false;
        item = comma ? comma + 1 : NULL;
    }
    if (!are_different(axis, error))
        return false;
    if (changes->n == 1)
        changes->points = 1;
    changes->points *= axis->n; /* both are at most MAX_POINTS */
    return changes->points <= MAX_POINTS ||
           ts_error_set(error, "these are %zu points or more; at most %d", changes->points,
                        MAX_POINTS);
}

bool changes_add(struct changes *changes, const struct ts_design *design, const char *text,
                 struct ts_error *error)
{
    char *copy = strdup(text);
    bool ok = copy ? add(changes, design, copy, error) : ts_error_set(error, "out of memory");
    free(copy);
    return ok;
}
