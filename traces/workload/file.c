/* SPDX-License-Identifier: Apache-2.0 */
/* Workload files: JSON, version 1, a layer a line. */
#include "tessera/workload.h"

#include "utf8.h"
#include "workload/fields.h"
#include "workload/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION = 1 };

static const char version_key[] = "tessera_workload";

/* ---- reading ---- */

static bool copy_text(const char *key, const cJSON *item, char *out, size_t size,
                      struct ts_error *error)
{
    const char *text = cJSON_GetStringValue(item);
    if (!text || !utf8_is_line(text))
        return ts_error_set(error, "%s must be a text in quotes, without control characters", key);
    if (strlen(text) >= size)
        return ts_error_set(error, "%s is longer than %zu bytes", key, size - 1);
    memcpy(out, text, strlen(text) + 1);
    return true;
}

static bool read_kind(const cJSON *object, enum ts_work_kind *kind, struct ts_error *error)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "kind"));
    for (int i = 0; text && i < TS_WORK_KINDS; i++)
        if (strcmp(text, ts_work_kind_name((enum ts_work_kind)i)) == 0) {
            *kind = (enum ts_work_kind)i;
            return true;
        }
    char names[128] = "";
    for (int i = 0; i < TS_WORK_KINDS; i++)
        snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", i ? ", " : "",
                 ts_work_kind_name((enum ts_work_kind)i));
    return ts_error_set(error, "kind is '%.40s'; it must be one of %s", text ? text : "missing",
                        names);
}

static bool read_value(const struct work_field *field, const cJSON *item,
                       struct ts_work_layer *layer, struct ts_error *error)
{
    int64_t value;
    if (cJSON_IsBool(item) && field->max == 1)
        value = cJSON_IsTrue(item);
    else if (!text_integer(item, &value))
        return ts_error_set(error, "%s must be a whole number%s", field->name,
                            field->max == 1 ? ", true or false" : "");
    if (value < field->min || value > field->max)
        return ts_error_set(error, "%s is %" PRId64 "; it must be %" PRId64 " to %" PRId64,
                            field->name, value, field->min, field->max);
    *work_value(field, layer) = value;
    return true;
}

static const struct work_field *find(const char *key, enum ts_work_kind kind)
{
    for (size_t i = 0; i < work_fields_n; i++)
        if (work_has(&work_fields[i], kind) && strcmp(work_fields[i].name, key) == 0)
            return &work_fields[i];
    return NULL;
}

/* Twice the same key, of which a reader would see one. */
static bool is_second(const cJSON *object, const cJSON *item)
{
    return cJSON_GetObjectItemCaseSensitive(object, item->string) != item;
}

static bool read_layer(const cJSON *object, struct ts_work_layer *layer, struct ts_error *error)
{
    enum ts_work_kind kind = TS_WORK_CONV;
    if (!cJSON_IsObject(object))
        return ts_error_set(error, "must be an object {...}");
    if (!read_kind(object, &kind, error))
        return false;
    *layer = ts_work_new(kind);
    for (const cJSON *item = object->child; item; item = item->next) {
        const struct work_field *field = find(item->string, kind);
        if (is_second(object, item))
            return ts_error_set(error, "%.40s is there twice", item->string);
        if (strcmp(item->string, "name") == 0) {
            if (!copy_text("name", item, layer->name, sizeof layer->name, error))
                return false;
        } else if (field && !read_value(field, item, layer, error))
            return false;
        else if (!field && strcmp(item->string, "kind") != 0)
            return ts_error_set(error, "%.40s is no field of kind %s", item->string,
                                ts_work_kind_name(kind));
    }
    for (size_t i = 0; i < work_fields_n; i++)
        if (work_fields[i].required && work_has(&work_fields[i], kind) &&
            !cJSON_GetObjectItemCaseSensitive(object, work_fields[i].name))
            return ts_error_set(error, "%s is missing", work_fields[i].name);
    return true;
}

