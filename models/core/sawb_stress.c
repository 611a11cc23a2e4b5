/* SPDX-License-Identifier: Apache-2.0 */
#include "core/sawb_stress.h"

#include "tessera/vectors.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

static const float factor_1 = 12.035F, factor_2 = 12.03F;

/* A significand whose product with that of c1 or c2 ends in half of its last place, or but one bit
 * past that. */
static uint32_t tying_significand(uint64_t random)
{
    const uint32_t implicit = 1U << 23, c1 = 0xC08F5C, c2 = 0xC07AE1;
    uint32_t ending = implicit >> (random & 1);
    if (random & 6)
        ending |= 1U << (random >> 8) % 22;
    bool by_c1 = random & 8;
    uint32_t odd = by_c1 ? c1 / 4 : c2, inverse = odd; /* of 3 bits, then 6, 12, 24 */
    for (int bits = 3; bits < 24; bits *= 2)
        inverse *= 2 - odd * inverse;
    return ((by_c1 ? ending / 4 : ending) * inverse & (implicit - 1)) | implicit;
}

/* Beyond 24 bits it is rounded: half of the time by one that ties, or nearly. */
static uint32_t many_elements(uint64_t random)
{
    const uint32_t least = 1U << 8, last_place = 1U << 8;
    uint32_t n = (uint32_t)(random >> 32);
    if (random & 1)
        return n >> (random >> 8) % 24 | least;
    n = (n | 1U << 31) & ~(last_place - 1);
    return n | last_place / 2 | ((random & 6) == 0 ? 1U << (random >> 8) % 7 : 0);
}

static uint32_t fp32_code(int exp, uint32_t sig)
{
    return (uint32_t)exp << 23 | (sig ^ 1U << 23);
}

/* A significand whose last `down` bits are half of the one above, or that but for one bit. */
static uint32_t tying_rest(uint64_t random, int down)
{
    const uint32_t implicit = 1U << 23, tie = 1U << (down - 1);
    uint32_t sig = ((uint32_t)random & ~(2 * tie - 1)) | tie;
    if (random >> 32 & 3)
        sig ^= 1U << (random >> 40) % (uint32_t)down;
    return (sig & (implicit - 1)) | implicit;
}

/* One whose product with that of c2 is so: that of its root is aligned with such a mean. */
static uint32_t aligning_significand(uint64_t random, int down)
{
    const uint32_t implicit = 1U << 23, c2 = 0xC07AE1;
    uint32_t term = tying_rest(random, down);
    double up = term < c2 ? 2 : 1;
    return (uint32_t)((double)term * up * implicit / c2 + 0.5);
}

/* One whose square ends in half of its last place and the least bit of it that can be set. */
static uint32_t squaring_significand(uint64_t random)
{
    int zeros = (int)(random % 12), half = 22 + (int)(random >> 8 & 1);
    int apart = half - 2 * zeros; /* from the least bit to the half, in the square */
    uint32_t sig = 1U << 23 | (uint32_t)(random >> 32 & 0x7FFFFF);
    if (apart < 3)
        return sig;
    uint32_t odd = sig >> zeros & ~((2U << (apart - 1)) - 1);
    return (odd | 1U << (apart - 1) | 1) << zeros;
}

/*
 * One element that is not zero among so many that the clip is less than it. Of a power of four root
 * and mean have its significand; of any, squares and what is left of them are as small as they can
 * be, or just too small. Returns n.
 */
static uint32_t lone_element(struct ts_random *random, uint32_t *element)
{
    enum { TOO_SMALL = 63, EXPONENTS = 112, LEAST_SHIFT = 4, SHIFTS = 12 };
    uint64_t any = ts_random_next(random), choice = ts_random_next(random);
    bool is_power = choice & 1, is_small = !is_power && choice & 2;
    int more = (int)((choice >> 24) % (is_small ? 4 : EXPONENTS));
    int shift = LEAST_SHIFT + (int)((choice >> 16 & 255) % SHIFTS); /* from root to mean */
    uint32_t sig = tying_significand(any);
    if (choice & 4)
        sig = is_power ? aligning_significand(any, shift) : squaring_significand(any);
    *element = fp32_code(TOO_SMALL + more, sig);
    return is_power ? 1U << (2 * shift) : many_elements(ts_random_next(random));
}

/*
 * A sum of two: the first is at least 1 and less than 2, so that the next, whatever the first was,
 * makes a tie, or all but one, of the sums of magnitudes or of those of squares. As many elements
 * as have the same sum, so that all that is left of the clip is the difference of c1 and c2; or so
 * many that the clip is less than the first.
 */
static uint32_t first_term(uint64_t random)
{
    enum { BIAS = 127 };
    return fp32_code(BIAS, 1U << 23 | (uint32_t)random);
}

static uint32_t second_term(uint64_t random)
{
    enum { BIAS = 127, LEAST_DOWN = 12, DOWNS = 13 };
    uint64_t rest = random >> 5;
    int down = LEAST_DOWN + (int)((random & 15) % DOWNS);
    uint32_t sig = tying_rest(rest, down);
    if (random & 16)
        return fp32_code(BIAS - down, sig);
    float root = (float)sqrt(ldexp(sig, -23 - down));
    uint32_t code = 0;
    memcpy(&code, &root, sizeof code);
    return code;
}

