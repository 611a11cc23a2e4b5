/* SPDX-License-Identifier: Apache-2.0 */
/* Tensors to int4 and uint4 codes. */
#include "quantize/quantizers.h"

#include "gemm/rounding.h"

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
 * The least magnitude whose code is `code`: from (2 * code - 1) / 14 of the clip on, which belongs
 * to it if it is even. The products are exact. If the float nearest to that boundary is not past
 * it, the next one is the first that is.
 */
static float least_of(int code, double clip)
{
    enum { TWICE_TOP = 2 * TS_INT4_TOP };
    double boundary = (2 * code - 1) * clip;
    float least = (float)(boundary / TWICE_TOP);
    double here = (double)least * TWICE_TOP;
    bool reached = code % 2 ? here > boundary : here >= boundary;
    return reached ? least : nextafterf(least, INFINITY);
}

void ts_quantize_int4(const float *x, size_t n, float clip, uint16_t *codes)
{
    if (!has_range(clip, n, codes))
        return;
    int32_t least[TS_INT4_TOP];
    for (int code = 1; code <= TS_INT4_TOP; code++)
        least[code - 1] = (int32_t)ts_bits_of_float(least_of(code, (double)clip));
    ts_quantizers_wanted()->int4(x, n, least, codes);
}

void ts_quantize_uint4(const float *x, size_t n, float alpha, uint16_t *codes)
{
    if (!has_range(alpha, n, codes))
        return;
    const struct ts_format *f = &ts_format_dlfloat16;
    struct ts_value reciprocal = ts_value_of_double(TS_UINT4_TOP / (double)alpha);
    uint32_t scale = ts_encode(f, reciprocal, f->rounding, TS_OVERFLOW_SATURATE);
    ts_quantizers_wanted()->uint4(x, n, (float)ts_to_double(f, scale), codes);
}
