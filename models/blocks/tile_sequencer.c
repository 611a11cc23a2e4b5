/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tile_sequencer: takes a corelet's part of a block through its array, slice by slice: tiles n, m,
 * then slices k. In time it is the sequencer of docs/machine.md with the array and its preload.
 */
#include "core/block_common.h"
#include "core/tile_stress.h"

#include <string.h>

enum {
    ROWS,
    COLS,
    SIMD,
    LANES,
    CHUNK,
    STATIONARY,
    DOT_STAGES,
    ACC_STAGES,
    OUTER_STAGES,
};

enum { WEIGHT, OUTPUT };
static const char *const stationary_names[] = {"weight", "output", NULL};

static const struct ts_param params[] = {
    [ROWS] = {"Rows", 1, 64, 8, .doc = "mpes of the array along k, or cells along m"},
    [COLS] = {"Cols", 1, 64, 8, .doc = "mpes or cells along n"},
    [SIMD] = TS_PARAM_SIMD,
    [LANES] = TS_PARAM_LANES,
    [CHUNK] = TS_PARAM_CHUNK,
    [STATIONARY] = {"Stationary", WEIGHT, OUTPUT, WEIGHT, .names = stationary_names,
                    .doc = "the array: mac_array, preloaded serially, or mac_array_os"},
    [DOT_STAGES] = TS_PARAM_DOT_STAGES,
    [ACC_STAGES] = TS_PARAM_ACC_STAGES,
    [OUTER_STAGES] = {"OuterStages", 1, 3, 1, .doc = "pipeline registers of outer_add, cycles"},
};

enum { SIZE_BITS = TS_TILE_SIZE_BITS, CYCLES_BITS = TS_TILE_CYCLES_BITS, ADDRESS_BITS = 24 };

/* Elements of the ports, in the order of the table. */
enum { BLOCK_M, BLOCK_N, BLOCK_K, STREAMED, FIRST_K, SIZES };
enum { A_TILE = SIZES, B_SLICE, C_TILE, LOAD_CYCLES, GROUP_CYCLES, ENDS, FILL_DONE, SFU_DONE };
enum { OPEN, CLOSE, FIRST, LAST, CONTROLS };
enum {
    OUT_BEGIN,
    OUT_FILL,
    OUT_FILL_A,
    OUT_FILL_B,
    OUT_FILL_M,
    OUT_FILL_N,
    OUT_FILL_K,
    OUT_LOAD,
    OUT_ENTER,
    OUT_L0_A,
    OUT_L0_B,
    OUT_CONTROL,
    OUT_HALF = OUT_CONTROL + CONTROLS,
    OUT_FILL_HALF,
    OUT_RESULT_HALF,
    OUT_SFU,
    OUT_SFU_C,
    OUT_SFU_M,
    OUT_SFU_N,
    OUT_ACTIVITY,
    OUTPUTS
};

enum { ACTIVITY_NONE, ACTIVITY_BUSY, ACTIVITY_PRELOAD, ACTIVITY_L0, ACTIVITY_SKEW, ACTIVITY_DRAIN };

enum phase { IDLE, LEAD_IN, LOAD, STREAM, WAY, WAIT, RESULTS, FLUSH };

struct state {
    enum phase phase;
    int64_t job[FILL_DONE];         /* the inputs of its start */
    int64_t slice;                  /* of the block, all tiles in order */
    int64_t cycle;                  /* of the phase */
    bool begins, fills, hands_over; /* in the cycle that comes: a block, slice + 1, a tile */
    int64_t handed_over;            /* slice that was the tile's last */
    int64_t slot;                   /* of a mac_array_os: clocks since the reset, mod AccStages */
    uint64_t half;                  /* of the results of the tile that is computed */
};

/* A slice: where it is in the block, and how large. */
struct slice {
    int64_t m, n, k; /* first */
    int64_t rows, columns, depth;
    int64_t tile_m, tile_n, at; /* which tile in each dimension, and slice of it */
    bool last;                  /* of its tile */
};

