/* SPDX-License-Identifier: Apache-2.0 */
/* tessera blocks: the hardware blocks as their descriptors tell them. */
#include "cli/arguments.h"
#include "cli/cli.h"
#include "cli/json.h"
#include "tessera/tessera.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char program[] = "tessera blocks";
static const char summary[] = "list the hardware blocks, or show one with its parameters and ports";
static const char help[] =
    "usage: tessera blocks [--json]\n"
    "       tessera blocks [--json] NAME [PARAMETER=VALUE ...]\n"
    "\n"
    "Without NAME, lists every block: name, what it does, and the publication\n"
    "that settles it ([A] marks an assumption where no publication does).\n"
    "\n"
    "With NAME, shows one block: its parameters with range and preset, its ports\n"
    "with the widths that follow from the parameters, its latency, and the names\n"
    "of its pipeline cuts in the order in which Stages takes them. A parameter is\n"
    "set by its number or the name of the number.\n"
    "\n"
    "  --json   the same as JSON, for scripts\n"
    "\n"
    "Examples:\n"
    "  tessera blocks\n"
    "  tessera blocks chunk_add\n"
    "  tessera blocks chunk_add Variant=integer Lanes=16\n"
    "  tessera blocks --json dot_product | jq '.ports[] | {rtl_name, width}'\n";

/* Name of a parameter's value, empty where that is none; NULL where they have no names. */
static const char *value_name(const struct ts_param *p, int64_t value)
{
    return p->names ? p->names[value - p->min] : NULL;
}

static const char *value_text(const struct ts_param *p, int64_t value, char *buffer, size_t size)
{
    const char *name = value_name(p, value);
    if (name)
        return name;
    snprintf(buffer, size, "%" PRId64, value);
    return buffer;
}

enum { RANGE_WIDTH = 36 };

/* The values from `next` on, as many as a line takes, and moves that on; false if none is left. */
static bool range_line(const struct ts_param *p, int64_t *next, char line[RANGE_WIDTH + 1])
{
    size_t used = 0;
    if (!p->names && *next == p->min) {
        snprintf(line, RANGE_WIDTH + 1, "%" PRId64 " to %" PRId64 "%s", p->min, p->max,
                 p->pow2 ? ", powers of 2" : "");
        *next = p->max + 1;
        return true;
    }
    for (; *next <= p->max; ++*next) {
        char item[RANGE_WIDTH];
        if (!value_name(p, *next)[0])
            continue;
        int length = snprintf(item, sizeof item, "%" PRId64 " %s%s", *next, value_name(p, *next),
                              *next < p->max ? "," : "");
        if (used + 1 + (size_t)length > RANGE_WIDTH)
            break;
        used +=
            (size_t)snprintf(line + used, RANGE_WIDTH + 1 - used, "%s%s", used ? " " : "", item);
    }
    return used > 0;
}

static const char *kind_text(const struct ts_port *port, const int64_t *params)
{
    const struct ts_format *format = ts_port_format(port, params);
    if (port->control)
        return "control";
    return format ? format->name : "integer";
}

static const char *rtl_suffix(const struct ts_port *port)
{
    return port->dir == TS_IN ? "_i" : "_o";
}

/* The width of a column that has room for the text, too. */
static int wider(int width, const char *text)
{
    int length = (int)strlen(text);
    return length > width ? length : width;
}

static void print_list(void)
{
    int width = 0;
    for (size_t i = 0; ts_blocks[i]; i++)
        width = wider(width, ts_blocks[i]->name);
    for (size_t i = 0; ts_blocks[i]; i++)
        printf("%-*s  %s (%s)\n", width, ts_blocks[i]->name, ts_blocks[i]->brief,
               ts_blocks[i]->source);
    puts("\n'tessera blocks NAME' shows parameters and ports; 'tessera blocks --help' more.");
}

/* Columns of the table of parameters. */
struct param_columns {
    int name, value, preset, range;
};

