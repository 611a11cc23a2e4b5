/* SPDX-License-Identifier: Apache-2.0 */
/* One GEMM: counted, stepped, printed. */
#include "cycles/gemm.h"

#include "cycles/operands.h"

#include "cli/cli.h"
#include "cli/json.h"
#include "cli/output.h"
#include "machine/counts.h"
#include "machine/step.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ERROR = 1024 };

struct mode {
    const char *name;
    int64_t bit;
};

static const struct mode modes[] = {
    {"int4", TS_MODE_INT4}, {"fp4", TS_MODE_FP4}, {"hfp8", TS_MODE_HFP8}, {"fp16", TS_MODE_FP16}};
enum { MODES = sizeof modes / sizeof *modes };

/* A whole number up to `end`. */
static bool number(const char **text, char end, int64_t *value)
{
    char *after = NULL;
    errno = 0;
    *value = strtoll(*text, &after, 10);
    if (after == *text || *after != end || errno)
        return false;
    *text = after + (end != '\0');
    return true;
}

bool is_shape(const char *word)
{
    return *word >= '0' && *word <= '9' && strchr(word, 'x') &&
           strspn(word, "0123456789x") == strlen(word);
}

static bool parse_shape(const struct options *o, struct ts_gemm_job *job)
{
    const char *text = o->what, *count = o->count ? o->count : "1";
    if (!number(&text, 'x', &job->shape.m) || !number(&text, 'x', &job->shape.n) ||
        !number(&text, '\0', &job->shape.k)) {
        fprintf(stderr, "%s: '%s' is no shape; MxNxK is three whole numbers\n", program, o->what);
        return false;
    }
    if (!number(&count, '\0', &job->count)) {
        fprintf(stderr, "%s: --count '%s' is no whole number\n", program, o->count);
        return false;
    }
    return true;
}

static bool parse_seed(const struct options *o, int64_t *seed)
{
    const char *text = o->seed ? o->seed : "1";
    if (number(&text, '\0', seed) && *seed >= 0)
        return true;
    fprintf(stderr, "%s: --seed '%s' is no whole number\n", program, o->seed);
    return false;
}

static const struct mode *find_mode(const struct options *o, const struct ts_design *design)
{
    for (int i = 0; i < MODES; i++)
        if (o->mode ? strcmp(o->mode, modes[i].name) == 0 : (design->modes & modes[i].bit) != 0)
            return &modes[i];
    fprintf(stderr, "%s: no mode '%s'; there are int4, fp4, hfp8, fp16\n", program, o->mode);
    return NULL;
}

/* What is counted, and of what. */
struct run {
    struct ts_design design;
    const struct mode *mode;
    struct ts_machine machine;
    struct ts_gemm_job job;
    struct ts_plan plan;
    struct ts_counts counts;
    int64_t seed;
    FILE *vcd;                     /* where a waveform goes; NULL: none */
    int64_t results, wrong, first; /* with values: those that differ, and where the first is */
};

static bool is_stepped(const struct options *o)
{
    return o->step || o->vcd || o->values;
}

/* With random operands, and what comes of them. */
static bool step_values(struct run *r, char *error, size_t size)
{
    struct operands operands;
    const char *wrong =
        operands_draw(&r->design, &r->machine, &r->job.shape, (uint64_t)r->seed, &operands);
    const struct ts_gemm_values values = {.gemm = &operands.gemm, .factor = 1, .c = operands.c};
    bool good = !wrong &&
                ts_gemm_step_values(&r->machine, &r->job, &values, r->vcd, &r->counts, error, size);
    if (wrong)
        snprintf(error, size, "%s", wrong);
    if (good) {
        r->results = r->job.shape.m * r->job.shape.n;
        r->wrong = operands_compare(&operands, &r->first);
    }
    operands_free(&operands);
    return good;
}

static bool prepare(const struct options *o, struct run *r, char *error, size_t size)
{
    if (!ts_machine_make(&r->design, r->mode->bit, &r->machine, error, size))
        return false;
    int64_t bits = ts_machine_operand_bits(&r->design, r->mode->bit, false);
    int64_t b_bits = ts_machine_operand_bits(&r->design, r->mode->bit, true);
    r->job.a = (struct ts_operand){bits, bits, 1, 1};
    r->job.b = (struct ts_operand){b_bits, b_bits, 1, 1};
    r->job.stored = r->design.accumulator.outer == TS_OUTER_FP32 ? 32 : 16;
    r->job.ops = 1;
    if (!parse_shape(o, &r->job) || !parse_seed(o, &r->seed) ||
        !ts_machine_plan(&r->machine, &r->job, &r->plan, error, size))
        return false;
    return !o->values || ts_gemm_can_step_values(&r->machine, &r->job, error, size);
}

static bool count(const struct options *o, struct run *r, char *error, size_t size)
{
    if (o->values)
        return step_values(r, error, size);
    if (is_stepped(o))
        return ts_gemm_step_values(&r->machine, &r->job, NULL, r->vcd, &r->counts, error, size);
    return ts_gemm_counts(&r->machine, &r->job, &r->counts, error, size);
}

/* The same, with a waveform if one is asked for. Returns an exit status; `error` is to be told. */
static int count_to(const struct options *o, struct run *r, char *error, size_t size)
{
    struct ts_cli_output output;
    if (o->vcd && !ts_cli_output_open(program, o->vcd, &output))
        return TS_EXIT_FAILURE;
    r->vcd = o->vcd ? output.stream : NULL;
    bool counted = count(o, r, error, size);
    if (o->vcd && !ts_cli_output_close(program, &output, counted) && counted)
        return TS_EXIT_FAILURE;
    return counted ? TS_EXIT_OK : TS_EXIT_USAGE;
}

