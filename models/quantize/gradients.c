/* SPDX-License-Identifier: Apache-2.0 */
/* Gradients: to dlfloat16, the scale exponent, and to both phases of the radix-4 format. */
#include "quantize/quantizers.h"

#include <math.h>

void ts_round_dlfloat16(const float *x, size_t n, float scale, uint16_t *codes, size_t *flushed)
{
    size_t lost = ts_quantizers_wanted()->dlfloat16(x, n, scale, codes);
    if (flushed)
        *flushed = lost;
}

static int within_8_bits(int64_t k)
{
    return (int)(k < INT8_MIN ? INT8_MIN : k > INT8_MAX ? INT8_MAX : k);
}

int ts_gradscale_exponent(float max_abs, int target)
{
    if (max_abs == 0 || !isfinite(max_abs))
        return 0;
    return within_8_bits((int64_t)target - ilogbf(max_abs));
}

int ts_gradscale_align(const uint16_t *x, size_t n, int target)
{
    enum { BIAS = 31, MAN_BITS = 9, NAN_INFINITY = 0x7FFF };
    uint16_t max = ts_quantizers_wanted()->max_magnitude(x, n);
    if (max == 0 || max == NAN_INFINITY)
        return 0;
    return within_8_bits((int64_t)target - ((max >> MAN_BITS) - BIAS));
}

void ts_quantize_tpr(const uint16_t *x, size_t n, int k, enum ts_underflow underflow,
                     uint16_t *even, uint16_t *odd, struct ts_tpr_stats *stats)
{
    struct ts_tpr_stats found = {0};
    ts_quantizers_wanted()->tpr(x, n, k, underflow, even, odd, &found);
    if (stats)
        *stats = found;
}

void ts_append_phase(const uint16_t *radix4, size_t n, bool odd, uint16_t *fp5)
{
    for (size_t i = 0; i < n; i++)
        fp5[i] = ts_radix4_to_radix2((ts_fp4_r4){(uint8_t)radix4[i]}, odd).v;
}
