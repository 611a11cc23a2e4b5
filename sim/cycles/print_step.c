/* SPDX-License-Identifier: Apache-2.0 */
/* A training step for people. */
#include "cycles/step.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const double percent = 100, milli = 1e3, giga = 1e9;

static void print_cycles(const char *what, int64_t cycles, const struct step *s)
{
    int64_t all = s->totals.all.counts.cycles;
    if (cycles)
        printf("  %-22s %16" PRId64 "  %5.1f %%  %10.4g ms\n", what, cycles,
               percent * share_of((double)cycles, (double)all), milli * seconds_of(s, cycles));
}

static void print_time(const struct step *s)
{
    const struct ts_totals *t = &s->totals;
    const struct ts_counts *c = &t->all.counts;
    int64_t link = t->group[TS_GROUP_ALLREDUCE].counts.busy, arrays = 0;
    for (int m = 0; m < TS_MACHINE_MODES; m++)
        arrays += t->mode[m].counts.busy;
    printf("  %-22s %16s  %7s  %13s\n", "", "cycles", "share", "time");
    print_cycles("step", c->cycles, s);
    print_cycles("busy: arrays", arrays, s);
    print_cycles("busy: special functions", c->busy - arrays - link, s);
    print_cycles("busy: link", link, s);
    for (int i = 0; i < TS_STALLS; i++) {
        char what[32];
        snprintf(what, sizeof what, "stall: %s", ts_stall_names[i]);
        print_cycles(what, c->stall[i], s);
    }
    printf("\n  utilization: %.1f %% of peak while GEMMs run, %.1f %% over the step\n",
           percent * ts_total_utilization(&t->gemms), percent * ts_total_utilization(&t->all));
}

/* ---- Shares ---- */

static void print_share(const char *what, const struct ts_total *total, const struct step *s)
{
    const struct ts_counts *c = &total->counts, *all = &s->totals.all.counts;
    if (c->cycles == 0)
        return;
    printf("  %-12s %16" PRId64 "  %5.1f %%", what, c->cycles,
           percent * share_of((double)c->cycles, (double)all->cycles));
    if (c->macs)
        printf("  %11.5g  %5.1f %%      %5.1f %%", (double)c->macs / giga,
               percent * share_of((double)c->macs, (double)all->macs),
               percent * ts_total_utilization(total));
    else
        printf("  %11s  %7s  %11s", "-", "-", "-");
    printf("  %10.4g\n", (double)(c->dram_read + c->dram_write) / giga);
}

static void print_shares(const struct step *s)
{
    const struct ts_totals *t = &s->totals;
    printf("\n  %-12s %16s  %7s  %11s  %7s  %11s  %10s\n", "kind of work", "cycles", "share",
           "GMACs", "share", "utilization", "DRAM, GB");
    for (int g = 0; g < TS_GROUPS; g++)
        print_share(ts_group_name((enum ts_work_group)g), &t->group[g], s);
    printf("\n  %-12s\n", "precision");
    for (int m = 0; m < TS_MACHINE_MODES; m++)
        print_share(ts_mode_name((int64_t)1 << m), &t->mode[m], s);
    print_share("no GEMM", &t->others, s);
    if (t->skipped)
        printf("  %.4g G more multiply-accumulates are structural zeros, skipped\n",
               (double)t->skipped / giga);
}

static void print_bytes(const struct step *s)
{
    const struct ts_counts *c = &s->totals.all.counts;
    printf("\n  %-12s %20s  %20s  bytes\n", "memory", "read", "written");
    printf("  %-12s %20" PRId64 "  %20" PRId64 "\n", "DRAM", c->dram_read, c->dram_write);
    printf("  %-12s %20" PRId64 "  %20" PRId64 "\n", "L1", c->l1_read, c->l1_write);
    printf("  %-12s %20" PRId64 "  %20" PRId64 "\n", "L0", c->l0_read, c->l0_write);
}

/* ---- Claims ---- */

