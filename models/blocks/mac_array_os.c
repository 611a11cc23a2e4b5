/* SPDX-License-Identifier: Apache-2.0 */
/* mac_array_os: an output-stationary array of Rows x Cols cells that hold their sums. */
#include "core/array_stress.h"
#include "core/array_sums.h"
#include "tessera/mac_array.h"

#include <string.h>

enum {
    ROWS,
    COLS,
    MODES,
    SIMD,
    LANES,
    CHUNK,
    VARIANT,
    OUTER,
    SATURATE,
    DOT_STAGES,
    ACC_STAGES,
    OUTER_STAGES,
    ZERO_GATE
};

static const struct ts_param params[] = {
    [ROWS] = {"Rows", 1, 64, 8, .doc = "cells along m"},
    [COLS] = {"Cols", 1, 64, 8, .doc = "cells along n"},
    [MODES] = {"Modes", 1, TS_MODE_FP16, 3, .names = ts_array_modes_names,
               .doc = "operand pairings of a cell"},
    [SIMD] = TS_PARAM_SIMD,
    [LANES] = TS_PARAM_LANES,
    [CHUNK] = TS_PARAM_CHUNK,
    [VARIANT] = TS_PARAM_VARIANT,
    [OUTER] = TS_PARAM_OUTER,
    [SATURATE] = TS_PARAM_SATURATE,
    [DOT_STAGES] = TS_PARAM_DOT_STAGES,
    [ACC_STAGES] = {"AccStages", 1, 3, 1,
                    .doc = "pipeline registers of the inner sum, and rows that a cell works on"},
    [OUTER_STAGES] = {"OuterStages", 1, 3, 1, .doc = "pipeline registers of outer_add, cycles"},
    [ZERO_GATE] = {"ZeroGate", 0, 1, 0,
                   .doc = "operand registers hold what they have where zeros come; the same bits"},
};

/* Rows of the result in a tile, and its columns. */
static size_t tile_rows(const int64_t *p)
{
    return (size_t)(p[ROWS] * p[ACC_STAGES]);
}

static size_t tile_columns(const int64_t *p)
{
    return (size_t)(p[COLS] * p[SIMD]);
}

/*
 * acc, outer and leaving, [row][column] of a tile each: sums in the cells, and rows on their way
 * out. The operation in clock t belongs to slot t mod AccStages.
 */
struct state {
    size_t slot;
    size_t left; /* rows that have not left */
    uint64_t words[];
};

static uint64_t *acc_row(const int64_t *p, struct state *state, size_t row)
{
    return state->words + row * tile_columns(p);
}

static uint64_t *outer_row(const int64_t *p, struct state *state, size_t row)
{
    return acc_row(p, state, tile_rows(p) + row);
}

static uint64_t *leaving_row(const int64_t *p, struct state *state, size_t row)
{
    return outer_row(p, state, tile_rows(p) + row);
}

static size_t state_bytes(const int64_t *p)
{
    return sizeof(struct state) + tile_rows(p) * tile_columns(p) * 3 * sizeof(uint64_t);
}

static void reset(const int64_t *p, void *state)
{
    memset(state, 0, state_bytes(p));
}

static struct ts_slices slices_of(const int64_t *p)
{
    /* mpe's parameters, in its order. */
    static const int order[] = {MODES,   SIMD,     LANES,      CHUNK,
                                VARIANT, SATURATE, DOT_STAGES, ACC_STAGES};
    struct ts_slices slices = {
        .modes = p[MODES],
        .lanes = p[LANES],
        .variant = p[VARIANT],
        .outer = p[OUTER],
        .overflow = ts_overflow_of(p[SATURATE]),
        .acc_bits = ts_acc_bits(p[MODES], p[CHUNK], p[VARIANT]),
    };
    for (int i = 0; i < TS_COUNT(order); i++)
        slices.mpe[i] = p[order[i]];
    return slices;
}

/* The control of an operation. */
struct control {
    struct ts_mpe_mode mode;
    bool close, first, drain;
};

