/* SPDX-License-Identifier: Apache-2.0 */
/* mac_lane: one product of a 4-bit integer and an int4 or an fp5_r2 code. */
#include "core/block_common.h"
#include "tessera/arith.h"

enum { FP5_SIGN = 0x10, FP5_EXP = 0xF, FP5_MIN_EXP = 2 };

int ts_product_bits(int64_t modes)
{
    return modes & TS_MODE_FP4 ? 18 : 8;
}

int ts_product_exp(bool fp4)
{
    return fp4 ? -6 : 0;
}

int32_t ts_mac_lane(int a, unsigned b, bool fp4)
{
    if (!fp4)
        return a * (int)ts_sign_extend(b, 4);
    int e = (int)(b & FP5_EXP);
    if (e < FP5_MIN_EXP)
        return 0;
    int magnitude = a * (1 << (e - FP5_MIN_EXP));
    return b & FP5_SIGN ? -magnitude : magnitude;
}

enum { MODES, STAGES };
enum { IN_A, IN_A_UNSIGNED, IN_B, IN_FP4 };

static const struct ts_param params[] = {
    [MODES] = TS_PARAM_MODES,
    [STAGES] = {"Stages", 0, 1, 0, .doc = "pipeline registers, cycles"},
};

static int product_bits(const int64_t *p)
{
    return ts_product_bits(p[MODES]);
}

static const struct ts_port ports[] = {
    {"a", TS_IN, .bits = 4, .doc = "4-bit integer"},
    {"a_unsigned", TS_IN, .control = true, .bits = 1, .doc = "a is uint4 (PACT), else int4"},
    {"b", TS_IN, .format = &ts_format_fp5_r2, .bits = 5, .doc = "fp5_r2, or int4 in the low bits"},
    {"fp4", TS_IN, .control = true, .bits = 1, .doc = "b is fp5_r2; ignored with one mode"},
    {"p", TS_OUT, .bits_of = product_bits, .doc = "product; value P in INT4, P * 2^-6 in FP4"},
};

static int latency(const int64_t *p)
{
    return (int)p[STAGES];
}

static bool step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    (void)state;
    int a = ts_operand_a(in[IN_A], in[IN_A_UNSIGNED]);
    int32_t product = ts_mac_lane(a, (unsigned)in[IN_B], ts_fp4_mode(p[MODES], in[IN_FP4]));
    out[0] = ts_low_bits(product, product_bits(p));
    return valid;
}

const struct ts_block ts_block_mac_lane = {
    .name = "mac_lane",
    .brief = "product of a 4-bit integer and an int4 or fp5_r2 operand",
    .source = "US'841",
    .params = params,
    .n_params = TS_COUNT(params),
    .ports = ports,
    .n_ports = TS_COUNT(ports),
    .cuts = "output",
    .latency = latency,
    .step = step,
};