static void print_claims(const struct step *s)
{
    const struct ts_totals *t = &s->totals;
    const struct ts_total *four[] = {&t->mode[0], &t->mode[1]};
    double cycles = (double)t->all.counts.cycles, macs = (double)t->all.counts.macs;
    double gemm_cycles = (double)t->gemms.counts.cycles;
    double four_cycles = (double)four[0]->counts.cycles + (double)four[1]->counts.cycles;
    double four_macs = (double)four[0]->counts.macs + (double)four[1]->counts.macs;
    const struct ts_counts *point = &t->group[TS_GROUP_CONV1X1].counts;
    printf("\n  GEMM-SHARE: GEMMs take %.1f %% of the cycles, the three AXPYs of the update %.1f "
           "%%\n",
           percent * share_of(gemm_cycles, cycles),
           percent * share_of((double)t->group[TS_GROUP_UPDATE].counts.cycles, cycles));
    printf("  CONV1X1: 1x1 convolutions are %.1f %% of MACs and %.1f %% of GEMM cycles; 4 bit has "
           "%.1f %% of MACs\n           and %.1f %% of GEMM cycles, 8 bit %.1f %% and %.1f %%\n",
           percent * share_of((double)point->macs, macs),
           percent * share_of((double)point->cycles, gemm_cycles),
           percent * share_of(four_macs, macs), percent * share_of(four_cycles, gemm_cycles),
           percent * share_of((double)t->mode[2].counts.macs, macs),
           percent * share_of((double)t->mode[2].counts.cycles, gemm_cycles));
    if (s->all_hfp8.gemms > 0 && four_macs > 0)
        printf(
            "           beside all layers but first and last in 8 bit, this step is %.2f times as "
            "fast, its GEMMs %.2f times\n",
            s->all_hfp8.step / cycles, s->all_hfp8.gemms / gemm_cycles);
    if (s->all_hfp8.gemms > 0 && s->all_4bit.gemms > 0)
        printf("           with all of those in 4 bit, 1x1 too, %.2f and %.2f times\n",
               s->all_hfp8.step / s->all_4bit.step, s->all_hfp8.gemms / s->all_4bit.gemms);
}

/* ---- Layers ---- */

static void print_pass(const struct layer_pass *p)
{
    if (p->all.counts.cycles == 0) {
        printf("  %4s %12s %6s", "-", "-", "-");
        return;
    }
    printf("  %4s %12" PRId64, ts_mode_name(p->mode), p->all.counts.cycles);
    if (p->mode)
        printf(" %5.1f%%", percent * ts_total_utilization(&p->gemm));
    else
        printf(" %6s", "-");
}

static bool print_layers(const struct step *s)
{
    const struct ts_workload *w = &s->workload;
    struct layer_pass *passes = layer_passes(s);
    int width = 5;
    if (!passes)
        return false;
    for (size_t i = 0; i < w->n; i++) {
        int length = (int)strlen(w->layers[i].name);
        width = length > width ? length : width;
    }
    printf("\n  %-*s  %-10s  %-24s  %-24s  %-24s  %s\n", width, "layer", "kind", "FWD", "BWD",
           "GRAD and update", "share");
    printf("  %-*s  %-10s", width, "", "");
    for (int p = 0; p < TS_PASSES; p++)
        printf("  %4s %12s %6s", "mode", "cycles", "util.");
    puts("");
    for (size_t i = 0; i < w->n; i++) {
        const struct layer_pass *of = &passes[i * TS_PASSES];
        double sum = 0;
        printf("  %-*s  %-10s", width, w->layers[i].name, ts_work_kind_name(w->layers[i].kind));
        for (int p = 0; p < TS_PASSES; p++) {
            print_pass(&of[p]);
            sum += (double)of[p].all.counts.cycles;
        }
        printf("  %5.2f %%\n", percent * share_of(sum, (double)s->totals.all.counts.cycles));
    }
    puts("\n  cycles: of all that a layer does in a pass; util.: of its GEMM");
    free(passes);
    return true;
}

bool print_step(const struct step *s, bool layers)
{
    const struct ts_design *d = &s->training.design;
    printf("%s, batch %" PRId64 ", one training step on %s: %s (%s), %.10g MHz\n\n",
           s->workload.name, s->workload.batch, d->name, kind_of(s), s->by->name, d->clock_mhz);
    print_time(s);
    print_shares(s);
    print_bytes(s);
    print_claims(s);
    return !layers || print_layers(s);
}
