/* SPDX-License-Identifier: Apache-2.0 */
#include "core/aligned_sum.h"

__extension__ typedef unsigned __int128 uint128;

struct ts_term ts_term_of(const struct ts_format *format, uint64_t code)
{
    struct ts_value value = ts_decode(format, (uint32_t)code);
    return (struct ts_term){value, value.exp + format->man_bits};
}

struct ts_term ts_term_mul(struct ts_term a, struct ts_term b)
{
    return (struct ts_term){ts_value_mul(a.value, b.value), a.exp + b.exp};
}

/*
 * The exact sum: a fixed-point number wide enough for every product of two
 * dlfloat16, from 2^-80 to 2^66, and a sum of some.
 */
enum { WORDS = 4, POINT = 128 };

struct fixed {
    uint64_t word[WORDS]; /* two's complement, the lowest first, bit POINT is one */
};

static struct fixed negated(struct fixed x)
{
    uint64_t carry = 1;
    for (int i = 0; i < WORDS; i++) {
        x.word[i] = ~x.word[i] + carry;
        carry &= x.word[i] == 0;
    }
    return x;
}

static struct fixed fixed_of(struct ts_value v)
{
    int position = v.exp + POINT;
    uint128 two_words = (uint128)v.sig << (position % 64);
    struct fixed x = {{0}};
    x.word[position / 64] = (uint64_t)two_words;
    x.word[position / 64 + 1] = (uint64_t)(two_words >> 64);
    return v.negative ? negated(x) : x;
}

static struct fixed fixed_add(struct fixed a, struct fixed b)
{
    uint128 carry = 0;
    for (int i = 0; i < WORDS; i++) {
        carry += (uint128)a.word[i] + b.word[i];
        a.word[i] = (uint64_t)carry;
        carry >>= 64;
    }
    return a;
}

/* The top 64 bits below the leading zero words: dlfloat16 rounds ties up, whatever is below. */
static struct ts_value value_of_fixed(struct fixed x)
{
    bool negative = x.word[WORDS - 1] >> 63;
    if (negative)
        x = negated(x);
    int top = WORDS - 1;
    while (top > 0 && !x.word[top])
        top--;
    if (top == 0)
        return (struct ts_value){x.word[0] ? TS_FINITE : TS_ZERO, negative, false, -POINT,
                                 x.word[0]};
    int zeros = __builtin_clzll(x.word[top]);
    uint128 two_words = (uint128)x.word[top] << 64 | x.word[top - 1];
    return (struct ts_value){TS_FINITE, negative, false, top * 64 - zeros - POINT,
                             (uint64_t)(two_words << zeros >> 64)};
}

static struct ts_value exact_sum(const struct ts_term *terms, int n)
{
    struct fixed sum = {{0}};
    for (int i = 0; i < n; i++)
        if (terms[i].value.cls == TS_FINITE)
            sum = fixed_add(sum, fixed_of(terms[i].value));
    return value_of_fixed(sum);
}

/* floor(v / 2^lsb); sets `sticky` if that is not all of it. */
static int64_t floor_of(struct ts_value v, int lsb, bool *sticky)
{
    int64_t sig = v.negative ? -(int64_t)v.sig : (int64_t)v.sig;
    int shift = lsb - v.exp;
    if (shift <= 0)
        return sig * (1LL << -shift);
    int64_t floor = sig >> (shift < 63 ? shift : 63);
    *sticky |= shift >= 63 || floor * (1LL << shift) != sig;
    return floor;
}

static struct ts_value window_sum(const struct ts_term *terms, int n, int product_bits, int width)
{
    int largest = INT16_MIN; /* less than any, where none is finite */
    for (int i = 0; i < n; i++)
        if (terms[i].value.cls == TS_FINITE && terms[i].exp > largest)
            largest = terms[i].exp;
    int lsb = largest + product_bits - width;
    int64_t sum = 0;
    bool sticky = false;
    for (int i = 0; i < n; i++)
        if (terms[i].value.cls == TS_FINITE)
            sum += floor_of(terms[i].value, lsb, &sticky);
    return ts_value_of_int(2 * sum + sticky, lsb - 1);
}

