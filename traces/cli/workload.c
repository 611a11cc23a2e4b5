/* SPDX-License-Identifier: Apache-2.0 */
/* tessera workload: the shapes of a training step, and what they add up to. */
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/output.h"
#include "tessera/workload.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char program[] = "tessera workload";
static const char summary[] = "show the layers and GEMMs of a network's training step";
static const char help[] =
    "usage: tessera workload [NETWORK | FILE] [--batch N] [--json] [-o FILE]\n"
    "\n"
    "A workload is the shapes of a training step, without values: a list of layers,\n"
    "from which follow the GEMMs C[M,N] = A[M,K] * B[K,N] of the three passes (FWD,\n"
    "BWD, GRAD), the passes of the quantizers, elementwise work, and the update of the\n"
    "weights. Alone, lists the networks that are shipped; of one, or of a workload\n"
    "file, shows the layers and totals. docs/workloads.md describes the file.\n"
    "\n"
    "  --batch N    samples of a step (default: the file's or the network's own)\n"
    "  --json       the same as JSON, for scripts, with M, N and K of each GEMM\n"
    "  -o FILE      writes the workload as a file to edit, and shows nothing\n"
    "\n"
    "Multiply-accumulates (MACs) are M*N*K: the zeros of padding, and in BWD of\n"
    "strides, count in them.\n"
    "\n"
    "Exit status: 0 if all went well, 1 if a file is unsound or cannot be written, 2\n"
    "for a wrong command line.\n"
    "\n"
    "Examples:\n"
    "  tessera workload resnet50\n"
    "  tessera workload mobilenet_v2 --batch 32 -o small.json\n"
    "  tessera workload --json bert_base | jq '.layers[].gemms.fwd'\n";

/* ---- totals ---- */

struct totals {
    int64_t parameters;
    int64_t macs[TS_PASSES];
    int64_t pointwise[TS_PASSES]; /* those of 1x1 convolutions */
    int64_t operations[TS_WORK_JOB_KINDS];
};

static bool is_pointwise(const struct ts_work_layer *l)
{
    return l->kind == TS_WORK_CONV && l->kernel_height == 1 && l->kernel_width == 1;
}

static bool add_up(const struct ts_workload *w, struct totals *totals)
{
    size_t n;
    struct ts_work_job *jobs = ts_workload_step(w, &n);
    *totals = (struct totals){.parameters = 0};
    for (size_t i = 0; i < w->n; i++) {
        const struct ts_work_layer *l = &w->layers[i];
        totals->parameters += ts_work_parameters(l);
        for (int p = 0; p < TS_PASSES; p++) {
            int64_t macs = ts_work_macs(l, w->batch, (enum ts_pass)p);
            totals->macs[p] += macs;
            totals->pointwise[p] += is_pointwise(l) ? macs : 0;
        }
    }
    for (size_t i = 0; jobs && i < n; i++)
        totals->operations[jobs[i].kind] += jobs[i].elements * jobs[i].operations;
    free(jobs);
    return jobs != NULL;
}

static int64_t all(const int64_t of_pass[TS_PASSES])
{
    return of_pass[TS_FWD] + of_pass[TS_BWD] + of_pass[TS_GRAD];
}

/* ---- text ---- */

static void extent_text(char *text, size_t size, int64_t a, int64_t b, int64_t c)
{
    if (c)
        snprintf(text, size, "%" PRId64 "x%" PRId64 "x%" PRId64, a, b, c);
    else
        snprintf(text, size, "%" PRId64 "x%" PRId64, a, b);
}

static void print_notes(const struct ts_work_layer *l)
{
    if (l->kind == TS_WORK_CONV && (l->dilation_height != 1 || l->dilation_width != 1))
        printf(" dilation %" PRId64 "x%" PRId64, l->dilation_height, l->dilation_width);
    if (l->repeat != 1)
        printf(" %" PRId64 " times", l->repeat);
    printf("%s%s%s%s\n", l->transposed ? " transposed" : "", l->shared ? " shared" : "",
           l->first ? " first" : "", l->last ? " last" : "");
}

