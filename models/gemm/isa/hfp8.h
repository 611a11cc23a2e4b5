/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hfp8_mac of one or two lanes, as doubles.h.
 *
 * p = a0 * b0, q = p + a1 * b1 and sum = acc + q, with the thread rounding towards zero. Products
 * have 8 significant bits; that q is exact is a precondition. The double is the exact sum cut off
 * after 53 bits, and RN looks at 11 of them: with exact alignment that is all.
 *
 * With a window of 24 bits or more the hardware gives the same but in doubt. Let E be the largest
 * exponent and u = 2^(E-22) (or less) the window's last place. A term that is not a multiple of u,
 * a lost one, is below 2^(E-13) if it is acc, of 10 bits, and below 2^(E-15) if it is a product.
 * - No term is lost: the window's sum is exact.
 * - All but the largest are lost. It lies on the grid of 10 bits; the others, even rounded down,
 *   come to less than 2^(E-12), but no boundary of rounding is nearer to it than 2^(E-11).
 * - One term t is lost, and the two others come to N, a multiple of u. Exact sum and window's sum
 *   lie between the same two multiples of u. If the sum is 2^(E-12) or more, boundaries are
 * multiples of u, too, so none parts the two. N is 0 or at least 2^(E-9), a multiple of its terms'
 * last places, if these nearly cancel; so the sum is less only if N = 0. Either it is q that is 0,
 *   but not p, or acc cancels a product, and the sum is far below acc.
 *
 * The includer also defines clear_mask, all_clear(), still_clear() and is_clear(): whether in all
 * vectors seen q is not 0 and the sum not far below the last. A NaN is in no doubt.
 */
#ifndef TESSERA_GEMM_ISA_HFP8_H
#define TESSERA_GEMM_ISA_HFP8_H

#include "gemm/isa/doubles.h"

enum { HFP8_TERMS = 3 };

struct hfp8_terms {
    double a[2], b[2], acc;
};

static inline double power_of_two(int exponent)
{
    return ts_double_of_bits((uint64_t)(exponent + 1023) << 52);
}

static inline int exponent_of(double x)
{
    return (int)(ts_bits_of_double(x) >> 52 & 0x7FF) - 1023;
}

/* What the window keeps of the sum, to 10 bits. */
static double window_sum(const struct hfp8_terms *x, int width)
{
    double terms[HFP8_TERMS] = {x->a[0] * x->b[0], x->a[1] * x->b[1], x->acc};
    int exponents[HFP8_TERMS] = {exponent_of(x->a[0]) + exponent_of(x->b[0]),
                                 exponent_of(x->a[1]) + exponent_of(x->b[1]), exponent_of(x->acc)};
    int largest = INT16_MIN;
    for (int i = 0; i < HFP8_TERMS; i++)
        if (terms[i] != 0 && exponents[i] > largest)
            largest = exponents[i];
    const double unit = power_of_two(largest + 2 - width);
    const double inverse = power_of_two(width - 2 - largest);
    double kept = 0, sticky = 0;
    for (int i = 0; i < HFP8_TERMS; i++) {
        double scaled = terms[i] * inverse;
        kept += floor(scaled);
        sticky = floor(scaled) == scaled ? sticky : 0.5;
    }
    return ts_round10((kept + sticky) * unit);
}

/* A vector in which some element may be in doubt. */
APART_D vd hfp8_again(const struct ts_strip *s, const double *a, const vd *b, vd acc, vd rounded)
{
    const bool two = s->per_dot > 1;
    for (int j = 0; j < DCOLS; j++) {
        struct hfp8_terms x = {{a[0], two ? a[1] : 0}, {b[0][j], two ? b[1][j] : 0}, acc[j]};
        double p = x.a[0] * x.b[0], q = p + x.a[1] * x.b[1];
        if ((q == 0 && p != 0) || fabs(acc[j] + q) < fabs(acc[j]) * 0x1p-14)
            rounded[j] = window_sum(&x, s->sums->width);
    }
    return rounded;
}

static inline vd magnitude_d(vd x)
{
    return (vd)((vl)x & splat_l(INT64_MAX));
}

static inline vd product_sum(const double *a, const vd *b, bool two)
{
    const vd p = splat_d(a[0]) * b[0];
    return two ? splat_d(a[1]) * b[1] + p : p;
}

