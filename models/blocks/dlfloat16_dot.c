/* SPDX-License-Identifier: Apache-2.0 */
/* dlfloat16_dot: products of dlfloat16 operands and another, aligned and rounded once. */
#include "core/aligned_sum.h"

ts_dlfloat16 ts_dlfloat16_dot(const ts_dlfloat16 *a, const ts_dlfloat16 *b, int lanes,
                              ts_dlfloat16 acc, struct ts_align align, enum ts_overflow overflow)
{
    const struct ts_format *f = &ts_format_dlfloat16;
    struct ts_term terms[TS_MAX_DOT_LANES + 1];
    for (int i = 0; i < lanes; i++)
        terms[i] = ts_term_mul(ts_term_of(f, a[i].v), ts_term_of(f, b[i].v));
    return ts_aligned_sum(terms, lanes, 2, acc, align, overflow);
}

enum { LANES, ALIGN, ALIGN_WIDTH, SATURATE, STAGES };

static const struct ts_param params[] = {
    [LANES] = TS_PARAM_DOT_LANES(2),      [ALIGN] = TS_PARAM_ALIGN,
    [ALIGN_WIDTH] = TS_PARAM_ALIGN_WIDTH, [SATURATE] = TS_PARAM_SATURATE,
    [STAGES] = TS_PARAM_STAGES(2),
};

static int lanes(const int64_t *p)
{
    return (int)p[LANES];
}

static const struct ts_port ports[] = {
    {"a", TS_IN, .format = &ts_format_dlfloat16, .bits = 16, .count_of = lanes,
     .doc = "multiplicands, k ascending"},
    {"b", TS_IN, .format = &ts_format_dlfloat16, .bits = 16, .count_of = lanes,
     .doc = "multipliers"},
    {"acc", TS_IN, .format = &ts_format_dlfloat16, .bits = 16, .doc = "sum so far"},
    {"acc", TS_OUT, .format = &ts_format_dlfloat16, .bits = 16, .doc = "sum with the products"},
};

static int latency(const int64_t *p)
{
    return (int)p[STAGES];
}

static ts_dlfloat16 dot(const int64_t *p, const uint64_t *in, uint64_t acc, struct ts_align align)
{
    ts_dlfloat16 a[TS_MAX_DOT_LANES], b[TS_MAX_DOT_LANES];
    for (int i = 0; i < lanes(p); i++) {
        a[i] = (ts_dlfloat16){(uint16_t)in[i]};
        b[i] = (ts_dlfloat16){(uint16_t)in[lanes(p) + i]};
    }
    return ts_dlfloat16_dot(a, b, lanes(p), (ts_dlfloat16){(uint16_t)acc}, align,
                            ts_overflow_of(p[SATURATE]));
}

static bool step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    (void)state;
    struct ts_align align = {p[ALIGN] != 0, (int)p[ALIGN_WIDTH]};
    out[0] = dot(p, in, in[2 * lanes(p)], align).v;
    return valid;
}

static void stress(const int64_t *p, uint64_t random, uint64_t *in)
{
    struct ts_align align = {p[ALIGN] != 0, (int)p[ALIGN_WIDTH]};
    uint64_t *acc = in + 2 * lanes(p);
    ts_stress_lanes(&ts_format_dlfloat16, random, lanes(p), in, in + lanes(p));
    *acc = ts_stress_acc(dot(p, in, 0, align), align, random, *acc);
}

const struct ts_block ts_block_dlfloat16_dot = {
    .name = "dlfloat16_dot",
    .brief = "products of dlfloat16 operands and another, aligned and rounded once",
    .source = "DLF; AlignWidth and its window [A]",
    .params = params,
    .n_params = TS_COUNT(params),
    .ports = ports,
    .n_ports = TS_COUNT(ports),
    .cuts = "output, sum, product",
    .latency = latency,
    .step = step,
    .stress = stress,
};
