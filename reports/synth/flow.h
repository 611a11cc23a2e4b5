/* SPDX-License-Identifier: Apache-2.0 */
/** @file From RTL to a netlist and its timing: Yosys twice, OpenSTA once. */
#ifndef TESSERA_REPORTS_FLOW_H
#define TESSERA_REPORTS_FLOW_H

#include "cache/cache.h"
#include "synth/synth.h"

struct ts_flow {
    const struct ts_block *block;
    const int64_t *params;
    const struct ts_library *library;
    double period_ns;
};

/** The key of all that goes in: RTL, parameters, library, period, scripts, versions of the tools.
 * False with one line, as if a tool is not installed. */
bool ts_flow_key(const struct ts_flow *flow, char key[TS_CACHE_KEY], struct ts_error *error);

/** Fills `directory` with netlist.v, result.json, timing.rpt and build.log. */
ts_cache_build ts_flow_run;

#endif
