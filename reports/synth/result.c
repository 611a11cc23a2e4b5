/* SPDX-License-Identifier: Apache-2.0 */
/* The result's fields by name. */
#include "synth/result.h"

#include "synth/file.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
    const char *name;
    size_t offset;
} numbers[] = {
    {"area_um2", offsetof(struct ts_synth, area_um2)},
    {"sequential_um2", offsetof(struct ts_synth, sequential_um2)},
    {"slack_ns", offsetof(struct ts_synth, slack_ns)},
    {"critical_path_ns", offsetof(struct ts_synth, critical_path_ns)},
    {"leakage_mw", offsetof(struct ts_synth, leakage_mw)},
};
enum { NUMBERS = sizeof numbers / sizeof *numbers };

cJSON *ts_synth_json(const struct ts_synth *result)
{
    cJSON *json = cJSON_CreateObject();
    for (int i = 0; i < NUMBERS; i++)
        cJSON_AddNumberToObject(json, numbers[i].name,
                                *(const double *)((const char *)result + numbers[i].offset));
    cJSON_AddNumberToObject(json, "cells", result->cells);
    cJSON_AddNumberToObject(json, "flops", result->flops);
    cJSON *parts = cJSON_AddArrayToObject(json, "parts");
    for (int i = 0; i < result->n_parts; i++) {
        cJSON *part = cJSON_CreateObject();
        cJSON_AddStringToObject(part, "name", result->parts[i].name);
        cJSON_AddNumberToObject(part, "instances", result->parts[i].instances);
        cJSON_AddNumberToObject(part, "area_um2", result->parts[i].area_um2);
        cJSON_AddItemToArray(parts, part);
    }
    return json;
}

static bool get(const cJSON *json, const char *name, double *number)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, name);
    if (!cJSON_IsNumber(item))
        return false;
    *number = item->valuedouble;
    return true;
}

static bool get_count(const cJSON *json, const char *name, int *count)
{
    double number = 0;
    bool there = get(json, name, &number);
    *count = (int)number;
    return there;
}

static bool read_fields(const cJSON *json, struct ts_synth *result)
{
    bool fine =
        get_count(json, "cells", &result->cells) && get_count(json, "flops", &result->flops);
    for (int i = 0; i < NUMBERS && fine; i++)
        fine = get(json, numbers[i].name, (double *)((char *)result + numbers[i].offset));
    const cJSON *part;
    cJSON_ArrayForEach(part, cJSON_GetObjectItemCaseSensitive(json, "parts"))
    {
        const char *name = cJSON_GetStringValue(cJSON_GetObjectItem(part, "name"));
        if (!fine || !name || result->n_parts == TS_MAX_PARTS)
            return false;
        struct ts_part *to = &result->parts[result->n_parts++];
        snprintf(to->name, sizeof to->name, "%s", name);
        fine = get_count(part, "instances", &to->instances) && get(part, "area_um2", &to->area_um2);
    }
    return fine;
}

bool ts_synth_read(const char *path, struct ts_synth *result, struct ts_error *error)
{
    char *text = ts_file_read(path, error);
    if (!text)
        return false;
    cJSON *json = cJSON_Parse(text);
    free(text);
    bool fine = read_fields(json, result);
    cJSON_Delete(json);
    return fine || ts_error_set(error, "%s: damaged; remove its directory", path);
}

bool ts_synth_write(const char *path, const struct ts_synth *result, struct ts_error *error)
{
    cJSON *json = ts_synth_json(result);
    char *text = cJSON_Print(json);
    cJSON_Delete(json);
    bool fine = text ? ts_file_write(path, text, error) : ts_error_set(error, "out of memory");
    cJSON_free(text);
    return fine;
}
