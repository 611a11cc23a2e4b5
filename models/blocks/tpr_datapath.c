/* SPDX-License-Identifier: Apache-2.0 */
/* tpr_datapath: gradients quantized once to both TPR phases, kept, and multiplied in either. */
#include "core/block_common.h"
#include "tessera/arith.h"

#include <string.h>

enum {
    UNDERFLOW_RULE,
    DEPTH,
    SIMD,
    LANES,
    CHUNK,
    VARIANT,
    OUTER,
    SATURATE,
    QUANTIZER_STAGES,
    DOT_STAGES,
    ACC_STAGES
};

static const char *const underflow_names[] = {"nearest", "flush", NULL};

static const struct ts_param params[] = {
    [UNDERFLOW_RULE] = {"Underflow", 0, 1, 0, .names = underflow_names,
                        .doc = "of tpr_quantizer: nearest, or flush to zero"},
    [DEPTH] = {"Depth", 2, 1024, 16, .pow2 = true, .doc = "words of Lanes gradients in the memory"},
    [SIMD] = TS_PARAM_SIMD,
    [LANES] = TS_PARAM_LANES,
    [CHUNK] = TS_PARAM_CHUNK,
    [VARIANT] = TS_PARAM_VARIANT,
    [OUTER] = TS_PARAM_OUTER,
    [SATURATE] = TS_PARAM_SATURATE,
    [QUANTIZER_STAGES] = {"QuantizerStages", 0, 2, 1,
                          .doc = "pipeline registers of tpr_quantizer, cycles"},
    [DOT_STAGES] = TS_PARAM_DOT_STAGES,
    [ACC_STAGES] = {"AccStages", 1, 3, 1,
                    .doc = "registers of each of the two adders, and outputs interleaved"},
};

/* The largest parameters. */
enum { MAX_LANES = 64, MAX_SIMD = 16, MAX_ACC_STAGES = 3, MAX_QUANTIZER_STAGES = 2 };

/* A word of gradients on its way into the memory; its codes are even[Lanes], odd[Lanes]. */
struct write {
    bool valid;
    size_t address;
    uint8_t codes[2 * MAX_LANES];
};

/* A time slot's sums: operation t belongs to output t mod AccStages. */
struct slot {
    uint64_t acc[MAX_SIMD];
    uint32_t outer[MAX_SIMD];
};

struct datapath {
    size_t now;
    struct slot slots[MAX_ACC_STAGES];
    struct write writes[MAX_QUANTIZER_STAGES];
    uint8_t memory[]; /* [Depth][2 * Lanes] */
};

static size_t memory_bytes(const int64_t *p)
{
    return (size_t)(p[DEPTH] * p[LANES] * 2);
}

static size_t state_bytes(const int64_t *p)
{
    return sizeof(struct datapath) + memory_bytes(p);
}

/* A word that has not been written since reads as zeros. */
static void reset(const int64_t *p, void *state)
{
    memset(state, 0, state_bytes(p));
}

static int address_bits(const int64_t *p)
{
    return ts_log2(p[DEPTH]);
}

static int lanes(const int64_t *p)
{
    return (int)p[LANES];
}

static int simd(const int64_t *p)
{
    return (int)p[SIMD];
}

static int simd_lanes(const int64_t *p)
{
    return (int)(p[SIMD] * p[LANES]);
}

static int outer_bits(const int64_t *p)
{
    return ts_format_bits(ts_outer_format(p[OUTER]));
}

static const struct ts_format *outer_format(const int64_t *p)
{
    return ts_outer_format(p[OUTER]);
}

enum { A_UNSIGNED, WRITE, WADDR, X };
enum { K, RADDR, PHASE, ESCALE, FIRST, LAST };

/* What follows a, and what follows x: k belongs to x. */
static const uint64_t *write_side(const int64_t *p, const uint64_t *in)
{
    return in + simd_lanes(p);
}

static const uint64_t *read_side(const int64_t *p, const uint64_t *in)
{
    return write_side(p, in) + X + lanes(p);
}

static const struct ts_port ports[] = {
    {"a", TS_IN, .bits = 4, .count_of = simd_lanes,
     .doc = "4-bit integers of each slice: weights in BWD, activations in GRAD"},
    {"a_unsigned", TS_IN, .control = true, .bits = 1, .doc = "a is uint4 (PACT), else int4"},
    {"write", TS_IN, .control = true, .bits = 1,
     .doc = "quantizes x into the memory; operations see it QuantizerStages + 1 clocks later"},
    {"waddr", TS_IN, .control = true, .bits_of = address_bits, .doc = "word to write"},
    {"x", TS_IN, .format = &ts_format_dlfloat16, .bits = 16, .count_of = lanes,
     .doc = "gradients, k ascending"},
    {"k", TS_IN, .bits = 8, .doc = "scale exponent: quantizes x * 2^k"},
    {"raddr", TS_IN, .control = true, .bits_of = address_bits, .doc = "word to multiply"},
    {"phase", TS_IN, .control = true, .bits = 1, .doc = "0 even, 1 odd; one bit per GEMM"},
    {"escale", TS_IN, .bits = 7,
     .doc = "power of two of the products; constant within a chunk "
            "for the integer variant, which takes the last"},
    {"first", TS_IN, .control = true, .bits = 1, .doc = "starts an output: both sums from zero"},
    {"last", TS_IN, .control = true, .bits = 1, .doc = "ends a chunk: the outer sums come out"},
    {"outer", TS_OUT, .format_of = outer_format, .bits_of = outer_bits, .count_of = simd,
     .doc = "sum over chunks of each slice"},
};

