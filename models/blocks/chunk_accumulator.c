/* SPDX-License-Identifier: Apache-2.0 */
/* chunk_accumulator: inner and outer sum with their state, Stages outputs interleaved. */
#include "core/block_common.h"
#include "tessera/arith.h"

#include <string.h>

enum { MODES, LANES, CHUNK, VARIANT, OUTER, SATURATE, STAGES };
enum { IN_P, IN_ESCALE, IN_FP4, IN_FIRST, IN_LAST };

static const struct ts_param params[] = {
    [MODES] = TS_PARAM_MODES,
    [LANES] = TS_PARAM_LANES,
    [CHUNK] = TS_PARAM_CHUNK,
    [VARIANT] = TS_PARAM_VARIANT,
    [OUTER] = TS_PARAM_OUTER,
    [SATURATE] = TS_PARAM_SATURATE,
    [STAGES] = {"Stages", 1, 3, 1,
                .doc = "registers of each of the two adders, and outputs interleaved"},
};

static int sum_bits(const int64_t *p)
{
    return ts_sum_bits(p[MODES], p[LANES]);
}

static int outer_bits(const int64_t *p)
{
    return ts_format_bits(ts_outer_format(p[OUTER]));
}

static const struct ts_format *outer_format(const int64_t *p)
{
    return ts_outer_format(p[OUTER]);
}

static const struct ts_port ports[] = {
    {"p", TS_IN, .bits_of = sum_bits, .doc = "dot product"},
    {"escale", TS_IN, .bits = 7,
     .doc = "power of two of the products; constant within a chunk "
            "for the integer variant, which takes the last"},
    {"fp4", TS_IN, .control = true, .bits = 1, .doc = "p has weight 2^-6; ignored with one mode"},
    {"first", TS_IN, .control = true, .bits = 1, .doc = "starts an output: both sums from zero"},
    {"last", TS_IN, .control = true, .bits = 1, .doc = "ends a chunk: the outer sum comes out"},
    {"outer", TS_OUT, .format_of = outer_format, .bits_of = outer_bits, .doc = "sum over chunks"},
};

/* The hardware's time slots: operation t belongs to output t mod Stages. */
struct slot {
    uint64_t acc;
    uint32_t outer;
};

struct accumulator {
    int now;
    struct slot slots[3];
};

static const char *check(const int64_t *p)
{
    return ts_check_lanes_chunk(p[LANES], p[CHUNK]);
}

static int latency(const int64_t *p)
{
    return (int)(2 * p[STAGES]);
}

static size_t state_bytes(const int64_t *p)
{
    (void)p;
    return sizeof(struct accumulator);
}

static void reset(const int64_t *p, void *state)
{
    (void)p;
    memset(state, 0, sizeof(struct accumulator));
}

static bool step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    struct accumulator *self = state;
    struct slot *slot = &self->slots[self->now];
    self->now = (self->now + 1) % (int)p[STAGES];
    if (!valid)
        return false;

    if (in[IN_FIRST])
        *slot = (struct slot){0};
    enum ts_overflow overflow = ts_overflow_of(p[SATURATE]);
    int acc_bits = ts_acc_bits(p[MODES], p[CHUNK], p[VARIANT]);
    int s = ts_weight(p[MODES], in[IN_FP4], in[IN_ESCALE]);
    slot->acc = ts_chunk_add_word(p[VARIANT], overflow, acc_bits, slot->acc,
                                  ts_sign_extend(in[IN_P], sum_bits(p)), s);
    if (!in[IN_LAST])
        return false;
    slot->outer =
        ts_outer_add_word(p[VARIANT], p[OUTER], overflow, acc_bits, slot->outer, slot->acc, s);
    slot->acc = 0;
    out[0] = slot->outer;
    return true;
}

/* Of one bit, of two, or of ones only. */
static int64_t stress_number(uint64_t random, int bits)
{
    int64_t top = 1LL << (random & 0xFF) % (unsigned)(bits - 1);
    int64_t two = top | top >> (1 + (random >> 8 & 0xF));
    int64_t ones = 2 * top - 1;
    int64_t number = random >> 12 & 1 ? top : random >> 13 & 1 ? two : ones;
    return random >> 14 & 1 ? number : -number;
}

/* Long sums of numbers that cancel, tie or nearly do; now and then of the smallest or largest. */
static void stress(const int64_t *p, uint64_t random, uint64_t *in)
{
    enum { SMALLEST = -31, LARGEST = 31, MIDDLE = -8, SPREAD = 16 };
    int bits = sum_bits(p);
    in[IN_FIRST] &= random & 1;
    in[IN_LAST] &= random >> 1 & 1;
    if (random & 4)
        in[IN_P] = ts_low_bits(stress_number(random >> 8, bits), bits);
    int64_t number = ts_sign_extend(in[IN_P], bits);
    if (!(random & 8) || number == 0)
        return;
    int top = 63 - __builtin_clzll((uint64_t)(number < 0 ? -number : number));
    int exp = MIDDLE + (int)(random >> 32 & (SPREAD - 1));
    if (random & 16)
        exp = (random & 32 ? SMALLEST : LARGEST) + (int)(random >> 32 & 1);
    in[IN_ESCALE] = ts_low_bits(exp - top - ts_weight(p[MODES], in[IN_FP4], 0), 7);
}

const struct ts_block ts_block_chunk_accumulator = {
    .name = "chunk_accumulator",
    .brief = "two-level sum of dot products, with its state",
    .source = "FP8-18, Wang22, Sakr19",
    .params = params,
    .n_params = TS_COUNT(params),
    .ports = ports,
    .n_ports = TS_COUNT(ports),
    .cuts = "as chunk_add and outer_add",
    .latency = latency,
    .check = check,
    .state_bytes = state_bytes,
    .reset = reset,
    .step = step,
    .stress = stress,
};
