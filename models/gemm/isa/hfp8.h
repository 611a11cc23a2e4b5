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
 */
#ifndef TESSERA_GEMM_ISA_HFP8_H
#define TESSERA_GEMM_ISA_HFP8_H

#include "gemm/isa/doubles.h"

enum { HFP8_TERMS = 3 };

struct hfp8_terms {
    double a[2], b[2], acc;
};

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
    double kept = 0, sticky = 0;
    for (int i = 0; i < HFP8_TERMS; i++) {
        double scaled = ldexp(terms[i], width - 2 - largest);
        kept += floor(scaled);
        sticky = floor(scaled) == scaled ? sticky : 0.5;
    }
    return ts_round10(ldexp(kept + sticky, largest + 2 - width));
}

/* A vector of which some element is in doubt. */
APART_D vd hfp8_again(const struct ts_strip *s, const double *a, const vd *b, vd acc, vd rounded)
{
    for (int j = 0; j < DCOLS; j++) {
        struct hfp8_terms x = {{a[0], s->per_dot > 1 ? a[1] : 0}, {b[0][j]}, acc[j]};
        x.b[1] = s->per_dot > 1 ? b[1][j] : 0;
        double p = x.a[0] * x.b[0], q = p + x.a[1] * x.b[1];
        if ((q == 0 && p != 0) || fabs(acc[j] + q) < fabs(acc[j]) * 0x1p-11)
            rounded[j] = window_sum(&x, s->sums->width);
    }
    return rounded;
}

static inline __attribute__((always_inline)) vd hfp8_step(const struct ts_strip *s, const double *a,
                                                          const vd *b, vd acc, bool two)
{
    const vd p = splat_d(a[0]) * b[0];
    const vd q = two ? splat_d(a[1]) * b[1] + p : p;
    const vd sum = acc + q;
    vd rounded = round10_d(sum);
    if (s->sums->windowed && __builtin_expect(in_doubt(p, q, sum, acc), 0))
        rounded = hfp8_again(s, a, b, acc, rounded);
    return rounded;
}

static inline __attribute__((always_inline)) void
hfp8_chunk(const struct ts_strip *s, const double *restrict a, const vd *restrict b, int64_t dots,
           vd *restrict sums, bool two, bool limited)
{
    vd acc[DROWS] = {0};
    const struct ts_range range = s->sums->inner;
    for (int64_t dot = 0; dot < dots; dot++, a += 1 + two, b += 1 + two)
#pragma GCC unroll 16
        for (int row = 0; row < DROWS; row++) {
            acc[row] = hfp8_step(s, a + row * s->a_step, b, acc[row], two);
            acc[row] = limited ? limit_d(acc[row], &range) : acc[row];
        }
    memcpy(sums, acc, sizeof acc);
}

APART_D void hfp8_pairs(const struct ts_strip *s, const double *a, const vd *b, int64_t dots,
                        vd *sums)
{
    hfp8_chunk(s, a, b, dots, sums, true, false);
}

APART_D void hfp8_any(const struct ts_strip *s, const double *a, const vd *b, int64_t dots,
                      vd *sums)
{
    if (s->per_dot > 1)
        hfp8_chunk(s, a, b, dots, sums, true, true);
    else
        hfp8_chunk(s, a, b, dots, sums, false, true);
}

static void hfp8_strip(const struct ts_strip *s)
{
    const double *a = s->a;
    const vd *b = s->b;
    for (int64_t dot = 0; dot < s->dots; dot += s->chunk_dots) {
        int64_t dots = s->dots - dot < s->chunk_dots ? s->dots - dot : s->chunk_dots;
        vd acc[DROWS];
        toward_zero();
        if (s->per_dot > 1 && !s->sums->limited)
            hfp8_pairs(s, a + dot * s->per_dot, b + dot * s->per_dot, dots, acc);
        else
            hfp8_any(s, a + dot * s->per_dot, b + dot * s->per_dot, dots, acc);
        to_nearest();
        add_doubles(s, acc);
    }
}

#endif
