/* SPDX-License-Identifier: Apache-2.0 */
/* mac_array: a weight-stationary array of Rows x Cols mpes, with its outer sums. */
#include "core/array_sums.h"
#include "tessera/mac_array.h"

#include <stdlib.h>
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
    DEPTH,
    ZERO_GATE
};

static const struct ts_param params[] = {
    [ROWS] = {"Rows", 1, 64, 8, .pow2 = true, .doc = "mpes along k"},
    [COLS] = {"Cols", 1, 64, 8, .doc = "mpes along n"},
    [MODES] = {"Modes", 1, TS_MODE_FP16, 3, .names = ts_array_modes_names,
               .doc = "operand pairings of the mpe"},
    [SIMD] = TS_PARAM_SIMD,
    [LANES] = TS_PARAM_LANES,
    [CHUNK] = TS_PARAM_CHUNK,
    [VARIANT] = TS_PARAM_VARIANT,
    [OUTER] = TS_PARAM_OUTER,
    [SATURATE] = TS_PARAM_SATURATE,
    [DOT_STAGES] = TS_PARAM_DOT_STAGES,
    [ACC_STAGES] = TS_PARAM_ACC_STAGES,
    [OUTER_STAGES] = {"OuterStages", 1, 3, 1, .doc = "pipeline registers of outer_add, cycles"},
    [DEPTH] = {"Depth", 1, 1024, 64, .doc = "streamed rows per fold: entries of the outer sums"},
    [ZERO_GATE] = {"ZeroGate", 0, 1, 0,
                   .doc = "stream registers hold what they have where zeros come; the same bits"},
};

struct shape {
    size_t rows, cols, simd, lanes, chunk_rows, columns;
};