/* One dot product of each slice in a row of cells. */
static void add_row(const int64_t *p, struct state *state, size_t row, const uint64_t *left,
                    const uint64_t *top, const struct control *control,
                    const struct ts_array_sums *sums)
{
    const struct ts_slices slices = slices_of(p);
    int weight = control->mode.escale + ts_product_exp(ts_fp4_mode(p[MODES], control->mode.fp4));
    uint64_t *acc = acc_row(p, state, row), *outer = outer_row(p, state, row);
    sums->row(&slices, &control->mode, top, left, tile_columns(p), acc);
    for (size_t n = 0; control->close && n < tile_columns(p); n++) {
        uint32_t sum = control->first ? 0 : (uint32_t)outer[n];
        outer[n] = sums->outer(&slices, sum, acc[n], weight);
        acc[n] = 0;
    }
}

int ts_mac_array_os_tile_cycles(const int64_t *p, int steps)
{
    int64_t skew = p[ROWS] + p[COLS] - 2;
    int64_t drain = p[DOT_STAGES] + p[ACC_STAGES] - 1 + p[OUTER_STAGES] + 1;
    return (int)(steps * p[ACC_STAGES] + skew + drain);
}

static int operand_bits(const int64_t *p)
{
    return ts_operand_bits(p[MODES]);
}

static int outer_bits(const int64_t *p)
{
    return ts_format_bits(ts_outer_format(p[OUTER]));
}

static int row_operands(const int64_t *p)
{
    return (int)(p[ROWS] * p[LANES]);
}

static int column_operands(const int64_t *p)
{
    return (int)(p[COLS] * p[SIMD] * p[LANES]);
}

static int results(const int64_t *p)
{
    return (int)tile_columns(p);
}

static const struct ts_format *operand_format(const int64_t *p)
{
    return ts_operand_format(p[MODES]);
}

static const struct ts_format *outer_format(const int64_t *p)
{
    return ts_outer_format(p[OUTER]);
}

enum { SWAP, A_UNSIGNED, FP4, ESCALE, CLOSE, FIRST, DRAIN };

static const struct ts_port ports[] = {
    {"left", TS_IN, .format_of = operand_format, .bits_of = operand_bits, .count_of = row_operands,
     .doc = "of row r: row r * AccStages + t mod AccStages of the tile, k ascending"},
    {"top", TS_IN, .format_of = operand_format, .bits_of = operand_bits,
     .count_of = column_operands,
     .doc = "column by column of the tile; stands still for AccStages cycles"},
    {"swap", TS_IN, .control = true, .bits = 1, .doc = "top is port a, else port b"},
    {"a_unsigned", TS_IN, .control = true, .bits = 1, .doc = "port a is uint4 (PACT), else int4"},
    {"fp4", TS_IN, .control = true, .bits = 1, .doc = "port b is fp5_r2; ignored with one mode"},
    {"escale", TS_IN, .bits = 7, .doc = "power of two of the products"},
    {"close", TS_IN, .control = true, .bits = 1, .doc = "a chunk ends with this operation"},
    {"first", TS_IN, .control = true, .bits = 1,
     .doc = "the outer sums of the chunk that ends start from zero"},
    {"drain", TS_IN, .control = true, .bits = 1,
     .doc = "the tile ends with this operation: its rows leave, the last one first"},
    {"outer", TS_OUT, .format_of = outer_format, .bits_of = outer_bits, .count_of = results,
     .doc = "a row of results"},
};

static int latency(const int64_t *p)
{
    return ts_mac_array_os_tile_cycles(p, 1) - (int)p[ACC_STAGES] + 1;
}

static const char *check(const int64_t *p)
{
    const char *why_not = ts_check_mpe(p[MODES], p[LANES], p[CHUNK], p[VARIANT], p[DOT_STAGES]);
    if (why_not)
        return why_not;
    if (p[OUTER_STAGES] > p[ACC_STAGES])
        return "OuterStages must not exceed AccStages";
    return NULL;
}

