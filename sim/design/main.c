/* SPDX-License-Identifier: Apache-2.0 */
/* tessera design: the shipped designs, or one design with what follows from it. */
#include "cli/cli.h"
#include "cli/json.h"
#include "design/design.h"
#include "design/fields.h"
#include "machine/machine.h"
#include "tessera/mac_array.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

extern const struct ts_block ts_block_mac_array;

static const char program[] = "tessera design";
static const char summary[] = "list the shipped designs, or check and show a design file";
static const char help[] =
    "usage: tessera design [--json]\n"
    "       tessera design [--json] NAME|FILE\n"
    "\n"
    "Without an argument, lists the shipped designs. With one, checks the design\n"
    "and shows it: every field with its value, what is allowed and what it means,\n"
    "then the peak rate and the latency that follow. FILE is a YAML file; the\n"
    "shipped ones, in share/tessera/designs, are commented field by field.\n"
    "\n"
    "A multiply-accumulate is two operations. A fold is one set of stationary\n"
    "operands and the rows streamed past it.\n"
    "\n"
    "  --json   the same as JSON, for scripts\n"
    "\n"
    "Examples:\n"
    "  tessera design\n"
    "  tessera design int4_fp4_8x8\n"
    "  tessera design --json fp16_8x8 | jq .derived.peak_tops\n"
    "  tessera design ./mine.yaml\n";

enum { MAX_SHIPPED = 256, MAX_ERROR = 1024 };

/* What follows from a design. */
struct derived {
    int64_t macs, latency, fold_cycles;
    double tops, utilization;
};

static struct derived derive(const struct ts_design *design)
{
    int64_t params[TS_MAX_PARAMS];
    ts_design_params(design, params);
    const int64_t cycles = ts_mac_array_fold_cycles(params, (int)design->array.depth);
    return (struct derived){
        .macs = ts_design_macs_per_cycle(design),
        .latency = ts_block_mac_array.latency(params),
        .fold_cycles = cycles,
        .tops = ts_design_peak_tops(design),
        .utilization = (double)design->array.depth / (double)cycles,
    };
}

/* Fields of a section that a design may leave out, and does. */
static bool is_left_out(const struct ts_design *design, const struct ts_design_field *field)
{
    if (ts_field_of_machine(field))
        return !design->is_machine;
    return !design->quantizes && ts_field_in(field, "quantization");
}

/* A mode that a design can have, by its word in a file. */
struct mode {
    int64_t bit;
    const char *name, *unit;
};

static const struct mode all_modes[] = {{TS_MODE_INT4, "int4", "TOPS"},
                                        {TS_MODE_FP4, "fp4", "TOPS"},
                                        {TS_MODE_HFP8, "hfp8", "TFLOPS"},
                                        {TS_MODE_FP16, "fp16", "TFLOPS"}};
enum { MODES = sizeof all_modes / sizeof *all_modes };

/* What follows for the machine around the arrays. */
static void print_machine(const struct ts_design *design)
{
    struct ts_machine machine = {0};
    char error[MAX_ERROR];
    printf("\nfor the chip, of %" PRId64 " arrays\n", ts_design_arrays(design));
    for (int i = 0; i < MODES; i++) {
        const struct mode *mode = &all_modes[i];
        if (!(design->modes & mode->bit) ||
            !ts_machine_make(design, mode->bit, &machine, error, sizeof error))
            continue;
        int64_t slices = design->array.rows * design->array.cols * design->array.simd;
        printf("  %-13s %" PRId64 " multiply-accumulates per cycle, %.4g %s\n", mode->name,
               slices * machine.lanes * ts_design_arrays(design),
               ts_design_chip_tops(design, mode->bit), mode->unit);
    }
    printf("  L0            %" PRId64 " bytes a cycle in, and as many out\n", machine.l0_rate);
    printf("  L1            %" PRId64
           " bytes a cycle to the corelets of a core, and as many back\n",
           machine.l1_rate);
    printf("  DRAM          %.4g bytes a cycle, the first after %" PRId64 " cycles\n",
           (double)machine.dram.num / (double)machine.dram.den, machine.latency);
}

/* Rules, a line each: too long for a column. */
static void print_rules(const struct ts_design *design)
{
    for (const char *rule = design->training.precision; *rule;) {
        int length = (int)strcspn(rule, "\n");
        printf("  %-30s %.*s\n", rule == design->training.precision ? "training.precision" : "",
               length, rule);
        rule += length + (rule[length] == '\n');
    }
}

