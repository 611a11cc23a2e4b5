/* SPDX-License-Identifier: Apache-2.0 */
/* A design's cost as JSON and CSV. */
#include "cost/output.h"

#include "replay/design_json.h"
#include "files/files.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* JSON has no NaN: what was not measured is null. */
static void add(cJSON *object, const char *name, double value)
{
    if (isfinite(value))
        cJSON_AddNumberToObject(object, name, value);
    else
        cJSON_AddNullToObject(object, name);
}

static void add_text(cJSON *object, const char *name, const char *text)
{
    cJSON_AddStringToObject(object, name, text);
}

static void add_tool(cJSON *json, const struct ts_cost *c)
{
    add_text(json, "tool", "tessera cost " TESSERA_VERSION);
    cJSON *command = cJSON_AddArrayToObject(json, "command");
    cJSON_AddItemToArray(command, cJSON_CreateString("tessera"));
    cJSON_AddItemToArray(command, cJSON_CreateString("cost"));
    for (int i = 1; i < c->argc; i++)
        cJSON_AddItemToArray(command, cJSON_CreateString(c->argv[i]));
    cJSON *tools = cJSON_AddObjectToObject(json, "tools");
    add_text(tools, "yosys", c->yosys);
    add_text(tools, "opensta", c->opensta);
}

static void add_library(cJSON *json, const struct ts_cost *c)
{
    cJSON *library = cJSON_AddObjectToObject(json, "library");
    add_text(library, "name", c->library->name);
    cJSON *files = cJSON_AddArrayToObject(library, "files");
    for (int i = 0; i < c->library->n_files; i++)
        cJSON_AddItemToArray(files, cJSON_CreateString(c->library->files[i]));
    add_text(library, "sha256", c->library->digest);
    add(library, "voltage_v", c->library->voltage_v);
    add(library, "temperature_c", c->library->temperature_c);
    add(library, "process", c->library->process);
    cJSON *clock = cJSON_AddObjectToObject(json, "clock");
    add(clock, "mhz", c->design->clock_mhz);
    add(clock, "period_ns", 1e3 / c->design->clock_mhz);
}

static void params_text(const struct ts_cost_block *b, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < b->block->n_params && used < size; i++) {
        const struct ts_param *p = &b->block->params[i];
        int n = snprintf(text + used, size - used, "%s%s=", i ? " " : "", p->name);
        used += n > 0 ? (size_t)n : 0;
        if (used >= size)
            break;
        if (p->names)
            n = snprintf(text + used, size - used, "%s", p->names[b->params[i] - p->min]);
        else
            n = snprintf(text + used, size - used, "%" PRId64, b->params[i]);
        used += n > 0 ? (size_t)n : 0;
    }
}

static cJSON *block_json(const struct ts_cost_block *b)
{
    const struct ts_synth *s = &b->synth;
    char params[512];
    params_text(b, params, sizeof params);
    cJSON *json = cJSON_CreateObject();
    add_text(json, "name", b->block->name);
    add_text(json, "params", params);
    add_text(json, "kind", ts_kind_of_figure_name(TS_SYNTHESIZED));
    add(json, "area_um2", s->area_um2);
    add(json, "sequential_um2", s->sequential_um2);
    add(json, "cells", s->cells);
    add(json, "flops", s->flops);
    add(json, "slack_ns", s->slack_ns);
    add(json, "critical_path_ns", s->critical_path_ns);
    add(json, "leakage_mw", s->leakage_mw);
    cJSON *parts = cJSON_AddArrayToObject(json, "parts");
    for (int i = 0; i < s->n_parts; i++) {
        cJSON *part = cJSON_CreateObject();
        add_text(part, "name", s->parts[i].name);
        add(part, "instances", s->parts[i].instances);
        add(part, "area_um2", s->parts[i].area_um2);
        cJSON_AddItemToArray(parts, part);
    }
    return json;
}

static void add_assembly(cJSON *json, const char *name, const struct ts_cost_assembly *a)
{
    cJSON *assembly = cJSON_AddObjectToObject(json, name);
    add_text(assembly, "kind", ts_kind_of_figure_name(a->kind));
    add(assembly, "area_um2", a->area_um2);
    cJSON *parts = cJSON_AddArrayToObject(assembly, "parts");
    for (int i = 0; i < a->n_parts; i++) {
        cJSON *part = cJSON_CreateObject();
        add_text(part, "name", a->parts[i].name);
        add_text(part, "kind", ts_kind_of_figure_name(a->parts[i].kind));
        add(part, "count", (double)a->parts[i].count);
        add(part, "area_um2", a->parts[i].area_um2);
        cJSON_AddItemToArray(parts, part);
    }
}

