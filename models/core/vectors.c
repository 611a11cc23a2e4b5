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

/* 0 to n - 1 from 16 random bits, without a division. */
static unsigned below(uint64_t r, unsigned n)
{
    return (unsigned)(r & 0xFFFF) * n >> 16;
}

static uint64_t corner_int(uint64_t r, int bits)
{
    int64_t power = (int64_t)(1ULL << below(r >> 32, (unsigned)bits));
    int64_t near = power + (int64_t)(r & 3) - 1;
    return ts_low_bits(r >> 63 ? -near : near, bits);
}

static uint64_t corner_field(uint64_t r, uint64_t ones, uint64_t own)
{
    switch (below(r, 6)) {
    case 0:
        return 0;
    case 1:
        return 1 & ones;
    case 2:
        return ones;
    case 3:
        return ones - (ones != 0);
    case 4:
        return own & ones;
    default:
        return r >> 16 & ones;
    }
}

/* Exponent and mantissa from their own corners: zeros, ones, one bit, any. */
static uint64_t corner_float(uint64_t r, const struct ts_format *f)
{
    uint64_t exp_ones = (1ULL << f->exp_bits) - 1;
    uint64_t man_ones = (1ULL << f->man_bits) - 1;
    uint64_t one_bit = 1ULL << below(r >> 40, f->man_bits + 1U);
    uint64_t exp = corner_field(r, exp_ones, (uint64_t)f->bias);
    uint64_t man = corner_field(r >> 24, man_ones, one_bit);
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
        return is_float ? ts_low_bits((int64_t)corner_float(r, f), bits) : corner_int(r, bits);
    case 2:
    case 3: /* integers: of any magnitude, evenly in the logarithm */
        return ts_low_bits(
            is_float ? (int64_t)middling_float(r, f) : (int64_t)r >> (choice >> 8 & 63), bits);
    default:
        return ts_low_bits((int64_t)r, bits);
    }
}

/*
 * Uniform bits hit every code of a narrow element often. Now and then all elements are alike,
 * which takes sums to their ends.
 */
enum { NARROW_BITS = 6 };

static void narrow_elements(struct ts_random *random, int bits, int count, uint64_t *words)
{
    uint64_t pool = ts_random_next(random);
    bool alike = (pool & 7) == 0;
    int used = 3;
    for (int i = 0; i < count; i++) {
        if (used + bits > 64) {
            pool = ts_random_next(random);
            used = 0;
        }
        words[i] = ts_low_bits((int64_t)(pool >> used), bits);
        used += alike ? 0 : bits;
    }
}

void ts_random_inputs(struct ts_random *random, const struct ts_block *block, const int64_t *params,
                      uint64_t *in)
{
    uint64_t *words = in;
    for (int i = 0; i < block->n_ports; i++) {
        const struct ts_port *port = &block->ports[i];
        if (port->dir != TS_IN)
            continue;
        int bits = ts_port_bits(port, params);
        int count = ts_port_count(port, params);
        if (bits <= NARROW_BITS) {
            narrow_elements(random, bits, count, words);
        } else {
            const struct ts_format *format = ts_port_format(port, params);
            for (int n = 0; n < count; n++)
                words[n] = port->control ? ts_low_bits((int64_t)ts_random_next(random), bits)
                                         : ts_random_element(random, format, bits);
        }
        words += count;
    }
    if (block->stress)
        block->stress(params, ts_random_next(random), in);
}
