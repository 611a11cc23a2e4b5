/* SPDX-License-Identifier: Apache-2.0 */
/* tessera synth: area and timing of one block. */
#include "cli/arguments.h"
#include "cli/cli.h"
#include "cli/json.h"
#include "synth/result.h"
#include "synth/synth.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char program[] = "tessera synth";
static const char summary[] = "synthesize a block: area, timing and leakage on a cell library";
static const char help[] =
    "usage: tessera synth BLOCK [PARAMETER=VALUE ...] [--liberty FILE ...]\n"
    "                     [--clock MHZ] [--json]\n"
    "\n"
    "Synthesizes the RTL of a block with Yosys and ABC, times the netlist with\n"
    "OpenSTA, and prints what came out. There is no layout: no wires, no clock\n"
    "tree. Ports count as register to register paths that the library's smallest\n"
    "buffer drives. Results are kept in $TESSERA_CACHE, or ~/.cache/tessera.\n"
    "\n"
    "The areas of parts are of a second synthesis that keeps the modules apart;\n"
    "they add up to a little more than the block, which is optimized as a whole.\n"
    "\n"
    "  --liberty FILE  the cell library, plain or packed by gzip; several files\n"
    "                  (one after the other, or the option again) make one\n"
    "                  library. Default: $TESSERA_LIBERTY, else osu018 of the\n"
    "                  package qflow-tech-osu018\n"
    "  --clock MHZ     the clock to synthesize for; default 100\n"
    "  --json          the same as JSON, for scripts\n"
    "\n"
    "A kGE is a thousand of the library's smallest two-input NAND or NOR gates.\n"
    "\n"
    "Examples:\n"
    "  tessera synth mac_lane Modes=fp4\n"
    "  tessera synth mpe Simd=1 AccStages=2 --clock 120\n"
    "  tessera synth --json dlfloat16_fma Stages=2 | jq .area_um2\n";

enum { MAX_SETTINGS = 64 };

struct request {
    const char *block;
    char *settings[MAX_SETTINGS];
    int n_settings;
    const char *liberty[TS_MAX_LIBERTY];
    int n_liberty;
    double clock_mhz;
    bool json;
};

static int wrong(const char *what, const char *argument)
{
    fprintf(stderr, "%s: %s '%s'; '%s --help' shows how\n", program, what, argument, program);
    return TS_EXIT_USAGE;
}

/* A file that follows --liberty: anything but an option. */
static bool add_liberty(struct request *request, const char *file)
{
    if (request->n_liberty == TS_MAX_LIBERTY)
        return false;
    request->liberty[request->n_liberty++] = file;
    return true;
}

/* The places where arguments go are told apart by what is before them. */
static int parse(int argc, char **argv, struct request *request)
{
    for (int i = 1; i < argc; i++) {
        const char *argument = argv[i];
        if (strcmp(argument, "--json") == 0)
            request->json = true;
        else if (strcmp(argument, "--clock") == 0) {
            char *end = NULL;
            const char *text = i + 1 < argc ? argv[++i] : "";
            request->clock_mhz = strtod(text, &end);
            if (end == text || *end || !isfinite(request->clock_mhz) || request->clock_mhz <= 0)
                return wrong("--clock wants a frequency in MHz, not", text);
        } else if (strcmp(argument, "--liberty") == 0) {
            if (i + 1 == argc || argv[i + 1][0] == '-')
                return wrong("no file after", argument);
            while (i + 1 < argc && argv[i + 1][0] != '-' && !strchr(argv[i + 1], '=') &&
                   (request->block || !ts_block_find(argv[i + 1])))
                if (!add_liberty(request, argv[++i]))
                    return wrong("too many Liberty files:", argv[i]);
        } else if (argument[0] == '-')
            return wrong("no option", argument);
        else if (!request->block)
            request->block = argument;
        else if (request->n_settings < MAX_SETTINGS)
            request->settings[request->n_settings++] = argv[i];
    }
    if (!request->block) {
        fprintf(stderr, "%s: no block; 'tessera blocks' lists them\n", program);
        return TS_EXIT_USAGE;
    }
    if (request->n_liberty == 0)
        add_liberty(request, ts_library_preset());
    return TS_EXIT_OK;
}

