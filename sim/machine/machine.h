/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What a design says of time: the constants of docs/machine.md, whose words these are.
 */
#ifndef TESSERA_SIM_MACHINE_MACHINE_H
#define TESSERA_SIM_MACHINE_MACHINE_H

#include "design/design.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Why a cycle is not busy: exactly one of these. */
enum ts_stall {
    TS_STALL_PRELOAD,
    TS_STALL_SKEW,
    TS_STALL_DRAIN,
    TS_STALL_L0,
    TS_STALL_L1,
    TS_STALL_SFU,
    TS_STALL_DRAM_WRITE,
    TS_STALL_DRAM_READ,
    TS_STALL_DRAM_LATENCY,
    TS_STALLS
};

/** "preload", "skew" and so on. */
extern const char *const ts_stall_names[TS_STALLS];

/** Bytes a cycle, as a fraction in lowest terms. */
struct ts_rate {
    int64_t num, den;
};

/** A machine in one mode. */
struct ts_machine {
    int64_t mode; /**< one of enum ts_modes */
    bool ideal;   /**< only the arrays take time */
    bool output_stationary;
    bool overlapped;     /**< preload, where weights are stationary */
    int64_t rows, lanes; /**< R, L */
    int64_t columns;     /**< C * S: columns of the result */
    int64_t depth;       /**< streamed rows of a tile, at most; where weights are stationary */
    int64_t add;         /**< D: cycles of an addition */
    int64_t skew, drain; /**< cycles after the last operands of a slice or tile */
    int64_t cores, corelets;
    int64_t cores_split, corelets_split; /**< enum ts_split */
    int64_t l0_half;                     /**< bytes */
    int64_t l1_size;                     /**< bytes */
    int64_t l0_rate, l1_rate;            /**< W0, W1 */
    struct ts_rate dram, link;
    int64_t latency;
    int64_t sfu_lanes;
    int64_t chips;
};

/**
 * The machine of a design that is one, in a mode that it has. Returns whether there is one; if
 * not, `error` is one line that begins with the field.
 */
bool ts_machine_make(const struct ts_design *design, int64_t mode, struct ts_machine *machine,
                     char *error, size_t size);

/** That of a design's array alone: memories without a limit, which take no time. */
void ts_machine_of_array(const struct ts_design *design, int64_t mode, struct ts_machine *machine);

/** Whether all modes of a design that is a machine have one whose buffers hold the least tile. */
bool ts_machine_check(const struct ts_design *design, char *error, size_t size);

/** Bits of an operand in L0, on port a or b: dY is on b in FP4 mode. */
int64_t ts_machine_operand_bits(const struct ts_design *design, int64_t mode, bool is_dy);

/** The least number of cycles in which a rate brings so many bytes. */
int64_t ts_rate_cycles(struct ts_rate rate, int64_t bytes);

#ifdef __cplusplus
}
#endif
#endif
