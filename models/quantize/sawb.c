/* SPDX-License-Identifier: Apache-2.0 */
/* The clip of SAWB, in the order and precision of its unit. */
#include "tessera/quantize.h"

#include <float.h>
#include <math.h>

_Static_assert(FLT_EVAL_METHOD == 0, "float must be evaluated as such");

enum { MAX_LANES = 64 };

/* Rounded to fp32, also where a compiler would fuse it with the addition that follows. */
static float product(float a, float b)
{
    return (float)((double)a * (double)b);
}

/* Lanes in pairs, then pairs of pairs. The sum ends in lane 0. */
static float pairwise(float *lane, size_t lanes)
{
    for (size_t n = lanes; n > 1; n /= 2)
        for (size_t i = 0; i < n / 2; i++)
            lane[i] = lane[2 * i] + lane[2 * i + 1];
    return lane[0];
}

float ts_sawb_clip_lanes(const float *w, size_t n, int lanes, bool *fell_back)
{
    const float c1 = 12.035F, c2 = -12.03F;
    float mags[MAX_LANES] = {0}, squares[MAX_LANES] = {0};
    size_t width = (size_t)lanes;
    float max = 0;
    for (size_t i = 0; i < n; i++) {
        float mag = fabsf(w[i]);
        mags[i % width] += mag;
        squares[i % width] += product(w[i], w[i]);
        max = mag > max ? mag : max;
    }
    float mean = pairwise(mags, width) / (float)n;
    float root = sqrtf(pairwise(squares, width) / (float)n);
    float clip = product(c1, root) + product(c2, mean);
    bool inside = clip > 0 && clip <= max; /* false for the NaN of n = 0 */
    if (fell_back)
        *fell_back = !inside;
    return inside ? clip : max;
}

float ts_sawb_clip(const float *w, size_t n, bool *fell_back)
{
    return ts_sawb_clip_lanes(w, n, TS_SAWB_LANES, fell_back);
}