static void print_area(double um2, const struct ts_library *library)
{
    printf("%.4f um2", um2);
    if (!isnan(library->gate_um2))
        printf(", %.3f kGE", um2 / library->gate_um2 / 1000);
}

static void print_result(const struct ts_block *block, const struct ts_library *library,
                         const struct ts_synth *s)
{
    printf("%s on %s at %.6g MHz\n\n  area        ", block->name, library->name,
           1e3 / s->period_ns);
    print_area(s->area_um2, library);
    printf("\n  cells       %d\n  flip-flops  %d, %.4f um2\n", s->cells, s->flops,
           s->sequential_um2);
    printf("  slack       %.4f ns at a period of %.4f ns%s\n", s->slack_ns, s->period_ns,
           s->slack_ns < 0 ? ": too slow for this clock" : "");
    if (s->critical_path_ns > 0)
        printf("  fastest     %.4g MHz, a path of %.4f ns\n", 1e3 / s->critical_path_ns,
               s->critical_path_ns);
    printf("  leakage     %.6g mW\n  netlist     %s\n", s->leakage_mw, s->netlist);
    if (s->n_parts)
        puts("\n  parts, synthesized apart");
    for (int i = 0; i < s->n_parts; i++)
        printf("  %4d x %-20s %.4f um2\n", s->parts[i].instances, s->parts[i].name,
               s->parts[i].area_um2);
}

static int print_json(const struct ts_block *block, const int64_t *params,
                      const struct ts_library *library, const struct ts_synth *s)
{
    cJSON *json = ts_synth_json(s);
    cJSON_AddStringToObject(json, "block", block->name);
    cJSON *values = cJSON_AddObjectToObject(json, "params");
    for (int i = 0; i < block->n_params; i++)
        cJSON_AddNumberToObject(values, block->params[i].name, (double)params[i]);
    cJSON_AddNumberToObject(json, "period_ns", s->period_ns);
    cJSON *fastest = cJSON_AddNumberToObject(json, "fmax_mhz", 0);
    if (s->critical_path_ns > 0)
        cJSON_SetNumberValue(fastest, 1e3 / s->critical_path_ns);
    else
        cJSON_ReplaceItemInObject(json, "fmax_mhz", cJSON_CreateNull());
    cJSON_AddItemToObject(json, "kge",
                          isnan(library->gate_um2)
                              ? cJSON_CreateNull()
                              : cJSON_CreateNumber(s->area_um2 / library->gate_um2 / 1000));
    cJSON_AddStringToObject(json, "library", library->name);
    cJSON_AddStringToObject(json, "library_sha256", library->digest);
    cJSON_AddStringToObject(json, "netlist", s->netlist);
    cJSON_AddBoolToObject(json, "cached", s->cached);
    return ts_cli_print_json(program, json);
}

static int run(const struct request *request)
{
    const struct ts_block *block = ts_argument_block(program, request->block);
    int64_t params[TS_MAX_PARAMS];
    if (!block ||
        !ts_argument_params(program, block, params, request->settings, request->n_settings))
        return TS_EXIT_USAGE;
    struct ts_error error = {""};
    struct ts_library library;
    struct ts_synth result;
    if (!ts_library_open(&library, request->liberty, request->n_liberty, &error) ||
        !ts_synthesize(block, params, &library, 1e3 / request->clock_mhz, &result, &error)) {
        fprintf(stderr, "%s: %s\n", program, error.text);
        return TS_EXIT_FAILURE;
    }
    if (request->json)
        return print_json(block, params, &library, &result);
    print_result(block, &library, &result);
    return TS_EXIT_OK;
}

int main(int argc, char **argv)
{
    if (ts_cli_introduces(argc, argv, summary, help))
        return ts_cli_finish(program, TS_EXIT_OK);
    struct request request = {.clock_mhz = 100};
    int status = parse(argc, argv, &request);
    return ts_cli_finish(program, status == TS_EXIT_OK ? run(&request) : status);
}