static int64_t ceiling(int64_t a, int64_t b)
{
    return (a + b - 1) / b;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* What is not stationary has no size of the array's: rows of a tile, or k of a slice. */
static int64_t tile_m(const int64_t *p, const int64_t *job)
{
    return p[STATIONARY] == OUTPUT ? p[ROWS] * p[ACC_STAGES] : job[STREAMED];
}

static int64_t slice_k(const int64_t *p, const int64_t *job)
{
    return p[STATIONARY] == OUTPUT ? job[STREAMED] : p[ROWS] * p[LANES];
}

static int64_t slices(const int64_t *p, const int64_t *job)
{
    return ceiling(job[BLOCK_N], p[COLS] * p[SIMD]) * ceiling(job[BLOCK_M], tile_m(p, job)) *
           ceiling(job[BLOCK_K], slice_k(p, job));
}

static struct slice slice_of(const int64_t *p, const int64_t *job, int64_t index)
{
    int64_t m = tile_m(p, job), n = p[COLS] * p[SIMD], k = slice_k(p, job);
    int64_t ks = ceiling(job[BLOCK_K], k), ms = ceiling(job[BLOCK_M], m);
    struct slice s = {.at = index % ks, .tile_m = index / ks % ms, .tile_n = index / ks / ms};
    s.k = s.at * k;
    s.m = s.tile_m * m;
    s.n = s.tile_n * n;
    s.rows = least(m, job[BLOCK_M] - s.m);
    s.columns = least(n, job[BLOCK_N] - s.n);
    s.depth = least(k, job[BLOCK_K] - s.k);
    s.last = s.at == ks - 1;
    return s;
}

/* ---- Time in the array ---- */

static int64_t entries(const int64_t *p)
{
    return p[STATIONARY] == OUTPUT ? p[ACC_STAGES] : 1;
}

static int64_t load_cycles(const int64_t *p, const int64_t *job)
{
    return p[ROWS] * job[LOAD_CYCLES];
}

static int64_t stream_cycles(const int64_t *p, const int64_t *job, const struct slice *s)
{
    int64_t groups = p[STATIONARY] == OUTPUT ? ceiling(s->depth, p[LANES]) : s->rows;
    return groups * job[GROUP_CYCLES];
}

static int64_t skew_cycles(const int64_t *p)
{
    return (p[STATIONARY] == OUTPUT ? p[ROWS] : p[ROWS] * p[ACC_STAGES]) + p[COLS] - 2;
}

static int64_t drain_cycles(const int64_t *p)
{
    int64_t last_slot = p[STATIONARY] == OUTPUT ? p[ACC_STAGES] - 1 : 0;
    return p[DOT_STAGES] + last_slot + p[OUTER_STAGES] + 1;
}

static int64_t phase_cycles(const int64_t *p, const struct state *state, const struct slice *s)
{
    bool leaves = p[STATIONARY] == WEIGHT || s->last;
    switch (state->phase) {
    case LOAD:
        return load_cycles(p, state->job);
    case STREAM:
        return stream_cycles(p, state->job, s);
    default:
        return leaves ? skew_cycles(p) + drain_cycles(p) : 0;
    }
}

/* ---- From cycle to cycle ---- */

static void enter_phase(struct state *state, enum phase phase)
{
    state->phase = phase;
    state->cycle = 0;
}

static void begin_slice(const int64_t *p, struct state *state)
{
    state->fills = state->slice + 1 < slices(p, state->job);
    enter_phase(state, p[STATIONARY] == OUTPUT ? STREAM : LOAD);
}

static void next_slice(const int64_t *p, struct state *state, bool sfu_done)
{
    state->slice++;
    if (state->slice < slices(p, state->job))
        begin_slice(p, state);
    else
        enter_phase(state, sfu_done && !state->hands_over ? IDLE : FLUSH);
}

static void hand_over(const int64_t *p, struct state *state)
{
    state->hands_over = true;
    state->handed_over = state->slice;
    state->half ^= 1;
    next_slice(p, state, true);
}

/* The array is done with a slice, and the next one is in L0. */
static void end_slice(const int64_t *p, struct state *state, const struct slice *s, bool sfu_done)
{
    if (!s->last || !state->job[ENDS])
        next_slice(p, state, sfu_done);
    else if (sfu_done)
        hand_over(p, state);
    else
        enter_phase(state, RESULTS);
}

/* A cycle of the array; after its last one of a phase comes the next phase that takes any. */
static void array_cycle(const int64_t *p, struct state *state, const struct slice *s,
                        const uint64_t *in)
{
    state->cycle++;
    while (state->phase < WAIT && state->cycle == phase_cycles(p, state, s))
        enter_phase(state, state->phase + 1);
    if (state->phase == WAIT && in[FILL_DONE])
        end_slice(p, state, s, in[SFU_DONE]);
}

static void begin_block(struct state *state, const uint64_t *in)
{
    for (int i = 0; i < FILL_DONE; i++)
        state->job[i] = (int64_t)in[i];
    state->slice = 0;
    state->begins = state->fills = true;
    enter_phase(state, LEAD_IN);
}

/* A block may begin in the cycle after the last one of another. */
static void advance(const int64_t *p, struct state *state, bool valid, const uint64_t *in)
{
    struct slice s = {0};
    if (state->phase != IDLE)
        s = slice_of(p, state->job, state->slice);
    state->begins = state->fills = state->hands_over = false;
    switch (state->phase) {
    case IDLE:
        break;
    case LEAD_IN:
        if (in[FILL_DONE])
            begin_slice(p, state);
        break;
    case WAIT:
        if (in[FILL_DONE])
            end_slice(p, state, &s, in[SFU_DONE]);
        break;
    case RESULTS:
        if (in[SFU_DONE])
            hand_over(p, state);
        break;
    case FLUSH:
        if (in[SFU_DONE])
            enter_phase(state, IDLE);
        break;
    default:
        array_cycle(p, state, &s, in);
    }
    if (state->phase == IDLE && valid)
        begin_block(state, in);
}

/* ---- What a cycle shows ---- */

static uint64_t address(int64_t at)
{
    return ts_low_bits(at, ADDRESS_BITS);
}

static void show_fill(const int64_t *p, const struct state *state, uint64_t *out)
{
    int64_t index = state->phase == LEAD_IN ? 0 : state->slice + 1;
    struct slice s = slice_of(p, state->job, index);
    out[OUT_FILL] = 1;
    out[OUT_FILL_HALF] = (uint64_t)index & 1;
    out[OUT_FILL_A] = address(s.tile_m * state->job[A_TILE] + s.k);
    out[OUT_FILL_B] = address(s.at * state->job[B_SLICE] + s.n);
    out[OUT_FILL_M] = (uint64_t)s.rows;
    out[OUT_FILL_N] = (uint64_t)s.columns;
    out[OUT_FILL_K] = (uint64_t)s.depth;
}

static void show_results(const int64_t *p, const struct state *state, uint64_t *out)
{
    struct slice s = slice_of(p, state->job, state->handed_over);
    out[OUT_SFU] = 1;
    out[OUT_SFU_C] = address(s.tile_m * state->job[C_TILE] + s.n);
    out[OUT_SFU_M] = (uint64_t)s.rows;
    out[OUT_SFU_N] = (uint64_t)s.columns;
}

static void show_control(const int64_t *p, const struct state *state, const struct slice *s,
                         int64_t k, bool ends, uint64_t *out)
{
    int64_t step = p[STATIONARY] == OUTPUT ? p[LANES] : p[ROWS] * p[LANES];
    int64_t first = state->job[FIRST_K] + s->k + k;
    bool whole = ends && s->last && state->job[ENDS];
    out[OUT_CONTROL + OPEN] = first % p[CHUNK] != 0;
    out[OUT_CONTROL + CLOSE] = whole || (first + step) % p[CHUNK] == 0;
    out[OUT_CONTROL + FIRST] = first < p[CHUNK];
    out[OUT_CONTROL + LAST] = whole;
}

/* A group's first cycles are entries: a streamed row, or the rows of a cell at a step of k. */
static void show_stream(const int64_t *p, const struct state *state, const struct slice *s,
                        uint64_t *out)
{
    int64_t group = state->cycle / state->job[GROUP_CYCLES];
    int64_t entry = state->cycle % state->job[GROUP_CYCLES];
    out[OUT_ACTIVITY] = entry < entries(p) ? ACTIVITY_BUSY : ACTIVITY_L0;
    if (p[STATIONARY] == WEIGHT)
        show_control(p, state, s, 0, true, out);
    if (entry >= entries(p))
        return;
    out[OUT_ENTER] = 1;
    if (p[STATIONARY] == WEIGHT) {
        out[OUT_L0_A] = address(group * s->depth);
        return;
    }
    int64_t k = group * p[LANES];
    bool ends = k + p[LANES] >= s->depth;
    out[OUT_L0_A] = address(state->slot * s->depth + k);
    out[OUT_L0_B] = address(k * s->columns);
    show_control(p, state, s, k, ends, out);
    out[OUT_CONTROL + LAST] &= entry == entries(p) - 1;
}

static void show_load(const int64_t *p, const struct state *state, const struct slice *s,
                      uint64_t *out)
{
    int64_t row = p[ROWS] - 1 - state->cycle / state->job[LOAD_CYCLES]; /* the bottom row first */
    out[OUT_ACTIVITY] = ACTIVITY_PRELOAD;
    if ((state->cycle + 1) % state->job[LOAD_CYCLES] != 0)
        return;
    out[OUT_LOAD] = 1;
    out[OUT_L0_B] = address(row * p[LANES] * s->columns);
}

static void show(const int64_t *p, const struct state *state, uint64_t *out)
{
    memset(out, 0, OUTPUTS * sizeof *out);
    out[OUT_BEGIN] = state->begins;
    out[OUT_RESULT_HALF] = state->half;
    if (state->fills)
        show_fill(p, state, out);
    if (state->hands_over)
        show_results(p, state, out);
    if (state->phase != LOAD && state->phase != STREAM && state->phase != WAY)
        return;
    struct slice s = slice_of(p, state->job, state->slice);
    out[OUT_HALF] = (uint64_t)state->slice & 1;
    if (state->phase == LOAD) {
        show_load(p, state, &s, out);
    } else if (state->phase == STREAM) {
        show_stream(p, state, &s, out);
    } else {
        out[OUT_ACTIVITY] = state->cycle < skew_cycles(p) ? ACTIVITY_SKEW : ACTIVITY_DRAIN;
        if (p[STATIONARY] == WEIGHT)
            show_control(p, state, &s, 0, true, out);
    }
}

/* ---- The block ---- */

static int sizes(const int64_t *p)
{
    (void)p;
    return SIZES;
}

static int three(const int64_t *p)
{
    (void)p;
    return 3;
}

static int two(const int64_t *p)
{
    (void)p;
    return 2;
}

static int controls(const int64_t *p)
{
    (void)p;
    return CONTROLS;
}

static const struct ts_port ports[] = {
    {"size", TS_IN, .control = true, .bits = SIZE_BITS, .count_of = sizes,
     .doc =
         "rows, columns, k of a block; rows of a tile (weight) or k of a slice (output); first k"},
    {"stride", TS_IN, .control = true, .bits = ADDRESS_BITS, .count_of = three,
     .doc = "in L1, to the next tile's rows of A; the next slice's of B; the next tile's of C"},
    {"cycles", TS_IN, .control = true, .bits = CYCLES_BITS, .count_of = two,
     .doc = "of L0 for a stationary row; for a streamed row, or a step"},
    {"ends", TS_IN, .control = true, .bits = 1, .doc = "K ends with the block: it has results"},
    {"done", TS_IN, .control = true, .bits = 1, .count_of = two,
     .doc = "filling L0, special functions: idle or in the last cycle; looked at in every clock"},
    {"begin", TS_OUT, .control = true, .bits = 1,
     .doc = "in the first cycle of a block: valid_i has been looked at"},
    {"fill", TS_OUT, .control = true, .bits = 1, .doc = "in the first cycle of filling an L0 half"},
    {"fill_at", TS_OUT, .control = true, .bits = ADDRESS_BITS, .count_of = two,
     .doc = "with fill_o: the slice's first element of A and B in L1"},
    {"fill_size", TS_OUT, .control = true, .bits = SIZE_BITS, .count_of = three,
     .doc = "with fill_o: the slice's rows, columns, k"},
    {"load", TS_OUT, .control = true, .bits = 1,
     .doc = "a stationary row moves into the array, the bottom row first"},
    {"enter", TS_OUT, .control = true, .bits = 1,
     .doc = "valid_i of the array: a row, or a step of a row of each cell"},
    {"l0_at", TS_OUT, .control = true, .bits = ADDRESS_BITS, .count_of = two,
     .doc = "in L0: of A with enter_o, in a cell the row whose turn it is; of B"},
    {"control", TS_OUT, .control = true, .bits = 1, .count_of = controls,
     .doc = "of the array: open, close, first, last (drain)"},
    {"half", TS_OUT, .control = true, .bits = 1, .count_of = three,
     .doc = "of L0 that the array reads; with fill_o, of L0 that is filled; of the results"},
    {"sfu", TS_OUT, .control = true, .bits = 1,
     .doc = "in the first cycle of special functions on a tile, of the other result half"},
    {"sfu_at", TS_OUT, .control = true, .bits = ADDRESS_BITS,
     .doc = "with sfu_o: the tile's first element of C in L1"},
    {"sfu_size", TS_OUT, .control = true, .bits = SIZE_BITS, .count_of = two,
     .doc = "with sfu_o: the tile's rows, columns"},
    {"activity", TS_OUT, .control = true, .bits = 3,
     .doc = "of the array: 0 none, 1 busy, or it waits for 2 preload, 3 l0, 4 skew, 5 drain"},
};

static int latency(const int64_t *p)
{
    (void)p;
    return 1;
}

static const char *check(const int64_t *p)
{
    int64_t at_once = p[ROWS] * p[LANES];
    const char *why_not = ts_check_lanes_chunk(p[LANES], p[CHUNK]);
    if (why_not || p[STATIONARY] == OUTPUT)
        return why_not;
    if (at_once % p[CHUNK] != 0 && p[CHUNK] % at_once != 0)
        return "Rows times Lanes must divide Chunk or be a multiple of it";
    return NULL;
}

static size_t state_bytes(const int64_t *p)
{
    (void)p;
    return sizeof(struct state);
}

static void reset(const int64_t *p, void *state)
{
    (void)p;
    memset(state, 0, sizeof(struct state));
}

static bool step(const int64_t *p, void *memory, bool valid, const uint64_t *in, uint64_t *out)
{
    struct state *state = memory;
    advance(p, state, valid, in);
    state->slot = (state->slot + 1) % entries(p);
    show(p, state, out);
    return state->phase != IDLE;
}

static void draw_block(const int64_t *p, uint64_t random, bool may_be_long, uint64_t *in)
{
    enum ts_tile_draw draw = ts_stress_tile_draw(random, may_be_long);
    struct ts_array_takes takes = {.columns = (uint64_t)(p[COLS] * p[SIMD])};
    if (p[STATIONARY] == OUTPUT) {
        takes.rows = (uint64_t)(p[ROWS] * p[ACC_STAGES]);
        takes.k = (uint64_t)p[LANES];
    } else {
        takes.k = (uint64_t)(p[ROWS] * p[LANES]);
    }
    ts_stress_tile_block(&takes, draw, in);
    in[LOAD_CYCLES] = ts_stress_tile_cycles(in[LOAD_CYCLES], 1, draw);
    in[GROUP_CYCLES] = ts_stress_tile_cycles(in[GROUP_CYCLES], (uint64_t)entries(p), draw);
}

static enum ts_clock protocol(const int64_t *p, uint64_t random, uint64_t clock, bool valid,
                              uint64_t *in)
{
    bool eager = random >> 63;
    if (ts_stress_tile_ends(random, clock))
        return TS_CLOCK_END;
    draw_block(p, random, clock > TS_TILE_CLOCKS, in);
    in[FILL_DONE] |= eager; /* units are idle */
    in[SFU_DONE] |= eager;
    return valid ? TS_CLOCK_VALID : TS_CLOCK_IDLE;
}

const struct ts_block ts_block_tile_sequencer = {
    .name = "tile_sequencer",
    .brief = "tiles and slices of a block through an array: its control, addresses and handshakes",
    .source = "[A]",
    .params = params,
    .n_params = TS_COUNT(params),
    .ports = ports,
    .n_ports = TS_COUNT(ports),
    .cuts = "output",
    .latency = latency,
    .check = check,
    .state_bytes = state_bytes,
    .reset = reset,
    .step = step,
    .protocol = protocol,
};
