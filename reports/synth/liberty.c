/* SPDX-License-Identifier: Apache-2.0 */
/* The cells of a library: area, what they compute, what they load. */
#include "synth/liberty.h"

#include "synth/function.h"
#include "synth/scan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FUNCTION = 128 };

/* A cell while it is being read. */
struct pins {
    int inputs, outputs;
    char names[TS_FUNCTION_INPUTS][TS_CELL_NAME];
    char function[MAX_FUNCTION]; /* of the last output */
    bool special;                /* has state, three states, or buses */
};

static bool not_liberty(const char *file, const char *why, struct ts_error *error)
{
    return ts_error_set(error, "%s: not a Liberty library: %s", file, why);
}

/* "1ns", "10ps": seconds. */
static double time_of(struct ts_span span, double otherwise)
{
    static const struct {
        const char *name;
        double seconds;
    } units[] = {{"s", 1}, {"ms", 1e-3}, {"us", 1e-6}, {"ns", 1e-9}, {"ps", 1e-12}, {"fs", 1e-15}};
    char text[32], *unit;
    ts_span_copy(span, text, sizeof text);
    double number = strtod(text, &unit);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (unit != text && strcmp(unit + strspn(unit, " "), units[i].name) == 0)
            return number * units[i].seconds;
    return otherwise;
}

/* (1,pf): farads. */
static double capacitance_of(struct ts_span span, double otherwise)
{
    char text[32], *unit;
    ts_span_copy(span, text, sizeof text);
    double number = strtod(text, &unit);
    if (unit == text)
        return otherwise;
    unit += strspn(unit, " ,\"");
    return *unit == 'f' || *unit == 'F' ? number * 1e-15 : number * 1e-12;
}

static bool read_pin(struct ts_scan *scan, struct ts_span name, struct ts_cell *cell,
                     struct pins *pins)
{
    char direction[16] = "", function[MAX_FUNCTION] = "";
    double capacitance = 0;
    for (;;) {
        struct ts_statement s = ts_scan_next(scan);
        if (s.kind == TS_GROUP_END)
            break;
        if (s.kind == TS_TEXT_END || s.kind == TS_MALFORMED)
            return false;
        if (s.kind == TS_GROUP && !ts_scan_leave(scan))
            return false;
        if (ts_span_is(s.name, "direction"))
            ts_span_copy(s.value, direction, sizeof direction);
        else if (ts_span_is(s.name, "function"))
            ts_span_copy(s.value, function, sizeof function);
        else if (ts_span_is(s.name, "capacitance"))
            capacitance = ts_span_number(s.value, 0);
        else if (ts_span_is(s.name, "three_state"))
            pins->special = true;
    }
    if (strcmp(direction, "input") == 0) {
        if (pins->inputs == 0)
            cell->input_capacitance = capacitance;
        if (pins->inputs < TS_FUNCTION_INPUTS)
            ts_span_copy(name, pins->names[pins->inputs], TS_CELL_NAME);
        pins->inputs++;
    } else if (strcmp(direction, "output") == 0) {
        memcpy(pins->function, function, sizeof function);
        pins->outputs++;
    } else
        pins->special |= strcmp(direction, "internal") != 0;
    return true;
}

static enum ts_cell_kind kind_of(const struct pins *pins)
{
    const char *names[TS_FUNCTION_INPUTS] = {pins->names[0], pins->names[1]};
    if (pins->special || pins->outputs != 1 || pins->inputs < 1 ||
        pins->inputs > TS_FUNCTION_INPUTS)
        return TS_CELL_OTHER;
    int table = ts_function_table(pins->function, names, pins->inputs);
    if (pins->inputs == 1)
        return table == 0x2 ? TS_CELL_BUFFER : TS_CELL_OTHER;
    return table == 0x7 ? TS_CELL_NAND2 : table == 0x1 ? TS_CELL_NOR2 : TS_CELL_OTHER;
}

