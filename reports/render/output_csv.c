/* SPDX-License-Identifier: Apache-2.0 */
/* report.csv: one figure a line. */
#include "render/json.h"
#include "render/output.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Quoted where a comma or quote would break the line. */
static void put_text(FILE *out, const char *text)
{
    if (!strpbrk(text, ",\"\n")) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text; text++)
        fprintf(out, *text == '"' ? "\"\"" : "%c", *text);
    fputc('"', out);
}

static void row(FILE *out, const char *section, const char *design, const char *name, double value,
                const char *unit, const char *kind)
{
    fprintf(out, "%s,", section);
    put_text(out, design);
    fputc(',', out);
    put_text(out, name);
    if (isfinite(value))
        fprintf(out, ",%.9g,%s,%s\n", value, unit, kind);
    else
        fprintf(out, ",,%s,not measured\n", unit);
}

static void assembly(FILE *out, const struct ts_costed *c, const char *name)
{
    char path[32];
    const cJSON *part;
    snprintf(path, sizeof path, "%s.parts", name);
    cJSON_ArrayForEach(part, ts_json_at(c->cost, path))
        row(out, name, c->name, ts_json_text(part, "name"), ts_json_number(part, "area_um2"), "um2",
            ts_json_text(part, "kind"));
    const cJSON *whole = ts_json_at(c->cost, name);
    row(out, name, c->name, "total", ts_json_number(whole, "area_um2"), "um2",
        ts_json_text(whole, "kind"));
}

static void errors(FILE *out, const struct ts_costed *c)
{
    for (int i = 0; i < TS_N_PASSES * TS_N_PHASES; i++) {
        const char *pass = ts_pass_names[i / TS_N_PHASES], *phase = ts_phase_names[i % TS_N_PHASES];
        char path[48], name[64];
        snprintf(path, sizeof path, "errors.%s.nmse", phase);
        struct ts_stat nmse = ts_events_stat(c->replay, NULL, pass, path);
        if (!nmse.n)
            continue;
        snprintf(name, sizeof name, "%s %s nmse median", pass, phase);
        row(out, "errors", c->name, name, nmse.median, "1", "simulated");
        snprintf(name, sizeof name, "%s %s nmse worst", pass, phase);
        row(out, "errors", c->name, name, nmse.max, "1", "simulated");
    }
}

static const char *unit_of(const char *name)
{
    static const struct {
        const char *end, *unit;
    } units[] = {{"_um2", "um2"},
                 {"_mm2", "mm2"},
                 {"_mw", "mW"},
                 {"_ns", "ns"},
                 {"_uj", "uJ"},
                 {"_db", "dB"},
                 {"pj_per_mac", "pJ"},
                 {"pj_per_mac_busy", "pJ"},
                 {"tops", "TOPS"},
                 {"tops_per_w", "TOPS/W"},
                 {"_mhz", "MHz"},
                 {"macs_per_cycle", "MAC/cycle"},
                 {"toggles_per_cycle", "toggles per net and cycle"},
                 {"milliseconds", "ms"},
                 {"cycles", "cycles"},
                 {"macs", "MAC"},
                 {"bits_compared", "bits"}};
    const char *unit = "1";
    size_t longest = 0, n = strlen(name);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t end = strlen(units[i].end);
        if (end <= n && end > longest && strcmp(name + n - end, units[i].end) == 0) {
            unit = units[i].unit;
            longest = end;
        }
    }
    return unit;
}

/* Whose rows these are: "events", the design, and "step 20 stem grad" before the name. */
struct place {
    FILE *out;
    const char *section, *design, *of, *kind;
};

static void text_row(const struct place *p, const char *name, const char *text)
{
    fprintf(p->out, "%s,", p->section);
    put_text(p->out, p->design);
    fputc(',', p->out);
    put_text(p->out, name);
    fputc(',', p->out);
    put_text(p->out, text);
    fprintf(p->out, ",,%s\n", p->kind);
}