static struct param_columns measure_params(const struct ts_block *block, const int64_t *params)
{
    struct param_columns c = {sizeof "name" - 1, sizeof "value" - 1, sizeof "preset" - 1,
                              sizeof "range" - 1};
    for (int i = 0; i < block->n_params; i++) {
        const struct ts_param *p = &block->params[i];
        char text[24];
        char line[RANGE_WIDTH + 1];
        c.name = wider(c.name, p->name);
        c.value = wider(c.value, value_text(p, params[i], text, sizeof text));
        c.preset = wider(c.preset, value_text(p, p->preset, text, sizeof text));
        for (int64_t next = p->min; range_line(p, &next, line);)
            c.range = wider(c.range, line);
    }
    return c;
}

static void print_params(const struct ts_block *block, const int64_t *params)
{
    struct param_columns c = measure_params(block, params);
    puts("\nparameters (PARAMETER=VALUE sets one)");
    printf("  %-*s  %-*s  %-*s  %-*s  %s\n", c.name, "name", c.value, "value", c.preset, "preset",
           c.range, "range", "meaning");
    for (int i = 0; i < block->n_params; i++) {
        const struct ts_param *p = &block->params[i];
        char value[24];
        char preset[24];
        char line[RANGE_WIDTH + 1];
        int64_t next = p->min;
        range_line(p, &next, line);
        printf("  %-*s  %-*s  %-*s  %-*s  %s\n", c.name, p->name, c.value,
               value_text(p, params[i], value, sizeof value), c.preset,
               value_text(p, p->preset, preset, sizeof preset), c.range, line, p->doc);
        while (range_line(p, &next, line))
            printf("  %-*s  %-*s  %-*s  %s\n", c.name, "", c.value, "", c.preset, "", line);
    }
}

struct port_text {
    char name[64], bits[32];
    const char *format;
};

static struct port_text port_text(const struct ts_port *port, const int64_t *params)
{
    struct port_text t = {.format = kind_text(port, params)};
    int bits = ts_port_bits(port, params);
    snprintf(t.name, sizeof t.name, "%s%s", port->name, rtl_suffix(port));
    if (port->count_of)
        snprintf(t.bits, sizeof t.bits, "%d x %d", ts_port_count(port, params), bits);
    else
        snprintf(t.bits, sizeof t.bits, "%d", bits);
    return t;
}

static void print_ports(const struct ts_block *block, const int64_t *params)
{
    int name = sizeof "rtl name" - 1, bits = sizeof "bits" - 1, format = sizeof "format" - 1;
    for (int i = 0; i < block->n_ports; i++) {
        struct port_text t = port_text(&block->ports[i], params);
        name = wider(name, t.name);
        bits = wider(bits, t.bits);
        format = wider(format, t.format);
    }
    puts("\nports (beside clk_i, rst_ni, valid_i and valid_o)");
    printf("  dir  %-*s  %-*s  %-*s  %s\n", name, "rtl name", bits, "bits", format, "format",
           "meaning");
    for (int i = 0; i < block->n_ports; i++) {
        const struct ts_port *port = &block->ports[i];
        struct port_text t = port_text(port, params);
        printf("  %-3s  %-*s  %-*s  %-*s  %s\n", port->dir == TS_IN ? "in" : "out", name, t.name,
               bits, t.bits, format, t.format, port->doc);
    }
}

static void print_block(const struct ts_block *block, const int64_t *params)
{
    int latency = block->latency(params);
    printf("%s: %s\n", block->name, block->brief);
    printf("source: %s\n", block->source);
    printf("latency: %d cycle%s from valid_i to valid_o; cuts: %s\n", latency,
           latency == 1 ? "" : "s", block->cuts);
    if (block->state_bytes)
        puts("keeps state from one operation to the next");
    print_params(block, params);
    print_ports(block, params);
}

