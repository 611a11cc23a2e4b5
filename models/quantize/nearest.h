/* SPDX-License-Identifier: Apache-2.0 */
/* Rounding to integers, ties to even. */
#ifndef TESSERA_QUANTIZE_NEAREST_H
#define TESSERA_QUANTIZE_NEAREST_H

#include <float.h>

_Static_assert(FLT_EVAL_METHOD == 0, "double must be evaluated as such");

/* x clamped to low..high, integers, and rounded; NaN gives high. */
static inline double ts_nearest_even(double x, double low, double high)
{
    /* The doubles around this one are the integers, so adding it rounds. */
    const double magic = 0x1.8p52;
    x = x < high ? x : high;
    x = x > low ? x : low;
    return (x + magic) - magic;
}

#endif