static struct shape shape_of(const int64_t *p)
{
    size_t rows = (size_t)p[ROWS];
    bool taller = p[ROWS] * p[LANES] > p[CHUNK];
    return (struct shape){
        .rows = rows,
        .cols = (size_t)p[COLS],
        .simd = (size_t)p[SIMD],
        .lanes = (size_t)p[LANES],
        .chunk_rows = taller ? (size_t)(p[CHUNK] / p[LANES]) : rows,
        .columns = (size_t)(p[COLS] * p[SIMD]),
    };
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

/*
 * stationary[row][column of the result][lane], acc and outer[index][column],
 * and the index of the next streamed row.
 */
struct state {
    size_t index;
    uint64_t words[];
};

static size_t stationary_words(const struct shape *s)
{
    return s->rows * s->columns * s->lanes;
}

static uint64_t *kept_acc(struct state *state, const struct shape *s, size_t index)
{
    return state->words + stationary_words(s) + index * s->columns * 2;
}

static uint64_t *outer_sum(struct state *state, const struct shape *s, size_t index)
{
    return kept_acc(state, s, index) + s->columns;
}

static size_t state_bytes(const int64_t *p)
{
    struct shape s = shape_of(p);
    size_t words = stationary_words(&s) + (size_t)p[DEPTH] * s.columns * 2;
    return sizeof(struct state) + words * sizeof(uint64_t);
}

static void reset(const int64_t *p, void *state)
{
    (void)p;
    ((struct state *)state)->index = 0;
}

/* The operands move down by one row; the row that leaves at the bottom is lost. */
static void load(const struct shape *s, struct state *state, const uint64_t *weight)
{
    size_t row = s->columns * s->lanes;
    memmove(state->words + row, state->words, (s->rows - 1) * row * sizeof *state->words);
    memcpy(state->words, weight, row * sizeof *weight);
    state->index = 0;
}

/* A chunk ends in some row: its sums go to the outer ones of the streamed row. */
static void end_chunk(const struct ts_slices *slices, const struct ts_array_sums *sums, int weight,
                      size_t columns, uint64_t *acc, uint64_t *outer)
{
    for (size_t c = 0; c < columns; c++) {
        outer[c] = sums->outer(slices, (uint32_t)outer[c], acc[c], weight);
        acc[c] = 0;
    }
}

/* One streamed row through all columns. */
static void pass(const int64_t *p, const struct shape *s, struct state *state,
                 const uint64_t *stream, const struct ts_fold *fold,
                 const struct ts_array_sums *sums)
{
    enum { MAX_COLUMNS = 64 * 16 };
    const struct ts_slices slices = slices_of(p);
    int weight = fold->mode.escale + ts_product_exp(ts_fp4_mode(p[MODES], fold->mode.fp4));
    uint64_t *kept = kept_acc(state, s, state->index), *outer = outer_sum(state, s, state->index);
    bool keeps = p[ROWS] * p[LANES] < p[CHUNK];
    uint64_t acc[MAX_COLUMNS];
    for (size_t c = 0; c < s->columns; c++)
        acc[c] = keeps && fold->open ? kept[c] : 0;
    if (fold->close && fold->first)
        memset(outer, 0, s->columns * sizeof *outer);
    for (size_t r = 0; r < s->rows; r++) {
        sums->row(&slices, &fold->mode, state->words + r * s->columns * s->lanes,
                  stream + r * s->lanes, s->columns, acc);
        if ((r + 1) % s->chunk_rows == 0 && fold->close)
            end_chunk(&slices, sums, weight, s->columns, acc, outer);
    }
    if (!fold->close)
        memcpy(kept, acc, s->columns * sizeof *kept);
}

int ts_mac_array_fold_cycles(const int64_t *p, int rows)
{
    int64_t drain = p[DOT_STAGES] + p[OUTER_STAGES] + 1;
    return (int)(p[ROWS] + p[ACC_STAGES] * p[ROWS] + p[COLS] + rows - 2 + drain);
}

static int operand_bits(const int64_t *p)
{
    return ts_operand_bits(p[MODES]);
}

static int outer_bits(const int64_t *p)
{
    return ts_format_bits(ts_outer_format(p[OUTER]));
}

static int weights(const int64_t *p)
{
    return (int)(p[COLS] * p[SIMD] * p[LANES]);
}

static int streamed(const int64_t *p)
{
    return (int)(p[ROWS] * p[LANES]);
}

static int results(const int64_t *p)
{
    return (int)(p[COLS] * p[SIMD]);
}

static int column_cycle(const int64_t *p, int element, int latency)
{
    return latency + element / (int)p[SIMD];
}

static const struct ts_format *operand_format(const int64_t *p)
{
    return ts_operand_format(p[MODES]);
}

static const struct ts_format *outer_format(const int64_t *p)
{
    return ts_outer_format(p[OUTER]);
}

enum { IN_LOAD, IN_WEIGHT };
enum { SWAP, A_UNSIGNED, FP4, ESCALE, OPEN, CLOSE, FIRST, LAST };

static const struct ts_port ports[] = {
    {"load", TS_IN, .control = true, .bits = 1,
     .doc = "moves the stationary operands down one row; Rows cycles, bottom row first"},
    {"weight", TS_IN, .format_of = operand_format, .bits_of = operand_bits, .count_of = weights,
     .doc = "stationary operands of the top row, column by column"},
    {"stream", TS_IN, .format_of = operand_format, .bits_of = operand_bits, .count_of = streamed,
     .doc = "one streamed row, k ascending"},
    {"swap", TS_IN, .control = true, .bits = 1, .doc = "stationary is port a, else port b"},
    {"a_unsigned", TS_IN, .control = true, .bits = 1, .doc = "port a is uint4 (PACT), else int4"},
    {"fp4", TS_IN, .control = true, .bits = 1, .doc = "port b is fp5_r2; ignored with one mode"},
    {"escale", TS_IN, .bits = 7, .doc = "power of two of the products"},
    {"open", TS_IN, .control = true, .bits = 1, .doc = "inner sums come from the pass before"},
    {"close", TS_IN, .control = true, .bits = 1, .doc = "a chunk ends with this pass"},
    {"first", TS_IN, .control = true, .bits = 1, .doc = "outer sums start from zero"},
    {"last", TS_IN, .control = true, .bits = 1, .doc = "outer sums are results"},
    {"outer", TS_OUT, .format_of = outer_format, .bits_of = outer_bits, .count_of = results,
     .cycle_of = column_cycle, .doc = "results; those of column c are c cycles later than valid_o"},
};

static int latency(const int64_t *p)
{
    return (int)(p[DOT_STAGES] + p[ACC_STAGES] * p[ROWS] + p[OUTER_STAGES]);
}

static const char *check(const int64_t *p)
{
    const char *why_not = ts_check_mpe(p[MODES], p[LANES], p[CHUNK], p[VARIANT], p[DOT_STAGES]);
    if (why_not)
        return why_not;
    bool taller = p[ROWS] * p[LANES] > p[CHUNK];
    if (taller && p[ACC_STAGES] * (p[CHUNK] / p[LANES]) < p[OUTER_STAGES])
        return "OuterStages must not exceed AccStages times the rows of a chunk";
    return NULL;
}

static bool step_with(const int64_t *p, void *memory, bool valid, const uint64_t *in, uint64_t *out,
                      const struct ts_array_sums *sums)
{
    struct state *state = memory;
    struct shape s = shape_of(p);
    const uint64_t *stream = in + IN_WEIGHT + s.columns * s.lanes;
    const uint64_t *control = stream + s.rows * s.lanes;
    struct ts_fold fold = {
        .mode = {control[SWAP] & 1, control[A_UNSIGNED] & 1, control[FP4] & 1,
                 (int)ts_sign_extend(control[ESCALE], 7), false},
        .open = control[OPEN] & 1,
        .close = control[CLOSE] & 1,
        .first = control[FIRST] & 1,
        .last = control[LAST] & 1,
    };
    bool yields = false;
    if (valid) {
        pass(p, &s, state, stream, &fold, sums);
        yields = fold.close && fold.last;
        if (yields)
            memcpy(out, outer_sum(state, &s, state->index), s.columns * sizeof *out);
        state->index = (state->index + 1) % (size_t)p[DEPTH];
    }
    if (in[IN_LOAD] & 1)
        load(&s, state, in + IN_WEIGHT);
    return yields;
}

static bool step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    return step_with(p, state, valid, in, out, &ts_golden_sums);
}

