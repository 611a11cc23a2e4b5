/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of a design and their values. */
#include "sweep/changes.h"

#include "cli/cli.h"
#include "design/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 60 /* bytes of a wrong value */, MAX_REASON = 384, ALL_MODES = 15 };

/* ---- Fields ---- */

static const struct ts_design_field *field_of(const char *name, struct ts_error *error)
{
    char paths[TS_DESIGN_FIELDS][TS_FIELD_PATH];
    const char *candidates[TS_DESIGN_FIELDS];
    for (int i = 0; i < TS_DESIGN_FIELDS; i++) {
        candidates[i] = ts_field_path(&ts_design_fields[i], paths[i]);
        if (strcmp(candidates[i], name) == 0)
            return &ts_design_fields[i];
    }
    const char *nearest = ts_cli_nearest(name, candidates, TS_DESIGN_FIELDS);
    ts_error_set(error, "'%.*s' is no field of a design%s%s%s", SHOWN, name,
                 nearest ? "; did you mean " : "; `tessera design NAME` shows them",
                 nearest ? nearest : "", nearest ? "?" : "");
    return NULL;
}

static bool can_change(const struct ts_design_field *field, const struct ts_design *design,
                       struct ts_error *error)
{
    char path[TS_FIELD_PATH];
    ts_field_path(field, path);
    if (field->kind == TS_FIELD_TEXT && !ts_field_of_machine(field))
        return ts_error_set(error, "%s changes nothing that is counted", path);
    if (ts_field_in(field, "quantization") && !design->quantizes)
        return ts_error_set(error, "%s: the design has no section quantization", path);
    return true;
}

struct axis *axis_add(struct changes *changes, const struct ts_design *design, const char *name,
                      struct ts_error *error)
{
    const struct ts_design_field *field = field_of(name, error);
    if (!field || !can_change(field, design, error))
        return NULL;
    for (size_t a = 0; a < changes->n; a++) {
        if (changes->axes[a].field == field) {
            ts_error_set(error, "%s is there twice", name);
            return NULL;
        }
    }
    struct axis *axis = &changes->axes[changes->n++];
    *axis = (struct axis){.field = field};
    return axis;
}

/* ---- Values ---- */

/* On a command line and in a cell the lines of a text end with semicolons. */
static void set_lines(char *lines, size_t size, const char *text)
{
    snprintf(lines, size, "%s", text);
    for (char *c = lines; *c; c++)
        if (*c == ';')
            *c = '\n';
}

static bool set(const struct ts_design_field *field, struct ts_design *design, const char *text)
{
    char lines[TS_DESIGN_RULES + 1];
    if (field->kind != TS_FIELD_TEXT)
        return ts_field_set(field, design, text);
    set_lines(lines, sizeof lines, text);
    return ts_field_set(field, design, lines);
}

/* What no design at all could have; which modes there are, each design says. */
static bool check_rules(const struct ts_design_field *field, const struct ts_design *design,
                        struct ts_error *error)
{
    char reason[MAX_REASON];
    char path[TS_FIELD_PATH];
    struct ts_policy policy;
    return field->kind != TS_FIELD_TEXT ||
           ts_policy_parse(design->training.precision, ALL_MODES, &policy, reason, sizeof reason) ||
           ts_error_set(error, "%s, %s", ts_field_path(field, path), reason);
}

bool axis_add_value(struct axis *axis, const struct ts_design *design, const char *text,
                    struct ts_error *error)
{
    struct ts_design changed = *design;
    char path[TS_FIELD_PATH];
    char range[TS_FIELD_RANGE];
    char value[TS_FIELD_PATH];
    if (!set(axis->field, &changed, text))
        return ts_error_set(error, "%s is '%.*s%s'; it must be %s",
                            ts_field_path(axis->field, path), SHOWN, text,
                            strlen(text) > SHOWN ? "..." : "", ts_field_range(axis->field, range));
    if (!check_rules(axis->field, &changed, error))
        return false;
    const char *as_in_file = axis->field->kind == TS_FIELD_TEXT
                                 ? text
                                 : ts_field_get(axis->field, &changed, value, sizeof value);
    char **values = realloc(axis->values, (axis->n + 1) * sizeof *values);
    char *copy = strdup(as_in_file);
    if (values)
        axis->values = values;
    if (!values || !copy) {
        free(copy);
        return ts_error_set(error, "out of memory");
    }
    axis->values[axis->n++] = copy;
    return true;
}

/* ---- Points ---- */

const char *changes_value(const struct changes *changes, size_t point, size_t a)
{
    if (changes->list)
        return changes->axes[a].values[point];
    for (size_t later = changes->n - 1; later > a; later--)
        point /= changes->axes[later].n;
    return changes->axes[a].values[point % changes->axes[a].n];
}

void changes_apply(const struct changes *changes, size_t point, struct ts_design *design)
{
    for (size_t a = 0; a < changes->n; a++)
        set(changes->axes[a].field, design, changes_value(changes, point, a));
}

void changes_free(struct changes *changes)
{
    for (size_t a = 0; a < changes->n; a++) {
        for (size_t i = 0; i < changes->axes[a].n; i++)
            free(changes->axes[a].values[i]);
        free(changes->axes[a].values);
    }
    *changes = (struct changes){.n = 0};
}
