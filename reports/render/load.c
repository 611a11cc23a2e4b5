/* SPDX-License-Identifier: Apache-2.0 */
/* cost.json and replay.json, read and checked for what every report needs. */
#include "render/load.h"

#include "render/json.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The text of a file; NULL with errno. */
static char *read_text(const char *path)
{
    FILE *in = fopen(path, "r");
    if (!in)
        return NULL;
    char *text = NULL;
    size_t size = 0, used = 0, n;
    do {
        if (size - used < 2) {
            char *more = realloc(text, size = size ? 2 * size : 1 << 16);
            if (!more)
                break;
            text = more;
        }
        n = fread(text + used, 1, size - used - 1, in);
        used += n;
    } while (n > 0);
    bool ok = text && feof(in) && !ferror(in);
    int reason = errno;
    fclose(in);
    if (!ok) {
        free(text);
        errno = reason ? reason : EIO;
        return NULL;
    }
    text[used] = '\0';
    return text;
}

static cJSON *parse(const char *path, bool needed, const char *writer, struct ts_error *error)
{
    errno = 0;
    char *text = read_text(path);
    if (!text) {
        if (errno == ENOENT && !needed)
            return NULL;
        ts_error_set(error, "%s: cannot be read: %s; `%s` writes it", path, strerror(errno),
                     writer);
        return NULL;
    }
    cJSON *json = cJSON_Parse(text);
    free(text);
    if (!cJSON_IsObject(json)) {
        cJSON_Delete(json);
        ts_error_set(error, "%s: is not a JSON object; `%s` writes it", path, writer);
        return NULL;
    }
    return json;
}

/* A report without these would have nothing to say. */
static bool check(const cJSON *cost, const char *path, struct ts_error *error)
{
    static const char *const numbers[] = {
        "array.area_um2",   "mpe.area_um2",      "slice.area_um2",       "clock.mhz",
        "metrics.area_mm2", "metrics.peak_tops", "metrics.tops_per_mm2", "metrics.macs_per_cycle"};
    static const char *const texts[] = {"design.name", "library.name", "tool"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!(ts_json_number(cost, numbers[i]) > 0))
            return ts_error_set(error,
                                "%s: '%s' must be a number above 0; `tessera cost` writes it", path,
                                numbers[i]);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!*ts_json_text(cost, texts[i]))
            return ts_error_set(error, "%s: '%s' must be a text; `tessera cost` writes it", path,
                                texts[i]);
    return true;
}

bool ts_costed_load(struct ts_costed *costed, const char *dir, struct ts_error *error)
{
    char path[PATH_MAX];
    *costed = (struct ts_costed){.dir = dir};
    struct ts_error failed = {{0}};
    int n = snprintf(path, sizeof path, "%s/replay/replay.json", dir);
    if (n <= 0 || (size_t)n >= sizeof path)
        return ts_error_set(error, "'%s' cannot be a directory's name", dir);
    costed->replay = parse(path, false, "tessera replay", &failed);
    if (!*failed.text && costed->replay && !cJSON_IsArray(ts_json_at(costed->replay, "events")))
        ts_error_set(&failed, "%s: 'events' must be an array; `tessera replay` writes it", path);
    if (!*failed.text) {
        snprintf(path, sizeof path, "%s/cost.json", dir);
        costed->cost = parse(path, true, "tessera cost", &failed);
        if (costed->cost)
            check(costed->cost, path, &failed);
    }
    if (*failed.text) {
        ts_costed_free(costed);
        return ts_error_set(error, "%s", failed.text);
    }
    costed->name = ts_json_text(costed->cost, "design.name");
    return true;
}

void ts_costed_free(struct ts_costed *costed)
{
    cJSON_Delete(costed->cost);
    cJSON_Delete(costed->replay);
    *costed = (struct ts_costed){0};
}