static bool fast_step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    return step_with(p, state, valid, in, out, &ts_fast_sums);
}

/* Whole folds, whose controls stay as they are until the last result is out. */
static enum ts_clock protocol(const int64_t *p, uint64_t random, uint64_t clock, bool valid,
                              uint64_t *in)
{
    (void)valid;
    /* Streamed rows of a fold, chunks of an output, outputs. */
    enum { SEQUENCE_ROWS = 4, SEQUENCE_CHUNKS = 2, SEQUENCE_OUTPUTS = 4 };
    struct shape s = shape_of(p);
    uint64_t rows = p[DEPTH] < SEQUENCE_ROWS ? (uint64_t)p[DEPTH] : SEQUENCE_ROWS;
    uint64_t cycles = (uint64_t)ts_mac_array_fold_cycles(p, (int)rows);
    uint64_t passes = p[ROWS] * p[LANES] < p[CHUNK] ? (uint64_t)(p[CHUNK] / p[ROWS] / p[LANES]) : 1;
    uint64_t fold = clock / cycles, now = clock % cycles, chunk = fold / passes;
    if (chunk == SEQUENCE_CHUNKS * SEQUENCE_OUTPUTS)
        return TS_CLOCK_END;

    uint64_t mode = random >> (chunk & 7) * 8;
    uint64_t *control = in + IN_WEIGHT + s.columns * s.lanes + s.rows * s.lanes;
    in[IN_LOAD] = now < s.rows;
    control[SWAP] = mode & 1;
    control[A_UNSIGNED] = mode >> 1 & 1;
    control[FP4] = mode >> 2 & 1;
    control[ESCALE] = ts_low_bits((int64_t)(mode >> 3 & 0xF) - 8, 7);
    control[OPEN] = fold % passes != 0;
    control[CLOSE] = (fold + 1) % passes == 0;
    control[FIRST] = chunk % SEQUENCE_CHUNKS == 0;
    control[LAST] = (chunk + 1) % SEQUENCE_CHUNKS == 0;
    return now >= s.rows && now < s.rows + rows ? TS_CLOCK_VALID : TS_CLOCK_IDLE;
}

const struct ts_block ts_block_mac_array = {
    .name = "mac_array",
    .brief = "weight-stationary systolic array of mpes, with its outer sums",
    .source = "RaPiD, US'841",
    .params = params,
    .n_params = TS_COUNT(params),
    .ports = ports,
    .n_ports = TS_COUNT(ports),
    .cuts = "as mpe and outer_add",
    .own_timing = true,
    .latency = latency,
    .check = check,
    .state_bytes = state_bytes,
    .reset = reset,
    .step = step,
    .fast_step = fast_step,
    .protocol = protocol,
};
