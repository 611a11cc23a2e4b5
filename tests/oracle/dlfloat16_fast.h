// SPDX-License-Identifier: Apache-2.0
// The fast oracle of dlfloat16: doubles that are exact, and a sorted table of rounding thresholds.
#ifndef TESSERA_TESTS_ORACLE_DLFLOAT16_FAST_H
#define TESSERA_TESTS_ORACLE_DLFLOAT16_FAST_H

#include <cstdint>

namespace oracle
{

/**
 * Every dlfloat16 number, every threshold (11 bits), every product of two
 * numbers (20 bits) and every P * 2^s (48 bits) is a double. Their sum need
 * not be: it is held as the double nearest to it and the exact remainder
 * (Knuth's two-sum), of which the first decides any comparison with a
 * threshold unless it is equal to it, and then the remainder's sign does.
 */

/** The value of a code; NaN for NaN-Infinity. */
double dlf_value(uint16_t code);

/** x + y rounded once, nearest_up. */
uint16_t dlf_add(double x, double y, bool saturate);

inline uint16_t dlf_round(double x, bool saturate)
{
    return dlf_add(x, 0, saturate);
}

inline uint16_t dlf_fma(uint16_t a, uint16_t b, uint16_t c, bool saturate)
{
    return dlf_add(dlf_value(a) * dlf_value(b), dlf_value(c), saturate);
}

} // namespace oracle

#endif
