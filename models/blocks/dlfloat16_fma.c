/* SPDX-License-Identifier: Apache-2.0 */
/* dlfloat16_fma: a * b + c with a single rounding. */
#include "core/block_common.h"
#include "tessera/arith.h"

ts_dlfloat16 ts_dlfloat16_fma(ts_dlfloat16 a, ts_dlfloat16 b, ts_dlfloat16 c,
                              enum ts_overflow overflow)
{
    const struct ts_format *f = &ts_format_dlfloat16;
    struct ts_value product = ts_value_mul(ts_decode(f, a.v), ts_decode(f, b.v));
    struct ts_value sum = ts_value_add(product, ts_decode(f, c.v));
    return (ts_dlfloat16){(uint16_t)ts_encode(f, sum, f->rounding, overflow)};
}

enum { SATURATE, STAGES };
enum { IN_A, IN_B, IN_C };

static const struct ts_param params[] = {
    [SATURATE] = TS_PARAM_SATURATE,
    [STAGES] = TS_PARAM_STAGES(2),
};

static const struct ts_port ports[] = {
    {"a", TS_IN, .format = &ts_format_dlfloat16, .bits = 16, .doc = "multiplicand"},
    {"b", TS_IN, .format = &ts_format_dlfloat16, .bits = 16, .doc = "multiplier"},
    {"c", TS_IN, .format = &ts_format_dlfloat16, .bits = 16, .doc = "addend"},
    {"sum", TS_OUT, .format = &ts_format_dlfloat16, .bits = 16, .doc = "RN(a * b + c)"},
};

static int latency(const int64_t *p)
{
    return (int)p[STAGES];
}

static bool step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    (void)state;
    ts_dlfloat16 a = {(uint16_t)in[IN_A]};
    ts_dlfloat16 b = {(uint16_t)in[IN_B]};
    ts_dlfloat16 c = {(uint16_t)in[IN_C]};
    out[0] = ts_dlfloat16_fma(a, b, c, ts_overflow_of(p[SATURATE])).v;
    return valid;
}

/* The addend near minus the product, or c's ulp near the product's size. */
static void stress(const int64_t *p, uint64_t random, uint64_t *in)
{
    (void)p;
    if (!ts_stresses(random))
        return;
    ts_dlfloat16 a = {(uint16_t)in[IN_A]};
    ts_dlfloat16 b = {(uint16_t)in[IN_B]};
    ts_dlfloat16 product = ts_dlfloat16_fma(a, b, (ts_dlfloat16){0}, TS_OVERFLOW_SATURATE);
    in[IN_C] = ts_stress_dlfloat16(product, random, (ts_dlfloat16){(uint16_t)in[IN_C]}).v;
}

const struct ts_block ts_block_dlfloat16_fma = {
    .name = "dlfloat16_fma",
    .brief = "dlfloat16 a * b + c, rounded once",
    .source = "DLF",
    .params = params,
    .n_params = TS_COUNT(params),
    .ports = ports,
    .n_ports = TS_COUNT(ports),
    .cuts = "output, sum, product",
    .latency = latency,
    .step = step,
    .stress = stress,
};
