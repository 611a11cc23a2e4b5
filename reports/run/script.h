/* SPDX-License-Identifier: Apache-2.0 */
/** @file Scripts for the tools: files of share/tessera/flow with places to fill in. */
#ifndef TESSERA_REPORTS_SCRIPT_H
#define TESSERA_REPORTS_SCRIPT_H

#include <stdbool.h>

#include "tessera/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** @KEY@ in a script becomes the value. */
struct ts_place {
    const char *key, *value;
};

/** The text of share/tessera/flow/NAME; to be freed. NULL with one line. */
char *ts_script_read(const char *name, struct ts_error *error);

/** Writes that script to `path`, its places filled in; `places` end with a NULL key. */
bool ts_script_write(const char *name, const struct ts_place *places, const char *path,
                     struct ts_error *error);

#ifdef __cplusplus
}
#endif
#endif