/* Rows in which some element may be in doubt, one by one. */
APART_D void hfp8_doubts(const struct ts_strip *s, const double *a, const vd *b, const vd *acc,
                         vd *rounded)
{
    for (int row = 0; row < DROWS; row++, a += s->a_step) {
        const vd q = product_sum(a, b, s->per_dot > 1);
        const vd far_below = magnitude_d(acc[row]) * splat_d(0x1p-14);
        if (!is_clear(still_clear(all_clear(), q, magnitude_d(acc[row] + q), far_below)))
            rounded[row] = hfp8_again(s, a, b, acc[row], rounded[row]);
    }
}

/*
 * An operation of all rows. far_below is 2^-13 of the last sum before it was rounded, so at least
 * 2^-14 of acc.
 */
static inline __attribute__((always_inline)) void
hfp8_rows(const struct ts_strip *s, const double *restrict a, const vd *restrict b, bool two,
          bool windowed, vd acc[DROWS], vd far_below[DROWS])
{
    vd rounded[DROWS];
    /* Not one mask alone: each comparison would wait for the last. */
    clear_mask clear[2] = {all_clear(), all_clear()};
#pragma GCC unroll 16
    for (int row = 0; row < DROWS; row++) {
        const vd q = product_sum(a + row * s->a_step, b, two);
        const vd sum = acc[row] + q;
        rounded[row] = round10_d(sum);
        if (windowed) {
            const vd mag = magnitude_d(sum);
            clear[row % 2] = still_clear(clear[row % 2], q, mag, far_below[row]);
            far_below[row] = mag * splat_d(0x1p-13);
        }
    }
    if (windowed && __builtin_expect(!is_clear(clear[0] & clear[1]), 0)) {
        vd before[DROWS], after[DROWS];
        memcpy(before, acc, sizeof before);
        memcpy(after, rounded, sizeof after);
        hfp8_doubts(s, a, b, before, after);
#pragma GCC unroll 16
        for (int row = 0; row < DROWS; row++) {
            rounded[row] = after[row];
            far_below[row] = magnitude_d(after[row]) * splat_d(0x1p-13);
        }
    }
#pragma GCC unroll 16
    for (int row = 0; row < DROWS; row++)
        acc[row] = rounded[row];
}

static inline __attribute__((always_inline)) void
hfp8_chunk(const struct ts_strip *s, const double *restrict a, const vd *restrict b, int64_t dots,
           vd *restrict sums, bool two, bool windowed, bool limited)
{
    vd acc[DROWS] = {0}, far_below[DROWS] = {0};
    const struct ts_range range = s->sums->inner;
    for (int64_t dot = 0; dot < dots; dot++, a += 1 + two, b += 1 + two) {
        hfp8_rows(s, a, b, two, windowed, acc, far_below);
#pragma GCC unroll 16
        for (int row = 0; row < DROWS; row++)
            acc[row] = limited ? limit_d(acc[row], &range) : acc[row];
    }
    memcpy(sums, acc, sizeof acc);
}

typedef void hfp8_sums(const struct ts_strip *s, const double *a, const vd *b, int64_t dots,
                       vd *sums);

APART_D void hfp8_windowed(const struct ts_strip *s, const double *a, const vd *b, int64_t dots,
                           vd *sums)
{
    hfp8_chunk(s, a, b, dots, sums, true, true, false);
}

APART_D void hfp8_exact(const struct ts_strip *s, const double *a, const vd *b, int64_t dots,
                        vd *sums)
{
    hfp8_chunk(s, a, b, dots, sums, true, false, false);
}

APART_D void hfp8_limited(const struct ts_strip *s, const double *a, const vd *b, int64_t dots,
                          vd *sums)
{
    hfp8_chunk(s, a, b, dots, sums, true, s->sums->windowed, true);
}

APART_D void hfp8_single(const struct ts_strip *s, const double *a, const vd *b, int64_t dots,
                         vd *sums)
{
    hfp8_chunk(s, a, b, dots, sums, false, s->sums->windowed, true);
}

static hfp8_sums *choose_hfp8(const struct ts_strip *s)
{
    if (s->per_dot == 1)
        return hfp8_single;
    if (s->sums->limited)
        return hfp8_limited;
    return s->sums->windowed ? hfp8_windowed : hfp8_exact;
}

static void hfp8_strip(const struct ts_strip *s)
{
    const double *a = s->a;
    const vd *b = s->b;
    hfp8_sums *sums_of = choose_hfp8(s);
    for (int64_t dot = 0; dot < s->dots; dot += s->chunk_dots) {
        int64_t dots = s->dots - dot < s->chunk_dots ? s->dots - dot : s->chunk_dots;
        vd acc[DROWS];
        toward_zero();
        sums_of(s, a + dot * s->per_dot, b + dot * s->per_dot, dots, acc);
        to_nearest();
        add_doubles(s, acc);
    }
}

#endif
