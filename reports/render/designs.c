/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of each design: metrics, area, timing, power. */
#include "render/html.h"
#include "render/json.h"
#include "render/page.h"

#include <math.h>
#include <string.h>

static void metrics(FILE *page, const struct ts_report *report)
{
    static const struct {
        const char *label, *unit, *path, *kind;
        double scale;
    } rows[] = {
        {"Array area", "mm2", "metrics.area_mm2", "modelled", 1},
        {"Clock", "MHz", "clock.mhz", "given", 1},
        {"Worst slack at that clock", "ns", "metrics.worst_slack_ns", "synthesized", 1},
        {"Peak rate", "MAC/cycle", "metrics.macs_per_cycle", "given", 1},
        {"Peak rate", "TOPS", "metrics.peak_tops", "given", 1},
        {"Density", "TOPS/mm2", "metrics.tops_per_mm2", "modelled", 1},
        {"Array power, every column at work", "mW", "metrics.power_mw", "simulated + modelled", 1},
        {"Efficiency, every column at work", "TOPS/W", "metrics.tops_per_w", "simulated + modelled",
         1},
        {"Energy per MAC, every column at work", "pJ", "metrics.pj_per_mac", "simulated + modelled",
         1},
        {"Energy per MAC at peak rate", "pJ", "metrics.pj_per_mac_busy", "simulated + modelled", 1},
        {"Utilization of the recorded slices at work", "%", "metrics.utilization", "simulated",
         100},
        {"Power of an idle slice, mean", "mW", "power.idle_mw.mean", "simulated", 1},
        {"Columns at work, whole replay", "%", "run.working_share", "modelled", 100},
        {"Average array power, whole replay", "mW", "run.average_mw", "simulated + modelled", 1},
        {"Array energy, whole replay", "uJ", "run.energy_uj", "simulated + modelled", 1},
        {"Energy per useful MAC, whole replay", "pJ", "run.pj_per_mac", "simulated + modelled", 1},
    };
    fputs("<table><caption>Totals.</caption><thead><tr><th>Figure</th><th>Unit</th>", page);
    for (int i = 0; i < report->n; i++) {
        fputs("<th class=\"n\">", page);
        ts_html_text(page, report->designs[i].name);
        fputs("</th>", page);
    }
    fputs("<th>Kind</th></tr></thead><tbody>\n", page);
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        fputs("<tr>", page);
        ts_html_text_cell(page, rows[r].label);
        fputs("<td>", page);
        ts_html_unit(page, rows[r].unit);
        fputs("</td>", page);
        for (int i = 0; i < report->n; i++)
            ts_html_cell(page,
                         rows[r].scale * ts_json_number(report->designs[i].cost, rows[r].path), 4);
        ts_html_kind_cell(page, rows[r].kind);
        fputs("</tr>\n", page);
    }
    fputs("</tbody></table>\n", page);
}

static void area_row(FILE *page, const char *name, double count, double area, double all,
                     const char *kind, bool total)
{
    fprintf(page, "<tr%s>", total ? " class=\"total\"" : "");
    ts_html_text_cell(page, name);
    ts_html_cell(page, count, 1);
    ts_html_cell(page, area, 5);
    ts_html_cell(page, 100 * area / all, 3);
    ts_html_kind_cell(page, kind);
    fputs("</tr>\n", page);
}

/* One of array, mpe, slice. Parts below the array are shares of another synthesis. */
static void assembly(FILE *page, const cJSON *cost, const char *name)
{
    const cJSON *part, *whole = ts_json_at(cost, name);
    double all = ts_json_number(whole, "area_um2"), sum = 0;
    bool shares = strcmp(name, "array") != 0;
    cJSON_ArrayForEach(part, ts_json_at(whole, "parts")) sum += ts_json_number(part, "area_um2");
    fprintf(page, "<tbody><tr class=\"group\"><th colspan=\"5\">%s%s</th></tr>\n", name,
            shares ? ", by shares of a synthesis that keeps the hierarchy" : "");
    cJSON_ArrayForEach(part, ts_json_at(whole, "parts")) area_row(
        page, ts_json_text(part, "name"), ts_json_number(part, "count"),
        ts_json_number(part, "area_um2"), shares ? sum : all, ts_json_text(part, "kind"), false);
    area_row(page,
             strcmp(name, "mpe") == 0     ? "total, of a flat synthesis"
             : strcmp(name, "slice") == 0 ? "total, an equal share of the mpe"
                                          : "total",
             NAN, all, all, ts_json_text(whole, "kind"), true);
    fputs("</tbody>\n", page);
}

static void areas(FILE *page, const cJSON *cost)
{
    fputs("<table><caption>Area by part. Sums and skew are counted in flip-flops, without read "
          "multiplexers and decoders.</caption>",
          page);
    ts_html_head(page, "Part|>Count|>Area [um2]|>Share [%]|Kind");
    assembly(page, cost, "array");
    assembly(page, cost, "mpe");
    assembly(page, cost, "slice");
    fputs("</table>\n", page);
}