static bool read_layers(const cJSON *list, struct ts_workload *workload, struct ts_error *error)
{
    struct ts_error problem;
    if (!cJSON_IsArray(list))
        return ts_error_set(error, "layers must be a list [...]");
    for (const cJSON *item = list->child; item; item = item->next) {
        struct ts_work_layer layer = {.name = ""};
        if (!read_layer(item, &layer, &problem)) {
            const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "name"));
            return ts_error_set(error, "layers[%zu] '%.60s': %s", workload->n, name ? name : "",
                                problem.text);
        }
        if (workload->n >= WORK_MAX_LAYERS)
            return ts_error_set(error, "more than %d layers", WORK_MAX_LAYERS);
        if (!ts_workload_add(workload, &layer))
            return ts_error_set(error, "not enough memory");
    }
    return true;
}

static bool read_top(const cJSON *top, struct ts_workload *w, struct ts_error *error)
{
    int64_t version;
    if (!text_integer(cJSON_GetObjectItemCaseSensitive(top, version_key), &version))
        return ts_error_set(error,
                            "no workload: \"%s\": %d is missing; `tessera import` reads other "
                            "files",
                            version_key, VERSION);
    if (version != VERSION)
        return ts_error_set(error, "%s is %" PRId64 "; this program reads version %d", version_key,
                            version, VERSION);
    bool ok = true;
    w->batch = 1;
    for (const cJSON *item = top->child; item; item = item->next) {
        const char *key = item->string;
        if (is_second(top, item))
            ok = ts_error_set(error, "%.40s is there twice", key);
        else if (strcmp(key, "name") == 0)
            ok = copy_text(key, item, w->name, sizeof w->name, error);
        else if (strcmp(key, "description") == 0)
            ok = copy_text(key, item, w->description, sizeof w->description, error);
        else if (strcmp(key, "batch") == 0)
            ok = text_integer(item, &w->batch) ||
                 ts_error_set(error, "batch must be a whole number");
        else if (strcmp(key, "layers") == 0)
            ok = read_layers(item, w, error);
        else if (strcmp(key, version_key) != 0)
            ok = ts_error_set(error, "%.40s is no field of a workload", key);
        if (!ok)
            return false;
    }
    return ts_workload_check(w, error);
}

bool ts_workload_read(const char *path, struct ts_workload *workload, struct ts_error *error)
{
    *workload = (struct ts_workload){.n = 0};
    char *text = text_read(path, error);
    cJSON *json = text ? text_json(path, text, error) : NULL;
    struct ts_error problem;
    bool ok = json && (read_top(json, workload, &problem) ||
                       ts_error_set(error, "%s: %s", path, problem.text));
    cJSON_Delete(json);
    free(text);
    if (!ok)
        ts_workload_free(workload);
    return ok;
}

/* ---- writing ---- */

/* As JSON on one line, and freed. */
static bool put(cJSON *json, const char *before, const char *after, FILE *stream)
{
    char *text = cJSON_PrintUnformatted(json);
    cJSON_Delete(json);
    if (text)
        fprintf(stream, "%s%s%s", before, text, after);
    cJSON_free(text);
    return text != NULL;
}

static cJSON *layer_json(const struct ts_work_layer *layer)
{
    struct ts_work_layer l = *layer;
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "name", l.name);
    cJSON_AddStringToObject(json, "kind", ts_work_kind_name(l.kind));
    for (size_t i = 0; i < work_fields_n; i++) {
        const struct work_field *f = &work_fields[i];
        int64_t value = *work_value(f, &l);
        if (!work_has(f, l.kind) || (!f->required && value == f->standard))
            continue;
        if (f->max == 1)
            cJSON_AddBoolToObject(json, f->name, value != 0);
        else
            cJSON_AddNumberToObject(json, f->name, (double)value);
    }
    return json;
}

bool ts_workload_write(const struct ts_workload *w, FILE *stream)
{
    fprintf(stream, "{\n  \"%s\": %d,\n", version_key, VERSION);
    bool ok = put(cJSON_CreateString(w->name), "  \"name\": ", ",\n", stream) &&
              put(cJSON_CreateString(w->description), "  \"description\": ", ",\n", stream);
    fprintf(stream, "  \"batch\": %" PRId64 ",\n  \"layers\": [\n", w->batch);
    for (size_t i = 0; ok && i < w->n; i++)
        ok = put(layer_json(&w->layers[i]), "    ", i + 1 < w->n ? ",\n" : "\n", stream);
    fputs("  ]\n}\n", stream);
    return ok;
}
