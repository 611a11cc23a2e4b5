/* SPDX-License-Identifier: Apache-2.0 */
#include "core/float_stress.h"

#include "core/block_common.h"
#include "tessera/vectors.h"

/* A code without its sign, taken apart. */
static int exp_of(const struct ts_format *f, uint32_t code)
{
    return (int)(code >> f->man_bits & ((1U << f->exp_bits) - 1));
}

static uint32_t man_of(const struct ts_format *f, uint64_t code)
{
    return (uint32_t)code & ((1U << f->man_bits) - 1);
}

static uint32_t sign_bit(const struct ts_format *f)
{
    return 1U << (f->exp_bits + f->man_bits);
}

/* The exponent is clamped to what the format has. */
static uint32_t pack(const struct ts_format *f, bool negative, int exp, uint32_t man)
{
    int top = (1 << f->exp_bits) - 1;
    int e = exp < 0 ? 0 : exp > top ? top : exp;
    return (negative ? sign_bit(f) : 0) | (uint32_t)e << f->man_bits | man_of(f, man);
}

/* Mantissas at which a rounding or a carry happens: 0, 1, all ones, one half, any. */
static uint32_t edge_mantissa(const struct ts_format *f, uint64_t random)
{
    uint32_t ones = (1U << f->man_bits) - 1;
    uint32_t any = (uint32_t)(random >> 8);
    switch (random & 7) {
    case 0:
        return 0;
    case 1:
        return ones;
    case 2:
        return 1;
    case 3:
        return 1U << (f->man_bits - 1);
    case 4: /* one bit */
        return 1U << any % f->man_bits;
    default:
        return any & ones;
    }
}

enum { ADDEND_CASES = 8 };

uint32_t ts_stress_addend(const struct ts_format *f, uint32_t first, uint64_t random,
                          uint32_t otherwise)
{
    int nudge = (int)(random >> 8 & 7) - 3;
    bool negative = random >> 11 & 1;
    uint64_t more = random >> 12;
    int exp = exp_of(f, first);
    switch (random % ADDEND_CASES) {
    case 0: /* cancels to nothing or to a few ulps */
        return ((first ^ sign_bit(f)) + (uint32_t)nudge) & (2 * sign_bit(f) - 1);
    case 1: /* about half an ulp of the first: a tie or nearly one */
        return pack(f, negative, exp - f->man_bits - 1 + nudge / 2, more & 3 ? 0 : more >> 2 & 1);
    case 2: /* the first is about half an ulp of it */
        return pack(f, negative, exp + f->man_bits + 1 + nudge / 2, edge_mantissa(f, more));
    case 3: /* the same binade or the next */
        return pack(f, negative, exp + nudge / 2, edge_mantissa(f, more));
    case 4: /* among the smallest */
        return pack(f, negative, (int)(more & 1), edge_mantissa(f, more >> 1));
    case 5: /* among the largest, and infinity */
        return pack(f, negative, (1 << f->exp_bits) - 1 - (int)(more & 3),
                    edge_mantissa(f, more >> 2));
    default:
        return otherwise;
    }
}

/*
 * Of significands that are odd multiples of powers of two: 3 * an odd number of p - 1 or p bits
 * has p + 1 bits and more, the last of them set.
 */
static void tie_product(const struct ts_format *f, uint64_t random, uint64_t *a, uint64_t *b)
{
    uint32_t small = (1U << (f->man_bits - 1)) >> (random & 1);
    int drop = (int)(random >> 1 & 3);
    drop = drop < f->man_bits ? drop : 0;
    uint32_t odd = (man_of(f, random >> 8) >> drop | 1) << drop;
    *a = (*a & ~(uint64_t)man_of(f, *a)) | man_of(f, small);
    *b = (*b & ~(uint64_t)man_of(f, *b)) | man_of(f, odd);
}

void ts_stress_product(const struct ts_format *f, uint64_t random, uint64_t *a, uint64_t *b)
{
    uint64_t more = random >> 8;
    bool negative = more & 1;
    int top = (1 << f->exp_bits) - 1;
    int exp_a = exp_of(f, (uint32_t)*a);
    int below = (int)((more >> 1 & 0xFF) * (unsigned)(f->man_bits + 4) >> 8);
    uint32_t man = random & 0x80 ? man_of(f, *b) : edge_mantissa(f, more >> 9);
    switch (random & 7) {
    case 0:
        tie_product(f, more, a, b);
        break;
    case 1: /* around the smallest numbers: subnormal, or nearly */
        *b = pack(f, negative, f->bias + 2 - below - exp_a, man);
        break;
    case 2: /* the same, tied */
        *b = pack(f, negative, f->bias + 2 - below - exp_a, man);
        tie_product(f, more >> 9, a, b);
        break;
    case 3: /* around the largest */
        *b = pack(f, negative, f->bias + top - (int)(more >> 1 & 3) - exp_a, man);
        break;
    case 4: { /* a subnormal operand, the other as large as can be */
        *a = (*a & sign_bit(f)) | edge_mantissa(f, more >> 9);
        *b = pack(f, negative, top - 1 - (int)(more >> 1 & 0xF), man_of(f, *b));
        break;
    }
    default:
        break;
    }
}

