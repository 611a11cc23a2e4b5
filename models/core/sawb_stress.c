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

/*
 * A significand whose product with that of c2 ends in the half of what a shift by `down` leaves
 * off, or but one bit past that: that of its root is aligned with such a mean.
 */
static uint32_t aligning_significand(uint64_t random, int down)
{
    const uint32_t implicit = 1U << 23, c2 = 0xC07AE1;
    uint32_t tie = 1U << (down - 1);
    uint32_t term = ((uint32_t)random & ~(2 * tie - 1)) | tie;
    if (random >> 32 & 3)
        term ^= 1U << (random >> 40) % (uint32_t)down;
    term = (term & (implicit - 1)) | implicit;
    double up = term < c2 ? 2 : 1;
    return (uint32_t)((double)term * up * implicit / c2 + 0.5);
}

/*
 * One element that is not zero among so many that the clip is less than it. Of a power of four root
 * and mean have its significand; of any, squares and what is left of them are as small as they can
 * be. Returns n.
 */
static uint32_t lone_element(struct ts_random *random, uint32_t *element)
{
    enum { LEAST_SQUARE = 64, EXPONENTS = 112, LEAST_SHIFT = 4, SHIFTS = 12 };
    uint64_t any = ts_random_next(random), choice = ts_random_next(random);
    bool is_power = choice & 1, is_small = !is_power && choice & 2;
    int more = (int)((choice >> 24) % (is_small ? 4 : EXPONENTS));
    int shift = LEAST_SHIFT + (int)((choice >> 16 & 255) % SHIFTS); /* from root to mean */
    uint32_t sig =
        is_power && choice & 2 ? aligning_significand(any, shift) : tying_significand(any);
    *element = fp32_code(LEAST_SQUARE + more, sig);
    return is_power ? 1U << (2 * shift) : many_elements(ts_random_next(random));
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

void ts_stress_sawb(int lanes, uint64_t random, uint64_t *in)
{
    struct ts_random fresh = {random};
    uint32_t elements[2] = {0, 0};
    uint64_t choice = ts_random_next(&fresh);
    if (lanes == 1 || choice & 1)
        in[lanes + 2] = lone_element(&fresh, elements);
    else if (choice & 2)
        in[lanes + 2] = balanced_elements(&fresh, elements);
    else
        in[lanes + 2] = root_of_ones(&fresh, elements);
    int first = (int)((choice >> 8 & 63) % (uint64_t)lanes);
    for (int i = 0; i < lanes; i++)
        in[i] = 0;
    in[first] = (choice >> 6 & 1) << 31 | elements[0];
    if (lanes > 1)
        in[(first + 1) % lanes] = (choice >> 7 & 1) << 31 | elements[1];
    in[lanes] = in[lanes + 1] = 1;
}
