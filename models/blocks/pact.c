/* SPDX-License-Identifier: Apache-2.0 */
/* pact: an activation to a uint4 code. */
#include "core/block_common.h"
#include "tessera/arith.h"

enum { MAGNITUDE = 0x7FFF };

unsigned ts_pact(ts_dlfloat16 x, ts_dlfloat16 scale)
{
    const struct ts_format *to = &ts_format_uint4;
    struct ts_value activation = ts_decode(&ts_format_dlfloat16, x.v);
    struct ts_value factor = ts_decode(&ts_format_dlfloat16, scale.v & MAGNITUDE);
    struct ts_value product = ts_value_mul(activation, factor);
    return ts_encode(to, product, to->rounding, to->overflow);
}

enum { STAGES };
enum { IN_X, IN_SCALE };

static const struct ts_param params[] = {
    [STAGES] = {"Stages", 0, 2, 1, .doc = "pipeline registers, cycles"},
};

static const struct ts_port ports[] = {
    {"x", TS_IN, .format = &ts_format_dlfloat16, .bits = 16, .doc = "activation"},
    {"scale", TS_IN, .format = &ts_format_dlfloat16, .bits = 16,
     .doc = "15 / alpha; its sign is not looked at"},
    {"q", TS_OUT, .format = &ts_format_uint4, .bits = 4, .doc = "RN(x * scale), within 0..15"},
};

static int latency(const int64_t *p)
{
    return (int)p[STAGES];
}

static bool step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    (void)p;
    (void)state;
    ts_dlfloat16 x = {(uint16_t)in[IN_X]};
    ts_dlfloat16 scale = {(uint16_t)in[IN_SCALE]};
    out[0] = ts_pact(x, scale);
    return valid;
}

/* A significand whose product with `other`, odd, has no low bits but bit `place`, 0 to 7. */
static uint64_t stress_bit(uint64_t other, unsigned place)
{
    uint64_t inverse = other; /* modulo 2^3; each step doubles the bits */
    for (int bits = 3; bits < 9; bits *= 2)
        inverse *= 2 - other * inverse;
    return inverse << place;
}

/*
 * A product between the codes: x's exponent is what takes the scale's there. Among them ties, of
 * short mantissas, and what a single low bit keeps from being one.
 */
static void stress(const int64_t *p, uint64_t random, uint64_t *in)
{
    enum { MAN_BITS = 9, MAN_MASK = 0x1FF, EXP_MASK = 0x3F, EXP_OF_ONE = 62, BINADES = 7 };
    enum { SHORT_MASK = 0x1C0, SIGN = 0x8000 };
    (void)p;
    if (!(random & 3))
        return;
    uint64_t exp = in[IN_SCALE] >> MAN_BITS & EXP_MASK;
    uint64_t wanted = EXP_OF_ONE - 2 + (random >> 8) % BINADES - exp;
    uint64_t man = in[IN_X] & MAN_MASK;
    if ((random & 3) == 1) {
        man &= SHORT_MASK;
        in[IN_SCALE] &= ~(uint64_t)(MAN_MASK & ~SHORT_MASK);
    } else if ((random & 3) == 2) {
        in[IN_SCALE] |= 1;
        man = stress_bit(in[IN_SCALE] & MAN_MASK, random >> 24 & 7) & MAN_MASK;
    }
    in[IN_X] = (wanted & EXP_MASK) << MAN_BITS | man | (random >> 16 & 7 ? 0 : SIGN);
}

const struct ts_block ts_block_pact = {
    .name = "pact",
    .brief = "dlfloat16 activation times 15 / alpha, to uint4",
    .source = "PACT; the reciprocal's format [A]",
    .params = params,
    .n_params = TS_COUNT(params),
    .ports = ports,
    .n_ports = TS_COUNT(ports),
    .cuts = "output, product",
    .latency = latency,
    .step = step,
    .stress = stress,
};