static cJSON *json_param(const struct ts_param *p, int64_t value)
{
    cJSON *json = cJSON_CreateObject();
    const char *name = value_name(p, value);
    cJSON_AddStringToObject(json, "name", p->name);
    cJSON_AddNumberToObject(json, "value", (double)value);
    if (name)
        cJSON_AddStringToObject(json, "value_name", name);
    cJSON_AddNumberToObject(json, "preset", (double)p->preset);
    cJSON_AddNumberToObject(json, "min", (double)p->min);
    cJSON_AddNumberToObject(json, "max", (double)p->max);
    cJSON_AddBoolToObject(json, "power_of_two", p->pow2);
    if (p->names) {
        cJSON *names = cJSON_AddArrayToObject(json, "names");
        for (int64_t i = p->min; i <= p->max; i++)
            cJSON_AddItemToArray(names, value_name(p, i)[0] ? cJSON_CreateString(value_name(p, i))
                                                            : cJSON_CreateNull());
    }
    cJSON_AddStringToObject(json, "doc", p->doc);
    return json;
}

static cJSON *json_port(const struct ts_port *port, const int64_t *params)
{
    cJSON *json = cJSON_CreateObject();
    int bits = ts_port_bits(port, params);
    int count = ts_port_count(port, params);
    cJSON_AddStringToObject(json, "name", port->name);
    cJSON_AddStringToObject(json, "rtl_name", port_text(port, params).name);
    cJSON_AddStringToObject(json, "direction", port->dir == TS_IN ? "in" : "out");
    cJSON_AddNumberToObject(json, "bits", bits);
    cJSON_AddNumberToObject(json, "count", count);
    cJSON_AddNumberToObject(json, "width", bits * count);
    cJSON_AddStringToObject(json, "format", kind_text(port, params));
    cJSON_AddStringToObject(json, "doc", port->doc);
    return json;
}

static cJSON *json_block(const struct ts_block *block, const int64_t *params)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "name", block->name);
    cJSON_AddStringToObject(json, "brief", block->brief);
    cJSON_AddStringToObject(json, "source", block->source);
    cJSON_AddNumberToObject(json, "latency", block->latency(params));
    cJSON_AddStringToObject(json, "cuts", block->cuts);
    cJSON_AddBoolToObject(json, "stateful", block->state_bytes != NULL);
    cJSON *list = cJSON_AddArrayToObject(json, "parameters");
    for (int i = 0; i < block->n_params; i++)
        cJSON_AddItemToArray(list, json_param(&block->params[i], params[i]));
    list = cJSON_AddArrayToObject(json, "ports");
    for (int i = 0; i < block->n_ports; i++)
        cJSON_AddItemToArray(list, json_port(&block->ports[i], params));
    return json;
}

static cJSON *json_list(void)
{
    cJSON *json = cJSON_CreateArray();
    for (size_t i = 0; ts_blocks[i]; i++) {
        int64_t params[TS_MAX_PARAMS];
        ts_block_presets(ts_blocks[i], params);
        cJSON_AddItemToArray(json, json_block(ts_blocks[i], params));
    }
    return json;
}

static int show(const char *name, char **assignments, int n, bool json)
{
    const struct ts_block *block = ts_argument_block(program, name);
    int64_t params[TS_MAX_PARAMS];
    if (!block || !ts_argument_params(program, block, params, assignments, n))
        return TS_EXIT_USAGE;
    if (json)
        return ts_cli_print_json(program, json_block(block, params));
    print_block(block, params);
    return TS_EXIT_OK;
}

int main(int argc, char **argv)
{
    if (ts_cli_introduces(argc, argv, summary, help))
        return ts_cli_finish(program, TS_EXIT_OK);

    /* --json may stand anywhere: take it out, keep the rest in order. */
    bool json = false;
    int n = 0;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            json = true;
        else
            argv[n++] = argv[i];
    }
    if (n > 0 && argv[0][0] == '-') {
        fprintf(stderr, "%s: no option '%s'; '%s --help' lists them\n", program, argv[0], program);
        return TS_EXIT_USAGE;
    }
    int status = TS_EXIT_OK;
    if (n > 0)
        status = show(argv[0], argv + 1, n - 1, json);
    else if (json)
        status = ts_cli_print_json(program, json_list());
    else
        print_list();
    return ts_cli_finish(program, status);
}
