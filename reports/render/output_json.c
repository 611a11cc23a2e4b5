/* SPDX-License-Identifier: Apache-2.0 */
/* report.json: see report.schema.json. */
#include "render/claim.h"
#include "render/json.h"
#include "render/output.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void add_text(cJSON *json, const char *name, const char *text)
{
    cJSON_AddStringToObject(json, name, text);
}

static void add_copy(cJSON *json, const char *name, const cJSON *item)
{
    cJSON_AddItemToObject(json, name, item ? cJSON_Duplicate(item, true) : cJSON_CreateNull());
}

static cJSON *figure(double value, const char *unit, const char *kind)
{
    cJSON *json = cJSON_CreateObject();
    ts_json_add(json, "value", value);
    add_text(json, "unit", unit);
    add_text(json, "kind", isfinite(value) ? kind : "not measured");
    return json;
}

static void add_metrics(cJSON *json, const struct ts_costed *c)
{
    static const struct {
        const char *name, *path, *unit, *kind;
    } rows[] = {
        {"worst_slack_ns", "metrics.worst_slack_ns", "ns", "synthesized"},
        {"area_mm2", "metrics.area_mm2", "mm2", "modelled"},
        {"macs_per_cycle", "metrics.macs_per_cycle", "MAC/cycle", "given"},
        {"peak_tops", "metrics.peak_tops", "TOPS", "given"},
        {"tops_per_mm2", "metrics.tops_per_mm2", "TOPS/mm2", "modelled"},
        {"power_mw", "metrics.power_mw", "mW", "simulated + modelled"},
        {"tops_per_w", "metrics.tops_per_w", "TOPS/W", "simulated + modelled"},
        {"pj_per_mac", "metrics.pj_per_mac", "pJ", "simulated + modelled"},
        {"pj_per_mac_busy", "metrics.pj_per_mac_busy", "pJ", "simulated + modelled"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cJSON_AddItemToObject(
            json, rows[i].name,
            figure(ts_json_number(c->cost, rows[i].path), rows[i].unit, rows[i].kind));
    cJSON_AddItemToObject(json, "cycles",
                          figure(ts_replay_total(c, "cycles"), "cycles", "simulated"));
    cJSON_AddItemToObject(json, "macs", figure(ts_replay_total(c, "macs"), "MAC", "simulated"));
    cJSON_AddItemToObject(json, "utilization",
                          figure(ts_replay_total(c, "utilization"), "1", "simulated"));
}

/* The replay's array of that name; empty without a replay. */
static void add_array(cJSON *json, const char *name, const cJSON *array)
{
    cJSON_AddItemToObject(
        json, name, cJSON_IsArray(array) ? cJSON_Duplicate(array, true) : cJSON_CreateArray());
}

static cJSON *error_json(const cJSON *replay, const char *pass, const char *phase)
{
    char path[2][48];
    snprintf(path[0], sizeof path[0], "errors.%s.nmse", phase);
    snprintf(path[1], sizeof path[1], "errors.%s.slope", phase);
    struct ts_stat nmse = ts_events_stat(replay, NULL, pass, path[0]);
    struct ts_stat slope = ts_events_stat(replay, NULL, pass, path[1]);
    if (!nmse.n)
        return NULL;
    cJSON *json = cJSON_CreateObject();
    add_text(json, "pass", pass);
    add_text(json, "phase", phase);
    add_text(json, "kind", "simulated");
    ts_json_add(json, "events", (double)nmse.n);
    ts_json_add(json, "nmse_median", nmse.median);
    ts_json_add(json, "nmse_worst", nmse.max);
    ts_json_add(json, "slope_median", slope.median);
    ts_json_add(json, "slope_worst", slope.worst);
    return json;
}

static void add_errors(cJSON *json, const cJSON *replay)
{
    cJSON *errors = cJSON_AddArrayToObject(json, "errors");
    for (int pass = 0; pass < TS_N_PASSES; pass++)
        for (int phase = 0; phase < TS_N_PHASES; phase++) {
            cJSON *row = error_json(replay, ts_pass_names[pass], ts_phase_names[phase]);
            if (row)
                cJSON_AddItemToArray(errors, row);
        }
}

static cJSON *design_json(const struct ts_costed *c)
{
    struct ts_compared compared = ts_compared_of(c);
    cJSON *json = cJSON_CreateObject();
    add_text(json, "name", c->name);
    add_text(json, "from", c->dir);
    add_copy(json, "design", ts_json_at(c->cost, "design"));
    add_copy(json, "library", ts_json_at(c->cost, "library"));
    add_copy(json, "clock", ts_json_at(c->cost, "clock"));
    add_copy(json, "tools", ts_json_at(c->cost, "tools"));
    add_copy(json, "cost_command", ts_json_at(c->cost, "command"));
    add_copy(json, "replay_command", ts_json_at(c->replay, "command"));
    add_copy(json, "trace", ts_json_at(c->replay, "trace"));
    add_copy(json, "slice", ts_json_at(c->cost, "slice"));
    add_copy(json, "mpe", ts_json_at(c->cost, "mpe"));
    add_copy(json, "array", ts_json_at(c->cost, "array"));
    add_array(json, "blocks", ts_json_at(c->cost, "blocks"));
    add_copy(json, "power", ts_json_at(c->cost, "power"));
    add_copy(json, "run", ts_json_at(c->cost, "run"));
    add_copy(json, "meets_clock", ts_json_at(c->cost, "metrics.meets_clock"));
    add_metrics(json, c);
    add_array(json, "events", ts_json_at(c->replay, "events"));
    add_array(json, "operands", ts_json_at(c->replay, "operands"));
    add_errors(json, c->replay);
    cJSON *out = cJSON_AddObjectToObject(json, "compared");
    add_text(out, "kind", "simulated");
    ts_json_add(out, "outputs", compared.outputs);
    ts_json_add(out, "tiles", compared.tiles);
    ts_json_add(out, "tile_cycles", compared.tile_cycles);
    ts_json_add(out, "tile_bits", compared.tile_bits);
    ts_json_add(out, "netlist_bits", compared.netlist_bits);
    ts_json_add(json, "mismatches", compared.mismatches);
    return json;
}

static cJSON *ratios_json(const struct ts_report *report, int rival)
{
    cJSON *json = cJSON_CreateObject();
    add_text(json, "rival", report->designs[rival].name);
    for (int i = 0; i < TS_N_RATIOS; i++) {
        const struct ts_ratio *r = &report->ratios[rival][i];
        cJSON *out = cJSON_AddObjectToObject(json, r->id);
        ts_json_add(out, "value", r->value);
        ts_json_add(out, "design_value", r->design);
        ts_json_add(out, "rival_value", r->rival);
        add_text(out, "unit", r->unit);
        add_text(out, "kind", r->kind);
        add_text(out, "note", r->note);
    }
    return json;
}

static cJSON *claim_json(const struct ts_report *report, const cJSON *command)
{
    const struct ts_claim *claim = &ts_claim_7x;
    cJSON *json = cJSON_CreateObject();
    add_text(json, "id", claim->id);
    add_text(json, "claim", claim->claim);
    add_text(json, "by", claim->by);
    add_text(json, "doubt", claim->doubt);
    add_text(json, "measured", claim->measured);
    add_text(json, "verdict", ts_verdict_name(report->verdict));
    cJSON *rivals = cJSON_AddArrayToObject(json, "rivals");
    for (int i = 1; i < report->n; i++) {
        char *sentence = ts_verdict_sentence(report, i);
        cJSON *rival = cJSON_CreateObject();
        add_text(rival, "rival", report->designs[i].name);
        add_text(rival, "verdict", ts_verdict_name(report->verdicts[i]));
        add_text(rival, "sentence", sentence ? sentence : "");
        cJSON_AddItemToArray(rivals, rival);
        free(sentence);
    }
    add_text(json, "sensitivity", claim->sensitivity);
    add_copy(json, "command", command);
    return json;
}

char *ts_report_json(const struct ts_report *report, int argc, char *const *argv)
{
    cJSON *json = cJSON_CreateObject();
    add_text(json, "tool", "tessera report " TESSERA_VERSION);
    cJSON *command = cJSON_AddArrayToObject(json, "command");
    cJSON_AddItemToArray(command, cJSON_CreateString("tessera"));
    cJSON_AddItemToArray(command, cJSON_CreateString("report"));
    for (int i = 1; i < argc; i++)
        cJSON_AddItemToArray(command, cJSON_CreateString(argv[i]));
    cJSON *from = cJSON_AddArrayToObject(json, "generated_from");
    cJSON *designs = cJSON_AddArrayToObject(json, "designs");
    cJSON *ratios = cJSON_AddArrayToObject(json, "ratios");
    for (int i = 0; i < report->n; i++) {
        cJSON_AddItemToArray(from, cJSON_CreateString(report->designs[i].dir));
        cJSON_AddItemToArray(designs, design_json(&report->designs[i]));
        if (i > 0)
            cJSON_AddItemToArray(ratios, ratios_json(report, i));
    }
    cJSON_AddItemToArray(cJSON_AddArrayToObject(json, "claims"), claim_json(report, command));
    char *text = cJSON_Print(json);
    cJSON_Delete(json);
    return text;
}
