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

/* The replay that cost.json was made from, not an earlier or a later one. */
static bool check_replay(const struct ts_costed *c, const char *path, struct ts_error *error)
{
    static const char *const totals[] = {"cycles", "macs", "outputs_compared",
                                         "tile_bits_compared"};
    if (!cJSON_IsArray(ts_json_at(c->replay, "events")))
        return ts_error_set(error, "%s: 'events' must be an array; `tessera replay` writes it",
                            path);
    for (size_t i = 0; i < sizeof totals / sizeof *totals; i++) {
        double here = ts_json_number(ts_json_at(c->replay, "totals"), totals[i]);
        double there = ts_json_number(ts_json_at(c->cost, "replay"), totals[i]);
        if (!(here == there))
            return ts_error_set(error,
                                "%s: its total '%s' is not cost.json's; run `tessera cost` again",
                                path, totals[i]);
    }
    if (!cJSON_Compare(ts_json_at(c->replay, "design"), ts_json_at(c->cost, "design"), true))
        return ts_error_set(error, "%s: its 'design' is not cost.json's; run `tessera cost` again",
                            path);
    return true;
}

static bool load(struct ts_costed *c, struct ts_error *error)
{
    char path[PATH_MAX];
    int n = snprintf(path, sizeof path, "%s/replay/replay.json", c->dir);
    if (n <= 0 || (size_t)n >= sizeof path)
        return ts_error_set(error, "'%s' cannot be a directory's name", c->dir);
    snprintf(path, sizeof path, "%s/cost.json", c->dir);
    c->cost = parse(path, true, "tessera cost", error);
    if (!c->cost || !check(c->cost, path, error))
        return false;
    c->name = ts_json_text(c->cost, "design.name");
    const cJSON *totals = ts_json_at(c->cost, "replay");
    if (!totals)
        return true; /* made without a trace: what may lie beside it is of another run */
    if (!cJSON_IsObject(totals))
        return ts_error_set(
            error, "%s: 'replay' must be an object or null; `tessera cost` writes it", path);
    snprintf(path, sizeof path, "%s/replay/replay.json", c->dir);
    struct ts_error failed = {{0}};
    c->replay = parse(path, false, "tessera cost", &failed);
    if (*failed.text)
        return ts_error_set(error, "%s", failed.text);
    return !c->replay || check_replay(c, path, error);
}

bool ts_costed_load(struct ts_costed *costed, const char *dir, struct ts_error *error)
{
    *costed = (struct ts_costed){.dir = dir};
    bool ok = load(costed, error);
    if (!ok)
        ts_costed_free(costed);
    return ok;
}

bool ts_costed_alike(const struct ts_costed *a, const struct ts_costed *b, struct ts_error *error)
{
    const char *one = ts_json_text(a->cost, "library.sha256");
    const char *other = ts_json_text(b->cost, "library.sha256");
    double mhz[] = {ts_json_number(a->cost, "clock.mhz"), ts_json_number(b->cost, "clock.mhz")};
    if (strcmp(one, other) != 0)
        return ts_error_set(error,
                            "%s is of library %s (SHA-256 %.12s), %s of %s (%.12s): no verdict "
                            "across libraries; run `tessera cost` on both with the same --liberty",
                            a->dir, ts_json_text(a->cost, "library.name"), one, b->dir,
                            ts_json_text(b->cost, "library.name"), other);
    if (fabs(mhz[0] - mhz[1]) > 1e-9 * mhz[0])
        return ts_error_set(error,
                            "%s is at %g MHz, %s at %g MHz: no verdict across clocks; give both "
                            "design files one clock and run `tessera cost` again",
                            a->dir, mhz[0], b->dir, mhz[1]);
    return true;
}

void ts_costed_free(struct ts_costed *costed)
{
    cJSON_Delete(costed->cost);
    cJSON_Delete(costed->replay);
    *costed = (struct ts_costed){0};
}
