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

#ifdef __cplusplus
extern "C" {
#endif

enum { TS_MAX_LIBERTY = 8, TS_MAX_PARTS = 16, TS_SYNTH_PATH = 4096 };

/** The cell library. */
struct ts_library {
    int n_files;
    const char *files[TS_MAX_LIBERTY]; /**< as given: Liberty, perhaps packed by gzip */
    char liberty[TS_SYNTH_PATH]; /**< what the tools read: one plain Liberty file with all cells */
    char name[64];               /**< of the library, as it says itself */
    char digest[72];             /**< SHA-256 of the files, one after the other */
    double voltage_v, temperature_c, process; /**< operating conditions; NAN if it has none */
    double gate_um2;    /**< its smallest two-input NAND or NOR gate; NAN if it has none */
    double time_unit_s; /**< of OpenSTA's commands, once it has read the library */
    char driver[128];   /**< its smallest buffer, which drives and loads a block; "" if none */
    double capacitance_unit_f;
    double load_ff; /**< of an output: four inputs of the driver */
};

/** The library when none is named: $TESSERA_LIBERTY, else osu018 where Debian installs it. */
const char *ts_library_preset(void);

/**
 * Reads what a library says of itself; false with one line if it is no Liberty file. Several files
 * become one library, named as the first; they must agree in their units and tables.
 */
bool ts_library_open(struct ts_library *library, const char *const *files, int n,
                     struct ts_error *error);

/** Area of one part of a block: all instances of a module directly below its top. */
struct ts_part {
    char name[64]; /**< module, e.g. dot_product; `rest` is what the block itself has */
    int instances;
    double area_um2; /**< of all instances, with all that is in them */
};

struct ts_synth {
    char netlist[TS_SYNTH_PATH]; /**< flat mapped Verilog, top module `netlist_top` */
    double area_um2, sequential_um2;
    int cells, flops;
    double period_ns; /**< that was asked for */
    /** Worst setup slack at that period, between registers and ports; the period itself without
     * a timed path. */
    double slack_ns;
    double critical_path_ns; /**< period - slack */
    double leakage_mw;
    int n_parts;
    /** From a second synthesis, which keeps the hierarchy: they add up to its area, not to
     * area_um2. Largest first; parts without gates are left out. */
    struct ts_part parts[TS_MAX_PARTS];
    bool cached; /**< nothing was run */
};

/** The programs behind it. */
enum ts_synth_tool { TS_YOSYS, TS_OPENSTA };

/** One line of its version; false with one line if it is not installed. */
bool ts_synth_version(enum ts_synth_tool tool, char *version, size_t size, struct ts_error *error);

/** Synthesizes a block for a clock period; false with one line in `error`. */
bool ts_synthesize(const struct ts_block *block, const int64_t *params,
                   const struct ts_library *library, double period_ns, struct ts_synth *result,
                   struct ts_error *error);

#ifdef __cplusplus
}
#endif
#endif
