/* SPDX-License-Identifier: Apache-2.0 */
/* The clip of least square error, by search. */
#include "quantize/quantizers.h"

#include <math.h>

/* First in steps of 1/64 of the largest magnitude, then of 1/2048 around the best. */
enum { COARSE = 64, FINE = 32, MOST = COARSE * FINE };

_Static_assert(FINE % TS_CLIPS == 0, "so that no clip is tried without need");

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
    int step; /* in units of max / MOST */
    double error;
};

static float clip_of(const struct tensor *t, int step)
{
    return (float)(t->max * step / MOST);
}

/*
 * Tries some steps from `first` on. Only a smaller error wins: in a tie the earlier candidate,
 * which is the smaller clip, does. A step can be too small for any float.
 */
static void try_steps(struct tensor *t, int first, int stride, struct best *best)
{
    for (int i = 0; i < TS_CLIPS; i++)
        t->clips.clip[i] = (double)clip_of(t, first + i * stride);
    ts_quantizers_wanted()->square_errors(t->x, t->n, &t->clips);
    for (int i = 0; i < TS_CLIPS; i++)
        if (t->clips.clip[i] > 0 && (best->step == 0 || t->clips.error[i] < best->error))
            *best = (struct best){first + i * stride, t->clips.error[i]};
}

static struct best search(struct tensor *t, int first, int stride, int steps)
{
    struct best best = {0, 0};
    for (int i = 0; i < steps; i += TS_CLIPS)
        try_steps(t, first + i * stride, stride, &best);
    return best;
}

float ts_least_mse_clip(const float *x, size_t n, bool is_signed)
{
    struct tensor t = {.x = x, .n = n, .max = largest(x, n, is_signed)};
    t.clips.low = is_signed ? -TS_INT4_TOP : 0;
    t.clips.top = is_signed ? TS_INT4_TOP : TS_UINT4_TOP;
    if (!(t.max > 0))
        return 0;
    int centre = search(&t, FINE, FINE, COARSE).step;
    int steps = centre < MOST ? 2 * FINE : FINE; /* to the next one, or to the largest */
    return clip_of(&t, search(&t, centre - FINE + 1, 1, steps).step);
}
