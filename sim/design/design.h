/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A design: one machine that a workload is run on, as its YAML file describes it.
 *
 * The ranges of the array's fields are those of the parameters of the block
 * mac_array; they are stated nowhere else.
 */
#ifndef TESSERA_SIM_DESIGN_H
#define TESSERA_SIM_DESIGN_H

#include "tessera/arith.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    TS_DESIGN_NAME = 64,
    TS_DESIGN_DESCRIPTION = 512,
    TS_DESIGN_PATH = 4096,
    TS_DESIGN_RULES = 1024
};

/** Which dimension of a GEMM is shared out. */
enum ts_split { TS_SPLIT_M, TS_SPLIT_N, TS_SPLIT_AUTO };

/** What stays in an mpe. */
enum ts_stationary { TS_WEIGHT_STATIONARY, TS_OUTPUT_STATIONARY };

enum ts_preload { TS_PRELOAD_SERIAL, TS_PRELOAD_OVERLAPPED };

/** Whether a fold's fixed drain takes time. */
enum ts_drain { TS_DRAIN_COUNTED, TS_DRAIN_IDEAL };

/** Whether what surrounds the arrays takes time. */
enum ts_memories { TS_MEMORIES_REAL, TS_MEMORIES_IDEAL };

/** How dY is kept between BWD and GRAD. */
enum ts_dy { TS_DY_TWO_4BIT, TS_DY_REQUANTIZED, TS_DY_ONE_5BIT };

/** A memory on the chip. Its banks are accessed together, as one wide word. */
struct ts_memory {
    int64_t kib;
    int64_t banks;
    int64_t ports; /**< 1: reads and writes take turns */
    int64_t bytes; /**< of a port per cycle */
};

struct ts_design {
    char name[TS_DESIGN_NAME];
    char description[TS_DESIGN_DESCRIPTION];
    double clock_mhz; /**< target clock of synthesis */
    int64_t modes;    /**< bits of enum ts_modes */
    struct {
        int64_t rows, cols; /**< mpes along k and n */
        int64_t simd;       /**< slices of an mpe, along n */
        int64_t lanes;      /**< products of a slice per cycle, along k */
        int64_t depth;      /**< streamed rows per fold */
    } array;
    struct {
        int64_t chunk;   /**< products per inner sum */
        int64_t variant; /**< enum ts_variant */
        int64_t outer;   /**< enum ts_outer */
        int64_t saturate;
    } accumulator;
    struct {
        int64_t dot, acc, outer; /**< pipeline registers, cycles */
    } stages;
    bool quantizes; /**< there is a section `quantization`; always where modes has fp4 */
    struct {
        int64_t phase_bwd, phase_grad; /**< 0 even, 1 odd: the grid of each GEMM's gradients */
        int64_t gradscale_target;      /**< exponent at which the largest gradient is put */
        int64_t underflow;             /**< enum ts_underflow */
    } quantization;
    bool is_machine; /**< the file has what surrounds the array: all that follows */
    struct {
        int64_t cores, corelets;             /**< corelets of a core: each has an array */
        int64_t cores_split, corelets_split; /**< enum ts_split */
        int64_t memories;                    /**< enum ts_memories */
        int64_t zero_gating;
    } chip;
    struct {
        int64_t stationary, preload, drain;
    } dataflow;
    struct ts_memory l0, l1; /**< of a corelet, of a core */
    struct {
        double gb_s; /**< 10^9 bytes a second, to three decimals */
        int64_t latency_ns;
    } dram;
    struct {
        int64_t lanes; /**< special-function operations of a corelet per cycle */
    } sfu;
    struct {
        int64_t dy; /**< enum ts_dy */
        int64_t skip_zeros;
        char precision[TS_DESIGN_RULES]; /**< lines for ts_policy_parse() */
    } training;
    struct {
        int64_t chips;
        double gb_s;
    } link;
};

/**
 * Reads a design file: a path, or the name of a shipped design. Returns
 * whether it is one; if not, `error` is one line that names the file, the line, the field,
 * its value and what is allowed.
 */
bool ts_design_load(const char *path_or_name, struct ts_design *design, char *error, size_t size);

/** The same, of a design whose modes the RTL's mac_array is built with. */
bool ts_design_load_array(const char *path_or_name, struct ts_design *design, char *error,
                          size_t size);

/**
 * Whether a design whose fields are each in range is possible as a whole, as a file's must be; if
 * not, `error` is one line that begins with a field.
 */
bool ts_design_check(const struct ts_design *design, char *error, size_t size);

/** Fills the parameters (TS_MAX_PARAMS values) of the block mac_array. */
void ts_design_params(const struct ts_design *design, int64_t *params);

/** Multiply-accumulates of one array in a cycle, at best. */
int64_t ts_design_macs_per_cycle(const struct ts_design *design);

/** Products of a slice of an mpe in a cycle, in one mode of the design (enum ts_modes). */
int64_t ts_design_lanes(const struct ts_design *design, int64_t mode);

/** Arrays of the chip: 1 unless the design is a machine. */
int64_t ts_design_arrays(const struct ts_design *design);

/** Peak rate of the whole chip in one mode, in tera-operations per second. */
double ts_design_chip_tops(const struct ts_design *design, int64_t mode);

/** Peak rate of one array in tera-operations per second; a multiply-accumulate is two operations.
 */
double ts_design_peak_tops(const struct ts_design *design);

/**
 * The directory of the shipped designs: share/tessera/designs beside the
 * libexec or bin directory of the running program, built or installed. Returns false if
 * there is none.
 */
bool ts_design_directory(char *path, size_t size);

/** Names of the shipped designs in order, at most `max`; returns how many there are. */
size_t ts_design_list(char (*names)[TS_DESIGN_NAME], size_t max);

#ifdef __cplusplus
}
#endif
#endif
