/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * From synthesized blocks to slice, mpe and array: areas, and power by activity.
 */
#ifndef TESSERA_REPORTS_ROLLUP_H
#define TESSERA_REPORTS_ROLLUP_H

#include "design/design.h"
#include "synth/synth.h"

/** How a figure came about. */
enum ts_kind_of_figure { TS_SYNTHESIZED, TS_SIMULATED, TS_MODELLED };

const char *ts_kind_of_figure_name(enum ts_kind_of_figure kind);

enum { TS_COST_BLOCKS = 12, TS_COST_PARTS = TS_MAX_PARTS };

/** A block as it was synthesized. */
struct ts_cost_block {
    const struct ts_block *block;
    int64_t params[TS_MAX_PARAMS];
    struct ts_synth synth;
};

/** `count` times a part of an assembly; the area is of all of them. */
struct ts_cost_part {
    const char *name;
    enum ts_kind_of_figure kind;
    int64_t count;
    double area_um2;
};

struct ts_cost_assembly {
    enum ts_kind_of_figure kind;
    double area_um2;
    int n_parts;
    struct ts_cost_part parts[TS_COST_PARTS];
};

struct ts_cost_areas {
    int n_blocks;
    struct ts_cost_block blocks[TS_COST_BLOCKS];
    const struct ts_cost_block *one_slice; /**< mpe with Simd = 1: what power is measured of */
    const struct ts_cost_block *mpe_block; /**< mpe with all its slices */
    struct ts_cost_assembly slice, mpe, array;
    double worst_slack_ns;
};

/** Called before each synthesis, for progress; may be NULL. */
typedef void (*ts_cost_progress)(void *context, const char *block);

/**
 * Synthesizes the blocks of a design at its clock and rolls them up. The mpe is synthesized with
 * all its slices; a slice is its share of it. The array is its mpes, outer adders, sums and
 * skew. Sums and skew are registers that no netlist holds: bits times the library's flip-flop.
 */
bool ts_cost_areas(struct ts_cost_areas *areas, const struct ts_design *design,
                   const struct ts_library *library, ts_cost_progress progress, void *context,
                   struct ts_error *error);

#endif
