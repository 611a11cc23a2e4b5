/* SPDX-License-Identifier: Apache-2.0 */
/* tessera trace: what a trace holds. */
#include "cli/cli.h"
#include "cli/json.h"
#include "tessera/lowering.h"
#include "tessera/trace.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char program[] = "tessera trace";
static const char summary[] =
    "show a trace of a training run: its layers, GEMMs and captured steps";
static const char help[] =
    "usage: tessera trace [--check] [--json] FILE\n"
    "\n"
    "A trace is one HDF5 file with the tensors of a training run from which its\n"
    "GEMMs follow: of each layer the input X, the weights W and the gradient dY of\n"
    "the layer's output, in FP32, at some of the run's steps. traces/capture/ makes\n"
    "one from a PyTorch run; traces/README.md describes the file.\n"
    "\n"
    "Shows where the run comes from; every layer with its geometry and its three\n"
    "GEMMs, C[M,N] = A[M,K] * B[K,N], over the samples kept; and every captured step.\n"
    "\n"
    "  FWD   Y  = X * W     M = n,oh,ow    N = oc   K = kh,kw,ic\n"
    "  BWD   dX = dY * W    M = n,ih,iw    N = ic   K = kh,kw,oc\n"
    "  GRAD  dW = X * dY    M = ic,kh,kw   N = oc   K = n,oh,ow\n"
    "\n"
    "Where fewer samples are kept than a batch has, FWD and BWD are those samples'\n"
    "own, and GRAD is the part of dW that they contribute.\n"
    "\n"
    "MACs are M*N*K; the zeros of padding, and in BWD of strides, count in them.\n"
    "\n"
    "  --check  read every tensor too, and look for NaN, infinity and damage\n"
    "  --json   the same as JSON, for scripts\n"
    "\n"
    "The file is always checked for version, attributes and shapes. Exit status: 0\n"
    "sound, 1 not a sound trace, 2 wrong command line.\n"
    "\n"
    "Examples:\n"
    "  tessera trace run.h5\n"
    "  tessera trace --check run.h5\n"
    "  tessera trace --json run.h5 | jq '.layers[] | {name, gemms}'\n";

static int64_t macs(const struct ts_layer *layer, int samples, enum ts_pass pass)
{
    size_t m;
    size_t n;
    size_t k;
    ts_lowered_shape(layer, samples, pass, &m, &n, &k);
    return (int64_t)(m * n * k);
}

/* FP32 bytes of the tensors of one step. */
static int64_t step_bytes(const struct ts_trace *trace)
{
    int64_t bytes = 0;
    for (int l = 0; l < ts_trace_layers(trace); l++)
        for (int i = 0; i < TS_TENSORS; i++)
            bytes += (int64_t)(sizeof(float) * ts_trace_elements(trace, l, (enum ts_tensor)i));
    return bytes;
}

static void print_run(const struct ts_trace *trace)
{
    const struct ts_run *run = ts_trace_run(trace);
    printf("%s\n\n", ts_trace_path(trace));
    printf("framework      %s %s\n", run->framework, run->framework_version);
    printf("script         %s\n", run->script);
    printf("command        %s\n", run->command);
    printf("dataset        %s\n", run->dataset);
    printf("model          %s\n", run->model);
    printf("quantization   %s\n", run->quantization);
    printf("seed           %" PRId64 "\n", run->seed);
    printf("batch          %d, of which %d kept\n", run->batch, run->kept);
    printf("steps          %d, of which %d captured\n", run->steps, ts_trace_steps(trace));
    printf("test accuracy  %.4f\n", run->test_accuracy);
    printf("tensors        %.1f MiB a step\n", (double)step_bytes(trace) / 0x1p20);
}

/* "16x14x14" or, where it is one point, "16". */
static const char *extent_text(int channels, int height, int width, char *text, size_t size)
{
    if (height == 1 && width == 1)
        snprintf(text, size, "%d", channels);
    else
        snprintf(text, size, "%dx%dx%d", channels, height, width);
    return text;
}

