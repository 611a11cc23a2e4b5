/* SPDX-License-Identifier: Apache-2.0 */
/** @file What Yosys counted, and the areas that follow. */
#ifndef TESSERA_REPORTS_STAT_H
#define TESSERA_REPORTS_STAT_H

#include "synth/liberty.h"
#include "synth/synth.h"

/** Area, cells and flip-flops of netlist_top from `stat -json`. False with one line if a cell is
 * not of the library. */
bool ts_stat_netlist(const char *path, const struct ts_liberty *liberty, struct ts_synth *result,
                     struct ts_error *error);

/** The parts of netlist_top, from a `stat -json` with its hierarchy. */
bool ts_stat_parts(const char *path, const struct ts_liberty *liberty, struct ts_synth *result,
                   struct ts_error *error);

#endif