static bool read_cell(struct ts_scan *scan, struct ts_cell *cell)
{
    struct pins pins = {0};
    bool flip_flop = false;
    for (;;) {
        struct ts_statement s = ts_scan_next(scan);
        if (s.kind == TS_GROUP_END)
            break;
        if (s.kind == TS_TEXT_END || s.kind == TS_MALFORMED)
            return false;
        if (s.kind == TS_GROUP) {
            bool pin = ts_span_is(s.name, "pin");
            flip_flop |= ts_span_is(s.name, "ff") || ts_span_is(s.name, "ff_bank");
            pins.special |= ts_span_is(s.name, "latch") || ts_span_is(s.name, "bus") ||
                            ts_span_is(s.name, "bundle") || ts_span_is(s.name, "statetable");
            if (pin ? !read_pin(scan, s.value, cell, &pins) : !ts_scan_leave(scan))
                return false;
        } else if (ts_span_is(s.name, "area"))
            cell->area = ts_span_number(s.value, 0);
        else if (ts_span_is(s.name, "dont_use"))
            cell->dont_use = ts_span_is(s.value, "true");
    }
    cell->kind = flip_flop ? TS_CELL_FLIP_FLOP : kind_of(&pins);
    return true;
}

static struct ts_cell *new_cell(struct ts_liberty *liberty, struct ts_span name)
{
    int n = liberty->n_cells;
    if ((n & (n - 1)) == 0) { /* room for a power of two of them */
        size_t room = n ? 2 * (size_t)n : 1;
        struct ts_cell *cells = realloc(liberty->cells, room * sizeof *cells);
        if (!cells)
            return NULL;
        liberty->cells = cells;
    }
    struct ts_cell *cell = &liberty->cells[liberty->n_cells++];
    *cell = (struct ts_cell){0};
    ts_span_copy(name, cell->name, sizeof cell->name);
    return cell;
}

static void read_attribute(const struct ts_statement *s, struct ts_liberty *liberty)
{
    if (ts_span_is(s->name, "nom_voltage"))
        liberty->voltage = ts_span_number(s->value, NAN);
    else if (ts_span_is(s->name, "nom_temperature"))
        liberty->temperature = ts_span_number(s->value, NAN);
    else if (ts_span_is(s->name, "nom_process"))
        liberty->process = ts_span_number(s->value, NAN);
    else if (ts_span_is(s->name, "time_unit"))
        liberty->time_unit_s = time_of(s->value, liberty->time_unit_s);
    else if (ts_span_is(s->name, "capacitive_load_unit"))
        liberty->capacitance_unit_f = capacitance_of(s->value, liberty->capacitance_unit_f);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct ts_cell *)a)->name, ((const struct ts_cell *)b)->name);
}

bool ts_liberty_parse(const char *file, const char *text, size_t size, struct ts_liberty *liberty,
                      struct ts_error *error)
{
    *liberty = (struct ts_liberty){.voltage = NAN,
                                   .temperature = NAN,
                                   .process = NAN,
                                   .time_unit_s = 1e-9,
                                   .capacitance_unit_f = 1e-12};
    struct ts_scan scan = {text, text + size};
    struct ts_statement s = ts_scan_next(&scan);
    if (s.kind == TS_TEXT_END)
        return not_liberty(file, "it is empty", error);
    if (s.kind != TS_GROUP || !ts_span_is(s.name, "library"))
        return not_liberty(file, "it does not start with 'library (NAME) {'", error);
    ts_span_copy(s.value, liberty->name, sizeof liberty->name);
    while ((s = ts_scan_next(&scan)).kind != TS_GROUP_END) {
        bool fine = s.kind == TS_ATTRIBUTE || s.kind == TS_GROUP;
        if (s.kind == TS_ATTRIBUTE)
            read_attribute(&s, liberty);
        else if (s.kind == TS_GROUP && ts_span_is(s.name, "cell")) {
            struct ts_cell *cell = new_cell(liberty, s.value);
            fine = cell && read_cell(&scan, cell);
        } else if (s.kind == TS_GROUP)
            fine = ts_scan_leave(&scan);
        if (!fine) {
            ts_liberty_free(liberty);
            return not_liberty(file,
                               scan.at == scan.end ? "it ends inside a group; is it cut off?"
                                                   : "it has text that is no statement",
                               error);
        }
    }
    if (liberty->n_cells == 0)
        return ts_error_set(error, "%s: the library '%s' has no cells", file, liberty->name);
    qsort(liberty->cells, (size_t)liberty->n_cells, sizeof *liberty->cells, by_name);
    return true;
}

void ts_liberty_free(struct ts_liberty *liberty)
{
    free(liberty->cells);
    *liberty = (struct ts_liberty){0};
}

const struct ts_cell *ts_liberty_cell(const struct ts_liberty *liberty, const char *name)
{
    struct ts_cell key = {0};
    snprintf(key.name, sizeof key.name, "%s", name);
    return bsearch(&key, liberty->cells, (size_t)liberty->n_cells, sizeof key, by_name);
}
