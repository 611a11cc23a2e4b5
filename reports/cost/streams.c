/* SPDX-License-Identifier: Apache-2.0 */
/* The recordings of a replay, and the work in them. */
#include "cost/streams.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int64_t number(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsNumber(item) ? (int64_t)item->valuedouble : 0;
}

static const char *text(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsString(item) ? item->valuestring : "";
}

/* The event that a tile was cut from. */
static const cJSON *event_of(const cJSON *replay, const cJSON *tile)
{
    const cJSON *event = NULL;
    cJSON_ArrayForEach(event, cJSON_GetObjectItemCaseSensitive(replay, "events"))
    {
        if (number(event, "step") == number(tile, "step") &&
            strcmp(text(event, "layer"), text(tile, "layer")) == 0 &&
            strcmp(text(event, "pass"), text(tile, "pass")) == 0)
            return event;
    }
    return NULL;
}

/* How many of the k of a GEMM pass through one row of the array. */
static int64_t k_of_row(const struct ts_design *d, int64_t k, int row)
{
    int64_t pass = d->array.rows * d->array.lanes, count = 0;
    for (int64_t k0 = row * d->array.lanes; k0 < k; k0 += pass) {
        int64_t left = k - k0;
        count += left < d->array.lanes ? left : d->array.lanes;
    }
    return count;
}

/* All slices of one tile's recorded mpes, or one slice of those that are idle; returns how many. */
static int collect(const cJSON *replay, const cJSON *tile, const char *replay_dir,
                   const struct ts_design *d, bool idle, struct ts_stream *streams, int max)
{
    const char *record = text(tile, "recorded");
    const cJSON *event = event_of(replay, tile);
    if (!*record || !event)
        return 0;
    int n = 0;
    for (int64_t row = 0; row < d->array.rows; row++) {
        for (int64_t col = 0; col < d->array.cols; col++) {
            struct ts_stream s = {.row = (int)row, .col = (int)col, .idle = idle};
            snprintf(s.record, sizeof s.record, "%s", record);
            snprintf(s.pass, sizeof s.pass, "%s", text(tile, "pass"));
            snprintf(s.file, sizeof s.file, "%s/streams/%s_mpe_%d_%d.vec", replay_dir, record,
                     s.row, s.col);
            if (access(s.file, R_OK) != 0)
                continue;
            int64_t active = number(tile, "columns") - col * d->array.simd;
            if (idle && active <= 0 && n < max)
                streams[n++] = s;
            s.macs = number(tile, "rows") * k_of_row(d, number(event, "k"), s.row);
            for (int slice = 0; !idle && slice < active && slice < d->array.simd && n < max;
                 slice++) {
                s.slice = slice;
                streams[n++] = s;
            }
        }
    }
    return n;
}

/* At most `max` of all of one kind, evenly, and from one to the next another slice. */
static int choose(const cJSON *replay, const char *replay_dir, const struct ts_design *design,
                  bool idle, struct ts_stream *all, int many, struct ts_stream *streams, int max)
{
    int n = 0;
    const cJSON *tile = NULL;
    cJSON_ArrayForEach(tile, cJSON_GetObjectItemCaseSensitive(replay, "tiles"))
    {
        n += collect(replay, tile, replay_dir, design, idle, all + n, many - n);
    }
    int chosen = n < max ? n : max;
    for (int i = 0; i < chosen; i++)
        streams[i] = all[(int64_t)i * n / chosen + (n / chosen > 1 ? i % (n / chosen) : 0)];
    return chosen;
}

int ts_streams_choose(const cJSON *replay, const char *replay_dir, const struct ts_design *design,
                      struct ts_stream *streams, int max, int max_idle, struct ts_error *error)
{
    enum { MANY = 4096 };
    struct ts_stream *all = malloc(MANY * sizeof *all);
    if (!all) {
        ts_error_set(error, "out of memory for the recorded streams");
        return -1;
    }
    int working = choose(replay, replay_dir, design, false, all, MANY, streams, max);
    int idle = choose(replay, replay_dir, design, true, all, MANY, streams + working, max_idle);
    free(all);
    if (working > 0)
        return working + idle;
    ts_error_set(error, "%s: the replay recorded no mpe with work; it needs --record and --tiles",
                 replay_dir);
    return -1;
}
