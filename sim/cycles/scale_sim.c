/* SPDX-License-Identifier: Apache-2.0 */
/* The GEMMs of a step in the columns of SCALE-Sim's reports. */
#include "cycles/step.h"

#include "training/scale_sim.h"

/* The GEMM of a layer in a pass, from job i on; returns the job after it. */
static size_t gemm_at(const struct step *s, size_t i, struct ts_scale_sim *sum)
{
    const struct ts_job *first = &s->jobs.jobs[i];
    const struct ts_machine *machine = ts_training_machine(&s->training, first->mode);
    *sum = (struct ts_scale_sim){.cycles = 0};
    for (; i < s->jobs.n; i++) {
        const struct ts_job *job = &s->jobs.jobs[i];
        const struct ts_counts *c = &s->counts[i];
        if (!ts_group_is_gemm(job->group) || job->layer != first->layer || job->pass != first->pass)
            break;
        if (job->kind == TS_JOB_GEMM) {
            ts_scale_sim_add(sum, machine, &job->gemm, c);
        } else { /* zeros written */
            sum->cycles += (double)c->cycles;
            sum->stall += (double)c->cycles;
        }
    }
    return i;
}

static double peak_of(const struct step *s, size_t i)
{
    return (double)ts_machine_peak(ts_training_machine(&s->training, s->jobs.jobs[i].mode));
}

void write_compute_report(const struct step *s, FILE *out)
{
    static const double percent = 100;
    struct ts_scale_sim sum;
    size_t next = 0;
    fputs("LayerID, Total Cycles (incl. prefetch), Total Cycles, Stall Cycles, Overall Util %, "
          "Mapping Efficiency %, Compute Util %,\n",
          out);
    for (size_t i = 0, id = 0; i < s->jobs.n; i = next) {
        next = i + 1;
        if (!ts_group_is_gemm(s->jobs.jobs[i].group))
            continue;
        next = gemm_at(s, i, &sum);
        double total = sum.cycles - sum.prefetch, done = percent * sum.macs / peak_of(s, i);
        fprintf(out, "%zu, %.0f, %.0f, %.0f, %.6f, %.6f, %.6f,\n", id++, sum.cycles, total,
                sum.stall, share_of(done, total), share_of(done, sum.busy),
                share_of(done, total - sum.stall));
    }
}

void write_bandwidth_report(const struct step *s, FILE *out)
{
    struct ts_scale_sim sum;
    size_t next = 0;
    fputs("LayerID, Avg IFMAP SRAM BW, Avg FILTER SRAM BW, Avg OFMAP SRAM BW, "
          "Avg IFMAP DRAM BW, Avg FILTER DRAM BW, Avg OFMAP DRAM BW,\n",
          out);
    for (size_t i = 0, id = 0; i < s->jobs.n; i = next) {
        next = i + 1;
        if (!ts_group_is_gemm(s->jobs.jobs[i].group))
            continue;
        next = gemm_at(s, i, &sum);
        fprintf(out, "%zu", id++);
        for (int o = 0; o < 3; o++)
            fprintf(out, ", %.6f", share_of(sum.sram[o], sum.cycles));
        for (int o = 0; o < 3; o++)
            fprintf(out, ", %.6f", share_of(sum.dram[o], sum.cycles));
        fputs(",\n", out);
    }
}
