/* SPDX-License-Identifier: Apache-2.0 */
/* Each GEMM's operations a byte of DRAM, the rate that it reaches, and the roofs above it. */
#include "cycles/step.h"

#include <stdlib.h>

static const double tera = 1e12, giga = 1e9, operations = 2; /* of a multiply-accumulate */

static double peak_tops(const struct step *s, int64_t mode)
{
    static const double mega = 1e6;
    return operations * (double)ts_machine_peak(ts_training_machine(&s->training, mode)) *
           s->training.design.clock_mhz * mega / tera;
}

/* GB/s; of ideal memories more than any machine's. */
static double bandwidth_of(const struct step *s)
{
    static const double boundless = 1e9;
    const struct ts_design *d = &s->training.design;
    return d->chip.memories == TS_MEMORIES_IDEAL ? boundless : d->dram.gb_s;
}

static void write_row(const struct step *s, size_t layer, int pass, const struct layer_pass *of,
                      FILE *out)
{
    const struct ts_counts *c = &of->gemm.counts;
    double ops = operations * (double)c->macs;
    double bytes = (double)c->dram_read + (double)c->dram_write;
    double memory = bandwidth_of(s) * giga * ops / bytes / tera;
    double peak = peak_tops(s, of->mode);
    write_cell(s->workload.layers[layer].name, out);
    fprintf(out, ",%s,%s,%.0f,%.0f,%.6g,%.6g,%.6g,%.6g,%s\n", ts_pass_name((enum ts_pass)pass),
            ts_mode_name(of->mode), ops, bytes, ops / bytes, ops / seconds_of(s, c->cycles) / tera,
            peak, memory, memory < peak ? "memory" : "arrays");
}

void write_roofline(const struct step *s, FILE *out)
{
    struct layer_pass *passes = layer_passes(s);
    fputs("layer,pass,mode,operations,dram_bytes,operations_per_byte,tops,peak_tops,"
          "memory_roof_tops,bound\n",
          out);
    for (size_t i = 0; passes && i < s->workload.n; i++)
        for (int p = 0; p < TS_PASSES; p++) {
            const struct layer_pass *of = &passes[i * TS_PASSES + (size_t)p];
            if (of->gemm.counts.macs)
                write_row(s, i, p, of, out);
        }
    free(passes);
}

/* Intensities of the GEMMs, and how many there are. */
struct span {
    double least, most;
    size_t n;
};

static struct span intensities(const struct step *s)
{
    struct span span = {1, 1, 0};
    struct layer_pass *passes = layer_passes(s);
    for (size_t i = 0; passes && i < s->workload.n * TS_PASSES; i++) {
        const struct ts_counts *c = &passes[i].gemm.counts;
        double x = operations * (double)c->macs / ((double)c->dram_read + (double)c->dram_write);
        if (c->macs == 0)
            continue;
        span.least = span.n == 0 || x < span.least ? x : span.least;
        span.most = span.n == 0 || x > span.most ? x : span.most;
        span.n++;
    }
    free(passes);
    return span;
}

/* A mode's roof, and below it a point for each of its GEMMs. */
static void plot_mode(const struct step *s, int m, FILE *out)
{
    int64_t mode = (int64_t)1 << m;
    const char *name = ts_mode_name(mode);
    fprintf(out,
            "    min(%.6g, x * bandwidth / 1000) title 'roof of %s' with lines lt %d, \\\n"
            "    'roofline.csv' using (strcol(3) eq '%s' ? $6 : NaN):7 title '%s' with points "
            "lt %d pt 7, \\\n",
            peak_tops(s, mode), name, m + 1, name, name, m + 1);
}

void write_roofline_plot(const struct step *s, FILE *out)
{
    enum { MAX_LABELS = 40 };
    const struct span span = intensities(s);
    fputs("# gnuplot roofline.gp > roofline.svg draws roofline.csv, in this directory.\n"
          "set terminal svg size 900,600 noenhanced background rgb 'white'\n"
          "set datafile separator ','\n"
          "set logscale xy\n"
          "set grid\n"
          "set key bottom right\n"
          "set xlabel 'operations per byte of DRAM traffic [op/B]'\n"
          "set ylabel 'operations per second [Top/s]'\n",
          out);
    fprintf(out, "bandwidth = %.10g # GB/s\n", bandwidth_of(s));
    fprintf(out, "set xrange [%.6g:%.6g]\n", span.least / 2, span.most * 2);
    fputs("min(a, b) = a < b ? a : b\n"
          "plot \\\n",
          out);
    for (int m = 0; m < TS_MACHINE_MODES; m++)
        if (s->totals.mode[m].counts.macs > 0)
            plot_mode(s, m, out);
    fputs(span.n <= MAX_LABELS ? "    'roofline.csv' skip 1 using 6:7:(strcol(1).' '.strcol(2)) "
                                 "notitle with labels offset 0.8,0.5 left\n"
                               : "    NaN notitle\n",
          out);
}