static void print_design(const struct ts_design *design)
{
    struct derived d = derive(design);
    printf("%s: %s\n\n", design->name, design->description);
    printf("  %-30s %-12s %-30s %s\n", "field", "value", "allowed", "meaning");
    for (int i = 0; i < TS_DESIGN_FIELDS; i++) {
        const struct ts_design_field *field = &ts_design_fields[i];
        char path[TS_FIELD_PATH];
        char range[TS_FIELD_RANGE];
        char value[32];
        if (field->kind == TS_FIELD_TEXT || is_left_out(design, field))
            continue;
        printf("  %-30s %-12s %-30s %s\n", ts_field_path(field, path),
               ts_field_get(field, design, value, sizeof value), ts_field_range(field, range),
               ts_field_doc(field));
    }
    print_rules(design);
    puts("\nfrom these follow");
    printf("  peak          %" PRId64 " multiply-accumulates per cycle, %.4g TOPS at %.10g MHz\n",
           d.macs, d.tops, design->clock_mhz);
    printf("  latency       %" PRId64 " cycles from a streamed row to its results in column 0\n",
           d.latency);
    printf("  a full fold   %" PRId64 " cycles for %" PRId64 " rows: %.1f%% of the peak\n",
           d.fold_cycles, design->array.depth, 100 * d.utilization);
    if (design->is_machine)
        print_machine(design);
}

static cJSON *section_of(cJSON *json, const char *name)
{
    cJSON *section = name ? cJSON_GetObjectItem(json, name) : json;
    return section ? section : cJSON_AddObjectToObject(json, name);
}

static void add_field(cJSON *json, const struct ts_design_field *field,
                      const struct ts_design *design)
{
    char text[32];
    const char *value = ts_field_get(field, design, text, sizeof text);
    if (value != text && field->kind != TS_FIELD_BOOL)
        cJSON_AddStringToObject(json, field->key, value);
    else
        cJSON_AddRawToObject(json, field->key, value);
}

static cJSON *json_design(const struct ts_design *design)
{
    cJSON *json = cJSON_CreateObject();
    for (int i = 0; i < TS_DESIGN_FIELDS; i++) {
        const struct ts_design_field *field = &ts_design_fields[i];
        if (!is_left_out(design, field))
            add_field(section_of(json, field->section), field, design);
    }
    struct derived d = derive(design);
    cJSON *derived = cJSON_AddObjectToObject(json, "derived");
    cJSON_AddNumberToObject(derived, "macs_per_cycle", (double)d.macs);
    cJSON_AddNumberToObject(derived, "peak_tops", d.tops);
    cJSON_AddNumberToObject(derived, "latency_cycles", (double)d.latency);
    cJSON_AddNumberToObject(derived, "fold_cycles", (double)d.fold_cycles);
    cJSON_AddNumberToObject(derived, "fold_utilization", d.utilization);
    cJSON *tops = design->is_machine ? cJSON_AddObjectToObject(derived, "chip_tops") : NULL;
    for (int i = MODES - 1; tops && i >= 0; i--)
        if (design->modes & all_modes[i].bit)
            cJSON_AddNumberToObject(tops, all_modes[i].name,
                                    ts_design_chip_tops(design, all_modes[i].bit));
    return json;
}

static bool load(const char *name, struct ts_design *design)
{
    char error[MAX_ERROR];
    if (ts_design_load(name, design, error, sizeof error))
        return true;
    fprintf(stderr, "%s: %s\n", program, error);
    return false;
}

static int list(bool json)
{
    static char names[MAX_SHIPPED][TS_DESIGN_NAME];
    size_t n = ts_design_list(names, MAX_SHIPPED);
    cJSON *array = json ? cJSON_CreateArray() : NULL;
    struct ts_design design;
    if (n == 0)
        fprintf(stderr, "%s: there are no shipped designs beside this program\n", program);
    for (size_t i = 0; i < n && i < MAX_SHIPPED; i++) {
        if (!load(names[i], &design)) {
            cJSON_Delete(array);
            return TS_EXIT_FAILURE;
        }
        if (json)
            cJSON_AddItemToArray(array, json_design(&design));
        else
            printf("%-14s %s\n", names[i], design.description);
    }
    if (json)
        return ts_cli_print_json(program, array);
    puts("\n'tessera design NAME' shows one; 'tessera design --help' more.");
    return n ? TS_EXIT_OK : TS_EXIT_FAILURE;
}

static int show(const char *name, bool json)
{
    struct ts_design design;
    if (!load(name, &design))
        return TS_EXIT_USAGE;
    if (json)
        return ts_cli_print_json(program, json_design(&design));
    print_design(&design);
    return TS_EXIT_OK;
}

int main(int argc, char **argv)
{
    if (ts_cli_introduces(argc, argv, summary, help))
        return ts_cli_finish(program, TS_EXIT_OK);

    bool json = false;
    const char *name = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            json = true;
        else if (argv[i][0] == '-') {
            fprintf(stderr, "%s: no option '%s'; '%s --help' lists them\n", program, argv[i],
                    program);
            return TS_EXIT_USAGE;
        } else if (name) {
            fprintf(stderr, "%s: one design at a time, not '%s' and '%s'\n", program, name,
                    argv[i]);
            return TS_EXIT_USAGE;
        } else
            name = argv[i];
    }
    return ts_cli_finish(program, name ? show(name, json) : list(json));
}
