/* SPDX-License-Identifier: Apache-2.0 */
/* The structure of a design file: which texts it has for which fields. */
#ifndef TESSERA_SIM_DESIGN_YAML_H
#define TESSERA_SIM_DESIGN_YAML_H

#include "design/fields.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ts_design_text {
    char *of_field[TS_DESIGN_FIELDS]; /**< NULL where the file has none */
};

/** Reads a file. If it is not YAML or has a field that no design has, says so in `error`. */
bool ts_design_read(const char *path, struct ts_design_text *text, char *error, size_t size);

/** Whether any field of the section is there. */
bool ts_design_text_has(const struct ts_design_text *text, const char *section);

void ts_design_text_free(struct ts_design_text *text);

#ifdef __cplusplus
}
#endif
#endif
