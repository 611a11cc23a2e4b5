/* SPDX-License-Identifier: Apache-2.0 */
/* fp8_int4_mac: products of 4-bit integers and FP8 operands, and a dlfloat16, rounded once. */
#include "core/aligned_sum.h"

enum { LANES, FP8, ALIGN, ALIGN_WIDTH, SATURATE, STAGES };

/* |a| <= 15 and a significand below two: less than 2^5. */
enum { PRODUCT_BITS = 5 };

static const char *const fp8_names[] = {"fp8_143", "fp8_152", NULL};

static const struct ts_param params[] = {
    [LANES] = TS_PARAM_DOT_LANES(2),
    [FP8] = {"Fp8", 0, 1, 1, .names = fp8_names, .doc = "format of b"},
    [ALIGN] = TS_PARAM_ALIGN,
    [ALIGN_WIDTH] = TS_PARAM_ALIGN_WIDTH,
    [SATURATE] = TS_PARAM_SATURATE,
    [STAGES] = TS_PARAM_STAGES(2),
};

static int lanes(const int64_t *p)
{
    return (int)p[LANES];
}

static const struct ts_format *fp8_format(const int64_t *p)
{
    return p[FP8] ? &ts_format_fp8_152 : &ts_format_fp8_143;
}

static const struct ts_port ports[] = {
    {"a", TS_IN, .bits = 4, .count_of = lanes, .doc = "4-bit integers, k ascending"},
    {"a_unsigned", TS_IN, .control = true, .bits = 1, .doc = "a is uint4 (PACT), else int4"},
    {"b", TS_IN, .format_of = fp8_format, .bits = 8, .count_of = lanes, .doc = "FP8 codes"},
    {"acc", TS_IN, .format = &ts_format_dlfloat16, .bits = 16, .doc = "sum so far"},
    {"acc", TS_OUT, .format = &ts_format_dlfloat16, .bits = 16, .doc = "sum with the products"},
};

static int latency(const int64_t *p)
{
    return (int)p[STAGES];
}

static ts_dlfloat16 mac(const int64_t *p, const uint64_t *in, uint64_t acc, struct ts_align align)
{
    const uint64_t *b = in + lanes(p) + 1;
    struct ts_term terms[TS_MAX_DOT_LANES + 1];
    for (int i = 0; i < lanes(p); i++) {
        struct ts_term integer = {ts_value_of_int(ts_operand_a(in[i], in[lanes(p)]), 0), 0};
        terms[i] = ts_term_mul(integer, ts_term_of(fp8_format(p), b[i]));
    }
    return ts_aligned_sum(terms, lanes(p), PRODUCT_BITS, (ts_dlfloat16){(uint16_t)acc}, align,
                          ts_overflow_of(p[SATURATE]));
}

static bool step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    (void)state;
    struct ts_align align = {p[ALIGN] != 0, (int)p[ALIGN_WIDTH]};
    out[0] = mac(p, in, in[2 * lanes(p) + 1], align).v;
    return valid;
}

static void stress(const int64_t *p, uint64_t random, uint64_t *in)
{
    struct ts_align align = {p[ALIGN] != 0, (int)p[ALIGN_WIDTH]};
    uint64_t *b = in + lanes(p) + 1;
    uint64_t *acc = b + lanes(p);
    /* Lanes of the same integer, so that those of b are what cancels. */
    if (random >> 60 & 1)
        for (int i = 1; i < lanes(p); i++)
            in[i] = in[0];
    ts_stress_lanes(fp8_format(p), random, lanes(p), b, b);
    *acc = ts_stress_acc(mac(p, in, 0, align), align, random, *acc);
}

const struct ts_block ts_block_fp8_int4_mac = {
    .name = "fp8_int4_mac",
    .brief = "products of 4-bit integers and FP8 operands, and a dlfloat16, rounded once",
    .source = "LUQ, Sun20; AlignWidth and its window [A]",
    .params = params,
    .n_params = TS_COUNT(params),
    .ports = ports,
    .n_ports = TS_COUNT(ports),
    .cuts = "output, sum, product",
    .latency = latency,
    .step = step,
    .stress = stress,
};
