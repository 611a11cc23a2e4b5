/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/json.h"

#include "cli/cli.h"

#include <stdio.h>

int ts_cli_print_json(const char *program, cJSON *json)
{
    char *text = cJSON_Print(json);
    cJSON_Delete(json);
    if (!text) {
        fprintf(stderr, "%s: out of memory\n", program);
        return TS_EXIT_FAILURE;
    }
    puts(text);
    cJSON_free(text);
    return TS_EXIT_OK;
}
