/* SPDX-License-Identifier: Apache-2.0 */
/* The answer first: ratios, the verdict so far, and what was compared. */
#include "render/html.h"
#include "render/json.h"
#include "render/page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void tile(FILE *page, const struct ts_ratio *r)
{
    char number[TS_NUMBER];
    fprintf(page, "<div class=\"tile%s\"><p class=\"what\">", isnan(r->value) ? " none" : "");
    ts_html_unit(page, r->label);
    if (isnan(r->value))
        fputs("</p><p class=\"big\">not measured</p>", page);
    else
        fprintf(page, "</p><p class=\"big\">%s<small>&times;</small></p>",
                ts_html_number(number, r->value, 3));
    fprintf(page, "<p class=\"how\">%s", ts_html_number(number, r->design, 3));
    fprintf(page, " against %s ", ts_html_number(number, r->rival, 3));
    ts_html_unit(page, r->unit);
    fputs("</p><p class=\"note\">", page);
    ts_html_unit(page, r->note);
    fputs("</p>", page);
    ts_html_kind(page, r->kind);
    fputs("</div>\n", page);
}

static void verdict(FILE *page, const struct ts_report *report, int rival)
{
    char *sentence = ts_verdict_sentence(report, rival);
    fputs("<p class=\"verdict\"><strong>Claim 7X, more than 7 times over FP16, so far: ", page);
    ts_html_text(page, ts_verdict_name(report->verdicts[rival]));
    fputs(".</strong> ", page);
    if (sentence)
        ts_html_unit(page, sentence);
    fputs(" The claim is of systems. Not yet counted are SRAM, DRAM, wiring and clock tree, "
          "quantizers, gradient scaling, the 8-bit layers and the rest of a training step; all of "
          "these cost both sides, and those that do not shrink with precision pull the ratio "
          "towards 1.</p>\n",
          page);
    free(sentence);
}

/* Per cent of the array that its kept sums take. */
static double sums_share(const struct ts_costed *c)
{
    double sums = NAN;
    const cJSON *part;
    cJSON_ArrayForEach(part, ts_json_at(c->cost, "array.parts"))
    {
        if (strcmp(ts_json_text(part, "name"), "sums") == 0)
            sums = ts_json_number(part, "area_um2");
    }
    return 100 * sums / ts_json_number(c->cost, "array.area_um2");
}

/* What would move the verdict most: memory for the sums is a model. */
static void sums(FILE *page, const struct ts_report *report, int rival)
{
    const struct ts_costed *both[] = {&report->designs[0], &report->designs[rival]};
    double share[] = {sums_share(both[0]), sums_share(both[1])};
    const struct ts_ratio *alone = ts_ratio_named(report->ratios[rival], "mpe_area_per_mac");
    char number[TS_NUMBER];
    if (!alone || !isfinite(alone->value) || !isfinite(share[0]) || !isfinite(share[1]))
        return;
    fputs("<p><strong>What would move it.</strong> The kept sums are counted as flip-flops only, "
          "without read multiplexers and decoders (modelled). They are ",
          page);
    for (int i = 0; i < 2; i++) {
        fprintf(page, "%s%s %% of the area of ", i ? " and " : "",
                ts_html_number(number, share[i], 3));
        ts_html_text(page, both[i]->name);
    }
    fprintf(page,
            ". Without them, and without the skew registers and outer adders, area per peak MAC is "
            "that of the mpes alone: a ratio of %s.</p>\n",
            ts_html_number(number, alone->value, 3));
}

