/* SPDX-License-Identifier: Apache-2.0 */
/* dot_product: Lanes mac_lanes along k and an exact adder tree. */
#include "core/block_common.h"
#include "tessera/arith.h"

enum { MODES, LANES, STAGES };

static const struct ts_param params[] = {
    [MODES] = TS_PARAM_MODES,
    [LANES] = TS_PARAM_LANES,
    [STAGES] = {"Stages", 0, 2, 1, .doc = "pipeline registers, cycles"},
};

static int lanes(const int64_t *p)
{
    return (int)p[LANES];
}

static int sum_bits(const int64_t *p)
{
    return ts_sum_bits(p[MODES], p[LANES]);
}

static const struct ts_port ports[] = {
    {"a", TS_IN, .bits = 4, .count_of = lanes, .doc = "4-bit integers, k ascending"},
    {"a_unsigned", TS_IN, .control = true, .bits = 1, .doc = "a is uint4 (PACT), else int4"},
    {"b", TS_IN, .format = &ts_format_fp5_r2, .bits = 5, .count_of = lanes,
     .doc = "fp5_r2, or int4 in the low bits"},
    {"fp4", TS_IN, .control = true, .bits = 1, .doc = "b is fp5_r2; ignored with one mode"},
    {"p", TS_OUT, .bits_of = sum_bits, .doc = "exact sum; value P in INT4, P * 2^-6 in FP4"},
};

static int latency(const int64_t *p)
{
    return (int)p[STAGES];
}

static bool step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    (void)state;
    int n = lanes(p);
    const uint64_t *a = in;
    bool a_unsigned = in[n];
    const uint64_t *b = in + n + 1;
    bool fp4 = ts_fp4_mode(p[MODES], in[2 * n + 1]);
    int64_t sum = 0;
    for (int i = 0; i < n; i++)
        sum += ts_mac_lane(ts_operand_a(a[i], a_unsigned), (unsigned)b[i], fp4);
    out[0] = ts_low_bits(sum, sum_bits(p));
    return valid;
}

const struct ts_block ts_block_dot_product = {
    .name = "dot_product",
    .brief = "Lanes products along k and their exact sum",
    .source = "US'841",
    .params = params,
    .n_params = TS_COUNT(params),
    .ports = ports,
    .n_ports = TS_COUNT(ports),
    .cuts = "output, product",
    .latency = latency,
    .step = step,
};
