/* SPDX-License-Identifier: Apache-2.0 */
/* Stacked bars of area and power, drawn by gnuplot: in all, and per peak MAC. */
#include "render/charts.h"
#include "render/json.h"

#include "files/chart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BAR_PARTS = 8 };

struct bar {
    const char *name;
    int design, n;
    const char *parts[MAX_BAR_PARTS];
    double values[MAX_BAR_PARTS];
    double per; /**< the right panel's divisor */
};

static double total(const struct bar *b)
{
    double sum = 0;
    for (int i = 0; i < b->n; i++)
        sum += b->values[i];
    return sum;
}

static void write_label(FILE *gp, int id, const char *text, double x, double y, const char *ink)
{
    fprintf(gp, "set label %d ", id);
    ts_chart_text(text, gp);
    fprintf(gp, " at %.9g,%g center front textcolor rgb '%s'\n", x, y, ink);
}

/* One bar's parts, each named where there is room for its name. */
static void write_bar(FILE *gp, const struct bar *b, double y, double scale, double longest,
                      int *id)
{
    double x = 0;
    for (int i = 0; i < b->n; i++) {
        double end = x + b->values[i] * scale;
        fprintf(gp, "set object %d rect from %.9g,%g to %.9g,%g fc rgb '%s' fs %s noborder\n",
                ++*id, x, y - 0.3, end, y + 0.3, ts_ink_of(b->design, i),
                i < 3 ? "solid 1" : "transparent solid 0.5");
        if (end - x > longest * 0.018 * ((double)strlen(b->parts[i]) + 1))
            write_label(gp, *id, b->parts[i], (x + end) / 2, y,
                        i % 3 == 2 || i >= 3 ? TS_INK(0) : TS_INK(11));
        x = end;
    }
    fprintf(gp, "set label %d '%.*f' at %.9g,%g left offset 0.6,0 textcolor rgb '" TS_INK(0) "'\n",
            ++*id,
            x < 10    ? 2
            : x < 100 ? 1
                      : 0,
            x, x, y);
}

static void write_panel(FILE *gp, const struct bar *bars, int n, bool per, const char *axis,
                        double scale)
{
    double longest = 0;
    for (int i = 0; i < n; i++)
        longest = fmax(longest, total(&bars[i]) * scale / (per ? bars[i].per : 1));
    fprintf(gp, "unset object\nunset label\nset xlabel '%s' textcolor rgb '" TS_INK(0) "'\n", axis);
    fprintf(gp, "set xrange [0:%.9g]\n", longest * 1.2);
    fprintf(gp, "set lmargin screen %s\nset rmargin screen %s\n", per ? "0.585" : "0.125",
            per ? "0.975" : "0.525");
    fputs("set ytics (", gp);
    for (int i = 0; i < n; i++) {
        fputs(i ? ", " : "", gp);
        ts_chart_text(per ? "" : bars[i].name, gp);
        fprintf(gp, " %d", n - 1 - i);
    }
    fputs(")\n", gp);
    int id = 0;
    for (int i = 0; i < n; i++)
        write_bar(gp, &bars[i], n - 1 - i, scale / (per ? bars[i].per : 1), longest, &id);
    fputs("plot -9 notitle\n", gp);
}

static bool draw(FILE *page, const struct ts_scratch *scratch, const char *name,
                 const struct bar *bars, int n, const char *axis, double scale,
                 const char *per_axis, double per_scale, struct ts_error *error)
{
    char *script = NULL;
    size_t size = 0;
    FILE *gp = n ? open_memstream(&script, &size) : NULL;
    if (!gp)
        return !n || ts_error_set(error, "out of memory for a chart");
    fprintf(gp,
            "set encoding utf8\n"
            "set term svg size 1040,%d dynamic noenhanced font 'sans-serif,13' background '" TS_INK(
                11) "'\n"
                    "set output 'drawing.svg'\n"
                    "set border 1 lc rgb '" TS_INK(
                        0) "' lw 0.8\n"
                           "set tics nomirror out scale 0.5 textcolor rgb '" TS_INK(
                               0) "'\n"
                                  "set ytics scale 0\nset yrange [-0.6:%g]\n"
                                  "set tmargin screen 0.97\nset bmargin screen %g\nset multiplot\n",
            84 + 44 * n, n - 0.4, 72.0 / (84 + 44 * n));
    write_panel(gp, bars, n, false, axis, scale);
    write_panel(gp, bars, n, true, per_axis, per_scale);
    fputs("unset multiplot\n", gp);
    fclose(gp);
    bool ok = ts_svg_gnuplot(page, scratch, name, script, error);
    free(script);
    return ok;
}

static struct bar bar_of(const struct ts_report *report, int i)
{
    return (struct bar){.name = report->designs[i].name,
                        .design = i,
                        .per = ts_json_number(report->designs[i].cost, "metrics.macs_per_cycle")};
}

bool ts_chart_area(FILE *page, const struct ts_report *report, const struct ts_scratch *scratch,
                   struct ts_error *error)
{
    struct bar bars[TS_MAX_DESIGNS];
    for (int i = 0; i < report->n; i++) {
        bars[i] = bar_of(report, i);
        const cJSON *part;
        cJSON_ArrayForEach(part, ts_json_at(report->designs[i].cost, "array.parts"))
        {
            double area = ts_json_number(part, "area_um2");
            if (bars[i].n == MAX_BAR_PARTS || !isfinite(area))
                continue;
            bars[i].parts[bars[i].n] = ts_json_text(part, "name");
            bars[i].values[bars[i].n++] = area;
        }
    }
    return draw(page, scratch, "area", bars, report->n, "array area (mm²)", 1e-6,
                "array area per peak MAC (µm² per MAC/cycle)", 1, error);
}

static double mean_of(const struct ts_costed *costed, const char *name)
{
    double sum = 0;
    int n = 0;
    const cJSON *position;
    cJSON_ArrayForEach(position, ts_json_at(costed->cost, "power.positions"))
    {
        sum += ts_json_number(position, name);
        n++;
    }
    return sum / n;
}

bool ts_chart_power(FILE *page, const struct ts_report *report, const struct ts_scratch *scratch,
                    struct ts_error *error)
{
    static const char *const names[] = {"internal", "switching", "leakage"};
    static const char *const fields[] = {"internal_mw", "switching_mw", "leakage_mw"};
    struct bar bars[TS_MAX_DESIGNS];
    int n = 0;
    for (int i = 0; i < report->n; i++) {
        const cJSON *cost = report->designs[i].cost;
        struct bar b = bar_of(report, i);
        /* Of one slice. */
        b.per /= ts_json_number(cost, "design.rows") * ts_json_number(cost, "design.cols") *
                 ts_json_number(cost, "design.simd");
        for (int k = 0; k < 3; k++) {
            b.parts[k] = names[k];
            b.values[k] = mean_of(&report->designs[i], fields[k]);
        }
        b.n = 3;
        if (isfinite(total(&b)) && isfinite(b.per))
            bars[n++] = b;
    }
    return draw(page, scratch, "power", bars, n, "power of a slice, mean over positions (mW)", 1,
                "power per peak MAC (µW per MAC/cycle)", 1e3, error);
}