static void print_layers(const struct ts_trace *trace)
{
    int samples = ts_trace_run(trace)->kept;
    int width = 4;
    for (int l = 0; l < ts_trace_layers(trace); l++) {
        int length = (int)strlen(ts_trace_layer(trace, l)->name);
        width = length > width ? length : width;
    }
    printf("\nlayers; MACs over %d samples\n", samples);
    printf("  %-3s %-*s  %-6s %-12s %-12s %-6s %-6s %-5s %10s %10s %10s\n", "", width, "name",
           "kind", "in", "out", "kernel", "stride", "pad", "fwd", "bwd", "grad");
    for (int l = 0; l < ts_trace_layers(trace); l++) {
        const struct ts_layer *y = ts_trace_layer(trace, l);
        char in[40];
        char out[40];
        char kernel[24];
        char stride[24];
        char pad[24];
        snprintf(kernel, sizeof kernel, "%dx%d", y->kernel_height, y->kernel_width);
        snprintf(stride, sizeof stride, "%dx%d", y->stride_height, y->stride_width);
        snprintf(pad, sizeof pad, "%dx%d", y->pad_height, y->pad_width);
        printf("  %03d %-*s  %-6s %-12s %-12s %-6s %-6s %-5s", l, width, y->name,
               ts_layer_kind_name(y->kind),
               extent_text(y->in_channels, y->in_height, y->in_width, in, sizeof in),
               extent_text(y->out_channels, y->out_height, y->out_width, out, sizeof out), kernel,
               stride, pad);
        for (int p = 0; p < TS_PASSES; p++)
            printf(" %10" PRId64, macs(y, samples, (enum ts_pass)p));
        putchar('\n');
    }
}

static void print_steps(const struct ts_trace *trace)
{
    puts("\ncaptured steps");
    printf("  %-8s %-10s %-9s %s\n", "number", "loss", "accuracy", "loss scale");
    for (int s = 0; s < ts_trace_steps(trace); s++) {
        const struct ts_step *step = ts_trace_step(trace, s);
        printf("  %-8d %-10.5g %-9.4f 2^%d\n", step->number, step->loss, step->accuracy,
               ilogb(step->loss_scale));
    }
}

static cJSON *json_gemms(const struct ts_layer *layer, int samples)
{
    cJSON *json = cJSON_CreateObject();
    for (int p = 0; p < TS_PASSES; p++) {
        size_t m;
        size_t n;
        size_t k;
        ts_lowered_shape(layer, samples, (enum ts_pass)p, &m, &n, &k);
        cJSON *gemm = cJSON_AddObjectToObject(json, ts_pass_name((enum ts_pass)p));
        cJSON_AddNumberToObject(gemm, "m", (double)m);
        cJSON_AddNumberToObject(gemm, "n", (double)n);
        cJSON_AddNumberToObject(gemm, "k", (double)k);
        cJSON_AddNumberToObject(gemm, "macs", (double)(m * n * k));
    }
    return json;
}

static cJSON *json_layer(const struct ts_layer *layer, int samples)
{
    cJSON *json = cJSON_CreateObject();
    const struct {
        const char *name;
        int value;
    } extents[] = {
        {"in_channels", layer->in_channels},     {"out_channels", layer->out_channels},
        {"in_height", layer->in_height},         {"in_width", layer->in_width},
        {"out_height", layer->out_height},       {"out_width", layer->out_width},
        {"kernel_height", layer->kernel_height}, {"kernel_width", layer->kernel_width},
        {"stride_height", layer->stride_height}, {"stride_width", layer->stride_width},
        {"pad_height", layer->pad_height},       {"pad_width", layer->pad_width},
    };
    cJSON_AddStringToObject(json, "name", layer->name);
    cJSON_AddStringToObject(json, "kind", ts_layer_kind_name(layer->kind));
    for (size_t i = 0; i < sizeof extents / sizeof *extents; i++)
        cJSON_AddNumberToObject(json, extents[i].name, extents[i].value);
    cJSON_AddItemToObject(json, "gemms", json_gemms(layer, samples));
    return json;
}

static cJSON *json_step(const struct ts_trace *trace, int s)
{
    const struct ts_step *step = ts_trace_step(trace, s);
    cJSON *json = cJSON_CreateObject();
    cJSON_AddNumberToObject(json, "number", step->number);
    cJSON_AddNumberToObject(json, "loss", step->loss);
    cJSON_AddNumberToObject(json, "accuracy", step->accuracy);
    cJSON_AddNumberToObject(json, "loss_scale", step->loss_scale);
    cJSON *alphas = cJSON_AddArrayToObject(json, "pact_alpha"); /* null: the layer has none */
    for (int l = 0; l < ts_trace_layers(trace); l++)
        cJSON_AddItemToArray(alphas, cJSON_CreateNumber(ts_trace_pact_alpha(trace, s, l)));
    return json;
}

