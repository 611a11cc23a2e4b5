/* SPDX-License-Identifier: Apache-2.0 */
/* fp_mul: a * b of one floating-point format, rounded once. */
#include "core/block_common.h"
#include "core/float_stress.h"
#include "tessera/arith.h"

uint32_t ts_fp_mul(const struct ts_format *f, uint32_t a, uint32_t b, enum ts_overflow overflow)
{
    struct ts_value product = ts_value_mul(ts_decode(f, a), ts_decode(f, b));
    return ts_encode(f, product, f->rounding, overflow);
}

enum { FORMAT, SATURATE, STAGES };
enum { IN_A, IN_B };

static const struct ts_param params[] = {
    [FORMAT] = TS_PARAM_FORMAT,
    [SATURATE] = TS_PARAM_SATURATE_FLOAT,
    [STAGES] = TS_PARAM_STAGES(1),
};

static const struct ts_format *format(const int64_t *p)
{
    return ts_float_formats[p[FORMAT]];
}

static int bits(const int64_t *p)
{
    return ts_format_bits(format(p));
}

static const struct ts_port ports[] = {
    {"a", TS_IN, .format_of = format, .bits_of = bits, .doc = "multiplicand"},
    {"b", TS_IN, .format_of = format, .bits_of = bits, .doc = "multiplier"},
    {"product", TS_OUT, .format_of = format, .bits_of = bits, .doc = "RN(a * b)"},
};

static int latency(const int64_t *p)
{
    return (int)p[STAGES];
}

static bool step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    (void)state;
    out[0] =
        ts_fp_mul(format(p), (uint32_t)in[IN_A], (uint32_t)in[IN_B], ts_overflow_of(p[SATURATE]));
    return valid;
}

static void stress(const int64_t *p, uint64_t random, uint64_t *in)
{
    ts_stress_product(format(p), random, &in[IN_A], &in[IN_B]);
}

const struct ts_block ts_block_fp_mul = {
    .name = "fp_mul",
    .brief = "product in any floating-point format",
    .source = "IEEE 754-2019, DLF, OCP-FP8, OCP-MX",
    .params = params,
    .n_params = TS_COUNT(params),
    .ports = ports,
    .n_ports = TS_COUNT(ports),
    .cuts = "output, product, align",
    .latency = latency,
    .step = step,
    .stress = stress,
};
