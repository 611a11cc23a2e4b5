/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESSERA_CLI_JSON_H
#define TESSERA_CLI_JSON_H

#include <cjson/cJSON.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Prints JSON to standard output and frees it; returns an exit status. */
int ts_cli_print_json(const char *program, cJSON *json);

#ifdef __cplusplus
}
#endif
#endif