ts_dlfloat16 ts_aligned_sum(struct ts_term *terms, int n, int product_bits, ts_dlfloat16 acc,
                            struct ts_align align, enum ts_overflow overflow)
{
    const struct ts_format *f = &ts_format_dlfloat16;
    terms[n++] = ts_term_of(f, acc.v);
    struct ts_value sum =
        align.exact ? exact_sum(terms, n) : window_sum(terms, n, product_bits, align.width);
    for (int i = 0; i < n; i++)
        if (terms[i].value.cls == TS_NAN)
            sum = terms[i].value;
    return (ts_dlfloat16){(uint16_t)ts_encode(f, sum, f->rounding, overflow)};
}

enum { STRESS_FAR_BELOW = 4 };

static unsigned stress_case(uint64_t random)
{
    return random >> 40 & 7;
}

/* A product that may be a tie, and another of one bit that lies below it, far or not. */
static void stress_far_below(const struct ts_format *f, uint64_t random, int n, uint64_t *a,
                             uint64_t *b)
{
    uint64_t sign = 1ULL << (f->exp_bits + f->man_bits);
    uint64_t one = 1ULL << f->man_bits;
    uint64_t exp = (a[n - 1] & (sign - one)) >> f->man_bits, down = random >> 44 & 0x1F;
    a[n - 1] = (a[n - 1] & ~(one - 1)) | one / 2;
    b[n - 1] |= 1;
    a[0] = (a[0] & sign) | (exp > down ? exp - down : 1) << f->man_bits;
    b[0] = b[n - 1] & ~(one - 1);
}

void ts_stress_lanes(const struct ts_format *f, uint64_t random, int n, uint64_t *a, uint64_t *b)
{
    uint64_t sign = 1ULL << (f->exp_bits + f->man_bits);
    uint64_t high_exp = (sign >> 1) | (sign >> 2);
    uint64_t man = (1ULL << f->man_bits) - 1;
    int other = n - 1;
    switch (stress_case(random)) {
    case 0: /* cancels, or nearly */
        a[other] = a[0];
        b[other] = b[0] ^ (other ? sign : 0) ^ (random >> 43 & 1);
        break;
    case 1: /* of little weight */
        a[other] &= ~high_exp;
        break;
    case 2: /* powers of two */
        a[0] &= ~man;
        b[0] &= ~man;
        break;
    case 3: /* the sum's ends */
        for (int i = 1; i < n; i++) {
            a[i] = a[0];
            b[i] = b[0];
        }
        break;
    case STRESS_FAR_BELOW:
        stress_far_below(f, random, n, a, b);
        break;
    default:
        break;
    }
}

/* The negative of the dot product or a tie; or as far from it as the window is wide. */
uint64_t ts_stress_acc(ts_dlfloat16 dot, struct ts_align align, uint64_t random, uint64_t acc)
{
    enum { EXP_SHIFT = 9, EXP_MASK = 0x3F, BOUNDARY = TS_STRESS_KINDS, SPAN = 15 };
    if (stress_case(random) == STRESS_FAR_BELOW)
        return 0;
    if (ts_stresses(random))
        return ts_stress_dlfloat16(dot, random, (ts_dlfloat16){(uint16_t)acc}).v;
    if ((random & TS_STRESS_MASK) > BOUNDARY + 1)
        return acc;
    int distance = align.width + 3 - (int)(random >> 8 & SPAN);
    bool above = (random & TS_STRESS_MASK) == BOUNDARY;
    int exp = (dot.v >> EXP_SHIFT & EXP_MASK) + (above ? distance : -distance);
    if (exp < 0 || exp > EXP_MASK)
        return acc;
    return (acc & ~(uint64_t)(EXP_MASK << EXP_SHIFT)) | (uint64_t)exp << EXP_SHIFT;
}
