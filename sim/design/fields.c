/* SPDX-License-Identifier: Apache-2.0 */
/* The fields of a design file; the ranges of the array's fields are those of its block. */
#include "design/fields.h"

#include "utf8.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const struct ts_block ts_block_mac_array;
extern const struct ts_block ts_block_mpe;
extern const struct ts_block ts_block_tpr_quantizer;

enum { MIN_MHZ = 1, MAX_MHZ = 10000 };
/* Sun20 puts the largest gradient at 2^6, the top of the even grid [A: 5 to 8]. */
enum { MIN_TARGET = 5, MAX_TARGET = 8, SUN20_TARGET = 6 };

static const char *const bool_names[] = {"false", "true", NULL};
static const char *const phase_names[] = {"even", "odd", NULL};
static const char *const split_names[] = {"m", "n", "auto", NULL};
static const char *const memories_names[] = {"real", "ideal", NULL};
static const char *const stationary_names[] = {"weight", "output", NULL};
static const char *const preload_names[] = {"serial", "overlapped", NULL};
static const char *const drain_names[] = {"counted", "ideal", NULL};
static const char *const dy_names[] = {"two_4bit", "requantized", "one_5bit", NULL};
static const char banks[] = "banks, accessed together as one wide word";
static const char ports[] = "ports of a bank; with 1 reads and writes take turns";
static const char bytes[] = "width of a port, bytes per cycle";

/* Beyond what anyone builds, below what would make a sum of a few of them overflow. */
enum {
    MAX_CORES = 1024,
    MAX_CORELETS = 64,
    MAX_KIB = 1 << 20,
    MAX_BANKS = 1024,
    MAX_PORTS = 2,
    MAX_BYTES = 1024,
    MAX_GB_S = 100000,
    MAX_LATENCY = 100000,
    MAX_SFU_LANES = 65536,
    MAX_CHIPS = 65536
};

#define AT(member)                                                                                 \
    .offset = offsetof(struct ts_design, member), .size = sizeof(((struct ts_design *)0)->member)
#define OF_ARRAY(name) .block = &ts_block_mac_array, .param = name

