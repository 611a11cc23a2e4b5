/* SPDX-License-Identifier: Apache-2.0 */
/** @file A synthesis' result as JSON: in the cache, and as the verb prints it. */
#ifndef TESSERA_REPORTS_RESULT_H
#define TESSERA_REPORTS_RESULT_H

#include <cjson/cJSON.h>

#include "synth/synth.h"

cJSON *ts_synth_json(const struct ts_synth *result);

/** All but `netlist`, `period_ns` and `cached`. False with one line if the file is none of these.
 */
bool ts_synth_read(const char *path, struct ts_synth *result, struct ts_error *error);

bool ts_synth_write(const char *path, const struct ts_synth *result, struct ts_error *error);

#endif
