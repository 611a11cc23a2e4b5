/* SPDX-License-Identifier: Apache-2.0 */
/* Synthesis of one block, from the cache if it was there before. */
#include "synth/synth.h"

#include "cache/cache.h"
#include "synth/flow.h"
#include "synth/result.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

bool ts_synthesize(const struct ts_block *block, const int64_t *params,
                   const struct ts_library *library, double period_ns, struct ts_synth *result,
                   struct ts_error *error)
{
    *result = (struct ts_synth){.period_ns = period_ns};
    struct ts_flow flow = {block, params, library, period_ns};
    if (!isfinite(period_ns) || period_ns <= 0)
        return ts_error_set(error, "a clock period of %g ns; it must be above 0", period_ns);
    char key[TS_CACHE_KEY], name[128], entry[TS_SYNTH_PATH - 16], path[TS_SYNTH_PATH];
    if (!ts_flow_key(&flow, key, error))
        return false;
    snprintf(name, sizeof name, "synth-%.64s-%s", block->name, key);
    if (!ts_cached(name, ts_flow_run, &flow, entry, sizeof entry, &result->cached, error))
        return false;
    snprintf(result->netlist, sizeof result->netlist, "%s/netlist.v", entry);
    snprintf(path, sizeof path, "%s/result.json", entry);
    return ts_synth_read(path, result, error);
}
