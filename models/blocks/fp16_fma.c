/* SPDX-License-Identifier: Apache-2.0 */
/* fp16_fma: fp16 a * b + c, rounded once. */
#include "core/block_common.h"
#include "core/float_stress.h"
#include "tessera/arith.h"

/* Without subnormals a code of theirs is a zero. */
static struct ts_value decode(ts_fp16 x, bool subnormals)
{
    struct ts_value value = ts_decode(&ts_format_fp16, x.v);
    bool small = (x.v >> 10 & 0x1F) == 0;
    return small && !subnormals ? (struct ts_value){.cls = TS_ZERO} : value;
}

/* Whether the exact value lies below the smallest normal number, 2^-14. */
static bool is_tiny(struct ts_value v)
{
    return v.cls == TS_FINITE && 63 - __builtin_clzll(v.sig) + v.exp < -14;
}

ts_fp16 ts_fp16_fma(ts_fp16 a, ts_fp16 b, ts_fp16 c, bool subnormals, enum ts_overflow overflow)
{
    struct ts_value product = ts_value_mul(decode(a, subnormals), decode(b, subnormals));
    struct ts_value sum = ts_value_add(product, decode(c, subnormals));
    if (is_tiny(sum) && !subnormals)
        return (ts_fp16){0};
    return (ts_fp16){(uint16_t)ts_encode(&ts_format_fp16, sum, TS_NEAREST_EVEN, overflow)};
}

enum { SUBNORMALS, SATURATE, STAGES };
enum { IN_A, IN_B, IN_C };

static const struct ts_param params[] = {
    [SUBNORMALS] = {"Subnormals", 0, 1, 1,
                    .doc = "1: as IEEE 754 has them, 0: operands and results flush to zero"},
    [SATURATE] = TS_PARAM_SATURATE_FLOAT,
    [STAGES] = TS_PARAM_STAGES(2),
};

static const struct ts_port ports[] = {
    {"a", TS_IN, .format = &ts_format_fp16, .bits = 16, .doc = "multiplicand"},
    {"b", TS_IN, .format = &ts_format_fp16, .bits = 16, .doc = "multiplier"},
    {"c", TS_IN, .format = &ts_format_fp16, .bits = 16, .doc = "addend"},
    {"sum", TS_OUT, .format = &ts_format_fp16, .bits = 16, .doc = "RN(a * b + c)"},
};

static int latency(const int64_t *p)
{
    return (int)p[STAGES];
}

static bool step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    (void)state;
    ts_fp16 a = {(uint16_t)in[IN_A]};
    ts_fp16 b = {(uint16_t)in[IN_B]};
    ts_fp16 c = {(uint16_t)in[IN_C]};
    out[0] = ts_fp16_fma(a, b, c, p[SUBNORMALS], ts_overflow_of(p[SATURATE])).v;
    return valid;
}

static void stress(const int64_t *p, uint64_t random, uint64_t *in)
{
    (void)p;
    ts_stress_fma(&ts_format_fp16, &ts_format_fp16, random, &in[IN_A], &in[IN_B], &in[IN_C]);
}

const struct ts_block ts_block_fp16_fma = {
    .name = "fp16_fma",
    .brief = "fp16 a * b + c, rounded once",
    .source = "IEEE 754-2019; flushing before rounding [A]",
    .params = params,
    .n_params = TS_COUNT(params),
    .ports = ports,
    .n_ports = TS_COUNT(ports),
    .cuts = "output, sum, product",
    .latency = latency,
    .step = step,
    .stress = stress,
};
