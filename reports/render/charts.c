/* SPDX-License-Identifier: Apache-2.0 */
/* Charts by layer and pass, drawn by gnuplot. */
#include "render/charts.h"
#include "render/json.h"

#include "files/chart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const pass_titles[TS_N_PASSES] = {"FWD  Y = X W", "BWD  dX = dY W",
                                                     "GRAD  dW = X dY"};

/* One figure of one design and pass for each layer. */
struct series {
    int design, shade;
    char title[96], path[64];
};

static const struct ts_costed *with_replay(const struct ts_report *report)
{
    for (int i = 0; i < report->n; i++)
        if (report->designs[i].replay)
            return &report->designs[i];
    return NULL;
}

static void write_data(FILE *gp, const struct ts_report *report, const struct series *s, int id,
                       const char *pass)
{
    const char *layers[TS_MAX_LAYERS];
    size_t n = ts_layers_of(with_replay(report)->replay, layers);
    fprintf(gp, "$s%d << EOD\n", id);
    for (size_t l = 0; l < n; l++) {
        double v =
            ts_events_stat(report->designs[s->design].replay, layers[l], pass, s->path).median;
        if (isfinite(v))
            fprintf(gp, "%zu %.9g\n", l, v);
    }
    /* gnuplot refuses an empty plot. */
    fputs("-9 1\nEOD\n", gp);
}

static void write_frame(FILE *gp, const struct ts_report *report, const char *axis)
{
    const char *layers[TS_MAX_LAYERS];
    size_t n = ts_layers_of(with_replay(report)->replay, layers);
    fprintf(
        gp,
        "set term svg size 1040,600 dynamic noenhanced font 'sans-serif,13' background '" TS_INK(
            11) "'\n"
                "set output 'drawing.svg'\n"
                "set border 3 lc rgb '" TS_INK(
                    0) "' lw 0.8\n"
                       "set tics nomirror out scale 0.5 textcolor rgb '" TS_INK(
                           0) "'\n"
                              "set grid ytics lc rgb '" TS_INK(
                                  10) "' lw 0.8 lt 1\n"
                                      "set xrange [-0.6:%g]\n"
                                      "set lmargin screen 0.085\nset rmargin screen 0.995\n"
                                      "set key top right outside horizontal at screen 0.995,0.985 "
                                      "textcolor rgb '" TS_INK(
                                          0) "'\n"
                                             "set ylabel '%s' textcolor rgb '" TS_INK(
                                                 0) "' offset 0.5\n"
                                                    "set multiplot\n",
        (double)n - 0.4, axis);
}

/* Ticks at every layer, with their names or without. */
static void write_ticks(FILE *gp, const struct ts_report *report, bool named)
{
    const char *layers[TS_MAX_LAYERS];
    size_t n = ts_layers_of(with_replay(report)->replay, layers);
    fputs("set xtics rotate by 25 right (", gp);
    for (size_t l = 0; l < n; l++) {
        fputs(l ? ", " : "", gp);
        ts_chart_text(named ? layers[l] : "", gp);
        fprintf(gp, " %zu", l);
    }
    fputs(")\n", gp);
}

/* Three panels with one row of layer names below the last; `style` draws a series. */
static void write_panels(FILE *gp, const struct ts_report *report, const struct series *series,
                         int n, const char *ranges,
                         void (*style)(FILE *gp, const struct series *s, int k, int n))
{
    static const double tops[] = {0.905, 0.635, 0.365}, height = 0.215;
    for (int p = 0; p < TS_N_PASSES; p++) {
        for (int k = 0; k < n; k++)
            write_data(gp, report, &series[k], p * n + k, ts_pass_names[p]);
        fprintf(gp, "set tmargin screen %g\nset bmargin screen %g\n%s", tops[p], tops[p] - height,
                ranges);
        fprintf(gp,
                "set label 1 '%s' at graph 0.005,1.1 left front textcolor rgb '" TS_INK(0) "'\n",
                pass_titles[p]);
        write_ticks(gp, report, p == TS_N_PASSES - 1);
        fputs("plot ", gp);
        for (int k = 0; k < n; k++) {
            fprintf(gp, "%s$s%d using ", k ? ", " : "", p * n + k);
            style(gp, &series[k], k, n);
            fputs(" title ", gp);
            ts_chart_text(p ? "" : series[k].title, gp);
        }
        fputs("\nunset key\n", gp);
    }
    fputs("unset multiplot\n", gp);
}