void ts_stress_fma(const struct ts_format *product, const struct ts_format *sum, uint64_t random,
                   uint64_t *a, uint64_t *b, uint64_t *c)
{
    ts_stress_product(product, random, a, b);
    struct ts_value exact =
        ts_value_mul(ts_decode(product, (uint32_t)*a), ts_decode(product, (uint32_t)*b));
    uint32_t rounded = ts_encode(sum, exact, sum->rounding, TS_OVERFLOW_SATURATE);
    *c = ts_stress_addend(sum, rounded, random >> 32, (uint32_t)*c);
}

/* The exponents of one cycle's elements: of a few binades, or some so far below these. */
struct binades {
    int least, count, below;
};

enum stream_kind {
    SUBNORMALS,
    SUBNORMAL_SQUARES,
    OVERFLOWS,
    LAST_PLACE,
    SQUARES_IN_LAST_PLACE,
    ALIKE,
    ORDINARY,
    AS_DRAWN,
};

/* So often each; only of cycles of one kind does a tensor show what they are for. */
static const enum stream_kind stream_kinds[] = {
    /* clang-format off */
    SUBNORMALS, SUBNORMAL_SQUARES, SUBNORMAL_SQUARES, OVERFLOWS,
    LAST_PLACE, LAST_PLACE, LAST_PLACE, LAST_PLACE,
    SQUARES_IN_LAST_PLACE, SQUARES_IN_LAST_PLACE, SQUARES_IN_LAST_PLACE, ORDINARY,
    ALIKE, ALIKE, ALIKE, AS_DRAWN,
    /* clang-format on */
};

static struct binades stream_binades(const struct ts_format *f, enum stream_kind kind)
{
    enum { SUM_BITS = 24 };
    switch (kind) {
    case SUBNORMALS:
        return (struct binades){0, 16, 0};
    case SUBNORMAL_SQUARES:
        return (struct binades){f->bias / 2 - 12, 32, 0};
    case OVERFLOWS:
        return (struct binades){(1 << f->exp_bits) - 5, 4, 0};
    case LAST_PLACE:
        return (struct binades){f->bias, 4, SUM_BITS};
    case SQUARES_IN_LAST_PLACE:
        return (struct binades){f->bias, 2, SUM_BITS / 2};
    default:
        return (struct binades){f->bias - 8, 16, 0};
    }
}

static uint64_t stream_element(const struct ts_format *f, struct binades binades, uint64_t random,
                               uint64_t drawn)
{
    bool below = binades.below > 0 && random & 1;
    int exp = binades.least + (int)((random >> 8) % (uint64_t)binades.count);
    int low = (int)((random >> 16) % (uint64_t)f->man_bits);
    uint64_t man = drawn;
    if (below || (random & 6) == 0)
        man = edge_mantissa(f, random >> 16);
    else if ((random & 6) == 2) /* of few bits: its square may be a tie */
        man = drawn >> low << low;
    return pack(f, drawn & sign_bit(f), below ? exp - binades.below : exp, man_of(f, man));
}

/* Of few bits: if all elements are it, means and roots are exact and products may tie. */
static uint32_t simple_magnitude(const struct ts_format *f, uint64_t random)
{
    enum { BITS = 3 };
    return pack(f, false, f->bias - 8 + (int)(random & 0xF),
                man_of(f, random >> 8) >> (f->man_bits - BITS) << (f->man_bits - BITS));
}

void ts_stress_stream(const struct ts_format *f, int lanes, uint64_t random, uint64_t *in)
{
    enum { FIRST_ONE_IN = 2, LAST_ONE_IN = 8 };
    in[lanes] = random % FIRST_ONE_IN == 0;
    in[lanes + 1] = (random >> 8) % LAST_ONE_IN == 0;
    enum stream_kind kind = stream_kinds[(random >> 16) % (uint64_t)TS_COUNT(stream_kinds)];
    if (kind == AS_DRAWN)
        return;
    struct binades binades = stream_binades(f, kind);
    struct ts_random lane = {random};
    uint32_t alike = simple_magnitude(f, ts_random_next(&lane));
    for (int i = 0; i < lanes; i++) {
        if (!in[i])
            continue;
        uint64_t more = ts_random_next(&lane);
        if (kind != ALIKE)
            in[i] = stream_element(f, binades, more, in[i]);
        else /* now and then but for one bit */
            in[i] = (in[i] & sign_bit(f)) |
                    (more & 7 ? alike : alike ^ 1U << (more >> 3) % (uint64_t)f->man_bits);
    }
}