/* Every number, text and truth below an object. Arrays have rows of their own. */
static void tree(const struct place *p, const char *path, const cJSON *json)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, json)
    {
        char below[128], name[256];
        snprintf(below, sizeof below, "%s%s%s", path, *path ? "." : "", item->string);
        snprintf(name, sizeof name, "%s%s%s", p->of, *p->of ? " " : "", below);
        if (cJSON_IsObject(item))
            tree(p, below, item);
        else if (cJSON_IsString(item) && strcmp(item->string, "kind") != 0)
            text_row(p, name, item->valuestring);
        else if (cJSON_IsNumber(item) || cJSON_IsBool(item))
            row(p->out, p->section, p->design, name,
                cJSON_IsNumber(item) ? item->valuedouble : cJSON_IsTrue(item), unit_of(below),
                p->kind);
    }
}

static void tree_of(FILE *out, const struct ts_costed *c, const char *section, const char *of,
                    const char *kind, const cJSON *json)
{
    struct place place = {out, section, c->name, of, kind};
    tree(&place, "", json);
}

static void measured(FILE *out, const struct ts_costed *c)
{
    const cJSON *item;
    char of[160];
    cJSON_ArrayForEach(item, ts_json_at(c->cost, "blocks"))
    {
        snprintf(of, sizeof of, "%s (%s)", ts_json_text(item, "name"),
                 ts_json_text(item, "params"));
        tree_of(out, c, "blocks", of, "synthesized", item);
    }
    cJSON_ArrayForEach(item, ts_json_at(c->cost, "power.positions"))
    {
        snprintf(of, sizeof of, "%s row %.0f col %.0f slice %.0f", ts_json_text(item, "record"),
                 ts_json_number(item, "row"), ts_json_number(item, "col"),
                 ts_json_number(item, "slice"));
        tree_of(out, c, "power.positions", of, "simulated", item);
    }
    static const char *const spreads[] = {"slice_mw", "idle_mw", "array_mw"};
    for (int i = 0; i < 3; i++) {
        char path[32];
        snprintf(path, sizeof path, "power.%s", spreads[i]);
        const cJSON *part = ts_json_at(c->cost, path), *number;
        cJSON_ArrayForEach(number, part)
        {
            snprintf(of, sizeof of, "%s.%s", spreads[i], number->string);
            if (cJSON_IsNumber(number))
                row(out, "power", c->name, of, number->valuedouble, "mW",
                    i == 2 ? "simulated + modelled" : "simulated");
        }
    }
    tree_of(out, c, "run", "", "simulated + modelled", ts_json_at(c->cost, "run"));
    row(out, "timing", c->name, "worst_slack_ns", ts_json_number(c->cost, "metrics.worst_slack_ns"),
        "ns", "synthesized");
    tree_of(out, c, "replay", "", "simulated", ts_json_at(c->cost, "replay"));
    static const char *const arrays[] = {"events", "operands"};
    for (int i = 0; i < 2; i++)
        cJSON_ArrayForEach(item, ts_json_at(c->replay, arrays[i]))
        {
            const char *pass = ts_json_text(item, "pass");
            snprintf(of, sizeof of, "step %.0f %s%s%s", ts_json_number(item, "step"),
                     ts_json_text(item, "layer"), *pass ? " " : "", pass);
            tree_of(out, c, arrays[i], of, "simulated", item);
        }
}

char *ts_report_csv(const struct ts_report *report, size_t *size)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, size);
    if (!out)
        return NULL;
    fputs("section,design,name,value,unit,kind\n", out);
    for (int i = 1; i < report->n; i++)
        for (int k = 0; k < TS_N_RATIOS; k++) {
            const struct ts_ratio *r = &report->ratios[i][k];
            row(out, "ratio", report->designs[i].name, r->id, r->value, "1", r->kind);
            if (i == 1)
                row(out, "figure", report->designs[0].name, r->id, r->design, r->unit, r->kind);
            row(out, "figure", report->designs[i].name, r->id, r->rival, r->unit, r->kind);
        }
    for (int i = 0; i < report->n; i++) {
        assembly(out, &report->designs[i], "array");
        assembly(out, &report->designs[i], "mpe");
        assembly(out, &report->designs[i], "slice");
        errors(out, &report->designs[i]);
        measured(out, &report->designs[i]);
    }
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}
