/* SPDX-License-Identifier: Apache-2.0 */
/* The report as one page that needs nothing else. */
#include "render/page.h"

#include "render/charts.h"
#include "render/html.h"
#include "render/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void ts_page_section(FILE *page, const char *id, const char *title)
{
    fprintf(page, "<section id=\"%s\"><h2>", id);
    ts_html_text(page, title);
    fputs("</h2>\n", page);
}

static const cJSON *trace_of(const struct ts_report *report)
{
    for (int i = 0; i < report->n; i++)
        if (report->designs[i].replay)
            return ts_json_at(report->designs[i].replay, "trace");
    return NULL;
}

static void lead_trace(FILE *page, const struct ts_report *report)
{
    const cJSON *trace = trace_of(report), *replay = NULL, *step;
    for (int i = 0; i < report->n && !replay; i++)
        replay = report->designs[i].replay;
    if (!trace) {
        fputs("No trace was replayed: cycles, errors and power were not measured. ", page);
        return;
    }
    fputs("Replayed are the FWD, BWD and GRAD GEMMs of ", page);
    ts_html_printf(page, "%s (%s quantization) on %s", ts_json_text(trace, "model"),
                   ts_json_text(trace, "quantization"), ts_json_text(trace, "dataset"));
    ts_html_printf(page, ", trained with %s %s: batch %.0f, of which %.0f samples were kept",
                   ts_json_text(trace, "framework"), ts_json_text(trace, "framework_version"),
                   ts_json_number(trace, "batch"), ts_json_number(trace, "kept"));
    fputs(", captured at ", page);
    int n = 0;
    cJSON_ArrayForEach(step, ts_json_at(trace, "captured"))
    {
        ts_html_printf(page, "%s%.0f", n++ ? ", " : "step ", ts_json_number(step, "step"));
    }
    double accuracy = ts_json_number(trace, "test_accuracy");
    ts_html_printf(page, " of %.0f", ts_json_number(trace, "steps"));
    if (isfinite(accuracy))
        ts_html_printf(page, "; test accuracy after training %.2f %%", 100 * accuracy);
    fputs(". ", page);
}

static void lead(FILE *page, const struct ts_report *report)
{
    fputs("<p class=\"lead\">", page);
    for (int i = 0; i < report->n; i++) {
        const cJSON *cost = report->designs[i].cost;
        fputs(i == 0 ? "" : i + 1 < report->n ? ", " : " and ", page);
        fputs("<strong>", page);
        ts_html_text(page, report->designs[i].name);
        fputs("</strong>", page);
        ts_html_printf(page, " (%s, %g MHz, library %s)", ts_json_text(cost, "design.modes"),
                       ts_json_number(cost, "clock.mhz"), ts_json_text(cost, "library.name"));
    }
    fputs(" side by side. ", page);
    lead_trace(page, report);
    fputs("Netlists are of the designs&#39; own RTL; there is no placement, no wiring and no clock "
          "tree, alike on both sides.</p>\n",
          page);
}

static void figure(FILE *page, const char *caption)
{
    fputs("<figcaption>", page);
    ts_html_text(page, caption);
    fputs("</figcaption></figure>\n", page);
}

typedef bool chart(FILE *, const struct ts_report *, const struct ts_scratch *, struct ts_error *);

/* A chart without figures is left out with its caption. */
static bool add_chart(FILE *page, const struct ts_report *report, const struct ts_scratch *scratch,
                      chart *draw, const char *caption, struct ts_error *error)
{
    char *svg = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&svg, &size);
    if (!out)
        return ts_error_set(error, "out of memory for a chart");
    bool ok = draw(out, report, scratch, error);
    fclose(out);
    if (ok && size) {
        fputs("<figure>", page);
        fputs(svg, page);
        figure(page, caption);
    }
    free(svg);
    return ok;
}

static bool diagrams(FILE *page, const struct ts_report *report, const struct ts_scratch *scratch,
                     struct ts_error *error)
{
    bool ok = true;
    for (int i = 0; ok && i < report->n; i++) {
        const struct ts_costed *c = &report->designs[i];
        fputs("<figure class=\"diagram\">", page);
        ok = ts_diagram_array(page, c, i, scratch, error) &&
             ts_diagram_slice(page, c, i, scratch, error);
        char caption[512];
        snprintf(
            caption, sizeof caption,
            "%s: the array, and a slice of its mpes. Larger and darker boxes take more area; "
            "percentages are of the whole box. A slice's parts are shares of a second synthesis "
            "that keeps the hierarchy. Parts off the path serve all of it.",
            c->name);
        figure(page, caption);
    }
    return ok;
}

static bool body(FILE *page, const struct ts_report *report, const struct ts_scratch *scratch,
                 struct ts_error *error)
{
    lead(page, report);
    ts_page_answer(page, report);
    ts_page_compared(page, report);
    ts_page_designs(page, report);
    bool ok = add_chart(page, report, scratch, ts_chart_area,
                        "Array area by part (modelled from synthesized parts): in all, and per "
                        "multiply-accumulate of the peak rate.",
                        error) &&
              add_chart(page, report, scratch, ts_chart_power,
                        "Power of a slice from recorded activity (simulated): internal, switching "
                        "and leakage, mean over the measured positions.",
                        error) &&
              diagrams(page, report, scratch, error);
    fputs("</section>\n", page);
    if (!ok)
        return false;
    ts_page_section(page, "cycles", "Cycles by layer and pass");
    ok = add_chart(page, report, scratch, ts_chart_cycles,
                   "Cycles of each layer's GEMM (simulated, logarithmic scale), median over "
                   "captured steps.",
                   error);
    ts_page_cycles(page, report);
    fputs("</section>\n", page);
    if (!ok)
        return false;
    ts_page_section(page, "errors", "Errors against FP32");
    ok = add_chart(page, report, scratch, ts_chart_errors,
                   "Signal to noise of each GEMM's result against the FP32 tensors' product in "
                   "double (simulated; higher is better), median over captured steps. BWD and GRAD "
                   "of the 4-bit design take the gradient in the even or in the odd phase.",
                   error);
    ts_page_errors(page, report);
    fputs("</section>\n", page);
    ts_page_operands(page, report);
    ts_page_claims(page, report);
    ts_page_provenance(page, report);
    return ok;
}

char *ts_page(const struct ts_report *report, size_t *size, struct ts_error *error)
{
    struct ts_scratch scratch;
    char *text = NULL;
    FILE *page = ts_scratch_make(&scratch, error) ? open_memstream(&text, size) : NULL;
    if (!page)
        return NULL;
    fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
          page);
    for (int i = 0; i < report->n; i++) {
        fputs(i ? " against " : "", page);
        ts_html_text(page, report->designs[i].name);
    }
    fputs(" - Tessera report</title>\n<style>\n", page);
    fputs(ts_report_css, page);
    fputs("</style></head>\n<body><main>\n<header><p class=\"brand\">Tessera report</p><h1>", page);
    for (int i = 0; i < report->n; i++) {
        fputs(i ? " <span>against</span> " : "", page);
        ts_html_text(page, report->designs[i].name);
    }
    fputs("</h1></header>\n", page);
    bool ok = body(page, report, &scratch, error);
    fputs("</main></body></html>\n", page);
    ok = (fclose(page) == 0 || ts_error_set(error, "out of memory for report.html")) && ok;
    ts_scratch_remove(&scratch);
    if (!ok) {
        free(text);
        return NULL;
    }
    return text;
}
