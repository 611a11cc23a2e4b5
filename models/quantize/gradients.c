/* SPDX-License-Identifier: Apache-2.0 */
/* Gradients: to dlfloat16, the scale exponent, and to both phases of the radix-4 format. */
#include "tessera/quantize.h"

#include <math.h>

/* The product of two floats is a double. */
void ts_round_dlfloat16(const float *x, size_t n, float scale, uint16_t *codes, size_t *flushed)
{
    size_t lost = 0;
    for (size_t i = 0; i < n; i++) {
        codes[i] = (uint16_t)ts_of_double(&ts_format_dlfloat16, (double)x[i] * (double)scale);
        lost += codes[i] == 0 && x[i] != 0;
    }
    if (flushed)
        *flushed = lost;
}

int ts_gradscale_exponent(float max_abs, int target)
{
    if (max_abs == 0 || !isfinite(max_abs))
        return 0;
    int64_t k = (int64_t)target - ilogbf(max_abs);
    return (int)(k < INT8_MIN ? INT8_MIN : k > INT8_MAX ? INT8_MAX : k);
}

/* Whether x * 2^k, a number, is at or past 2.5 * 4^3 * 2^phase, where a code past the top begins.
 */
static bool is_past_top(ts_dlfloat16 x, int k, int phase)
{
    enum { LOG2_TOP = 6, MAN_BITS = 9 };
    struct ts_value v = ts_decode(&ts_format_dlfloat16, x.v);
    const uint64_t midpoint = 5ULL << (MAN_BITS - 2); /* 1.25 */
    int e = v.exp + MAN_BITS + k - phase;
    return e > LOG2_TOP + 1 || (e == LOG2_TOP + 1 && v.sig >= midpoint);
}

static void count(struct ts_tpr_stats *stats, ts_dlfloat16 x, int k, const struct ts_tpr *q)
{
    if (q->invalid) {
        stats->invalid++;
        return;
    }
    if (!(x.v & 0x7FFF))
        return;
    stats->zeros[0] += q->even.v == 0;
    stats->zeros[1] += q->odd.v == 0;
    for (int phase = 0; phase < 2; phase++)
        stats->saturated[phase] += is_past_top(x, k, phase);
}

void ts_quantize_tpr(const uint16_t *x, size_t n, int k, enum ts_underflow underflow,
                     uint16_t *even, uint16_t *odd, struct ts_tpr_stats *stats)
{
    struct ts_tpr_stats found = {0};
    for (size_t i = 0; i < n; i++) {
        ts_dlfloat16 code = {x[i]};
        struct ts_tpr q = ts_tpr_quantize(code, k, underflow);
        if (even)
            even[i] = q.even.v;
        if (odd)
            odd[i] = q.odd.v;
        count(&found, code, k, &q);
    }
    if (stats)
        *stats = found;
}

void ts_append_phase(const uint16_t *radix4, size_t n, bool odd, uint16_t *fp5)
{
    for (size_t i = 0; i < n; i++)
        fp5[i] = ts_radix4_to_radix2((ts_fp4_r4){(uint8_t)radix4[i]}, odd).v;
}
