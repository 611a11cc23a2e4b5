/* SPDX-License-Identifier: Apache-2.0 */
/* int_add: the sum of two integers, wrapping or saturating. */
#include "core/block_common.h"

enum { BITS, SATURATE, STAGES };
enum { IN_A, IN_B };

static const struct ts_param params[] = {
    [BITS] = {"Bits", 2, 32, 16, .doc = "width of operands and sum"},
    [SATURATE] = TS_PARAM_SATURATE_INT,
    [STAGES] = {"Stages", 0, 1, 1, .doc = "pipeline registers, cycles"},
};

static int bits(const int64_t *p)
{
    return (int)p[BITS];
}

static const struct ts_port ports[] = {
    {"a", TS_IN, .bits_of = bits, .doc = "addend"},
    {"b", TS_IN, .bits_of = bits, .doc = "addend"},
    {"sum", TS_OUT, .bits_of = bits, .doc = "a + b"},
};

static int latency(const int64_t *p)
{
    return (int)p[STAGES];
}

static bool step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    (void)state;
    int64_t sum = ts_sign_extend(in[IN_A], bits(p)) + ts_sign_extend(in[IN_B], bits(p));
    out[0] = ts_fit_int(sum, bits(p), p[SATURATE]);
    return valid;
}

const struct ts_block ts_block_int_add = {
    .name = "int_add",
    .brief = "integer addition",
    .source = "two's complement",
    .params = params,
    .n_params = TS_COUNT(params),
    .ports = ports,
    .n_ports = TS_COUNT(ports),
    .cuts = "output",
    .latency = latency,
    .step = step,
};
