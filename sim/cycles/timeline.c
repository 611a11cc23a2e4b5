/* SPDX-License-Identifier: Apache-2.0 */
/* Chrome's trace events, which Perfetto reads: a track for each pass and what is between them. */
#include "cycles/step.h"

#include <inttypes.h>

enum track { TRACK_FWD, TRACK_BWD, TRACK_GRAD, TRACK_QUANTIZE, TRACK_ELEMENTWISE, TRACK_UPDATE };

static const char *const tracks[] = {"FWD GEMM", "BWD GEMM",    "GRAD GEMM",
                                     "quantize", "elementwise", "update and allreduce"};

static enum track track_of(const struct ts_job *job)
{
    if (ts_group_is_gemm(job->group))
        return (enum track)job->pass;
    return job->group == TS_GROUP_QUANTIZE      ? TRACK_QUANTIZE
           : job->group == TS_GROUP_ELEMENTWISE ? TRACK_ELEMENTWISE
                                                : TRACK_UPDATE;
}

static void write_string(const char *text, FILE *out)
{
    cJSON *json = cJSON_CreateString(text);
    char *quoted = cJSON_PrintUnformatted(json);
    fputs(quoted ? quoted : "\"\"", out);
    cJSON_free(quoted);
    cJSON_Delete(json);
}

static void write_event(const struct step *s, size_t i, int64_t start, FILE *out)
{
    static const double micro = 1e6;
    const struct ts_job *job = &s->jobs.jobs[i];
    const struct ts_counts *c = &s->counts[i];
    fputs(",\n{\"name\":", out);
    write_string(job->layer < s->workload.n ? s->workload.layers[job->layer].name : "allreduce",
                 out);
    fprintf(out,
            ",\"cat\":\"%s\",\"ph\":\"X\",\"pid\":1,\"tid\":%d,\"ts\":%.6f,\"dur\":%.6f,"
            "\"args\":{\"pass\":\"%s\",\"work\":\"%s\",\"mode\":\"%s\"",
            ts_group_name(job->group), (int)track_of(job) + 1, micro * seconds_of(s, start),
            micro * seconds_of(s, c->cycles), ts_pass_name(job->pass), ts_group_name(job->group),
            ts_mode_name(job->mode));
    if (job->kind == TS_JOB_GEMM)
        fprintf(out, ",\"shape\":\"%" PRId64 "x%" PRId64 "x%" PRId64 "\",\"count\":%" PRId64,
                job->gemm.shape.m, job->gemm.shape.n, job->gemm.shape.k, job->gemm.count);
    fprintf(out, ",\"cycles\":%" PRId64 ",\"busy\":%" PRId64, c->cycles, c->busy);
    for (int k = 0; k < TS_STALLS; k++)
        if (c->stall[k])
            fprintf(out, ",\"stall_%s\":%" PRId64, ts_stall_names[k], c->stall[k]);
    fprintf(out, ",\"dram_read_bytes\":%" PRId64 ",\"dram_write_bytes\":%" PRId64 "}}",
            c->dram_read, c->dram_write);
}

void write_timeline(const struct step *s, FILE *out)
{
    int64_t start = 0;
    fputs("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n"
          "{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":1,\"args\":{\"name\":",
          out);
    write_string(s->training.design.name, out);
    fputs("}}", out);
    for (size_t t = 0; t < sizeof tracks / sizeof *tracks; t++)
        fprintf(out,
                ",\n{\"name\":\"thread_name\",\"ph\":\"M\",\"pid\":1,\"tid\":%zu,"
                "\"args\":{\"name\":\"%s\"}}",
                t + 1, tracks[t]);
    for (size_t i = 0; i < s->jobs.n; i++) {
        write_event(s, i, start, out);
        start += s->counts[i].cycles;
    }
    fputs("\n]}\n", out);
}