static void operate(const int64_t *p, struct state *state, const uint64_t *in,
                    const struct ts_array_sums *sums)
{
    const uint64_t *top = in + row_operands(p);
    const uint64_t *bits = top + column_operands(p);
    struct control control = {
        .mode = {.swap = bits[SWAP] & 1,
                 .a_unsigned = bits[A_UNSIGNED] & 1,
                 .fp4 = bits[FP4] & 1,
                 .escale = (int)ts_sign_extend(bits[ESCALE], 7)},
        .close = bits[CLOSE] & 1,
        .first = bits[FIRST] & 1,
        .drain = bits[DRAIN] & 1,
    };
    for (size_t r = 0; r < (size_t)p[ROWS]; r++)
        add_row(p, state, r * (size_t)p[ACC_STAGES] + state->slot, in + r * (size_t)p[LANES], top,
                &control, sums);
    if (!control.drain)
        return;
    state->left = tile_rows(p);
    memcpy(leaving_row(p, state, 0), outer_row(p, state, 0),
           tile_rows(p) * tile_columns(p) * sizeof *state->words);
}

static bool step_with(const int64_t *p, void *memory, bool valid, const uint64_t *in, uint64_t *out,
                      const struct ts_array_sums *sums)
{
    struct state *state = memory;
    if (valid)
        operate(p, state, in, sums);
    state->slot = (state->slot + 1) % (size_t)p[ACC_STAGES];
    if (state->left == 0)
        return false;
    memcpy(out, leaving_row(p, state, --state->left), tile_columns(p) * sizeof *out);
    return true;
}

static bool step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    return step_with(p, state, valid, in, out, &ts_golden_sums);
}

static bool fast_step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    return step_with(p, state, valid, in, out, &ts_fast_sums);
}

/*
 * Whole tiles, one after the other has drained, whose controls stay as they are until then. A
 * sequence begins with some idle clocks, in which a bench may still be resetting.
 */
static enum ts_clock protocol(const int64_t *p, uint64_t random, uint64_t clock, bool valid,
                              uint64_t *in)
{
    enum { IDLE_CLOCKS = 4, TILES = 8, CHUNK_STEPS = 4, CHUNKS = 3 };
    const uint64_t scatter = 0x9E3779B97F4A7C15;
    uint64_t chunk = (uint64_t)(p[CHUNK] / p[LANES]);
    chunk = chunk < CHUNK_STEPS ? chunk : CHUNK_STEPS;
    uint64_t steps = 1 + (random & 0xFF) % (CHUNKS * chunk);
    uint64_t cycles = (uint64_t)ts_mac_array_os_tile_cycles(p, (int)steps);
    uint64_t period = cycles < tile_rows(p) ? tile_rows(p) : cycles;
    if (clock < IDLE_CLOCKS)
        return TS_CLOCK_IDLE;
    uint64_t tile = (clock - IDLE_CLOCKS) / period, now = (clock - IDLE_CLOCKS) % period;
    if (tile == TILES)
        return now < tile_rows(p) ? TS_CLOCK_IDLE : TS_CLOCK_END;

    uint64_t mode = random >> (tile & 7) * 8, step = now / (uint64_t)p[ACC_STAGES];
    uint64_t *control = in + row_operands(p) + column_operands(p);
    bool ends = now + 1 == steps * (uint64_t)p[ACC_STAGES];
    control[SWAP] = mode & 1;
    control[A_UNSIGNED] = mode >> 1 & 1;
    control[FP4] = mode >> 2 & 1;
    control[ESCALE] = ts_low_bits(ts_stress_escale((random ^ tile) * scatter), 7);
    control[CLOSE] = (step + 1) % chunk == 0 || step + 1 == steps;
    control[FIRST] = step < chunk;
    control[DRAIN] = ends;
    bool takes = step < steps && (valid || control[CLOSE]);
    return takes ? TS_CLOCK_VALID : TS_CLOCK_IDLE;
}

static void stress(const int64_t *p, uint64_t random, uint64_t *in)
{
    size_t lanes = (size_t)p[LANES];
    ts_stress_operands((size_t)(row_operands(p) + column_operands(p)) / lanes, lanes, random, in);
}

const struct ts_block ts_block_mac_array_os = {
    .name = "mac_array_os",
    .brief = "output-stationary systolic array of multiply-accumulate cells",
    .source = "US'841; the drain [A]",
    .params = params,
    .n_params = TS_COUNT(params),
    .ports = ports,
    .n_ports = TS_COUNT(ports),
    .cuts = "as mpe and outer_add",
    .latency = latency,
    .check = check,
    .state_bytes = state_bytes,
    .reset = reset,
    .step = step,
    .fast_step = fast_step,
    .stress = stress,
    .protocol = protocol,
};
