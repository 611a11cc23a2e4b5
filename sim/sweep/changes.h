/* SPDX-License-Identifier: Apache-2.0 */
/** @file The points of a sweep: which fields of a design change, and to what. */
#ifndef TESSERA_SIM_SWEEP_CHANGES_H
#define TESSERA_SIM_SWEEP_CHANGES_H

#include "design/fields.h"

#include "tessera/error.h"

enum { MAX_POINTS = 100000 };

/** A field, and the values that it takes. */
struct axis {
    const struct ts_design_field *field;
    char **values; /**< each as a design file has it; a line's end as "; " */
    size_t n;
};

/** All are zero at first. */
struct changes {
    struct axis axes[TS_DESIGN_FIELDS];
    size_t n;
    size_t points;
    bool list; /**< point i has each axis' value i; else each point its own combination */
};

/** Adds FIELD=V1,V2,..., of a grid. The last axis varies fastest. */
bool changes_add(struct changes *changes, const struct ts_design *design, const char *text,
                 struct ts_error *error);

/** Reads a CSV file: a header of fields, then a row for each point. */
bool changes_read(struct changes *changes, const struct ts_design *design, const char *path,
                  struct ts_error *error);

/** A new, empty axis for a field that the design has. */
struct axis *axis_add(struct changes *changes, const struct ts_design *design, const char *name,
                      struct ts_error *error);

/** Adds a value that is in the field's range. */
bool axis_add_value(struct axis *axis, const struct ts_design *design, const char *text,
                    struct ts_error *error);

/** The value of axis `a` at a point. */
const char *changes_value(const struct changes *changes, size_t point, size_t a);

/** Makes the design of a point; it may be an impossible one. */
void changes_apply(const struct changes *changes, size_t point, struct ts_design *design);

void changes_free(struct changes *changes);

#endif
