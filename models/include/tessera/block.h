/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The block descriptor: one hardware block, described once.
 *
 * A block is one C file and one SystemVerilog module of the same name, with
 * the same parameters and ports. Its SystemC module, test vectors,
 * co-simulation port map and cost row are made from this descriptor. The
 * build finds blocks by their files (models/blocks/NAME.c defines
 * ts_block_NAME), so adding one edits no list.
 *
 * Port and pipeline contract. Beside the ports listed here, every module has
 * clk_i, a synchronous rst_ni, valid_i and valid_o; there is no back-pressure.
 * RTL port names add _i or _o. A port of `count` elements is one packed
 * vector, element 0 in the low bits. Output data counts only while valid_o
 * is 1, unless its port says otherwise. Reset reaches valid bits and state
 * machines, never datapath registers.
 */
#ifndef TESSERA_BLOCK_H
#define TESSERA_BLOCK_H

#include "tessera/format.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { TS_MAX_PARAMS = 16, TS_MAX_PORTS = 20 };

/** Bits of the `Modes` parameter: the operand pairings a unit multiplies. */
enum ts_modes { TS_MODE_INT4 = 1, TS_MODE_FP4 = 2, TS_MODE_HFP8 = 4, TS_MODE_FP16 = 8 };

/** Values of `Variant`: how a dot product enters the running sum of a chunk. */
enum ts_variant {
    TS_VARIANT_FUSED,  /**< acc = RN(acc + P * 2^s): one rounding of the exact sum */
    TS_VARIANT_SPLIT,  /**< acc = RN(acc + RN(P * 2^s)) */
    TS_VARIANT_INTEGER /**< exact integer sum, one RN at the chunk's end */
};

/** Values of `Outer`: the format of the sum over chunks. */
enum ts_outer { TS_OUTER_DLFLOAT16, TS_OUTER_FP32 };

/** A parameter: an integer within a range, some with named values. */
struct ts_param {
    const char *name; /**< as in the RTL, UpperCamelCase */
    int64_t min, max;
    int64_t preset; /**< the value when none is given */
    bool pow2;      /**< powers of two only */
    /** Names of the values from min on, NULL-ended, or NULL. What has an empty name is no value. */
    const char *const *names;
    const char *doc;
};

enum ts_port_dir { TS_IN, TS_OUT };

/** A port of `count` elements, each of `bits` bits. */
struct ts_port {
    const char *name; /**< without _i or _o */
    enum ts_port_dir dir;
    bool control; /**< bits without arithmetic meaning; else a code or an integer */
    bool always;  /**< an output that counts in every clock since a reset, not with valid_o alone */
    const struct ts_format *format; /**< of a code; NULL (and no format_of): two's complement */
    const struct ts_format *(*format_of)(const int64_t *params);
    int bits; /**< of one element; 0: ask bits_of */
    int (*bits_of)(const int64_t *params);
    int (*count_of)(const int64_t *params); /**< NULL: one element */
    /**
     * The cycle in which an element counts, after that of valid_i, where valid_o comes `latency`
     * cycles after it; NULL: an input with valid_i, an output with valid_o.
     */
    int (*cycle_of)(const int64_t *params, int element, int latency);
    const char *doc;
};

/** What a protocol makes of a clock: no operation, an operation, or nothing more. */
enum ts_clock { TS_CLOCK_IDLE, TS_CLOCK_VALID, TS_CLOCK_END };

/**
 * A hardware block.
 *
 * step() is the golden arithmetic, one operation per call: `in` and `out` hold
 * the elements of all input (output) ports in the order of the port table, one
 * element a word, zero-extended codes, two's complement
 * truncated to the element's bits for integers. Time is not its matter: a result appears
 * `latency` cycles later in SystemC and RTL.
 *
 * A block with state is stepped once a clock, also with valid = false; a block
 * without (state_bytes is NULL) only for valid operations, with state = NULL.
 * step() returns whether this clock's operation yields an output.
 *
 * A block with timing of its own (own_timing) has ports that count in different
 * cycles, and a hand-written SystemC module. Its step() is the arithmetic of one
 * operation all the same; `latency` is that of valid_o.
 */
