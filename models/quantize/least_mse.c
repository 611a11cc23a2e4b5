/* SPDX-License-Identifier: Apache-2.0 */
/* The clip of least square error, by search. */
#include "quantize/quantizers.h"

#include <math.h>

/* First in steps of 1/64 of the largest magnitude, then of 1/2048 around the best. */
enum { COARSE = 64, FINE = 32 };

struct tensor {
    const float *x;
    size_t n;
    struct ts_clips clips;
    double max; /* the largest number to be clipped */
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

struct best {
    int step; /* in units of max / (COARSE * FINE) */
    double error;
};

static float clip_of(const struct tensor *t, int step)
{
    return (float)(t->max * step / (COARSE * FINE));
}

/*
 * Tries some steps from `first` on, up to `last`. Only a smaller error wins: in a tie the earlier
 * candidate, which is the smaller clip, does. A step can be too small for any float.
 */
static void try_steps(struct tensor *t, int first, int last, int stride, struct best *best)
{
    for (int i = 0; i < TS_CLIPS; i++) {
        int step = first + i * stride < last ? first + i * stride : last;
        t->clips.clip[i] = (double)clip_of(t, step);
    }
    ts_quantizers_wanted()->square_errors(t->x, t->n, &t->clips);
    for (int i = 0; i < TS_CLIPS && first + i * stride <= last; i++)
        if (t->clips.clip[i] > 0 && (best->step == 0 || t->clips.error[i] < best->error))
            *best = (struct best){first + i * stride, t->clips.error[i]};
}

static struct best search(struct tensor *t, int first, int last, int stride)
{
    struct best best = {0, 0};
    for (int step = first; step <= last; step += TS_CLIPS * stride)
        try_steps(t, step, last, stride, &best);
    return best;
}

float ts_least_mse_clip(const float *x, size_t n, bool is_signed)
{
    enum { MOST = COARSE * FINE };
    struct tensor t = {.x = x, .n = n, .max = largest(x, n, is_signed)};
    t.clips.low = is_signed ? -TS_INT4_TOP : 0;
    t.clips.top = is_signed ? TS_INT4_TOP : TS_UINT4_TOP;
    if (!(t.max > 0))
        return 0;
    int centre = search(&t, FINE, MOST, FINE).step;
    int first = centre - FINE + 1, last = centre + FINE - 1;
    return clip_of(&t, search(&t, first, last < MOST ? last : MOST, 1).step);
}
