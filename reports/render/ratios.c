/* SPDX-License-Identifier: Apache-2.0 */
/* The claimed design against a rival. */
#include "render/figures.h"
#include "render/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum source { AREA, MPE, POWER, RUN, REPLAY, REPLAY_AREA };

/* How a ratio is made. A cost favours the claim when it is smaller, a rate when it is larger. */
struct rule {
    const char *id, *label, *unit, *note;
    double (*figure)(const struct ts_costed *);
    enum source source;
    bool is_cost, headline, told, judged;
};

static double area_per_mac(const struct ts_costed *c)
{
    return ts_json_number(c->cost, "array.area_um2") /
           ts_json_number(c->cost, "metrics.macs_per_cycle");
}

static double mpe_area_per_mac(const struct ts_costed *c)
{
    double mpes = ts_json_number(c->cost, "design.rows") * ts_json_number(c->cost, "design.cols");
    return ts_json_number(c->cost, "mpe.area_um2") * mpes /
           ts_json_number(c->cost, "metrics.macs_per_cycle");
}

static double tops_per_mm2(const struct ts_costed *c)
{
    return ts_json_number(c->cost, "metrics.tops_per_mm2");
}

static double pj_per_mac(const struct ts_costed *c)
{
    return ts_json_number(c->cost, "metrics.pj_per_mac");
}

static double pj_per_mac_busy(const struct ts_costed *c)
{
    return ts_json_number(c->cost, "metrics.pj_per_mac_busy");
}

static double run_pj_per_mac(const struct ts_costed *c)
{
    return ts_json_number(c->cost, "run.pj_per_mac");
}

static double tops_per_w(const struct ts_costed *c)
{
    return ts_json_number(c->cost, "metrics.tops_per_w");
}

static double cycles(const struct ts_costed *c)
{
    return ts_replay_total(c, "cycles");
}

static double milliseconds(const struct ts_costed *c)
{
    return cycles(c) / (ts_json_number(c->cost, "clock.mhz") * 1e3);
}

static double utilization(const struct ts_costed *c)
{
    return 100 * ts_replay_total(c, "utilization");
}

/* MACs of the replay per second and mm2, in units of 10^9. */
static double delivered_per_area(const struct ts_costed *c)
{
    return ts_replay_total(c, "macs") / (milliseconds(c) * 1e6) /
           ts_json_number(c->cost, "metrics.area_mm2");
}

static const struct rule rules[TS_N_RATIOS] = {
    {"area_per_mac", "Area per peak MAC", "um2 per MAC/cycle",
     "array area over multiply-accumulates per cycle; the clock does not enter", area_per_mac, AREA,
     true, true, true, false},
    {"energy_per_useful_mac", "Energy per useful MAC, whole replay", "pJ",
     "array energy of all cycles of the replay, those of idle mpe columns included, over its "
     "useful multiply-accumulates",
     run_pj_per_mac, RUN, true, true, true, true},
    {"cycles", "Cycles for the same work", "cycles",
     "all replayed GEMMs; the arrays differ in peak rate, so read it with the area", cycles, REPLAY,
     true, true, false, false},
    {"tops_per_mm2", "Peak TOPS per mm2", "TOPS/mm2", "at the clock of each design", tops_per_mm2,
     AREA, false, true, true, true},
    {"tops_per_w", "TOPS per W, every column at work", "TOPS/W",
     "useful rate and power of the recorded slices at work, as if every mpe column had work",
     tops_per_w, POWER, false, true, true, false},
    {"delivered_per_area", "Delivered MACs per mm2", "GMAC/s/mm2",
     "rate over the whole replay, idle lanes included, over array area", delivered_per_area,
     REPLAY_AREA, false, true, true, false},
    {"energy_per_mac", "Energy per MAC, every column at work", "pJ",
     "array energy over the useful multiply-accumulates of the recorded slices at work, as if "
     "every mpe column had work",
     pj_per_mac, POWER, true, false, false, false},
    {"mpe_area_per_mac", "Area per peak MAC, mpe alone", "um2 per MAC/cycle",
     "without outer adders, kept sums and skew", mpe_area_per_mac, MPE, true, false, false, false},
    {"energy_per_mac_busy", "Energy per MAC at peak rate", "pJ",
     "the same power as with every column at work, over the peak rate: as if no lane idled",
     pj_per_mac_busy, POWER, true, false, false, false},
    {"milliseconds", "Time for the same work", "ms", "cycles at the clock of each design",
     milliseconds, REPLAY, true, false, false, false},
    {"utilization", "Utilization", "%", "useful multiply-accumulates over the peak, whole replay",
     utilization, REPLAY, false, false, false, false},
};

/* Both sides must have done the same work for their cycles to be compared. */
static bool same_work(const struct ts_costed *a, const struct ts_costed *b)
{
    double macs = ts_replay_total(a, "macs"), events = ts_replay_total(a, "events");
    return macs == ts_replay_total(b, "macs") && events == ts_replay_total(b, "events") &&
           strcmp(ts_json_text(a->replay, "trace.command"),
                  ts_json_text(b->replay, "trace.command")) == 0;
}

static void add_kind(char kind[TS_KIND], const char *more)
{
    size_t n = strlen(kind);
    if (*more && !strstr(kind, more))
        snprintf(kind + n, TS_KIND - n, "%s%s", n ? " + " : "", more);
}

static void kind_of(const struct ts_costed *c, enum source source, char kind[TS_KIND])
{
    if (source == POWER || source == RUN)
        add_kind(kind, ts_json_text(c->cost, "power.kind"));
    if (source == RUN)
        add_kind(kind, ts_json_text(c->cost, "run.kind"));
    if (source == REPLAY || source == REPLAY_AREA)
        add_kind(kind, "simulated");
    if (source == MPE)
        add_kind(kind, ts_json_text(c->cost, "mpe.kind"));
    /* The array's power is rolled up from a slice's, as its area is. */
    if (source == AREA || source == REPLAY_AREA || source == POWER)
        add_kind(kind, ts_json_text(c->cost, "array.kind"));
}

void ts_ratios_of(const struct ts_costed *claimed, const struct ts_costed *rival,
                  struct ts_ratio ratios[TS_N_RATIOS])
{
    bool same = same_work(claimed, rival);
    for (int i = 0; i < TS_N_RATIOS; i++) {
        const struct rule *rule = &rules[i];
        struct ts_ratio *r = &ratios[i];
        *r = (struct ts_ratio){
            .id = rule->id,
            .label = rule->label,
            .unit = rule->unit,
            .note = rule->note,
            .design = rule->figure(claimed),
            .rival = rule->figure(rival),
            .headline = rule->headline,
            .told = rule->told,
            .judged = rule->judged,
        };
        bool of_replay = rule->source == REPLAY || rule->source == REPLAY_AREA;
        r->value = rule->is_cost ? r->rival / r->design : r->design / r->rival;
        if (!isfinite(r->value) || (of_replay && !same)) {
            r->value = NAN;
            snprintf(r->kind, sizeof r->kind, "not measured");
            if (of_replay && isfinite(r->design) && isfinite(r->rival))
                r->note = "not compared: the designs did not replay the same work";
            continue;
        }
        kind_of(claimed, rule->source, r->kind);
        kind_of(rival, rule->source, r->kind);
    }
}

const struct ts_ratio *ts_ratio_named(const struct ts_ratio ratios[TS_N_RATIOS], const char *id)
{
    for (int i = 0; i < TS_N_RATIOS; i++)
        if (strcmp(ratios[i].id, id) == 0)
            return &ratios[i];
    return NULL;
}