static void bar(FILE *gp, const struct series *s, int k, int n)
{
    fprintf(gp, "($1%+g):2:(%g) with boxes fs solid 1 noborder lc rgb '%s'",
            0.8 * (k + 0.5) / n - 0.4, 0.8 / n * 0.92, ts_ink_of(s->design, s->shade));
}

static void dot(FILE *gp, const struct series *s, int k, int n)
{
    /* Filled where the design uses the phase, open where it does not. */
    fprintf(gp, "($1%+g):2 with points pt %d ps 0.75 lw 1.4 lc rgb '%s'", 0.6 * (k + 0.5) / n - 0.3,
            s->shade == 1 ? 6 : 7, ts_ink_of(s->design, s->shade));
}

static bool draw(FILE *page, const struct ts_report *report, const struct ts_scratch *scratch,
                 const char *name, const char *axis, const struct series *series, int n,
                 const char *ranges, void (*style)(FILE *, const struct series *, int, int),
                 struct ts_error *error)
{
    char *script = NULL;
    size_t size = 0;
    FILE *gp = n ? open_memstream(&script, &size) : NULL;
    if (!gp)
        return !n || ts_error_set(error, "out of memory for a chart");
    write_frame(gp, report, axis);
    write_panels(gp, report, series, n, ranges, style);
    fclose(gp);
    bool ok = ts_svg_gnuplot(page, scratch, name, script, error);
    free(script);
    return ok;
}

bool ts_chart_cycles(FILE *page, const struct ts_report *report, const struct ts_scratch *scratch,
                     struct ts_error *error)
{
    struct series series[TS_MAX_DESIGNS];
    int n = 0;
    for (int i = 0; i < report->n; i++) {
        if (!report->designs[i].replay)
            continue;
        series[n] = (struct series){.design = i, .path = "cycles"};
        snprintf(series[n++].title, sizeof series->title, "%s", report->designs[i].name);
    }
    return draw(page, report, scratch, "cycles", "cycles", series, n,
                "set logscale y\nset yrange [*:*]\nset format y '%.0s%c'\n", bar, error);
}

bool ts_chart_errors(FILE *page, const struct ts_report *report, const struct ts_scratch *scratch,
                     struct ts_error *error)
{
    struct series series[TS_MAX_DESIGNS * TS_N_PHASES];
    int n = 0;
    for (int i = 0; i < report->n; i++) {
        /* A pale one for the pass that has no phase, unless that is all there is. */
        bool phases = ts_events_stat(report->designs[i].replay, NULL, NULL, "errors.even.nmse").n;
        const int shades[TS_N_PHASES] = {phases ? 2 : 0, 0, 1};
        for (int phase = 0; phase < TS_N_PHASES; phase++) {
            struct series s = {.design = i, .shade = shades[phase]};
            snprintf(s.path, sizeof s.path, "errors.%s.snr_db", ts_phase_names[phase]);
            snprintf(s.title, sizeof s.title, "%s%s%s", report->designs[i].name, phase ? ", " : "",
                     phase ? ts_phase_names[phase] : "");
            if (ts_events_stat(report->designs[i].replay, NULL, NULL, s.path).n)
                series[n++] = s;
        }
    }
    return draw(page, report, scratch, "errors", "SNR (dB)", series, n,
                "set yrange [0:*]\nset format y '%g'\n", dot, error);
}
