/* SPDX-License-Identifier: Apache-2.0 */
/* Tensors to int4 and uint4 codes. */
#include "quantize/nearest.h"
#include "tessera/quantize.h"

#include <math.h>
#include <string.h>

enum { INT4_TOP = 7, UINT4_TOP = 15, INT4_MASK = 15 };

/* Whether the clip is a range at all; else the codes are zero. */
static bool has_range(float clip, size_t n, uint16_t *codes)
{
    if (clip > 0 && clip < INFINITY)
        return true;
    if (n)
        memset(codes, 0, n * sizeof *codes);
    return false;
}

/*
 * x * 7 is exact in double. The quotient is not, but no nearer than 2^-30 to a tie that it does
 * not equal: that would be 14 x = odd * clip, between integers of at most 31 bits.
 */
void ts_quantize_int4(const float *x, size_t n, float clip, uint16_t *codes)
{
    if (!has_range(clip, n, codes))
        return;
    for (size_t i = 0; i < n; i++) {
        double q = ts_nearest_even((double)x[i] * INT4_TOP / (double)clip, -INT4_TOP, INT4_TOP);
        codes[i] = (uint16_t)((int)q & INT4_MASK);
    }
}

static double dlfloat16(double x, enum ts_overflow overflow)
{
    const struct ts_format *f = &ts_format_dlfloat16;
    return ts_to_double(f, ts_encode(f, ts_value_of_double(x), f->rounding, overflow));
}

/* The product of two numbers of 10 bits is exact in double. */
void ts_quantize_uint4(const float *x, size_t n, float alpha, uint16_t *codes)
{
    if (!has_range(alpha, n, codes))
        return;
    double scale = dlfloat16(UINT4_TOP / (double)alpha, TS_OVERFLOW_SATURATE);
    for (size_t i = 0; i < n; i++) {
        double q = 0;
        if (!(x[i] <= 0))
            q = ts_nearest_even(dlfloat16((double)x[i], TS_OVERFLOW_SPECIAL) * scale, 0, UINT4_TOP);
        codes[i] = (uint16_t)q;
    }
}
