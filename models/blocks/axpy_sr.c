/* SPDX-License-Identifier: Apache-2.0 */
/* axpy_sr: w + lr * dw in dlfloat16, rounded stochastically. */
#include "core/lfsr_block.h"
#include "tessera/arith.h"

ts_dlfloat16 ts_axpy_sr(ts_dlfloat16 lr, ts_dlfloat16 dw, ts_dlfloat16 w, uint32_t random,
                        int random_bits, enum ts_overflow overflow)
{
    const struct ts_format *f = &ts_format_dlfloat16;
    struct ts_value product = ts_value_mul(ts_decode(f, lr.v), ts_decode(f, dw.v));
    struct ts_value sum = ts_value_add(product, ts_decode(f, w.v));
    return (ts_dlfloat16){(uint16_t)ts_encode_stochastic(f, sum, random, random_bits, overflow)};
}

enum { LANES, RANDOM_BITS, WIDTH, POLYNOMIAL, SEED, SATURATE, STAGES };

static const struct ts_param params[] = {
    [LANES] = {"Lanes", 1, 64, 8, .pow2 = true, .doc = "elements per cycle"},
    [RANDOM_BITS] = {"RandomBits", 1, 16, TS_RANDOM_BITS,
                     .doc = "random bits added below the last place"},
    [WIDTH] = TS_PARAM_LFSR_WIDTH,
    [POLYNOMIAL] = TS_PARAM_LFSR_POLYNOMIAL,
    [SEED] = TS_PARAM_LFSR_SEED,
    [SATURATE] = TS_PARAM_SATURATE,
    [STAGES] = TS_PARAM_STAGES(2),
};

static int lanes(const int64_t *p)
{
    return (int)p[LANES];
}

static const struct ts_port ports[] = {
    {"lr", TS_IN, .format = &ts_format_dlfloat16, .bits = 16, .doc = "factor of all elements"},
    {"dw", TS_IN, .format = &ts_format_dlfloat16, .bits = 16, .count_of = lanes,
     .doc = "gradients"},
    {"w", TS_IN, .format = &ts_format_dlfloat16, .bits = 16, .count_of = lanes, .doc = "weights"},
    {"gate", TS_IN, .control = true, .bits = 1, .count_of = lanes,
     .doc = "lr * dw counts as zero; the lane's random word is used up all the same"},
    {"w", TS_OUT, .format = &ts_format_dlfloat16, .bits = 16, .count_of = lanes,
     .doc = "w + lr * dw"},
};

static const char *check(const int64_t *p)
{
    return ts_lfsr_check((int)p[WIDTH], (uint32_t)p[POLYNOMIAL], (uint32_t)p[SEED]);
}

static int latency(const int64_t *p)
{
    return (int)p[STAGES];
}

static size_t state_bytes(const int64_t *p)
{
    return (size_t)p[LANES] * sizeof(struct ts_lfsr);
}

uint32_t ts_axpy_sr_seed(uint32_t seed, int width, int lane)
{
    const uint64_t stride = 0x9E3779B9; /* far apart: the golden ratio of 2^32 */
    uint64_t states = (1ULL << width) - 1;
    return (uint32_t)((seed - 1 + (uint64_t)lane * stride) % states + 1);
}

static void reset(const int64_t *p, void *state)
{
    struct ts_lfsr *lfsr = state;
    for (int i = 0; i < lanes(p); i++) {
        lfsr[i].polynomial = (uint32_t)p[POLYNOMIAL];
        lfsr[i].state = ts_axpy_sr_seed((uint32_t)p[SEED], (int)p[WIDTH], i);
    }
}

static bool step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    if (!valid)
        return false;
    struct ts_lfsr *lfsr = state;
    int n = lanes(p);
    int random_bits = (int)p[RANDOM_BITS];
    ts_dlfloat16 lr = {(uint16_t)in[0]};
    const uint64_t *dw = in + 1, *w = dw + n, *gate = w + n;
    for (int i = 0; i < n; i++) {
        ts_dlfloat16 weight = {(uint16_t)w[i]};
        ts_dlfloat16 zero = {0};
        ts_dlfloat16 factor = gate[i] ? zero : lr;
        ts_dlfloat16 gradient = gate[i] ? zero : (ts_dlfloat16){(uint16_t)dw[i]};
        out[i] = ts_axpy_sr(factor, gradient, weight, ts_lfsr_word(&lfsr[i], random_bits),
                            random_bits, ts_overflow_of(p[SATURATE]))
                     .v;
    }
    return true;
}

/* In one lane a weight near minus the product; and few gates, which hide a lane. */
static void stress(const int64_t *p, uint64_t random, uint64_t *in)
{
    int n = lanes(p);
    uint64_t *dw = in + 1, *w = dw + n, *gate = w + n;
    for (int i = 0; i < n; i++)
        gate[i] &= random >> 20 & 1;
    if (!ts_stresses(random))
        return;
    int lane = (int)(random >> 32) & (n - 1);
    ts_dlfloat16 lr = {(uint16_t)in[0]}, gradient = {(uint16_t)dw[lane]};
    ts_dlfloat16 product = ts_dlfloat16_fma(lr, gradient, (ts_dlfloat16){0}, TS_OVERFLOW_SATURATE);
    w[lane] = ts_stress_dlfloat16(product, random, (ts_dlfloat16){(uint16_t)w[lane]}).v;
}

const struct ts_block ts_block_axpy_sr = {
    .name = "axpy_sr",
    .brief = "w + lr * dw in dlfloat16, stochastically rounded",
    .source = "Wang22; DLF; RandomBits and the register [A]",
    .params = params,
    .n_params = TS_COUNT(params),
    .ports = ports,
    .n_ports = TS_COUNT(ports),
    .cuts = "output, sum, product",
    .latency = latency,
    .check = check,
    .state_bytes = state_bytes,
    .reset = reset,
    .step = step,
    .stress = stress,
};