static uint32_t n_of_sums(uint64_t random, int same)
{
    enum { LEAST = 120, COUNTS = 119 };
    return random & 1 ? (uint32_t)same
                      : (uint32_t)same * (LEAST + (uint32_t)(random >> 1) % COUNTS);
}

/* Squares that add up to a significand of ones: its root is next to a tie. Returns n. */
static uint32_t root_of_ones(struct ts_random *random, uint32_t *elements)
{
    enum { LEAST = 80, EXPONENTS = 96, ONES = (1 << 24) - 1, LAST_PLACE = 12 };
    uint64_t choice = ts_random_next(random);
    int exp = LEAST + (int)((choice >> 8) % EXPONENTS);
    elements[0] = fp32_code(exp, ONES);
    elements[1] = fp32_code(exp - LAST_PLACE + 1, 1U << 23);
    return 1U << (8 + 2 * (choice & 7));
}

/* The clip of n elements of which one is 1, one is `other` and the others are zero. */
static double clip_of_two(double other, double n)
{
    return (double)factor_1 * sqrt((1 + other * other) / n) - (double)factor_2 * (1 + other) / n;
}

/*
 * Two elements, the second such that the clip is zero or the first one, but for a few bits. With
 * n = 1 the clip falls as the second one grows; with 120 to 238 it rises, where it is past a fifth.
 */
static uint32_t balanced_elements(struct ts_random *random, uint32_t *elements)
{
    enum { LEAST = 120, COUNTS = 119 };
    uint64_t choice = ts_random_next(random);
    bool is_zero = choice & 1;
    uint32_t n = is_zero ? 1 : LEAST + (uint32_t)(choice >> 8) % COUNTS;
    double low = is_zero ? 0 : 0.15, high = is_zero ? 0.01 : 1;
    for (int i = 0; i < 50; i++) {
        double middle = (low + high) / 2;
        bool past = is_zero ? clip_of_two(middle, n) < 0 : clip_of_two(middle, n) > 1;
        *(past ? &high : &low) = middle;
    }
    elements[0] = fp32_code(80 + (int)((choice >> 16) % 96), (uint32_t)(choice >> 40) | 1U << 23);
    float first = 0;
    memcpy(&first, &elements[0], sizeof first);
    int off = (int)(choice >> 32 & 31);
    float second = (float)((double)first * (low + ldexp(choice >> 5 & 1 ? 1 : -1, -off - 4)));
    memcpy(&elements[1], &second, sizeof second);
    return n;
}

/* Most elements as small as count, so that the clip is inside; a few just too small, or larger. */
static void least_elements(int lanes, struct ts_random *random, uint64_t *in)
{
    enum { TOO_SMALL = 63 };
    for (int i = 0; i < lanes; i++) {
        uint64_t any = ts_random_next(random);
        int more = (any & 7) == 0 ? (int)(any >> 8 & 2) : 1;
        uint32_t sig = any & 16 ? (uint32_t)(any >> 32) & 0x7FFFFF : 0;
        in[i] = (any >> 5 & 1) << 31 | fp32_code(TOO_SMALL + more, sig | 1U << 23);
    }
    in[lanes] = in[lanes + 1] = 1;
    in[lanes + 2] = (uint64_t)lanes;
}

/* A tensor of one row: of one element or two. */
static void one_row(int lanes, struct ts_random *random, uint64_t *in)
{
    uint32_t elements[2] = {0, 0};
    uint64_t choice = ts_random_next(random);
    if (lanes == 1 || choice & 1) {
        in[lanes + 2] = lone_element(random, elements);
    } else if ((choice & 6) == 0) {
        in[lanes + 2] = balanced_elements(random, elements);
    } else if ((choice & 6) == 2) {
        in[lanes + 2] = root_of_ones(random, elements);
    } else {
        elements[0] = first_term(ts_random_next(random));
        elements[1] = second_term(ts_random_next(random));
        in[lanes + 2] = n_of_sums(choice >> 16, 1);
    }
    int first = (int)((choice >> 8 & 63) % (uint64_t)lanes);
    in[first] = (choice >> 6 & 1) << 31 | elements[0];
    if (lanes > 1)
        in[(first + 1) % lanes] = (choice >> 7 & 1) << 31 | elements[1];
    in[lanes] = in[lanes + 1] = 1;
}

/* One of two rows: the same element in all lanes. */
static void half_of_two(int lanes, struct ts_random *random, uint64_t *in)
{
    uint64_t choice = ts_random_next(random), any = ts_random_next(random);
    bool ends = choice & 1;
    uint32_t element = ends ? second_term(any) : first_term(any);
    for (int i = 0; i < lanes; i++)
        in[i] = (choice >> (i + 1) % 64 & 1) << 31 | element;
    in[lanes] = !ends;
    in[lanes + 1] = ends;
    in[lanes + 2] = n_of_sums(ts_random_next(random), lanes);
}

void ts_stress_sawb(int lanes, uint64_t random, uint64_t *in)
{
    struct ts_random fresh = {random};
    for (int i = 0; i < lanes; i++)
        in[i] = 0;
    uint64_t choice = ts_random_next(&fresh);
    if ((choice >> 32 & 15) == 0)
        least_elements(lanes, &fresh, in);
    else if (choice & 1)
        one_row(lanes, &fresh, in);
    else
        half_of_two(lanes, &fresh, in);
}
