/* SPDX-License-Identifier: Apache-2.0 */
/* int2_mac: products of 2-bit integers along k and an integer accumulator. */
#include "core/int_mac.h"

enum { OPERAND_BITS = 2 };

static const struct ts_param params[] = TS_INT_MAC_PARAMS(OPERAND_BITS, 16, 16);
static const struct ts_port ports[] = TS_INT_MAC_PORTS(OPERAND_BITS);

static bool step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    (void)state;
    ts_int_mac(OPERAND_BITS, p, in, out);
    return valid;
}

static void stress(const int64_t *p, uint64_t random, uint64_t *in)
{
    ts_int_mac_stress(OPERAND_BITS, p, random, in);
}

const struct ts_block ts_block_int2_mac = {
    .name = "int2_mac",
    .brief = "dot product of 2-bit integers into an integer accumulator",
    .source = "two's complement; AccBits [A]",
    .params = params,
    .n_params = TS_COUNT(params),
    .ports = ports,
    .n_ports = TS_COUNT(ports),
    .cuts = "output, dot product, products",
    .latency = ts_int_mac_latency,
    .step = step,
    .stress = stress,
};