const struct ts_design_field ts_design_fields[TS_DESIGN_FIELDS] = {
    {NULL, "name", TS_FIELD_TEXT, AT(name), .own.doc = "what the design is called in reports"},
    {NULL, "description", TS_FIELD_TEXT, AT(description), .own.doc = "what it is, in a line",
     .lines = true},
    {NULL, "clock_mhz", TS_FIELD_REAL, AT(clock_mhz),
     .own = {.min = MIN_MHZ, .max = MAX_MHZ, .doc = "target clock of synthesis, MHz"}},
    {NULL, "modes", TS_FIELD_INTEGER, AT(modes), .block = &ts_block_mpe, .param = "Modes",
     .allowed = "some of int4, fp4, hfp8, fp16, in this order, joined by +"},
    {"array", "rows", TS_FIELD_INTEGER, AT(array.rows), OF_ARRAY("Rows")},
    {"array", "cols", TS_FIELD_INTEGER, AT(array.cols), OF_ARRAY("Cols")},
    {"array", "simd", TS_FIELD_INTEGER, AT(array.simd), OF_ARRAY("Simd")},
    {"array", "lanes", TS_FIELD_INTEGER, AT(array.lanes), OF_ARRAY("Lanes")},
    {"array", "depth", TS_FIELD_INTEGER, AT(array.depth), OF_ARRAY("Depth")},
    {"accumulator", "chunk", TS_FIELD_INTEGER, AT(accumulator.chunk), OF_ARRAY("Chunk")},
    {"accumulator", "variant", TS_FIELD_INTEGER, AT(accumulator.variant), OF_ARRAY("Variant")},
    {"accumulator", "outer", TS_FIELD_INTEGER, AT(accumulator.outer), OF_ARRAY("Outer")},
    {"accumulator", "saturate", TS_FIELD_BOOL, AT(accumulator.saturate), OF_ARRAY("Saturate"),
     .own.doc = "overflow gives the largest finite number, else NaN-Infinity", .names = bool_names},
    {"stages", "dot", TS_FIELD_INTEGER, AT(stages.dot), OF_ARRAY("DotStages")},
    {"stages", "acc", TS_FIELD_INTEGER, AT(stages.acc), OF_ARRAY("AccStages")},
    {"stages", "outer", TS_FIELD_INTEGER, AT(stages.outer), OF_ARRAY("OuterStages")},
    {"quantization", "phase_bwd", TS_FIELD_INTEGER, AT(quantization.phase_bwd),
     .own = {"", 0, 1, 0, .doc = "radix-4 grid of the gradients in BWD"}, .names = phase_names},
    {"quantization", "phase_grad", TS_FIELD_INTEGER, AT(quantization.phase_grad),
     .own = {"", 0, 1, 1, .doc = "radix-4 grid of the gradients in GRAD"}, .names = phase_names},
    {"quantization", "gradscale_target", TS_FIELD_INTEGER, AT(quantization.gradscale_target),
     .own = {"", MIN_TARGET, MAX_TARGET, SUN20_TARGET,
             .doc = "power of two at which the largest gradient is put"}},
    {"quantization", "underflow", TS_FIELD_INTEGER, AT(quantization.underflow),
     .block = &ts_block_tpr_quantizer, .param = "Underflow"},
    {"chip", "cores", TS_FIELD_INTEGER, AT(chip.cores),
     .own = {"", 1, MAX_CORES, 1, .doc = "cores of a chip: each has an L1"}},
    {"chip", "corelets", TS_FIELD_INTEGER, AT(chip.corelets),
     .own = {"", 1, MAX_CORELETS, 1, .doc = "corelets of a core: each has an array and an L0"}},
    {"chip", "cores_split", TS_FIELD_INTEGER, AT(chip.cores_split),
     .own = {"", 0, 2, 0, .doc = "dimension of a GEMM that cores share out"}, .names = split_names},
    {"chip", "corelets_split", TS_FIELD_INTEGER, AT(chip.corelets_split),
     .own = {"", 0, 2, 0, .doc = "dimension that the corelets of a core share out"},
     .names = split_names},
    {"chip", "memories", TS_FIELD_INTEGER, AT(chip.memories),
     .own = {"", 0, 1, 0, .doc = "ideal: L0, L1, DRAM and special functions take no time"},
     .names = memories_names},
    {"chip", "zero_gating", TS_FIELD_BOOL, AT(chip.zero_gating), OF_ARRAY("ZeroGate"),
     .own.doc = "operands that are zero do not move through the array", .names = bool_names},
    {"dataflow", "stationary", TS_FIELD_INTEGER, AT(dataflow.stationary),
     .own = {"", 0, 1, 0, .doc = "what stays in an mpe"}, .names = stationary_names},
    {"dataflow", "preload", TS_FIELD_INTEGER, AT(dataflow.preload),
     .own = {"", 0, 1, 0, .doc = "stationary operands move in before a fold, or during the last"},
     .names = preload_names},
    {"dataflow", "drain", TS_FIELD_INTEGER, AT(dataflow.drain),
     .own = {"", 0, 1, 0, .doc = "ideal: the pipeline's fixed drain takes no time"},
     .names = drain_names},
    {"l0", "kib", TS_FIELD_INTEGER, AT(l0.kib),
     .own = {"", 1, MAX_KIB, 1, .doc = "memory of a corelet, both halves, KiB"}},
    {"l0", "banks", TS_FIELD_INTEGER, AT(l0.banks), .own = {"", 1, MAX_BANKS, 1, .doc = banks}},
    {"l0", "ports", TS_FIELD_INTEGER, AT(l0.ports), .own = {"", 1, MAX_PORTS, 1, .doc = ports}},
    {"l0", "bytes", TS_FIELD_INTEGER, AT(l0.bytes), .own = {"", 1, MAX_BYTES, 1, .doc = bytes}},
    {"l1", "kib", TS_FIELD_INTEGER, AT(l1.kib),
     .own = {"", 1, MAX_KIB, 1, .doc = "memory of a core, both halves, KiB"}},
    {"l1", "banks", TS_FIELD_INTEGER, AT(l1.banks), .own = {"", 1, MAX_BANKS, 1, .doc = banks}},
    {"l1", "ports", TS_FIELD_INTEGER, AT(l1.ports), .own = {"", 1, MAX_PORTS, 1, .doc = ports}},
    {"l1", "bytes", TS_FIELD_INTEGER, AT(l1.bytes), .own = {"", 1, MAX_BYTES, 1, .doc = bytes}},
    {"dram", "gb_s", TS_FIELD_REAL, AT(dram.gb_s),
     .own = {"", 1, MAX_GB_S, 1, .doc = "bandwidth of the DRAM, 10^9 bytes a second"}},
    {"dram", "latency_ns", TS_FIELD_INTEGER, AT(dram.latency_ns),
     .own = {"", 0, MAX_LATENCY, 0, .doc = "from a request to the first byte, ns"}},
    {"sfu", "lanes", TS_FIELD_INTEGER, AT(sfu.lanes),
     .own = {"", 1, MAX_SFU_LANES, 1, .doc = "special-function operations of a corelet per cycle"}},
    {"training", "dy", TS_FIELD_INTEGER, AT(training.dy),
     .own = {"", 0, 2, 0, .doc = "how gradients are kept: both phases, dlfloat16, one code"},
     .names = dy_names},
    {"training", "skip_zeros", TS_FIELD_BOOL, AT(training.skip_zeros),
     .own = {"", 0, 1, 0, .doc = "dot products of structural zeros take no cycle"},
     .names = bool_names},
    {"training", "precision", TS_FIELD_TEXT, AT(training.precision),
     .own.doc = "rules LAYERS [PASS] -> MODE, one a line; the first that fits counts",
     .lines = true},
    {"link", "chips", TS_FIELD_INTEGER, AT(link.chips),
     .own = {"", 1, MAX_CHIPS, 1, .doc = "chips that share out a batch"}},
    {"link", "gb_s", TS_FIELD_REAL, AT(link.gb_s),
     .own = {"", 1, MAX_GB_S, 1, .doc = "bandwidth between chips, 10^9 bytes a second"}},
};

