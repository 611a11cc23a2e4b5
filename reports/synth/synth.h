/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Synthesis and timing of one block: Yosys and ABC onto a Liberty library,
 * OpenSTA at a clock. Results are cached by the content of what goes in.
 */
#ifndef TESSERA_REPORTS_SYNTH_H
#define TESSERA_REPORTS_SYNTH_H

#include "tessera/block.h"
#include "tessera/error.h"

enum { TS_MAX_LIBERTY = 8, TS_MAX_PARTS = 16, TS_SYNTH_PATH = 4096 };

/** The cell library. */
struct ts_library {
    int n_files;
    const char *files[TS_MAX_LIBERTY]; /**< as given; plain Liberty */
    char name[64];                     /**< of the library, as it says itself */
    char digest[72];                   /**< SHA-256 of the files */
    double voltage_v, temperature_c, process; /**< operating conditions; NAN if it has none */
};

/** Reads what a library says of itself; false with one line if it is no Liberty file. */
bool ts_library_open(struct ts_library *library, const char *const *files, int n,
                     struct ts_error *error);

/** Area of one part of a block: an instance of a module below its top. */
struct ts_part {
    char name[64]; /**< module, e.g. dot_product */
    int instances;
    double area_um2;
};

struct ts_synth {
    char netlist[TS_SYNTH_PATH]; /**< flat mapped Verilog, top module `netlist_top` */
    double area_um2, sequential_um2;
    int cells, flops;
    double period_ns;        /**< that was asked for */
    double slack_ns;         /**< worst setup slack at that period, register to register and ports */
    double critical_path_ns; /**< period - slack */
    double leakage_mw;
    int n_parts;
    struct ts_part parts[TS_MAX_PARTS]; /**< from a second synthesis that keeps the hierarchy: shares, not sums */
    bool cached;
};

/** Synthesizes a block for a clock period; false with one line in `error`. */
bool ts_synthesize(const struct ts_block *block, const int64_t *params,
                   const struct ts_library *library, double period_ns, struct ts_synth *result,
                   struct ts_error *error);

#endif