static void details(FILE *page, const struct ts_report *report, int rival)
{
    fputs("<table>", page);
    fputs("<caption>Every ratio. Above 1 is in the claim&#39;s favour.</caption>", page);
    fputs("<thead><tr><th>Figure</th><th>Unit</th><th class=\"n\">", page);
    ts_html_text(page, report->designs[0].name);
    fputs("</th><th class=\"n\">", page);
    ts_html_text(page, report->designs[rival].name);
    fputs("</th><th class=\"n\">Ratio</th><th>Kind</th><th>What it is</th></tr></thead><tbody>",
          page);
    for (int i = 0; i < TS_N_RATIOS; i++) {
        const struct ts_ratio *r = &report->ratios[rival][i];
        fputs("<tr><td>", page);
        ts_html_unit(page, r->label);
        fputs("</td><td>", page);
        ts_html_unit(page, r->unit);
        fputs("</td>", page);
        ts_html_cell(page, r->design, 4);
        ts_html_cell(page, r->rival, 4);
        ts_html_cell(page, r->value, 4);
        ts_html_kind_cell(page, r->kind);
        fputs("<td class=\"note\">", page);
        ts_html_unit(page, r->note);
        fputs("</td></tr>\n", page);
    }
    fputs("</tbody></table>\n", page);
}

void ts_page_answer(FILE *page, const struct ts_report *report)
{
    for (int rival = 1; rival < report->n; rival++) {
        char id[32];
        snprintf(id, sizeof id, "answer%d", rival);
        fprintf(page, "<section id=\"%s\" class=\"answer\"><h2>", id);
        ts_html_text(page, report->designs[0].name);
        fputs(" over ", page);
        ts_html_text(page, report->designs[rival].name);
        fputs("</h2>\n<div class=\"tiles\">\n", page);
        for (int i = 0; i < TS_N_RATIOS; i++)
            if (report->ratios[rival][i].headline)
                tile(page, &report->ratios[rival][i]);
        fputs("</div>\n", page);
        verdict(page, report, rival);
        sums(page, report, rival);
        details(page, report, rival);
        fputs("</section>\n", page);
    }
}

/* Mismatches of all designs, NAN if nothing was compared. */
static double all_mismatches(const struct ts_report *report)
{
    double sum = NAN;
    for (int i = 0; i < report->n; i++) {
        double m = ts_compared_of(&report->designs[i]).mismatches;
        sum = isnan(sum) ? m : isnan(m) ? sum : sum + m;
    }
    return sum;
}

void ts_page_compared(FILE *page, const struct ts_report *report)
{
    char number[TS_NUMBER];
    double mismatches = all_mismatches(report);
    ts_page_section(page, "compared", "Compared for equality");
    if (isnan(mismatches)) {
        fputs("<p class=\"absent\">Nothing was compared: no trace was replayed.</p></section>\n",
              page);
        return;
    }
    fprintf(page, "<p><strong%s>%s mismatches.</strong> ", mismatches > 0 ? " class=\"alarm\"" : "",
            ts_html_number(number, mismatches, 1));
    fputs(
        "The engine that computed the replay was held against the golden blocks on every "
        "output; tiles ran on the SystemC array and the Verilated RTL beside it, every output bit "
        "and every cycle; the netlist ran the recorded operands beside its RTL.</p>\n<table>",
        page);
    ts_html_head(page, "Design|>Engine = golden [outputs]|>Tiles [count]|>RTL = SystemC "
                       "[cycles]|>RTL = SystemC = engine [bits]|>Netlist = RTL "
                       "[bits]|>Mismatches [count]|Kind");
    fputs("<tbody>", page);
    for (int i = 0; i < report->n; i++) {
        struct ts_compared c = ts_compared_of(&report->designs[i]);
        fputs("<tr>", page);
        ts_html_text_cell(page, report->designs[i].name);
        ts_html_cell(page, c.outputs, 1);
        ts_html_cell(page, c.tiles, 1);
        ts_html_cell(page, c.tile_cycles, 1);
        ts_html_cell(page, c.tile_bits, 1);
        ts_html_cell(page, c.netlist_bits, 1);
        ts_html_cell(page, c.mismatches, 1);
        ts_html_kind_cell(page, "simulated");
        fputs("</tr>\n", page);
    }
    fputs("</tbody></table></section>\n", page);
}
