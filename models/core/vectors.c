/* SPDX-License-Identifier: Apache-2.0 */
#include "tessera/vectors.h"

#include "core/block_common.h"

uint64_t ts_random_next(struct ts_random *random)
{
    uint64_t z = random->state += 0x9E3779B97F4A7C15U;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
    z = (z ^ z >> 27) * 0x94D049BB133111EBU;
    return z ^ z >> 31;
}

static uint64_t corner_int(uint64_t r, int bits)
{
    int64_t power = (int64_t)(1ULL << (r >> 8) % (unsigned)bits);
    int64_t near = power + (int64_t)(r >> 16 & 3) - 1;
    return ts_low_bits(r >> 18 & 1 ? -near : near, bits);
}

/* Exponent and mantissa from their own corners: zeros, ones, one bit, few bits. */
static uint64_t corner_float(uint64_t r, const struct ts_format *f)
{
    uint64_t exp_ones = (1ULL << f->exp_bits) - 1;
    uint64_t man_ones = (1ULL << f->man_bits) - 1;
    uint64_t exps[] = {0, 1, exp_ones, exp_ones - 1, (uint64_t)f->bias & exp_ones, r >> 8};
    uint64_t mans[] = {0,      1, man_ones, man_ones - 1, 1ULL << (r >> 16) % (f->man_bits + 1U),
                       r >> 24};
    uint64_t exp = exps[(r >> 48) % 6] & exp_ones;
    uint64_t man = mans[(r >> 52) % 6] & man_ones;
    return (r >> 63) << (f->exp_bits + f->man_bits) | exp << f->man_bits | man;
}

/* Within a few binades of one, so that operands meet. */
static uint64_t middling_float(uint64_t r, const struct ts_format *f)
{
    uint64_t exp_ones = (1ULL << f->exp_bits) - 1;
    uint64_t man_ones = (1ULL << f->man_bits) - 1;
    uint64_t exp = ((uint64_t)f->bias + (r & 7) - 4) & exp_ones;
    return (r >> 63) << (f->exp_bits + f->man_bits) | exp << f->man_bits | (r >> 8 & man_ones);
}

uint64_t ts_random_element(struct ts_random *random, const struct ts_format *f, int bits)
{
    uint64_t choice = ts_random_next(random);
    uint64_t r = ts_random_next(random);
    bool is_float = f && f->kind == TS_KIND_FLOAT;
    switch (choice & 7) {
    case 0:
    case 1:
        return is_float ? corner_float(r, f) : corner_int(r, bits);
    case 2:
    case 3: /* integers: of any magnitude, evenly in the logarithm */
        return is_float ? middling_float(r, f)
                        : ts_low_bits((int64_t)r >> (choice >> 8 & 63), bits);
    default:
        return ts_low_bits((int64_t)r, bits);
    }
}

void ts_random_inputs(struct ts_random *random, const struct ts_block *block, const int64_t *params,
                      uint64_t *in)
{
    uint64_t *word = in;
    for (int i = 0; i < block->n_ports; i++) {
        const struct ts_port *port = &block->ports[i];
        if (port->dir != TS_IN)
            continue;
        int bits = ts_port_bits(port, params);
        const struct ts_format *format = ts_port_format(port, params);
        for (int n = ts_port_count(port, params); n > 0; n--)
            *word++ = port->control ? ts_low_bits((int64_t)ts_random_next(random), bits)
                                    : ts_random_element(random, format, bits);
    }
    if (block->stress)
        block->stress(params, ts_random_next(random), in);
}
