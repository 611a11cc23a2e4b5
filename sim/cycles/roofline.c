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

void write_roofline_plot(const struct step *s, FILE *out)
{
    fputs("# gnuplot roofline.gp makes roofline.svg of roofline.csv, both here.\n"
          "set terminal svg size 900,600\n"
          "set output 'roofline.svg'\n"
          "set datafile separator ','\n"
          "set logscale xy\n"
          "set grid\n"
          "set key bottom right\n"
          "set xlabel 'operations a byte of DRAM'\n"
          "set ylabel 'tera-operations a second'\n",
          out);
    fprintf(out, "bandwidth = %.10g # GB/s\n", bandwidth_of(s));
    fputs("min(a, b) = a < b ? a : b\n"
          "set xrange [0.1:100000]\n"
          "plot \\\n",
          out);
    for (int m = 0; m < TS_MACHINE_MODES; m++) {
        int64_t mode = (int64_t)1 << m;
        if (s->totals.mode[m].counts.macs == 0)
            continue;
        fprintf(out,
                "    min(%.6g, x * bandwidth / 1000) title 'roof of %s' with lines lt %d, \\\n"
                "    'roofline.csv' using (strcol(3) eq '%s' ? $6 : NaN):7 title '%s' with points "
                "lt %d pt 7, \\\n",
                peak_tops(s, mode), ts_mode_name(mode), m + 1, ts_mode_name(mode),
                ts_mode_name(mode), m + 1);
    }
    fputs("    NaN notitle\n", out);
}
