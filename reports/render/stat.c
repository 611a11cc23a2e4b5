/* SPDX-License-Identifier: Apache-2.0 */
/* Statistics over the events of a replay. */
#include "render/figures.h"
#include "render/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const ts_pass_names[TS_N_PASSES] = {"fwd", "bwd", "grad"};
const char *const ts_phase_names[TS_N_PHASES] = {"none", "even", "odd"};

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool is(const cJSON *event, const char *name, const char *wanted)
{
    return !wanted || strcmp(ts_json_text(event, name), wanted) == 0;
}

struct ts_stat ts_events_stat(const cJSON *replay, const char *layer, const char *pass,
                              const char *path)
{
    struct ts_stat s = {0, NAN, NAN, NAN, NAN, NAN, NAN};
    const cJSON *events = ts_json_at(replay, "events"), *event;
    int size = cJSON_GetArraySize(events);
    double *values = calloc(size > 0 ? (size_t)size : 1, sizeof *values);
    if (!replay || !values) {
        free(values);
        return s;
    }
    cJSON_ArrayForEach(event, events)
    {
        double value = ts_json_number(event, path);
        if (isfinite(value) && is(event, "layer", layer) && is(event, "pass", pass))
            values[s.n++] = value;
    }
    if (s.n) {
        qsort(values, s.n, sizeof *values, ascending);
        s.min = values[0];
        s.max = values[s.n - 1];
        s.median = (values[(s.n - 1) / 2] + values[s.n / 2]) / 2;
        s.worst = fabs(s.min) > fabs(s.max) ? s.min : s.max;
        s.sum = 0;
        for (size_t i = 0; i < s.n; i++)
            s.sum += values[i];
        s.mean = s.sum / (double)s.n;
    }
    free(values);
    return s;
}

size_t ts_layers_of(const cJSON *replay, const char *names[TS_MAX_LAYERS])
{
    size_t n = 0;
    const cJSON *event;
    cJSON_ArrayForEach(event, ts_json_at(replay, "events"))
    {
        const char *name = ts_json_text(event, "layer");
        size_t i = 0;
        while (i < n && strcmp(names[i], name) != 0)
            i++;
        if (i == n && n < TS_MAX_LAYERS)
            names[n++] = name;
    }
    return n;
}

double ts_replay_total(const struct ts_costed *costed, const char *name)
{
    const cJSON *totals = ts_json_at(costed->replay, "totals");
    if (!totals)
        totals = ts_json_at(costed->cost, "replay.totals");
    if (!totals)
        totals = ts_json_at(costed->cost, "replay");
    return ts_json_number(totals, name);
}

/* NAN plus a number is the number: what was not compared adds nothing. */
static double plus(double a, double b)
{
    return isnan(a) ? b : isnan(b) ? a : a + b;
}

struct ts_compared ts_compared_of(const struct ts_costed *costed)
{
    struct ts_compared c = {
        .outputs = ts_replay_total(costed, "outputs_compared"),
        .tiles = ts_replay_total(costed, "tiles"),
        .tile_cycles = ts_replay_total(costed, "tile_cycles_compared"),
        .tile_bits = ts_replay_total(costed, "tile_bits_compared"),
        .netlist_bits = NAN,
        .mismatches =
            plus(ts_replay_total(costed, "mismatches"), ts_replay_total(costed, "tile_mismatches")),
    };
    const cJSON *position;
    cJSON_ArrayForEach(position, ts_json_at(costed->cost, "power.positions"))
    {
        c.netlist_bits = plus(c.netlist_bits, ts_json_number(position, "bits_compared"));
        c.mismatches = plus(c.mismatches, ts_json_number(position, "mismatches"));
    }
    return c;
}
