/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Liberty: as much of the format as it takes to know a library's cells.
 */
#ifndef TESSERA_REPORTS_LIBERTY_H
#define TESSERA_REPORTS_LIBERTY_H

#include <stdbool.h>
#include <stddef.h>

#include "tessera/error.h"

enum { TS_CELL_NAME = 128 };

/** What a cell computes, as far as it matters here. */
enum ts_cell_kind { TS_CELL_OTHER, TS_CELL_BUFFER, TS_CELL_NAND2, TS_CELL_NOR2, TS_CELL_FLIP_FLOP };

struct ts_cell {
    char name[TS_CELL_NAME];
    enum ts_cell_kind kind;
    double area;
    double input_capacitance; /**< of its first input, in the library's unit */
    bool dont_use;
};

struct ts_liberty {
    char name[TS_CELL_NAME];
    double voltage, temperature, process;   /**< nominal; NAN where it says nothing */
    double time_unit_s, capacitance_unit_f; /**< 1 ns and 1 pF where it says nothing */
    struct ts_cell *cells;
    int n_cells;
};

/**
 * Reads the text of `file` (only its name is used, in errors) to `liberty`. False with one line if
 * it is no Liberty library or has no cells.
 */
bool ts_liberty_parse(const char *file, const char *text, size_t size, struct ts_liberty *liberty,
                      struct ts_error *error);

void ts_liberty_free(struct ts_liberty *liberty);

/** The cell of that name, or NULL. */
const struct ts_cell *ts_liberty_cell(const struct ts_liberty *liberty, const char *name);

#endif
