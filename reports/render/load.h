/* SPDX-License-Identifier: Apache-2.0 */
/** @file What a report is made from: the directories that `tessera cost` wrote. */
#ifndef TESSERA_REPORTS_LOAD_H
#define TESSERA_REPORTS_LOAD_H

#include "tessera/error.h"

#include <cjson/cJSON.h>

enum { TS_MAX_DESIGNS = 8 };

struct ts_costed {
    const char *dir;
    const char *name; /**< of the design */
    cJSON *cost;
    cJSON *replay; /**< NULL if there was no trace */
};

/**
 * Reads cost.json and, where it was made from a replay, replay/replay.json, which must be that
 * replay; false with one line in `error`.
 */
bool ts_costed_load(struct ts_costed *costed, const char *dir, struct ts_error *error);
/** Whether both are of the same library and clock; else false with one line in `error`. */
bool ts_costed_alike(const struct ts_costed *a, const struct ts_costed *b, struct ts_error *error);

void ts_costed_free(struct ts_costed *costed);

#endif
