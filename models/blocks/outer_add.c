/* SPDX-License-Identifier: Apache-2.0 */
/* outer_add: the sum of a chunk enters the sum over chunks. */
#include "core/block_common.h"
#include "tessera/arith.h"

static uint32_t outer_add(const struct ts_format *f, uint32_t outer, ts_dlfloat16 acc,
                          enum ts_overflow overflow)
{
    struct ts_value sum = ts_value_add(ts_decode(f, outer), ts_decode(&ts_format_dlfloat16, acc.v));
    return ts_encode(f, sum, f->rounding, overflow);
}

ts_dlfloat16 ts_outer_add_dlfloat16(ts_dlfloat16 outer, ts_dlfloat16 acc, enum ts_overflow overflow)
{
    return (ts_dlfloat16){(uint16_t)outer_add(&ts_format_dlfloat16, outer.v, acc, overflow)};
}

ts_fp32 ts_outer_add_fp32(ts_fp32 outer, ts_dlfloat16 acc, enum ts_overflow overflow)
{
    return (ts_fp32){outer_add(&ts_format_fp32, outer.v, acc, overflow)};
}

enum { MODES, CHUNK, VARIANT, OUTER, SATURATE, STAGES };
enum { IN_OUTER, IN_ACC, IN_ESCALE, IN_FP4 };

static const struct ts_param params[] = {
    [MODES] = TS_PARAM_MODES, [CHUNK] = TS_PARAM_CHUNK,       [VARIANT] = TS_PARAM_VARIANT,
    [OUTER] = TS_PARAM_OUTER, [SATURATE] = TS_PARAM_SATURATE, [STAGES] = TS_PARAM_STAGES(1),
};

static int acc_bits(const int64_t *p)
{
    return ts_acc_bits(p[MODES], p[CHUNK], p[VARIANT]);
}

static const struct ts_format *acc_format(const int64_t *p)
{
    return p[VARIANT] == TS_VARIANT_INTEGER ? NULL : &ts_format_dlfloat16;
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
    {"outer", TS_IN, .format_of = outer_format, .bits_of = outer_bits, .doc = "sum over chunks"},
    {"acc", TS_IN, .format_of = acc_format, .bits_of = acc_bits, .doc = "sum of one chunk"},
    {"escale", TS_IN, .bits = 7, .doc = "power of two of the products; integer variant only"},
    {"fp4", TS_IN, .control = true, .bits = 1, .doc = "acc has weight 2^-6; integer variant only"},
    {"outer", TS_OUT, .format_of = outer_format, .bits_of = outer_bits, .doc = "RN(outer + acc)"},
};

static int latency(const int64_t *p)
{
    return (int)p[STAGES];
}

static bool step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    (void)state;
    out[0] = ts_outer_add_word(p[VARIANT], p[OUTER], ts_overflow_of(p[SATURATE]), acc_bits(p),
                               (uint32_t)in[IN_OUTER], in[IN_ACC],
                               ts_weight(p[MODES], in[IN_FP4], in[IN_ESCALE]));
    return valid;
}

static void stress(const int64_t *p, uint64_t random, uint64_t *in)
{
    if (p[VARIANT] == TS_VARIANT_INTEGER || p[OUTER] != TS_OUTER_DLFLOAT16)
        return;
    ts_dlfloat16 outer = {(uint16_t)in[IN_OUTER]};
    in[IN_ACC] = ts_stress_dlfloat16(outer, random, (ts_dlfloat16){(uint16_t)in[IN_ACC]}).v;
}

const struct ts_block ts_block_outer_add = {
    .name = "outer_add",
    .brief = "outer sum: RN(outer + acc)",
    .source = "FP8-18, Wang22",
    .params = params,
    .n_params = TS_COUNT(params),
    .ports = ports,
    .n_ports = TS_COUNT(ports),
    .cuts = "output, sum, align",
    .latency = latency,
    .step = step,
    .stress = stress,
};
