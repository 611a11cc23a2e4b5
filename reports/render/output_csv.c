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
    }
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}
