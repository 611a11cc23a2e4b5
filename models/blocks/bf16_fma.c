/* SPDX-License-Identifier: Apache-2.0 */
/* bf16_fma: bf16 a * b added to an fp32, rounded once. */
#include "core/block_common.h"
#include "core/float_stress.h"
#include "tessera/arith.h"

ts_fp32 ts_bf16_fma(ts_bf16 a, ts_bf16 b, ts_fp32 c, enum ts_overflow overflow)
{
    const struct ts_format *f = &ts_format_bf16;
    struct ts_value product = ts_value_mul(ts_decode(f, a.v), ts_decode(f, b.v));
    struct ts_value sum = ts_value_add(product, ts_decode(&ts_format_fp32, c.v));
    return (ts_fp32){ts_encode(&ts_format_fp32, sum, TS_NEAREST_EVEN, overflow)};
}

enum { SATURATE, STAGES };
enum { IN_A, IN_B, IN_C };

static const struct ts_param params[] = {
    [SATURATE] = TS_PARAM_SATURATE_FLOAT,
    [STAGES] = TS_PARAM_STAGES(2),
};

static const struct ts_port ports[] = {
    {"a", TS_IN, .format = &ts_format_bf16, .bits = 16, .doc = "multiplicand"},
    {"b", TS_IN, .format = &ts_format_bf16, .bits = 16, .doc = "multiplier"},
    {"c", TS_IN, .format = &ts_format_fp32, .bits = 32, .doc = "addend"},
    {"sum", TS_OUT, .format = &ts_format_fp32, .bits = 32, .doc = "RN(a * b + c)"},
};

static int latency(const int64_t *p)
{
    return (int)p[STAGES];
}

static bool step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    (void)state;
    ts_bf16 a = {(uint16_t)in[IN_A]};
    ts_bf16 b = {(uint16_t)in[IN_B]};
    ts_fp32 c = {(uint32_t)in[IN_C]};
    out[0] = ts_bf16_fma(a, b, c, ts_overflow_of(p[SATURATE])).v;
    return valid;
}

static void stress(const int64_t *p, uint64_t random, uint64_t *in)
{
    (void)p;
    ts_stress_fma(&ts_format_bf16, &ts_format_fp32, random, &in[IN_A], &in[IN_B], &in[IN_C]);
}

const struct ts_block ts_block_bf16_fma = {
    .name = "bf16_fma",
    .brief = "bf16 a * b added to an fp32, rounded once",
    .source = "IEEE 754-2019; full subnormals [A]",
    .params = params,
    .n_params = TS_COUNT(params),
    .ports = ports,
    .n_ports = TS_COUNT(ports),
    .cuts = "output, sum, product",
    .latency = latency,
    .step = step,
    .stress = stress,
};
