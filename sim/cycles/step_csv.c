/* SPDX-License-Identifier: Apache-2.0 */
/* The jobs of a step, a row each. */
#include "cycles/step.h"

#include <inttypes.h>
#include <string.h>

void write_cell(const char *text, FILE *out)
{
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text; text++)
        fprintf(out, *text == '"' ? "\"%c" : "%c", *text);
    fputc('"', out);
}

static const char *tensor_name(const struct ts_job *job)
{
    static const char *const names[TS_TENSORS] = {"x", "w", "dy"};
    return job->group == TS_GROUP_QUANTIZE ? names[job->tensor] : "";
}

static void write_size(const struct ts_job *job, FILE *out)
{
    const struct ts_gemm_job *g = &job->gemm;
    if (job->kind == TS_JOB_GEMM)
        fprintf(out, "%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",,%" PRId64 ",%" PRId64,
                g->shape.m, g->shape.n, g->shape.k, g->count, g->a.bits, g->b.bits);
    else if (job->kind == TS_JOB_ELEMENTWISE)
        fprintf(out, ",,,,%" PRId64 ",%" PRId64 ",%" PRId64, job->elementwise.elements,
                job->elementwise.in, job->elementwise.out);
    else
        fputs(",,,,,,", out);
}

static void write_row(const struct step *s, size_t i, int64_t start, FILE *out)
{
    const struct ts_job *job = &s->jobs.jobs[i];
    const struct ts_counts *c = &s->counts[i];
    bool of_layer = job->layer < s->workload.n;
    struct ts_total total = {.ideal = 0};
    ts_total_add(&total, &s->training, job, c);
    fprintf(out, "%zu,", i);
    write_cell(of_layer ? s->workload.layers[job->layer].name : "", out);
    fprintf(out, ",%s,%s,%s,%d,%s,", ts_pass_name(job->pass), ts_group_name(job->group),
            tensor_name(job), job->part, ts_mode_name(job->mode));
    write_size(job, out);
    fprintf(out, ",%" PRId64 ",%" PRId64 ",%" PRId64, start, c->cycles, c->busy);
    for (int k = 0; k < TS_STALLS; k++)
        fprintf(out, ",%" PRId64, c->stall[k]);
    fprintf(out, ",%" PRId64 ",%.6f", c->macs, ts_total_utilization(&total));
    fprintf(out, ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 "\n",
            c->dram_read, c->dram_write, c->l1_read, c->l1_write, c->l0_read, c->l0_write);
}

void write_jobs(const struct step *s, FILE *out)
{
    int64_t start = 0;
    fputs("job,layer,pass,work,tensor,part,mode,m,n,k,count,elements,bits_in,bits_out,start_cycle,"
          "cycles,busy_cycles",
          out);
    for (int k = 0; k < TS_STALLS; k++)
        fprintf(out, ",stall_%s_cycles", ts_stall_names[k]);
    fputs(",macs,utilization,dram_read_bytes,dram_write_bytes,l1_read_bytes,l1_write_bytes,"
          "l0_read_bytes,l0_write_bytes\n",
          out);
    for (size_t i = 0; i < s->jobs.n; i++) {
        write_row(s, i, start, out);
        start += s->counts[i].cycles;
    }
}
