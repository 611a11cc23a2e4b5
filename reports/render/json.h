/* SPDX-License-Identifier: Apache-2.0 */
/** @file Reading figures from JSON: what is missing or null is NAN, NULL or "". */
#ifndef TESSERA_REPORTS_JSON_H
#define TESSERA_REPORTS_JSON_H

#include <cjson/cJSON.h>

/** The item at a path of names: "metrics.area_mm2"; NULL if there is none or it is null. */
const cJSON *ts_json_at(const cJSON *json, const char *path);

double ts_json_number(const cJSON *json, const char *path);
const char *ts_json_text(const cJSON *json, const char *path);

/** Adds a number, or null for what is not finite: JSON has no NaN. */
void ts_json_add(cJSON *object, const char *name, double value);

#endif
