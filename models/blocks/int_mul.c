/* SPDX-License-Identifier: Apache-2.0 */
/* int_mul: the exact product of two integers. */
#include "core/block_common.h"

enum { BITS, SIGNED, STAGES };
enum { IN_A, IN_B };

static const struct ts_param params[] = {
    [BITS] = {"Bits", 2, 32, 8, .doc = "width of the operands; the product has twice as many"},
    [SIGNED] = {"Signed", 0, 1, 1, .doc = "two's complement, else unsigned"},
    [STAGES] = {"Stages", 0, 2, 1, .doc = "pipeline registers, cycles"},
};

static int operand_bits(const int64_t *p)
{
    return (int)p[BITS];
}

static int product_bits(const int64_t *p)
{
    return 2 * (int)p[BITS];
}

static const struct ts_port ports[] = {
    {"a", TS_IN, .bits_of = operand_bits, .doc = "multiplicand"},
    {"b", TS_IN, .bits_of = operand_bits, .doc = "multiplier"},
    {"p", TS_OUT, .bits_of = product_bits, .doc = "a * b"},
};

static int latency(const int64_t *p)
{
    return (int)p[STAGES];
}

static bool step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    (void)state;
    if (p[SIGNED]) {
        int64_t a = ts_sign_extend(in[IN_A], operand_bits(p));
        int64_t b = ts_sign_extend(in[IN_B], operand_bits(p));
        out[0] = ts_low_bits(a * b, product_bits(p));
    } else {
        out[0] = in[IN_A] * in[IN_B];
    }
    return valid;
}

const struct ts_block ts_block_int_mul = {
    .name = "int_mul",
    .brief = "integer multiplication",
    .source = "two's complement",
    .params = params,
    .n_params = TS_COUNT(params),
    .ports = ports,
    .n_ports = TS_COUNT(ports),
    .cuts = "output, half products",
    .latency = latency,
    .step = step,
};
