/* SPDX-License-Identifier: Apache-2.0 */
/* The fields of a design file: their names, their ranges, and where their values go. */
#ifndef TESSERA_SIM_DESIGN_FIELDS_H
#define TESSERA_SIM_DESIGN_FIELDS_H

#include "design/design.h"

#ifdef __cplusplus
extern "C" {
#endif

enum ts_field_kind { TS_FIELD_TEXT, TS_FIELD_REAL, TS_FIELD_INTEGER, TS_FIELD_BOOL };

enum { TS_FIELD_PATH = 64, TS_FIELD_RANGE = 160 };

struct ts_design_field {
    const char *section; /**< NULL: at the top */
    const char *key;
    enum ts_field_kind kind;
    bool lines;    /**< a text that may have several */
    size_t offset; /**< in struct ts_design: char[size], double or int64_t */
    size_t size;
    const struct ts_block *block; /**< whose parameter `param` gives range, names and meaning */
    const char *param;
    struct ts_param own;      /**< where no block has the parameter, or not in a file's words */
    const char *const *names; /**< in a file, instead of numbers or the parameter's names */
    const char *allowed;      /**< in words, where the range would say too much */
};

enum { TS_DESIGN_FIELDS = 45 };
extern const struct ts_design_field ts_design_fields[TS_DESIGN_FIELDS];

/** The field that sets this parameter of mac_array, or NULL. */
const struct ts_design_field *ts_design_field_of_param(const char *param);

/** Whether the field belongs to this section (NULL: the top). */
bool ts_field_in(const struct ts_design_field *field, const char *section);

/** Whether it describes what surrounds the array: a design has all such fields or none. */
bool ts_field_of_machine(const struct ts_design_field *field);

/** "array.lanes" */
const char *ts_field_path(const struct ts_design_field *field, char *path);

/** "a power of two from 1 to 64" */
const char *ts_field_range(const struct ts_design_field *field, char *range);

/** What the field means, with its unit. */
const char *ts_field_doc(const struct ts_design_field *field);

/** The value as in a file. */
const char *ts_field_get(const struct ts_design_field *field, const struct ts_design *design,
                         char *text, size_t size);

/** Sets the value as in a file; false if it is not allowed. */
bool ts_field_set(const struct ts_design_field *field, struct ts_design *design, const char *text);

#ifdef __cplusplus
}
#endif
#endif