static void print_layer(const struct ts_workload *w, const struct ts_work_layer *l, int width)
{
    enum { CELL = 64 };
    char in[CELL];
    char out[CELL] = "";
    char kernel[CELL] = "";
    char stride[CELL] = "";
    if (l->kind == TS_WORK_CONV) {
        int64_t height;
        int64_t columns;
        ts_work_out(l, &height, &columns);
        extent_text(in, sizeof in, l->in_channels, l->in_height, l->in_width);
        extent_text(out, sizeof out, l->out_channels, height, columns);
        extent_text(kernel, sizeof kernel, l->kernel_height, l->kernel_width, 0);
        extent_text(stride, sizeof stride, l->stride_height, l->stride_width, 0);
    } else if (ts_work_is_gemm(l)) {
        extent_text(in, sizeof in, l->rows, l->in_channels, 0);
        extent_text(out, sizeof out, l->rows, l->out_channels, 0);
    } else {
        snprintf(in, sizeof in, "%" PRId64, l->elements);
    }
    printf("  %-*s  %-10s %-14s %-14s %-6s %-6s", width, l->name, ts_work_kind_name(l->kind), in,
           out, kernel, stride);
    if (ts_work_is_gemm(l))
        printf(" %6" PRId64, l->groups);
    else
        printf(" %6s", "");
    printf(" %10" PRId64, ts_work_parameters(l));
    for (int p = 0; p < TS_PASSES; p++) {
        int64_t macs = ts_work_macs(l, w->batch, (enum ts_pass)p);
        if (macs)
            printf(" %14" PRId64, macs);
        else
            printf(" %14s", "-");
    }
    print_notes(l);
}

static void print_totals(const struct ts_workload *w, const struct totals *t)
{
    static const double giga = 1e9;
    int64_t forward = t->macs[TS_FWD] / w->batch;
    printf("\nparameters         %" PRId64 "\n", t->parameters);
    printf("forward, a sample  %" PRId64 " MACs, %.3f G\n", forward, (double)forward / giga);
    printf("a step             %" PRId64 " MACs, %.3f G: FWD %.3f, BWD %.3f, GRAD %.3f\n",
           all(t->macs), (double)all(t->macs) / giga, (double)t->macs[TS_FWD] / giga,
           (double)t->macs[TS_BWD] / giga, (double)t->macs[TS_GRAD] / giga);
    printf("1x1 convolutions   %.1f %% of a step's MACs, %.1f %% of FWD's\n",
           100 * (double)all(t->pointwise) / (double)all(t->macs),
           100 * (double)t->pointwise[TS_FWD] / (double)t->macs[TS_FWD]);
    for (int k = TS_WORK_QUANTIZE; k < TS_WORK_JOB_KINDS; k++)
        printf("%-18s %" PRId64 " operations\n", ts_work_job_name((enum ts_work_job_kind)k),
               t->operations[k]);
}

static void print_workload(const struct ts_workload *w, const struct totals *t)
{
    int width = 5;
    for (size_t i = 0; i < w->n; i++) {
        int length = (int)strlen(w->layers[i].name);
        width = length > width ? length : width;
    }
    printf("%s: %s\nbatch %" PRId64 ", %zu layers; extents are those of a sample, MACs "
           "those of the batch\n\n",
           w->name, w->description, w->batch, w->n);
    printf("  %-*s  %-10s %-14s %-14s %-6s %-6s %6s %10s %14s %14s %14s\n", width, "layer", "kind",
           "in", "out", "kernel", "stride", "groups", "parameters", "fwd", "bwd", "grad");
    for (size_t i = 0; i < w->n; i++)
        print_layer(w, &w->layers[i], width);
    print_totals(w, t);
}

/* ---- JSON ---- */

static cJSON *gemms_json(const struct ts_workload *w, const struct ts_work_layer *l)
{
    cJSON *json = cJSON_CreateObject();
    for (int p = 0; p < TS_PASSES; p++) {
        int64_t macs = ts_work_macs(l, w->batch, (enum ts_pass)p);
        if (!macs)
            continue;
        struct ts_work_gemm g = ts_work_gemm_of(l, w->batch, (enum ts_pass)p);
        cJSON *gemm = cJSON_AddObjectToObject(json, ts_pass_name((enum ts_pass)p));
        cJSON_AddNumberToObject(gemm, "m", (double)g.m);
        cJSON_AddNumberToObject(gemm, "n", (double)g.n);
        cJSON_AddNumberToObject(gemm, "k", (double)g.k);
        cJSON_AddNumberToObject(gemm, "count", (double)g.count);
        cJSON_AddNumberToObject(gemm, "macs", (double)macs);
    }
    return json;
}

static cJSON *passes_json(const int64_t of_pass[TS_PASSES])
{
    cJSON *json = cJSON_CreateObject();
    for (int p = 0; p < TS_PASSES; p++)
        cJSON_AddNumberToObject(json, ts_pass_name((enum ts_pass)p), (double)of_pass[p]);
    return json;
}

