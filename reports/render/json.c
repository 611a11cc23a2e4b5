/* SPDX-License-Identifier: Apache-2.0 */
/* Figures in JSON, read by path. */
#include "render/json.h"

#include <math.h>
#include <string.h>

static const cJSON *child(const cJSON *json, const char *name, size_t length)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, json)
    {
        if (item->string && strncmp(item->string, name, length) == 0 && !item->string[length])
            return item;
    }
    return NULL;
}

const cJSON *ts_json_at(const cJSON *json, const char *path)
{
    while (json && *path) {
        size_t length = strcspn(path, ".");
        json = child(json, path, length);
        path += length + (path[length] == '.');
    }
    return json && !cJSON_IsNull(json) ? json : NULL;
}

double ts_json_number(const cJSON *json, const char *path)
{
    const cJSON *item = ts_json_at(json, path);
    return cJSON_IsNumber(item) ? item->valuedouble : NAN;
}

const char *ts_json_text(const cJSON *json, const char *path)
{
    const char *text = cJSON_GetStringValue(ts_json_at(json, path));
    return text ? text : "";
}

void ts_json_add(cJSON *object, const char *name, double value)
{
    if (isfinite(value))
        cJSON_AddNumberToObject(object, name, value);
    else
        cJSON_AddNullToObject(object, name);
}