struct ts_block {
    const char *name;
    const char *brief;
    const char *source; /**< publication that settles it; [A] where none does */
    const struct ts_param *params;
    int n_params;
    const struct ts_port *ports;
    int n_ports;
    const char *cuts; /**< named pipeline cuts, in the order in which `Stages` takes them */
    bool own_timing;
    int (*latency)(const int64_t *params); /**< in cycles, valid_i to valid_o */
    /** Whether the parameters fit together; NULL if yes, else one line saying why not. */
    const char *(*check)(const int64_t *params);
    size_t (*state_bytes)(const int64_t *params);
    void (*reset)(const int64_t *params, void *state);
    bool (*step)(const int64_t *params, void *state, bool valid, const uint64_t *in, uint64_t *out);
    /** What simulators may call in place of step(): the same bits in less time. May be NULL. */
    bool (*fast_step)(const int64_t *params, void *state, bool valid, const uint64_t *in,
                      uint64_t *out);
    /** Bends random inputs to a hard case (cancellation, tie), as `random` says; may be NULL. */
    void (*stress)(const int64_t *params, uint64_t random, uint64_t *in);
    /**
     * Of a block whose clocks depend on each other (operands are loaded before they are used):
     * bends random inputs of clock `clock` of a sequence, counted from 0 after the reset, to legal
     * ones; NULL if any are. `random` belongs to the sequence, `valid` is a wish. TS_CLOCK_END says
     * that the sequence ended before this clock, with nothing under way.
     */
    enum ts_clock (*protocol)(const int64_t *params, uint64_t random, uint64_t clock, bool valid,
                              uint64_t *in);
};

/** All blocks by name, NULL at the end. */
extern const struct ts_block *const ts_blocks[];

/** The block of that name, or NULL. */
const struct ts_block *ts_block_find(const char *name);

/** Fills `params` (TS_MAX_PARAMS values) with the presets. */
void ts_block_presets(const struct ts_block *block, int64_t *params);

/** The presets of a part, and over them the values of the parameters that `whole` has too. */
void ts_block_part_params(const struct ts_block *whole, const int64_t *whole_params,
                          const struct ts_block *part, int64_t *part_params);

/**
 * Sets one parameter from text such as "Lanes=8" or "Variant=split" (names
 * ignore case). Returns NULL, or one line that says what is wrong and what is
 * allowed, in static storage of the calling thread.
 */
const char *ts_block_set(const struct ts_block *block, int64_t *params, const char *assignment);

/** NULL if the parameters are within range and fit together, else why not. */
const char *ts_block_check(const struct ts_block *block, const int64_t *params);

/** The index of a parameter, or -1. Names ignore case. */
int ts_block_param(const struct ts_block *block, const char *name);

/** The format of a port's codes, or NULL for integers and control bits. */
const struct ts_format *ts_port_format(const struct ts_port *port, const int64_t *params);

/** Bits of one element, number of elements, and first word of a port. */
int ts_port_bits(const struct ts_port *port, const int64_t *params);
int ts_port_count(const struct ts_port *port, const int64_t *params);
int ts_port_first(const struct ts_block *block, int port, const int64_t *params);

/** The cycle in which an element of a port counts, after that of valid_i (cycle_of). */
int ts_port_cycle(const struct ts_port *port, const int64_t *params, int element, int latency);

/** Words of all inputs (outputs) together. */
int ts_block_words(const struct ts_block *block, enum ts_port_dir dir, const int64_t *params);

/** Interprets an element of a port as two's complement. */
int64_t ts_sign_extend(uint64_t word, int bits);

#ifdef __cplusplus
}
#endif
#endif
