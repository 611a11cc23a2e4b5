/* SPDX-License-Identifier: Apache-2.0 */
/* Tables by layer and pass: cycles and errors. */
#include "render/html.h"
#include "render/json.h"
#include "render/page.h"

#include <math.h>
#include <string.h>

static const char *const pass_titles[TS_N_PASSES] = {"FWD, Y = X W", "BWD, dX = dY W",
                                                     "GRAD, dW = X dY"};

static const struct ts_costed *first_replayed(const struct ts_report *report)
{
    for (int i = 0; i < report->n; i++)
        if (report->designs[i].replay)
            return &report->designs[i];
    return NULL;
}

/* A layer's name; a GRAD of the kept samples alone is marked: partial dW (6 of 64 samples). */
static void layer_cell(FILE *page, const cJSON *replay, const char *layer, const char *pass)
{
    const cJSON *event;
    bool partial = false;
    cJSON_ArrayForEach(event, ts_json_at(replay, "events")) partial =
        partial || (cJSON_IsTrue(ts_json_at(event, "partial")) &&
                    strcmp(ts_json_text(event, "layer"), layer) == 0 &&
                    strcmp(ts_json_text(event, "pass"), pass) == 0);
    fputs("<td>", page);
    ts_html_text(page, layer);
    if (partial) {
        fputs(" <small>partial dW", page);
        double kept = ts_json_number(replay, "trace.kept");
        double batch = ts_json_number(replay, "trace.batch");
        if (isfinite(kept) && isfinite(batch))
            fprintf(page, " (%.0f of %.0f samples)", kept, batch);
        fputs("</small>", page);
    }
    fputs("</td>", page);
}

static void cycles_row(FILE *page, const struct ts_report *report, const char *layer,
                       const char *pass)
{
    const cJSON *replay = first_replayed(report)->replay;
    fputs("<tr>", page);
    layer_cell(page, replay, layer, pass);
    static const char *const sizes[] = {"m", "n", "k"};
    for (int i = 0; i < 3; i++)
        ts_html_cell(page, ts_events_stat(replay, layer, pass, sizes[i]).median, 1);
    double first = NAN, last = NAN;
    for (int i = 0; i < report->n; i++) {
        const cJSON *r = report->designs[i].replay;
        double cycles = ts_events_stat(r, layer, pass, "cycles").median;
        if (i == 0)
            first = cycles;
        last = cycles;
        ts_html_cell(page, cycles, 1);
        ts_html_cell(page, 100 * ts_events_stat(r, layer, pass, "utilization").median, 3);
        ts_html_cell(page, 100 * ts_events_stat(r, layer, pass, "preload_cycles").median / cycles,
                     3);
    }
    if (report->n == 2)
        ts_html_cell(page, last / first, 3);
    fputs("</tr>\n", page);
}

void ts_page_cycles(FILE *page, const struct ts_report *report)
{
    const struct ts_costed *any = first_replayed(report);
    if (!any) {
        fputs("<p class=\"absent\">Cycles were not counted: no replay.json beside cost.json.</p>\n",
              page);
        return;
    }
    const char *layers[TS_MAX_LAYERS];
    size_t n = ts_layers_of(any->replay, layers);
    int columns = 4 + 3 * report->n + (report->n == 2);
    fputs("<p>Simulated; the median over captured steps. Utilization: useful multiply-accumulates "
          "over cycles at the peak rate. Preload: the share of cycles that load stationary "
          "operands. A partial dW is the gradient of the samples that the trace kept, not of the "
          "batch.</p>\n<div class=\"wide\"><table class=\"dense\"><thead><tr><th "
          "rowspan=\"2\">Layer</th><th class=\"n\" colspan=\"3\">GEMM <small>elements</small></th>",
          page);
    for (int i = 0; i < report->n; i++) {
        fputs("<th class=\"n over\" colspan=\"3\">", page);
        ts_html_text(page, report->designs[i].name);
        fputs("</th>", page);
    }
    fputs(report->n == 2 ? "<th class=\"n\">Fewer cycles</th>" : "", page);
    fputs("</tr><tr><th class=\"n\">m</th><th class=\"n\">n</th><th class=\"n\">k</th>", page);
    for (int i = 0; i < report->n; i++)
        fputs(
            "<th class=\"n\"><small>cycles</small></th><th class=\"n\">util. <small>%</small></th>"
            "<th class=\"n\">preload <small>%</small></th>",
            page);
    fputs(report->n == 2 ? "<th class=\"n\"><small>ratio</small></th>" : "", page);
    fputs("</tr></thead>\n", page);
    for (int pass = 0; pass < TS_N_PASSES; pass++) {
        fprintf(page, "<tbody><tr class=\"group\"><th colspan=\"%d\">%s</th></tr>\n", columns,
                pass_titles[pass]);
        for (size_t l = 0; l < n; l++)
            cycles_row(page, report, layers[l], ts_pass_names[pass]);
        fputs("</tbody>\n", page);
    }
    fputs("</table></div>\n", page);
}

