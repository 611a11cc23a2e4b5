/* SPDX-License-Identifier: Apache-2.0 */
/* chunk_add: a dot product enters the running sum of its chunk. */
#include "core/block_common.h"
#include "tessera/arith.h"

static ts_dlfloat16 round_dlfloat16(struct ts_value v, enum ts_overflow overflow)
{
    const struct ts_format *f = &ts_format_dlfloat16;
    return (ts_dlfloat16){(uint16_t)ts_encode(f, v, f->rounding, overflow)};
}

ts_dlfloat16 ts_dlfloat16_of_int(int64_t p, int s, enum ts_overflow overflow)
{
    return round_dlfloat16(ts_value_of_int(p, s), overflow);
}

ts_dlfloat16 ts_chunk_add_fused(ts_dlfloat16 acc, int64_t p, int s, enum ts_overflow overflow)
{
    struct ts_value a = ts_decode(&ts_format_dlfloat16, acc.v);
    return round_dlfloat16(ts_value_add(a, ts_value_of_int(p, s)), overflow);
}

ts_dlfloat16 ts_chunk_add_split(ts_dlfloat16 acc, int64_t p, int s, enum ts_overflow overflow)
{
    struct ts_value a = ts_decode(&ts_format_dlfloat16, acc.v);
    ts_dlfloat16 term = ts_dlfloat16_of_int(p, s, overflow);
    return round_dlfloat16(ts_value_add(a, ts_decode(&ts_format_dlfloat16, term.v)), overflow);
}

enum { MODES, LANES, CHUNK, VARIANT, SATURATE, STAGES };
enum { IN_ACC, IN_P, IN_ESCALE, IN_FP4 };

static const struct ts_param params[] = {
    [MODES] = TS_PARAM_MODES,     [LANES] = TS_PARAM_LANES,       [CHUNK] = TS_PARAM_CHUNK,
    [VARIANT] = TS_PARAM_VARIANT, [SATURATE] = TS_PARAM_SATURATE, [STAGES] = TS_PARAM_STAGES(1),
};

static int sum_bits(const int64_t *p)
{
    return ts_sum_bits(p[MODES], p[LANES]);
}

static int acc_bits(const int64_t *p)
{
    return ts_acc_bits(p[MODES], p[CHUNK], p[VARIANT]);
}

static const struct ts_format *acc_format(const int64_t *p)
{
    return p[VARIANT] == TS_VARIANT_INTEGER ? NULL : &ts_format_dlfloat16;
}

static const struct ts_port ports[] = {
    {"acc", TS_IN, .format_of = acc_format, .bits_of = acc_bits, .doc = "sum of the chunk so far"},
    {"p", TS_IN, .bits_of = sum_bits, .doc = "dot product"},
    {"escale", TS_IN, .bits = 7, .doc = "power of two of the products; not used by integer"},
    {"fp4", TS_IN, .control = true, .bits = 1, .doc = "p has weight 2^-6; ignored with one mode"},
    {"acc", TS_OUT, .format_of = acc_format, .bits_of = acc_bits, .doc = "sum with p"},
};

static const char *check(const int64_t *p)
{
    return ts_check_lanes_chunk(p[LANES], p[CHUNK]);
}

static int latency(const int64_t *p)
{
    return (int)p[STAGES];
}

static bool step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    (void)state;
    int64_t sum = ts_sign_extend(in[IN_P], sum_bits(p));
    out[0] = ts_chunk_add_word(p[VARIANT], ts_overflow_of(p[SATURATE]), acc_bits(p), in[IN_ACC],
                               sum, ts_weight(p[MODES], in[IN_FP4], in[IN_ESCALE]));
    return valid;
}

/* The sum near minus the product, or a P whose low bits fall on a rounding boundary. */
static void stress(const int64_t *p, uint64_t random, uint64_t *in)
{
    if (p[VARIANT] == TS_VARIANT_INTEGER || !ts_stresses(random))
        return;
    int s = ts_weight(p[MODES], in[IN_FP4], in[IN_ESCALE]);
    ts_dlfloat16 term =
        ts_dlfloat16_of_int(ts_sign_extend(in[IN_P], sum_bits(p)), s, TS_OVERFLOW_SATURATE);
    in[IN_ACC] = ts_stress_dlfloat16(term, random, (ts_dlfloat16){(uint16_t)in[IN_ACC]}).v;
}

const struct ts_block ts_block_chunk_add = {
    .name = "chunk_add",
    .brief = "inner sum of a chunk: acc + P * 2^(escale + L)",
    .source = "FP8-18, Wang22, Sakr19; fused and escale [A]",
    .params = params,
    .n_params = TS_COUNT(params),
    .ports = ports,
    .n_ports = TS_COUNT(ports),
    .cuts = "output, sum, align",
    .latency = latency,
    .check = check,
    .step = step,
    .stress = stress,
};