static int latency(const int64_t *p)
{
    return (int)(1 + p[DOT_STAGES] + 2 * p[ACC_STAGES]);
}

static const char *check(const int64_t *p)
{
    return ts_check_lanes_chunk(p[LANES], p[CHUNK]);
}

/* mpe's parameters, in its order. */
static void mpe_params(const int64_t *p, int64_t *mpe)
{
    static const int order[] = {SIMD, LANES, CHUNK, VARIANT, SATURATE, DOT_STAGES, ACC_STAGES};
    mpe[0] = TS_MODE_FP4;
    for (int i = 0; i < TS_COUNT(order); i++)
        mpe[i + 1] = p[order[i]];
}

/* The codes of a word in one phase as the mpe takes them. */
static void read_word(const int64_t *p, const struct datapath *self, const uint64_t *control,
                      uint64_t *stream)
{
    bool odd = control[PHASE] & 1;
    const uint8_t *codes = self->memory + (control[RADDR] * 2 + odd) * (uint64_t)p[LANES];
    for (int i = 0; i < lanes(p); i++)
        stream[i] = ts_radix4_to_radix2((ts_fp4_r4){codes[i]}, odd).v;
}

static bool multiply(const int64_t *p, struct datapath *self, const uint64_t *in, uint64_t *out)
{
    uint64_t stream[MAX_LANES];
    int64_t mpe[TS_MAX_PARAMS] = {0};
    const uint64_t *control = read_side(p, in);
    read_word(p, self, control, stream);
    mpe_params(p, mpe);
    struct ts_mpe_mode mode = {.swap = true,
                               .a_unsigned = write_side(p, in)[A_UNSIGNED] & 1,
                               .fp4 = true,
                               .escale = (int)ts_sign_extend(control[ESCALE], 7)};
    struct slot *slot = &self->slots[self->now];
    if (control[FIRST] & 1)
        *slot = (struct slot){0};
    bool last = control[LAST] & 1;
    for (int s = 0; s < simd(p); s++) {
        uint64_t *acc = &slot->acc[s];
        *acc = ts_mpe_slice(mpe, &mode, in + s * p[LANES], stream, *acc);
        if (!last)
            continue;
        slot->outer[s] =
            ts_outer_add_word(p[VARIANT], p[OUTER], ts_overflow_of(p[SATURATE]),
                              ts_acc_bits(TS_MODE_FP4, p[CHUNK], p[VARIANT]), slot->outer[s], *acc,
                              mode.escale + ts_product_exp(true));
        *acc = 0;
        out[s] = slot->outer[s];
    }
    return last;
}

static struct write quantize(const int64_t *p, const uint64_t *in)
{
    const uint64_t *words = write_side(p, in);
    struct write write = {.valid = words[WRITE] & 1, .address = words[WADDR]};
    int k = (int)ts_sign_extend(read_side(p, in)[K], 8);
    for (int i = 0; i < lanes(p); i++) {
        ts_dlfloat16 x = {(uint16_t)words[X + i]};
        struct ts_tpr q = ts_tpr_quantize(x, k, (enum ts_underflow)p[UNDERFLOW_RULE]);
        write.codes[i] = q.even.v;
        write.codes[lanes(p) + i] = q.odd.v;
    }
    return write;
}

/* What enters the quantizer, and what leaves it for the memory. */
static void fill(const int64_t *p, struct datapath *self, struct write write)
{
    for (int64_t i = 0; i < p[QUANTIZER_STAGES]; i++) {
        struct write leaving = self->writes[i];
        self->writes[i] = write;
        write = leaving;
    }
    size_t word = (size_t)p[LANES] * 2;
    if (write.valid)
        memcpy(self->memory + write.address * word, write.codes, word);
}

static bool step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    struct datapath *self = state;
    bool yields = valid && multiply(p, self, in, out);
    fill(p, self, quantize(p, in));
    self->now = (self->now + 1) % (size_t)p[ACC_STAGES];
    return yields;
}

/* Gradients near the grids, and chunks of a few dot products. */
static void stress(const int64_t *p, uint64_t random, uint64_t *in)
{
    enum { LEAST_EXP = 20, EXP_MASK = 15, MAN_BITS = 9 };
    uint64_t *x = in + simd_lanes(p) + X, *control = x + lanes(p);
    control[FIRST] &= random;
    control[LAST] &= random >> 1;
    if (random & 4)
        return;
    control[K] = random >> 3 & 3;
    for (int i = 0; i < lanes(p); i++) {
        uint64_t exp = LEAST_EXP + (x[i] >> MAN_BITS & EXP_MASK);
        x[i] = (x[i] & 0x81FF) | exp << MAN_BITS;
    }
}

const struct ts_block ts_block_tpr_datapath = {
    .name = "tpr_datapath",
    .brief = "gradients in both TPR phases from tpr_quantizer to an mpe's sums",
    .source = "Sun20, US'841; the memory [A]",
    .params = params,
    .n_params = TS_COUNT(params),
    .ports = ports,
    .n_ports = TS_COUNT(ports),
    .cuts = "QuantizerStages as tpr_quantizer; then the mpe's operands, DotStages, AccStages twice",
    .latency = latency,
    .check = check,
    .state_bytes = state_bytes,
    .reset = reset,
    .step = step,
    .stress = stress,
};