static double utilization(const struct run *r)
{
    return (double)r->counts.macs /
           ((double)r->counts.cycles * (double)ts_machine_peak(&r->machine));
}

static void print_share(const char *what, int64_t cycles, const struct ts_counts *c)
{
    if (cycles)
        printf("  %-13s %16" PRId64 "  %5.1f%%\n", what, cycles,
               100 * (double)cycles / (double)c->cycles);
}

/* What came of the values; of a job that is done several times, the last time. */
static void print_values(const struct run *r)
{
    printf("\n  values: random operands, seed %" PRId64 ": ", r->seed);
    if (r->wrong == 0)
        printf("all bits of %" PRId64 " results are those of the GEMM engine\n", r->results);
    else
        printf("%" PRId64 " of %" PRId64
               " results are not those of the GEMM engine, first row %" PRId64 ", column %" PRId64
               "\n",
               r->wrong, r->results, r->first / r->job.shape.n, r->first % r->job.shape.n);
}

static void print(const struct run *r)
{
    const struct ts_counts *c = &r->counts;
    printf("%s, %s: %" PRId64 " x %" PRId64 " x %" PRId64 " (M, N, K), %" PRId64 " times\n\n",
           r->design.name, r->mode->name, r->job.shape.m, r->job.shape.n, r->job.shape.k,
           r->job.count);
    print_share("cycles", c->cycles, c);
    print_share("busy", c->busy, c);
    for (int i = 0; i < TS_STALLS; i++)
        print_share(ts_stall_names[i], c->stall[i], c);
    printf("\n  utilization %.1f%% of the peak; %.4g ms at %.10g MHz\n", 100 * utilization(r),
           (double)c->cycles / (r->design.clock_mhz * 1e3), r->design.clock_mhz);
    printf("\n  %-13s %16s  %16s  bytes\n", "memory", "read", "written");
    printf("  %-13s %16" PRId64 "  %16" PRId64 "\n", "DRAM", c->dram_read, c->dram_write);
    printf("  %-13s %16" PRId64 "  %16" PRId64 "\n", "L1", c->l1_read, c->l1_write);
    printf("  %-13s %16" PRId64 "  %16" PRId64 "\n", "L0", c->l0_read, c->l0_write);
    printf("\n  of a corelet: tiles of %" PRId64 " x %" PRId64 ", slices of %" PRId64
           ", blocks of %" PRId64 " x %" PRId64 " x %" PRId64 "\n",
           r->plan.tile.m, r->plan.tile.n, r->plan.tile.k, r->plan.block.m, r->plan.block.n,
           r->plan.block.k);
    if (r->results)
        print_values(r);
}

/* Counters beyond 2^53 do not fit a double. */
static void add(cJSON *json, const char *name, int64_t value)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRId64, value);
    cJSON_AddRawToObject(json, name, text);
}

static void add_mnk(cJSON *json, const char *name, struct ts_mnk shape)
{
    cJSON *object = cJSON_AddObjectToObject(json, name);
    add(object, "m", shape.m);
    add(object, "n", shape.n);
    add(object, "k", shape.k);
}

static cJSON *json_of(const struct run *r, bool stepped)
{
    const struct ts_counts *c = &r->counts;
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "design", r->design.name);
    cJSON_AddStringToObject(json, "mode", r->mode->name);
    add_mnk(json, "shape", r->job.shape);
    add(json, "count", r->job.count);
    cJSON_AddStringToObject(json, "by", stepped ? "SystemC" : "closed form");
    add(json, "cycles", c->cycles);
    add(json, "busy", c->busy);
    cJSON *stalls = cJSON_AddObjectToObject(json, "stalls");
    for (int i = 0; i < TS_STALLS; i++)
        add(stalls, ts_stall_names[i], c->stall[i]);
    add(json, "macs", c->macs);
    cJSON_AddNumberToObject(json, "utilization", utilization(r));
    cJSON *bytes = cJSON_AddObjectToObject(json, "bytes");
    add(bytes, "dram_read", c->dram_read);
    add(bytes, "dram_write", c->dram_write);
    add(bytes, "l1_read", c->l1_read);
    add(bytes, "l1_write", c->l1_write);
    add(bytes, "l0_read", c->l0_read);
    add(bytes, "l0_write", c->l0_write);
    add_mnk(json, "tile", r->plan.tile);
    add_mnk(json, "block", r->plan.block);
    if (r->results) {
        cJSON *values = cJSON_AddObjectToObject(json, "values");
        add(values, "seed", r->seed);
        add(values, "results", r->results);
        add(values, "different", r->wrong);
    }
    return json;
}

int run_gemm(const struct options *o, const struct ts_design *design)
{
    struct run r = {.design = *design};
    char error[MAX_ERROR] = "";
    r.mode = find_mode(o, &r.design);
    if (!r.mode)
        return TS_EXIT_USAGE;
    int status =
        prepare(o, &r, error, sizeof error) ? count_to(o, &r, error, sizeof error) : TS_EXIT_USAGE;
    if (*error)
        fprintf(stderr, "%s: %s: %s\n", program, o->design, error);
    if (status != TS_EXIT_OK)
        return status;
    status = r.wrong ? TS_EXIT_FAILURE : TS_EXIT_OK;
    if (o->json) {
        int printed = ts_cli_print_json(program, json_of(&r, is_stepped(o)));
        return printed ? printed : status;
    }
    print(&r);
    return status;
}
