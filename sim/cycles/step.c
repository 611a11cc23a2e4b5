/* SPDX-License-Identifier: Apache-2.0 */
/* A training step: loaded, counted, told. */
#include "cycles/step.h"

#include "cli/cli.h"
#include "cli/json.h"
#include "files/chart.h"
#include "files/files.h"
#include "machine/step.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct ts_counting stepped = {"SystemC", ts_gemm_step, ts_elementwise_step,
                                           ts_allreduce_step};

static int fail(int status, const char *problem)
{
    fprintf(stderr, "%s: %s\n", program, problem);
    return status;
}

double seconds_of(const struct step *step, int64_t cycles)
{
    static const double mega = 1e6;
    return (double)cycles / (step->training.design.clock_mhz * mega);
}

double share_of(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

const char *kind_of(const struct step *step)
{
    return step->by == &stepped ? "simulated" : "modelled";
}

struct layer_pass *layer_passes(const struct step *step)
{
    struct layer_pass *sums = calloc(step->workload.n * TS_PASSES, sizeof *sums);
    for (size_t i = 0; sums && i < step->jobs.n; i++) {
        const struct ts_job *job = &step->jobs.jobs[i];
        if (job->layer == step->workload.n)
            continue;
        struct layer_pass *sum = &sums[job->layer * TS_PASSES + job->pass];
        ts_total_add(&sum->all, &step->training, job, &step->counts[i]);
        if (!ts_group_is_gemm(job->group))
            continue;
        ts_total_add(&sum->gemm, &step->training, job, &step->counts[i]);
        sum->mode = job->mode;
    }
    return sums;
}

/* ---- Counting ---- */

/* The step with another policy. */
static struct alternative with_precision(const struct step *step, const char *precision)
{
    struct ts_design design = step->training.design;
    struct ts_training training;
    struct ts_jobs jobs;
    struct alternative result = {0, 0};
    snprintf(design.training.precision, sizeof design.training.precision, "%s", precision);
    if (!ts_training_make(&design, &training, NULL) ||
        !ts_jobs_make(&training, &step->workload, &jobs, NULL))
        return result;
    struct ts_counts *counts =
        ts_jobs_count(&training, &step->workload, &jobs, &ts_closed_form, NULL);
    if (counts) {
        struct ts_totals totals = ts_jobs_totals(&training, &step->workload, &jobs, counts);
        result.step = (double)totals.all.counts.cycles;
        result.gemms = (double)totals.gemms.counts.cycles;
    }
    free(counts);
    ts_jobs_free(&jobs);
    return result;
}

static bool count_by(struct step *step, const struct ts_counting *by, struct ts_error *error)
{
    step->by = by;
    free(step->counts);
    step->counts = ts_jobs_count(&step->training, &step->workload, &step->jobs, by, error);
    if (!step->counts)
        return false;
    step->totals = ts_jobs_totals(&step->training, &step->workload, &step->jobs, step->counts);
    return true;
}

static bool can_be_stepped(const struct step *step, struct ts_error *error)
{
    int64_t cycles = step->totals.all.counts.cycles;
    return cycles <= TS_MAX_STEPPED ||
           ts_error_set(error, "%" PRId64 " cycles are too many to be stepped; at most %" PRId64,
                        cycles, TS_MAX_STEPPED);
}

static bool count(struct step *step, const struct options *o, struct ts_error *error)
{
    if (!ts_jobs_make(&step->training, &step->workload, &step->jobs, error) ||
        !count_by(step, &ts_closed_form, error))
        return false;
    if (o->step && (!can_be_stepped(step, error) || !count_by(step, &stepped, error)))
        return false;
    step->all_hfp8 = with_precision(step, "first -> fp16\nlast -> fp16\nall -> hfp8\n");
    step->all_4bit = with_precision(step, "first -> fp16\nlast -> fp16\nall -> 4bit\n");
    return true;
}

static bool load(struct step *step, const struct options *o, const struct ts_design *design,
                 struct ts_error *error)
{
    struct ts_error why;
    enum { MAX_BATCH = 1 << 24 };
    long batch = 0;
    if (o->batch && !ts_cli_number(program, "--batch", o->batch, 1, MAX_BATCH, &batch)) {
        error->text[0] = '\0'; /* it has been said */
        return false;
    }
    if (!ts_training_make(design, &step->training, &why))
        return ts_error_set(error, "%s: %s", o->design, why.text);
    if (!ts_workload_load(o->what, batch, &step->workload, error))
        return false;
    return count(step, o, &why) ||
           ts_error_set(error, "%s on %s: %s", o->what, o->design, why.text);
}

static void step_free(struct step *step)
{
    free(step->counts);
    ts_jobs_free(&step->jobs);
    ts_workload_free(&step->workload);
}

/* ---- Files ---- */

static void write_json(const struct step *step, FILE *out)
{
    cJSON *json = step_json(step);
    char *text = cJSON_Print(json);
    if (text)
        fprintf(out, "%s\n", text);
    cJSON_free(text);
    cJSON_Delete(json);
}

static const struct {
    const char *name;
    void (*write)(const struct step *step, FILE *out);
} outputs[] = {
    {"step.json", write_json},
    {"step.csv", write_jobs},
    {"COMPUTE_REPORT.csv", write_compute_report},
    {"BANDWIDTH_REPORT.csv", write_bandwidth_report},
    {"timeline.json", write_timeline},
    {"roofline.csv", write_roofline},
    {"roofline.gp", write_roofline_plot},
};

enum { OUTPUTS = sizeof outputs / sizeof *outputs };

static bool compose(const struct step *step, size_t i, char **text, struct ts_file *file)
{
    FILE *out = open_memstream(text, &file->size);
    if (!out)
        return false;
    outputs[i].write(step, out);
    bool ok = !ferror(out);
    ok = fclose(out) == 0 && ok && file->size > 0;
    file->name = outputs[i].name;
    file->text = *text;
    return ok;
}

static int write_all(const struct step *step, const char *directory)
{
    struct ts_file files[OUTPUTS] = {{NULL, NULL, 0}};
    char *texts[OUTPUTS] = {NULL};
    struct ts_error error = {"out of memory"};
    bool ok = true;
    for (size_t i = 0; ok && i < OUTPUTS; i++)
        ok = compose(step, i, &texts[i], &files[i]);
    ok = ok && ts_files_write(directory, files, OUTPUTS, &error);
    for (size_t i = 0; i < OUTPUTS; i++)
        free(texts[i]);
    if (!ok)
        return fail(TS_EXIT_FAILURE, error.text);
    ts_chart_draw(program, directory, "roofline");
    return TS_EXIT_OK;
}

/* ---- The command ---- */

static int tell(const struct step *step, const struct options *o)
{
    int status = o->directory ? write_all(step, o->directory) : TS_EXIT_OK;
    if (status != TS_EXIT_OK)
        return status;
    if (o->json)
        return ts_cli_print_json(program, step_json(step));
    if (!print_step(step, o->layers))
        return fail(TS_EXIT_FAILURE, "out of memory");
    if (o->directory)
        printf("\nwritten to %s: step.json and others; see `%s --help`\n", o->directory, program);
    return TS_EXIT_OK;
}

int run_step(const struct options *o, const struct ts_design *design)
{
    struct ts_error error;
    struct step *step = calloc(1, sizeof *step);
    if (!step)
        return fail(TS_EXIT_FAILURE, "out of memory");
    int status = TS_EXIT_USAGE;
    if (load(step, o, design, &error))
        status = tell(step, o);
    else if (*error.text)
        fail(status, error.text);
    step_free(step);
    free(step);
    return status;
}
