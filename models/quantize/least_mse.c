/* SPDX-License-Identifier: Apache-2.0 */
/* The clip of least square error, by search. */
#include "quantize/nearest.h"
#include "tessera/quantize.h"

#include <math.h>

/* First in steps of 1/64 of the largest magnitude, then of 1/2048 around the best. */
enum { COARSE = 64, FINE = 32 };

struct tensor {
    const float *x;
    size_t n;
    double low, top; /* codes */
    double max;      /* the largest number to be clipped */
};

static double largest(const float *x, size_t n, bool is_signed)
{
    float max = 0;
    for (size_t i = 0; i < n; i++) {
        float size = is_signed ? fabsf(x[i]) : x[i];
        if (isfinite(size) && size > max)
            max = size;
    }
    return (double)max;
}

static double square_error(const struct tensor *t, double clip)
{
    double sum = 0;
    for (size_t i = 0; i < t->n; i++) {
        double x = (double)t->x[i];
        if (!isfinite(x))
            continue;
        double q = ts_nearest_even(x * t->top / clip, t->low, t->top);
        double error = q * clip / t->top - x;
        sum += error * error;
    }
    return sum;
}

struct best {
    int step; /* in units of max / (COARSE * FINE) */
    double error;
};

/* Only a smaller error wins: in a tie the earlier candidate, which is the smaller clip, does. */
static void try_step(const struct tensor *t, int step, struct best *best)
{
    float clip = (float)(t->max * step / (COARSE * FINE));
    if (!(clip > 0)) /* the smallest of subnormal numbers */
        return;
    double error = square_error(t, (double)clip);
    if (best->step == 0 || error < best->error)
        *best = (struct best){step, error};
}

float ts_least_mse_clip(const float *x, size_t n, bool is_signed)
{
    struct tensor t = {x, n, is_signed ? -7 : 0, is_signed ? 7 : 15, largest(x, n, is_signed)};
    if (!(t.max > 0))
        return 0;
    struct best best = {0, 0};
    for (int i = 1; i <= COARSE; i++)
        try_step(&t, i * FINE, &best);
    int centre = best.step;
    best.step = 0;
    for (int step = centre - FINE + 1; step < centre + FINE && step <= COARSE * FINE; step++)
        try_step(&t, step, &best);
    return (float)(t.max * best.step / (COARSE * FINE));
}
