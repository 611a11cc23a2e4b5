/* SPDX-License-Identifier: Apache-2.0 */
/** @file What follows from what was measured: statistics, ratios and the verdict on claim 7X. */
#ifndef TESSERA_REPORTS_FIGURES_H
#define TESSERA_REPORTS_FIGURES_H

#include "render/load.h"

#include <stddef.h>

/** Over the events of a replay that have the figure. NAN without any. */
struct ts_stat {
    size_t n;
    double sum, mean, median;
    double min, max;
    double worst; /**< the one of largest magnitude */
};

/**
 * Of the figure at `path` ("cycles", "errors.even.nmse") of a replay's events of one layer and
 * pass; NULL stands for all of them.
 */
struct ts_stat ts_events_stat(const cJSON *replay, const char *layer, const char *pass,
                              const char *path);

enum { TS_N_PASSES = 3, TS_N_PHASES = 3, TS_MAX_LAYERS = 256 };
extern const char *const ts_pass_names[TS_N_PASSES];
extern const char *const ts_phase_names[TS_N_PHASES]; /**< none (one phase only), even, odd */

/** Layers in the order of the replay; the names belong to it. */
size_t ts_layers_of(const cJSON *replay, const char *names[TS_MAX_LAYERS]);

/** How much was compared for equality; NAN where nothing was. */
struct ts_compared {
    double outputs, tiles, tile_cycles, tile_bits, netlist_bits, mismatches;
};

struct ts_compared ts_compared_of(const struct ts_costed *costed);

/** A total of the replay ("cycles", "utilization"), also where only cost.json kept it. */
double ts_replay_total(const struct ts_costed *costed, const char *name);

enum { TS_KIND = 64 };

/** A figure of the claimed design against the same of a rival; above 1 is in the claim's favour. */
struct ts_ratio {
    const char *id, *label, *unit, *note;
    double design, rival; /**< measured, in `unit`; the claimed design and its rival */
    double value;         /**< NAN if one of them was not measured */
    char kind[TS_KIND];
    bool headline; /**< one of the answers */
    bool told;     /**< in the verdict's sentence: the peak rates of the arrays do not enter */
    bool judged;   /**< the claim's own words: multiply-accumulates per mm2 and per joule */
};

enum { TS_N_RATIOS = 11 };

void ts_ratios_of(const struct ts_costed *claimed, const struct ts_costed *rival,
                  struct ts_ratio ratios[TS_N_RATIOS]);

/** The claim is of more than this. */
#define TS_CLAIMED_RATIO 7.0

enum ts_verdict { TS_HOLDS, TS_HOLDS_WHEN, TS_DOES_NOT_HOLD, TS_OPEN };

/** "holds", "holds when", "does not hold", "open". */
const char *ts_verdict_name(enum ts_verdict verdict);

/**
 * Every judged ratio above 7: holds; none: does not hold; one of them not measured, or a design
 * that misses its clock: open.
 */
enum ts_verdict ts_verdict_of(const struct ts_costed *claimed, const struct ts_costed *rival,
                              const struct ts_ratio ratios[TS_N_RATIOS]);

/** The verdict against all rivals together. */
enum ts_verdict ts_verdict_join(enum ts_verdict a, enum ts_verdict b);

/** The ratio of that id; NULL if there is none. */
const struct ts_ratio *ts_ratio_named(const struct ts_ratio ratios[TS_N_RATIOS], const char *id);

/** What a report joins. The first design is the claimed one. */
struct ts_report {
    int n;
    struct ts_costed designs[TS_MAX_DESIGNS];
    struct ts_ratio ratios[TS_MAX_DESIGNS][TS_N_RATIOS]; /**< of rival i; [0] is unused */
    enum ts_verdict verdicts[TS_MAX_DESIGNS], verdict;
    const char *command;
};

void ts_report_compute(struct ts_report *report);

/** The verdict on a rival as a sentence: what is above 7 and what is not. Free it. */
char *ts_verdict_sentence(const struct ts_report *report, int rival);

#endif