static void blocks(FILE *page, const cJSON *cost)
{
    const cJSON *block;
    fputs("<table><caption>Synthesized blocks and their timing (synthesized).</caption>", page);
    ts_html_head(page,
                 "Block|Parameters|>Area [um2]|>Sequential [um2]|>Cells|>Flip-flops|>Critical "
                 "path [ns]|>Slack [ns]|>Leakage [mW]");
    fputs("<tbody>", page);
    cJSON_ArrayForEach(block, ts_json_at(cost, "blocks"))
    {
        fputs("<tr>", page);
        ts_html_text_cell(page, ts_json_text(block, "name"));
        fputs("<td class=\"note\">", page);
        ts_html_text(page, ts_json_text(block, "params"));
        fputs("</td>", page);
        ts_html_cell(page, ts_json_number(block, "area_um2"), 5);
        ts_html_cell(page, ts_json_number(block, "sequential_um2"), 5);
        ts_html_cell(page, ts_json_number(block, "cells"), 1);
        ts_html_cell(page, ts_json_number(block, "flops"), 1);
        ts_html_cell(page, ts_json_number(block, "critical_path_ns"), 3);
        ts_html_cell(page, ts_json_number(block, "slack_ns"), 3);
        ts_html_cell(page, ts_json_number(block, "leakage_mw"), 3);
        fputs("</tr>\n", page);
    }
    fputs("</tbody></table>\n", page);
}

static void position(FILE *page, const cJSON *p)
{
    fputs("<tr>", page);
    ts_html_text_cell(page, ts_json_text(p, "record"));
    ts_html_text_cell(page, ts_json_text(p, "pass"));
    ts_html_text_cell(page, cJSON_IsTrue(ts_json_at(p, "idle")) ? "idle" : "at work");
    ts_html_cell(page, ts_json_number(p, "row"), 1);
    ts_html_cell(page, ts_json_number(p, "col"), 1);
    ts_html_cell(page, ts_json_number(p, "slice"), 1);
    ts_html_cell(page, ts_json_number(p, "cycles"), 1);
    ts_html_cell(page, ts_json_number(p, "toggles_per_cycle"), 3);
    ts_html_cell(page, ts_json_number(p, "internal_mw"), 3);
    ts_html_cell(page, ts_json_number(p, "switching_mw"), 3);
    ts_html_cell(page, ts_json_number(p, "leakage_mw"), 3);
    ts_html_cell(page, ts_json_number(p, "total_mw"), 3);
    fputs("</tr>\n", page);
}

static void power(FILE *page, const cJSON *cost)
{
    const cJSON *p, *section = ts_json_at(cost, "power");
    char a[TS_NUMBER];
    if (!section) {
        fputs("<p class=\"absent\">Power was not measured: there was no trace to take activity "
              "from.</p>\n",
              page);
        return;
    }
    fputs("<table><caption>Power of one slice at each recorded position (", page);
    ts_html_text(page, ts_json_text(section, "kind"));
    static const char *const fields[] = {"mean", "min", "max", "stddev"};
    fputs("), those at work: ", page);
    for (int i = 0; i < 4; i++) {
        char path[32];
        snprintf(path, sizeof path, "slice_mw.%s", fields[i]);
        fprintf(page, "%s%s %s", i ? ", " : "", i == 3 ? "standard deviation" : fields[i],
                ts_html_number(a, ts_json_number(section, path), 3));
    }
    fputs(" mW.</caption>", page);
    ts_html_head(page,
                 "Record|Pass|Column|>Row|>Col|>Slice|>Cycles|>Toggles [per net, cycle]|>Internal "
                 "[mW]|>Switching [mW]|>Leakage [mW]|>Total [mW]");
    fputs("<tbody>", page);
    cJSON_ArrayForEach(p, ts_json_at(section, "positions")) position(page, p);
    fputs("</tbody></table>\n<table><caption>Power of the array, as if every column had "
          "work.</caption>",
          page);
    ts_html_head(page, "Part|>Power [mW]|>Share [%]|Kind");
    fputs("<tbody>", page);
    static const char *const parts[] = {"mpes", "outer_adders", "sums_and_skew", "total"};
    static const char *const labels[] = {"mpes", "outer adders", "sums and skew", "total"};
    for (int i = 0; i < 4; i++) {
        const cJSON *array = ts_json_at(section, "array_mw");
        fputs(i == 3 ? "<tr class=\"total\">" : "<tr>", page);
        ts_html_text_cell(page, labels[i]);
        ts_html_cell(page, ts_json_number(array, parts[i]), 4);
        ts_html_cell(page, 100 * ts_json_number(array, parts[i]) / ts_json_number(array, "total"),
                     3);
        ts_html_kind_cell(page, i == 0 || i == 3 ? "simulated + modelled" : "modelled");
        fputs("</tr>\n", page);
    }
    fputs("</tbody></table>\n", page);
}

void ts_page_designs(FILE *page, const struct ts_report *report)
{
    ts_page_section(page, "designs", "Area, timing and power");
    metrics(page, report);
    for (int i = 0; i < report->n; i++) {
        const cJSON *cost = report->designs[i].cost;
        fputs("<h3>", page);
        ts_html_text(page, report->designs[i].name);
        fputs("</h3><p>", page);
        ts_html_text(page, ts_json_text(cost, "design.description"));
        fputs("</p>\n", page);
        if (cJSON_IsFalse(ts_json_at(cost, "metrics.meets_clock")))
            fputs("<p class=\"absent\">This design misses its clock: see the slack below.</p>\n",
                  page);
        areas(page, cost);
        blocks(page, cost);
        power(page, cost);
    }
}