static cJSON *position_json(const struct ts_stream *s, const struct ts_power *p)
{
    cJSON *json = cJSON_CreateObject();
    add_text(json, "record", s->record);
    add(json, "row", s->row);
    add(json, "col", s->col);
    add(json, "slice", s->slice);
    cJSON_AddBoolToObject(json, "idle", s->idle);
    add_text(json, "pass", s->pass);
    add(json, "cycles", (double)p->cycles);
    add(json, "macs", (double)s->macs);
    add(json, "bits_compared", (double)p->bits_compared);
    add(json, "mismatches", (double)p->mismatches);
    add(json, "toggles_per_cycle", p->toggles_per_cycle);
    add(json, "internal_mw", p->internal_mw);
    add(json, "switching_mw", p->switching_mw);
    add(json, "leakage_mw", p->leakage_mw);
    add(json, "total_mw", p->total_mw);
    return json;
}

static void add_spread(cJSON *json, const char *name, const struct ts_spread *s)
{
    cJSON *spread = cJSON_AddObjectToObject(json, name);
    add(spread, "mean", s->mean);
    add(spread, "min", s->min);
    add(spread, "max", s->max);
    add(spread, "stddev", s->stddev);
}

static void add_power(cJSON *json, const struct ts_cost *c)
{
    if (!c->power) {
        cJSON_AddNullToObject(json, "power");
        return;
    }
    cJSON *power = cJSON_AddObjectToObject(json, "power");
    add_text(power, "kind", ts_kind_of_figure_name(TS_SIMULATED));
    const cJSON *trace = cJSON_GetObjectItemCaseSensitive(c->replay, "trace");
    const cJSON *file = cJSON_GetObjectItemCaseSensitive(trace, "file");
    add_text(power, "activity", cJSON_IsString(file) ? file->valuestring : "");
    cJSON *positions = cJSON_AddArrayToObject(power, "positions");
    for (int i = 0; i < c->power->n; i++)
        cJSON_AddItemToArray(positions,
                             position_json(&c->power->streams[i], &c->power->positions[i]));
    add_spread(power, "slice_mw", &c->power->slice_mw);
    if (c->power->n > c->power->working)
        add_spread(power, "idle_mw", &c->power->idle_mw);
    else
        cJSON_AddNullToObject(power, "idle_mw");
    cJSON *array = cJSON_AddObjectToObject(power, "array_mw");
    add_text(array, "kind", ts_kind_of_figure_name(TS_MODELLED));
    add(array, "mpes", c->power->mpes_mw);
    add(array, "outer_adders", c->power->outer_mw);
    add(array, "sums_and_skew", c->power->sums_skew_mw);
    add(array, "total", c->power->array_mw);
}

static void add_replay(cJSON *json, const struct ts_cost *c)
{
    const cJSON *totals = c->replay ? cJSON_GetObjectItemCaseSensitive(c->replay, "totals") : NULL;
    if (totals)
        cJSON_AddItemToObject(json, "replay", cJSON_Duplicate(totals, true));
    else
        cJSON_AddNullToObject(json, "replay");
}

static void add_run(cJSON *json, const struct ts_cost *c)
{
    if (!c->power) {
        cJSON_AddNullToObject(json, "run");
        return;
    }
    cJSON *run = cJSON_AddObjectToObject(json, "run");
    add_text(run, "kind", ts_kind_of_figure_name(TS_MODELLED));
    add(run, "cycles", (double)c->run.cycles);
    add(run, "milliseconds", c->run.milliseconds);
    add(run, "macs", (double)c->run.macs);
    add(run, "working_share", c->run.working_share);
    add(run, "average_mw", c->run.average_mw);
    add(run, "energy_uj", c->run.energy_uj);
    add(run, "pj_per_mac", c->run.pj_per_mac);
}

static void add_metrics(cJSON *json, const struct ts_cost *c)
{
    const struct ts_cost_metrics *m = &c->metrics;
    cJSON *metrics = cJSON_AddObjectToObject(json, "metrics");
    add(metrics, "area_mm2", m->area_mm2);
    add(metrics, "clock_mhz", c->design->clock_mhz);
    cJSON_AddBoolToObject(metrics, "meets_clock", m->meets_clock);
    add(metrics, "worst_slack_ns", c->areas->worst_slack_ns);
    add(metrics, "peak_tops", m->peak_tops);
    add(metrics, "tops_per_mm2", m->tops_per_mm2);
    add(metrics, "power_mw", m->power_mw);
    add(metrics, "tops_per_w", m->tops_per_w);
    add(metrics, "pj_per_mac", m->pj_per_mac);
    add(metrics, "pj_per_mac_busy", m->pj_per_mac_busy);
    add(metrics, "utilization", m->utilization);
    add(metrics, "macs_per_cycle", (double)ts_design_macs_per_cycle(c->design));
}

