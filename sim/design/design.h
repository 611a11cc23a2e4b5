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

enum { TS_DESIGN_NAME = 64, TS_DESIGN_DESCRIPTION = 512, TS_DESIGN_PATH = 4096 };

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
};

/**
 * Reads a design file: a path, or the name of a shipped design. Returns
 * whether it is one; if not, `error` is one line that names the file, the field,
 * its value and what is allowed.
 */
bool ts_design_load(const char *path_or_name, struct ts_design *design, char *error, size_t size);

/** Fills the parameters (TS_MAX_PARAMS values) of the block mac_array. */
void ts_design_params(const struct ts_design *design, int64_t *params);

/** Multiply-accumulates of the whole array in a cycle, at best. */
int64_t ts_design_macs_per_cycle(const struct ts_design *design);

/** Peak rate in tera-operations per second; a multiply-accumulate is two operations. */
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