bool ts_field_of_machine(const struct ts_design_field *field)
{
    return field->offset > offsetof(struct ts_design, is_machine);
}

const struct ts_design_field *ts_design_field_of_param(const char *param)
{
    for (int i = 0; i < TS_DESIGN_FIELDS; i++) {
        const struct ts_design_field *f = &ts_design_fields[i];
        bool of_array = f->block == &ts_block_mac_array || f->block == &ts_block_mpe;
        if (of_array && strcmp(f->param, param) == 0)
            return f;
    }
    return NULL;
}

bool ts_field_in(const struct ts_design_field *field, const char *section)
{
    if (!section || !field->section)
        return section == field->section;
    return strcmp(section, field->section) == 0;
}

static const struct ts_param *param_of(const struct ts_design_field *field)
{
    if (!field->block)
        return &field->own;
    return &field->block->params[ts_block_param(field->block, field->param)];
}

static const char *const *names_of(const struct ts_design_field *field)
{
    return field->names ? field->names : param_of(field)->names;
}

const char *ts_field_path(const struct ts_design_field *field, char *path)
{
    snprintf(path, TS_FIELD_PATH, "%s%s%s", field->section ? field->section : "",
             field->section ? "." : "", field->key);
    return path;
}

static void range_of_names(const char *const *names, char *range)
{
    size_t used = 0;
    for (size_t i = 0; names[i] && used < TS_FIELD_RANGE; i++) {
        const char *joint = i == 0 ? "" : names[i + 1] ? ", " : " or ";
        used += (size_t)snprintf(range + used, TS_FIELD_RANGE - used, "%s%s", joint, names[i]);
    }
}

