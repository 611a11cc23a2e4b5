/* SPDX-License-Identifier: Apache-2.0 */
/* hfp8_mac: products of FP8 operands and a dlfloat16, aligned and rounded once. */
#include "core/aligned_sum.h"

ts_fp9_153 ts_hfp8_widen(uint8_t code, bool is_152, int bias)
{
    struct ts_format narrow = is_152 ? ts_format_fp8_152 : ts_format_fp8_143;
    if (!is_152)
        narrow.bias = (int16_t)bias;
    const struct ts_format *wide = &ts_format_fp9_153;
    uint32_t widened =
        ts_encode(wide, ts_decode(&narrow, code), wide->rounding, TS_OVERFLOW_SPECIAL);
    return (ts_fp9_153){(uint16_t)widened};
}

ts_dlfloat16 ts_hfp8_mac(const ts_fp9_153 *a, const ts_fp9_153 *b, int lanes, ts_dlfloat16 acc,
                         struct ts_align align, enum ts_overflow overflow)
{
    const struct ts_format *f = &ts_format_fp9_153;
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
    {"a", TS_IN, .format = &ts_format_fp8_152, .bits = 8, .count_of = lanes,
     .doc = "fp8_152 or fp8_143 codes, k ascending"},
    {"a_152", TS_IN, .control = true, .bits = 1, .doc = "a is fp8_152, else fp8_143"},
    {"b", TS_IN, .format = &ts_format_fp8_152, .bits = 8, .count_of = lanes,
     .doc = "fp8_152 or fp8_143 codes"},
    {"b_152", TS_IN, .control = true, .bits = 1, .doc = "b is fp8_152, else fp8_143"},
    {"bias", TS_IN, .control = true, .bits = 4, .doc = "exponent bias of fp8_143, usually 11"},
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
    const uint64_t *bias = b + lanes(p) + 1;
    ts_fp9_153 x[TS_MAX_DOT_LANES], y[TS_MAX_DOT_LANES];
    for (int i = 0; i < lanes(p); i++) {
        x[i] = ts_hfp8_widen((uint8_t)in[i], in[lanes(p)] & 1, (int)(*bias & 0xF));
        y[i] = ts_hfp8_widen((uint8_t)b[i], b[lanes(p)] & 1, (int)(*bias & 0xF));
    }
    return ts_hfp8_mac(x, y, lanes(p), (ts_dlfloat16){(uint16_t)acc}, align,
                       ts_overflow_of(p[SATURATE]));
}

static bool step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    (void)state;
    struct ts_align align = {p[ALIGN] != 0, (int)p[ALIGN_WIDTH]};
    out[0] = mac(p, in, in[2 * lanes(p) + 3], align).v;
    return valid;
}

static void stress(const int64_t *p, uint64_t random, uint64_t *in)
{
    const uint64_t b_152 = in[2 * lanes(p) + 1];
    ts_stress_lanes(b_152 & 1 ? &ts_format_fp8_152 : &ts_format_fp8_143, random, lanes(p), in,
                    in + lanes(p) + 1);
    struct ts_align align = {p[ALIGN] != 0, (int)p[ALIGN_WIDTH]};
    uint64_t *acc = in + 2 * lanes(p) + 3;
    *acc = ts_stress_acc(mac(p, in, 0, align), align, random, *acc);
}

const struct ts_block ts_block_hfp8_mac = {
    .name = "hfp8_mac",
    .brief = "products of FP8 operands and a dlfloat16, aligned and rounded once",
    .source = "HFP8, RaPiD; AlignWidth and its window [A]",
    .params = params,
    .n_params = TS_COUNT(params),
    .ports = ports,
    .n_ports = TS_COUNT(ports),
    .cuts = "output, sum, product",
    .latency = latency,
    .step = step,
    .stress = stress,
};