/* A design with phases has two columns of errors, else one. */
static bool has_phases(const cJSON *replay)
{
    return ts_events_stat(replay, NULL, NULL, "errors.even.nmse").n > 0;
}

static void errors_of(FILE *page, const cJSON *replay, const char *layer, const char *pass,
                      const char *phase)
{
    static const char *const fields[] = {"nmse", "snr_db", "slope", "magnitude_bias",
                                         "channel_mean_nmse"};
    static const double scale[] = {1, 1, 100, 100, 1};
    for (int i = 0; i < 5; i++) {
        char path[64];
        snprintf(path, sizeof path, "errors.%s.%s", phase, fields[i]);
        ts_html_cell(page, scale[i] * ts_events_stat(replay, layer, pass, path).median, 3);
    }
}

static void errors_row(FILE *page, const cJSON *replay, const char *layer, const char *pass,
                       bool phases)
{
    fputs("<tr>", page);
    layer_cell(page, replay, layer, pass);
    bool none = ts_events_stat(replay, layer, pass, "errors.none.nmse").n > 0;
    errors_of(page, replay, layer, pass, none ? "none" : "even");
    if (phases && none)
        fputs("<td class=\"none over\" colspan=\"5\">one phase only</td>", page);
    else if (phases)
        errors_of(page, replay, layer, pass, "odd");
    fputs("</tr>\n", page);
}

static void errors_table(FILE *page, const struct ts_costed *c)
{
    const char *layers[TS_MAX_LAYERS];
    size_t n = ts_layers_of(c->replay, layers);
    bool phases = has_phases(c->replay);
    fputs("<div class=\"wide\"><table class=\"dense\"><caption>", page);
    ts_html_text(page, c->name);
    if (phases)
        ts_html_printf(page, " (simulated). It uses the %s phase in BWD and the %s phase in GRAD.",
                       ts_json_text(c->replay, "design.phase_bwd"),
                       ts_json_text(c->replay, "design.phase_grad"));
    else
        fputs(" (simulated).", page);
    fputs("</caption><thead><tr><th rowspan=\"2\">Layer</th><th class=\"n over\" colspan=\"5\">",
          page);
    fputs(phases ? "One phase, or even</th><th class=\"n over\" colspan=\"5\">Odd</th>"
                 : "Error</th>",
          page);
    fputs("</tr><tr>", page);
    for (int i = 0; i < 1 + phases; i++)
        fputs("<th class=\"n\">NMSE</th><th class=\"n\">SNR <small>dB</small></th>"
              "<th class=\"n\">Slope <small>%</small></th><th class=\"n\">Magn. bias "
              "<small>%</small></th><th class=\"n\">Ch. mean <small>NMSE</small></th>",
              page);
    fputs("</tr></thead>\n", page);
    for (int pass = 0; pass < TS_N_PASSES; pass++) {
        fprintf(page, "<tbody><tr class=\"group\"><th colspan=\"%d\">%s</th></tr>\n",
                phases ? 11 : 6, pass_titles[pass]);
        for (size_t l = 0; l < n; l++)
            errors_row(page, c->replay, layers[l], ts_pass_names[pass], phases);
        fputs("</tbody>\n", page);
    }
    fputs("</table></div>\n", page);
}

void ts_page_errors(FILE *page, const struct ts_report *report)
{
    if (!first_replayed(report)) {
        fputs("<p class=\"absent\">Errors were not measured: no replay.json beside "
              "cost.json.</p>\n",
              page);
        return;
    }
    fputs(
        "<dl class=\"words\"><div><dt>NMSE</dt><dd>squared error over squared signal; "
        "<b>SNR</b> is the same in dB.</dd></div>"
        "<div><dt>Slope</dt><dd>how much of the true value comes through: E[q(y)&thinsp;y] / "
        "E[y&sup2;] &minus; 1. Negative: results shrink.</dd></div>"
        "<div><dt>Magnitude bias</dt><dd>E|q(y)| / E|y| &minus; 1: whether magnitudes are too "
        "small or too large on average. The mean signed error would be zero by symmetry.</dd></div>"
        "<div><dt>Channel mean</dt><dd>NMSE of the per-channel means over the batch, which batch "
        "normalization subtracts and learns from.</dd></div></dl>\n"
        "<p>Figures are medians over captured steps.</p>\n",
        page);
    for (int i = 0; i < report->n; i++)
        if (report->designs[i].replay)
            errors_table(page, &report->designs[i]);
}