const char *ts_field_range(const struct ts_design_field *field, char *range)
{
    const struct ts_param *p = param_of(field);
    if (field->allowed)
        return field->allowed;
    if (field->kind == TS_FIELD_TEXT)
        snprintf(range, TS_FIELD_RANGE, "text of 1 to %zu bytes, without control characters",
                 field->size - 1);
    else if (names_of(field))
        range_of_names(names_of(field), range);
    else
        snprintf(range, TS_FIELD_RANGE, "%s%" PRId64 " to %" PRId64,
                 p->pow2 ? "a power of two from " : "", p->min, p->max);
    return range;
}

const char *ts_field_doc(const struct ts_design_field *field)
{
    return field->own.doc ? field->own.doc : param_of(field)->doc;
}

static int64_t integer(const struct ts_design_field *field, const struct ts_design *design)
{
    int64_t value = 0;
    memcpy(&value, (const char *)design + field->offset, sizeof value);
    return value;
}

const char *ts_field_get(const struct ts_design_field *field, const struct ts_design *design,
                         char *text, size_t size)
{
    const char *place = (const char *)design + field->offset;
    if (field->kind == TS_FIELD_TEXT)
        return place;
    if (field->kind == TS_FIELD_REAL) {
        double value = 0;
        memcpy(&value, place, sizeof value);
        snprintf(text, size, "%.10g", value);
        return text;
    }
    int64_t value = integer(field, design);
    if (names_of(field))
        return names_of(field)[value - param_of(field)->min];
    snprintf(text, size, "%" PRId64, value);
    return text;
}

/* What a terminal would obey; a file may have it by escapes. */
static bool is_control(const char *text, bool lines)
{
    return utf8_control(text) && !(lines && (*text == '\n' || *text == '\t'));
}

static bool set_text(const struct ts_design_field *field, char *place, const char *text)
{
    size_t length = strlen(text);
    while (length > 0 && strchr(" \n\t", text[length - 1])) /* a block of text ends with a line */
        length--;
    if (length == 0 || length >= field->size)
        return false;
    for (size_t i = 0; i < length; i++)
        if (is_control(text + i, field->lines))
            return false;
    memcpy(place, text, length);
    place[length] = '\0';
    return true;
}

static bool set_real(const struct ts_param *p, char *place, const char *text)
{
    char *end = NULL;
    double value = strtod(text, &end);
    bool fits = value >= (double)p->min && value <= (double)p->max; /* no NaN either */
    if (end == text || *end || !fits)
        return false;
    memcpy(place, &value, sizeof value);
    return true;
}

static bool integer_value(const struct ts_design_field *field, const char *text, int64_t *value)
{
    const struct ts_param *p = param_of(field);
    const char *const *names = names_of(field);
    for (int64_t i = 0; names && names[i]; i++) {
        if (strcmp(names[i], text) == 0) {
            *value = p->min + i;
            return true;
        }
    }
    char *end = NULL;
    errno = 0;
    *value = strtoll(text, &end, 10);
    return !names && end != text && !*end && errno == 0;
}

bool ts_field_set(const struct ts_design_field *field, struct ts_design *design, const char *text)
{
    const struct ts_param *p = param_of(field);
    char *place = (char *)design + field->offset;
    if (field->kind == TS_FIELD_TEXT)
        return set_text(field, place, text);
    if (field->kind == TS_FIELD_REAL)
        return set_real(p, place, text);
    int64_t value = 0;
    if (!integer_value(field, text, &value))
        return false;
    if (value < p->min || value > p->max || (p->pow2 && (value & (value - 1))))
        return false;
    memcpy(place, &value, sizeof value);
    return true;
}