static char *json_text(const struct ts_cost *c)
{
    cJSON *json = cJSON_CreateObject();
    add_tool(json, c);
    cJSON_AddItemToObject(json, "design", ts_design_json(c->design));
    add_library(json, c);
    cJSON *blocks = cJSON_AddArrayToObject(json, "blocks");
    for (int i = 0; i < c->areas->n_blocks; i++)
        cJSON_AddItemToArray(blocks, block_json(&c->areas->blocks[i]));
    add_assembly(json, "slice", &c->areas->slice);
    add_assembly(json, "mpe", &c->areas->mpe);
    add_assembly(json, "array", &c->areas->array);
    add_power(json, c);
    add_replay(json, c);
    add_run(json, c);
    add_metrics(json, c);
    char *text = cJSON_Print(json);
    cJSON_Delete(json);
    return text;
}

static void csv_row(FILE *out, const char *section, const char *name, const char *kind,
                    const char *metric, double value, const char *unit)
{
    if (isfinite(value))
        fprintf(out, "%s,%s,%s,%s,%.8g,%s\n", section, name, kind, metric, value, unit);
}

static void csv_assembly(FILE *out, const char *section, const struct ts_cost_assembly *a)
{
    csv_row(out, section, "total", ts_kind_of_figure_name(a->kind), "area", a->area_um2, "um2");
    for (int i = 0; i < a->n_parts; i++)
        csv_row(out, section, a->parts[i].name, ts_kind_of_figure_name(a->parts[i].kind), "area",
                a->parts[i].area_um2, "um2");
}

static char *csv_text(const struct ts_cost *c, size_t *size)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, size);
    if (!out)
        return NULL;
    const char *synthesized = ts_kind_of_figure_name(TS_SYNTHESIZED);
    fputs("section,name,kind,metric,value,unit\n", out);
    for (int i = 0; i < c->areas->n_blocks; i++) {
        const struct ts_cost_block *b = &c->areas->blocks[i];
        char params[512], name[600];
        params_text(b, params, sizeof params);
        snprintf(name, sizeof name, "%s %s", b->block->name, params);
        csv_row(out, "block", name, synthesized, "area", b->synth.area_um2, "um2");
        csv_row(out, "block", name, synthesized, "critical_path", b->synth.critical_path_ns, "ns");
        csv_row(out, "block", name, synthesized, "cells", b->synth.cells, "1");
        csv_row(out, "block", name, synthesized, "leakage", b->synth.leakage_mw, "mW");
    }
    csv_assembly(out, "slice", &c->areas->slice);
    csv_assembly(out, "mpe", &c->areas->mpe);
    csv_assembly(out, "array", &c->areas->array);
    for (int i = 0; c->power && i < c->power->n; i++) {
        const struct ts_stream *s = &c->power->streams[i];
        char name[256];
        snprintf(name, sizeof name, "%s mpe(%d %d) slice %d", s->record, s->row, s->col, s->slice);
        csv_row(out, "power", name, "simulated", "total", c->power->positions[i].total_mw, "mW");
    }
    if (c->power) {
        csv_row(out, "run", "replay", "modelled", "energy", c->run.energy_uj, "uJ");
        csv_row(out, "run", "replay", "modelled", "energy_per_mac", c->run.pj_per_mac, "pJ/MAC");
        csv_row(out, "run", "replay", "simulated", "cycles", (double)c->run.cycles, "cycles");
    }
    const struct ts_cost_metrics *m = &c->metrics;
    csv_row(out, "metrics", "array", "modelled", "area", m->area_mm2, "mm2");
    csv_row(out, "metrics", "array", "modelled", "peak_rate", m->peak_tops, "TOPS");
    csv_row(out, "metrics", "array", "modelled", "density", m->tops_per_mm2, "TOPS/mm2");
    csv_row(out, "metrics", "array", "modelled", "power", m->power_mw, "mW");
    csv_row(out, "metrics", "array", "modelled", "efficiency", m->tops_per_w, "TOPS/W");
    csv_row(out, "metrics", "array", "modelled", "energy", m->pj_per_mac, "pJ/MAC");
    csv_row(out, "metrics", "array", "simulated", "utilization", m->utilization, "1");
    return fclose(out) == 0 ? text : NULL;
}

bool ts_cost_write(const struct ts_cost *cost, const char *dir, struct ts_error *error)
{
    size_t csv_size = 0;
    char *json = json_text(cost);
    char *csv = csv_text(cost, &csv_size);
    bool ok = json && csv;
    if (!ok) {
        ts_error_set(error, "out of memory for cost.json");
    } else {
        struct ts_file files[] = {
            {"cost.json", json, strlen(json)},
            {"cost.csv", csv, csv_size},
        };
        ok = ts_files_write(dir, files, sizeof files / sizeof *files, error);
    }
    free(json);
    free(csv);
    return ok;
}
