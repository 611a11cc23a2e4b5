/* SPDX-License-Identifier: Apache-2.0 */
/* The clip of SAWB, in the order and precision of its unit. */
#include "quantize/quantizers.h"

#include <float.h>
#include <math.h>

_Static_assert(FLT_EVAL_METHOD == 0, "float must be evaluated as such");

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

/* Exactly less than the smallest normal number is 0. */
static float quotient(float a, float n)
{
    return (double)a < (double)n * (double)FLT_MIN ? 0 : a / n;
}

float ts_sawb_clip_lanes(const float *w, size_t n, int lanes, bool *fell_back)
{
    const float c1 = 12.035F, c2 = -12.03F;
    size_t width = (size_t)lanes;
    struct ts_sawb_sums sums;
    ts_quantizers_wanted()->sawb(w, n, width, &sums);
    float mean = quotient(pairwise(sums.magnitudes, width), (float)n);
    float root = sqrtf(quotient(pairwise(sums.squares, width), (float)n));
    float clip = product(c1, root) + product(c2, mean);
    bool inside = clip > 0 && clip <= sums.max; /* false for the NaN of n = 0 */
    if (fell_back)
        *fell_back = !inside;
    return inside ? clip : sums.max;
}

float ts_sawb_clip(const float *w, size_t n, bool *fell_back)
{
    return ts_sawb_clip_lanes(w, n, TS_SAWB_LANES, fell_back);
}