static cJSON *workload_json(const struct ts_workload *w, const struct totals *t)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "name", w->name);
    cJSON_AddStringToObject(json, "description", w->description);
    cJSON_AddNumberToObject(json, "batch", (double)w->batch);
    cJSON_AddNumberToObject(json, "parameters", (double)t->parameters);
    cJSON_AddItemToObject(json, "macs", passes_json(t->macs));
    cJSON_AddItemToObject(json, "pointwise_macs", passes_json(t->pointwise));
    cJSON *operations = cJSON_AddObjectToObject(json, "operations");
    for (int k = TS_WORK_QUANTIZE; k < TS_WORK_JOB_KINDS; k++)
        cJSON_AddNumberToObject(operations, ts_work_job_name((enum ts_work_job_kind)k),
                                (double)t->operations[k]);
    cJSON *layers = cJSON_AddArrayToObject(json, "layers");
    for (size_t i = 0; i < w->n; i++) {
        const struct ts_work_layer *l = &w->layers[i];
        cJSON *layer = cJSON_CreateObject();
        cJSON_AddStringToObject(layer, "name", l->name);
        cJSON_AddStringToObject(layer, "kind", ts_work_kind_name(l->kind));
        cJSON_AddNumberToObject(layer, "parameters", (double)ts_work_parameters(l));
        if (ts_work_is_gemm(l))
            cJSON_AddItemToObject(layer, "gemms", gemms_json(w, l));
        else
            cJSON_AddNumberToObject(layer, "elements", (double)(l->elements * w->batch));
        cJSON_AddItemToArray(layers, layer);
    }
    return json;
}

/* ---- the command ---- */

static int fail(const char *problem)
{
    fprintf(stderr, "%s: %s\n", program, problem);
    return TS_EXIT_FAILURE;
}

static int list(bool json)
{
    cJSON *array = cJSON_CreateArray();
    struct ts_error error;
    if (!json)
        printf("%-17s %5s %12s %10s  %s\n", "network", "batch", "parameters", "GMAC", "");
    for (size_t i = 0; ts_network_name(i); i++) {
        struct ts_workload w;
        struct totals t;
        if (!ts_network_make(ts_network_name(i), 0, &w, &error))
            return fail(error.text);
        bool ok = add_up(&w, &t);
        double gmac = (double)t.macs[TS_FWD] / (double)w.batch / 1e9;
        ts_workload_free(&w);
        if (!ok)
            return fail("not enough memory");
        if (json)
            cJSON_AddItemToArray(array, cJSON_CreateString(w.name));
        else
            printf("%-17s %5" PRId64 " %12" PRId64 " %10.3f  %s\n", w.name, w.batch, t.parameters,
                   gmac, w.description);
    }
    if (json)
        return ts_cli_print_json(program, array);
    cJSON_Delete(array);
    puts("\nGMAC: 10^9 multiply-accumulates, forward, a sample");
    return TS_EXIT_OK;
}

static int write_file(const struct ts_workload *w, const char *path)
{
    struct ts_cli_output output;
    if (!ts_cli_output_open(program, path, &output))
        return TS_EXIT_FAILURE;
    bool ok = ts_workload_write(w, output.stream);
    if (!ok)
        fail("not enough memory");
    ok = ts_cli_output_close(program, &output, ok) && ok;
    return ok ? TS_EXIT_OK : TS_EXIT_FAILURE;
}

static int show(const struct ts_workload *w, bool json)
{
    struct totals totals;
    if (!add_up(w, &totals))
        return fail("not enough memory");
    if (json)
        return ts_cli_print_json(program, workload_json(w, &totals));
    print_workload(w, &totals);
    return TS_EXIT_OK;
}

int main(int argc, char **argv)
{
    static const struct option known[] = {{"batch", required_argument, NULL, 'b'},
                                          {"json", no_argument, NULL, 'j'},
                                          {"output", required_argument, NULL, 'o'},
                                          {NULL, 0, NULL, 0}};
    enum { MAX_BATCH = 1 << 24 };
    const char *output = NULL;
    bool json = false;
    long batch = 0;
    int c;
    if (ts_cli_introduces(argc, argv, summary, help))
        return ts_cli_finish(program, TS_EXIT_OK);
    while ((c = getopt_long(argc, argv, "o:", known, NULL)) != -1) {
        if (c == 'j')
            json = true;
        else if (c == 'o')
            output = optarg;
        else if (c != 'b' || !ts_cli_number(program, "--batch", optarg, 1, MAX_BATCH, &batch))
            return TS_EXIT_USAGE;
    }
    if (optind + 1 < argc || (optind == argc && (output || batch))) {
        fprintf(stderr, "%s: one NETWORK or FILE is needed; see `%s --help`\n", program, program);
        return TS_EXIT_USAGE;
    }
    if (optind == argc)
        return ts_cli_finish(program, list(json));
    struct ts_workload workload;
    struct ts_error error;
    if (!ts_workload_load(argv[optind], batch, &workload, &error))
        return fail(error.text);
    int status = output ? write_file(&workload, output) : show(&workload, json);
    ts_workload_free(&workload);
    return ts_cli_finish(program, status);
}