static cJSON *json_trace(const struct ts_trace *trace)
{
    const struct ts_run *run = ts_trace_run(trace);
    char seed[24];
    snprintf(seed, sizeof seed, "%" PRId64, run->seed);
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "framework", run->framework);
    cJSON_AddStringToObject(json, "framework_version", run->framework_version);
    cJSON_AddStringToObject(json, "script", run->script);
    cJSON_AddStringToObject(json, "command", run->command);
    cJSON_AddStringToObject(json, "dataset", run->dataset);
    cJSON_AddStringToObject(json, "model", run->model);
    cJSON_AddStringToObject(json, "quantization", run->quantization);
    cJSON_AddRawToObject(json, "seed", seed); /* a double would round it */
    cJSON_AddNumberToObject(json, "batch", run->batch);
    cJSON_AddNumberToObject(json, "kept", run->kept);
    cJSON_AddNumberToObject(json, "steps", run->steps);
    cJSON_AddNumberToObject(json, "test_accuracy", run->test_accuracy);
    cJSON_AddNumberToObject(json, "step_bytes", (double)step_bytes(trace));
    cJSON *list = cJSON_AddArrayToObject(json, "layers");
    for (int l = 0; l < ts_trace_layers(trace); l++)
        cJSON_AddItemToArray(list, json_layer(ts_trace_layer(trace, l), run->kept));
    list = cJSON_AddArrayToObject(json, "captured");
    for (int s = 0; s < ts_trace_steps(trace); s++)
        cJSON_AddItemToArray(list, json_step(trace, s));
    return json;
}

static bool check_layer(struct ts_trace *trace, int step, int layer, struct ts_error *error)
{
    bool ok = true;
    for (int i = 0; ok && i < TS_TENSORS; i++) {
        enum ts_tensor tensor = (enum ts_tensor)i;
        float *elements = malloc(ts_trace_elements(trace, layer, tensor) * sizeof *elements);
        ok = elements ? ts_trace_read(trace, step, layer, tensor, elements, error)
                      : ts_error_set(error, "%s: not enough memory to read layer '%s'",
                                     ts_trace_path(trace), ts_trace_layer(trace, layer)->name);
        free(elements);
    }
    return ok;
}

static bool check(struct ts_trace *trace, struct ts_error *error)
{
    for (int s = 0; s < ts_trace_steps(trace); s++)
        for (int l = 0; l < ts_trace_layers(trace); l++)
            if (!check_layer(trace, s, l, error))
                return false;
    return true;
}

static int show(const char *path, bool checks, bool json)
{
    struct ts_error error;
    struct ts_trace *trace = ts_trace_open(path, &error);
    if (!trace || (checks && !check(trace, &error))) {
        fprintf(stderr, "%s: %s\n", program, error.text);
        ts_trace_close(trace);
        return TS_EXIT_FAILURE;
    }
    int status = TS_EXIT_OK;
    if (json) {
        status = ts_cli_print_json(program, json_trace(trace));
    } else {
        print_run(trace);
        print_layers(trace);
        print_steps(trace);
        if (checks)
            puts("\nevery tensor was read, and every number is finite");
    }
    ts_trace_close(trace);
    return status;
}

static int usage(const char *problem, const char *word)
{
    fprintf(stderr, "%s: %s%s; '%s --help' shows how\n", program, problem, word, program);
    return TS_EXIT_USAGE;
}

int main(int argc, char **argv)
{
    if (ts_cli_introduces(argc, argv, summary, help))
        return ts_cli_finish(program, TS_EXIT_OK);

    bool json = false;
    bool checks = false;
    const char *path = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            json = true;
        else if (strcmp(argv[i], "--check") == 0)
            checks = true;
        else if (argv[i][0] == '-')
            return usage("no option ", argv[i]);
        else if (path)
            return usage("one FILE at a time, not also ", argv[i]);
        else
            path = argv[i];
    }
    if (!path)
        return usage("no FILE given", "");
    return ts_cli_finish(program, show(path, checks, json));
}
