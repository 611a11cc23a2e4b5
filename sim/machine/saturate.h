/* SPDX-License-Identifier: Apache-2.0 */
/* Sums and products of numbers that are not negative. What overflows stays at the largest number,
 * so that it can be found at the end; that number is therefore no result. */
#ifndef TESSERA_SIM_MACHINE_SATURATE_H
#define TESSERA_SIM_MACHINE_SATURATE_H

#include <stdbool.h>
#include <stdint.h>

static inline int64_t ts_sat_add(int64_t a, int64_t b)
{
    int64_t sum = 0;
    return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

static inline int64_t ts_sat_mul(int64_t a, int64_t b)
{
    int64_t product = 0;
    return __builtin_mul_overflow(a, b, &product) ? INT64_MAX : product;
}

/* a / b, up. */
static inline int64_t ts_sat_ceil(int64_t a, int64_t b)
{
    if (a == INT64_MAX)
        return a;
    return a / b + (a % b != 0);
}

static inline int64_t ts_most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static inline int64_t ts_least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Bytes of so many elements. */
static inline int64_t ts_bytes(int64_t elements, int64_t bits)
{
    return ts_sat_ceil(ts_sat_mul(elements, bits), 8);
}

#endif
