/* SPDX-License-Identifier: Apache-2.0 */
/* Text and JSON from a file. */
#ifndef TESSERA_WORKLOAD_TEXT_H
#define TESSERA_WORKLOAD_TEXT_H

#include "tessera/error.h"

#include <cjson/cJSON.h>
#include <stdint.h>

/* The whole file as text that ends with a zero; a line that names it, and NULL. */
char *text_read(const char *path, struct ts_error *error);

/* NULL with a line that says at which line and column the text is no JSON. */
cJSON *text_json(const char *path, const char *text, struct ts_error *error);

/* Whether it is a whole number that a double holds exactly. */
bool text_integer(const cJSON *item, int64_t *value);

#endif
