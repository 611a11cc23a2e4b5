// SPDX-License-Identifier: Apache-2.0
// Exact integers, and what becomes of them in so many bits.
#ifndef TESSERA_TESTS_ORACLE_INTEGERS_H
#define TESSERA_TESTS_ORACLE_INTEGERS_H

#include "oracle/run.h"

namespace oracle
{

__extension__ typedef __int128 int128;

/** `exact` in two's complement of so many bits: modulo 2^bits, or clamped to the range. */
inline uint64_t fit(int128 exact, int bits, bool saturate)
{
    int128 span = int128{1} << bits;
    int128 half = span / 2;
    if (saturate)
        exact = exact >= half ? half - 1 : exact < -half ? -half : exact;
    return static_cast<uint64_t>(((exact % span) + span) % span);
}

} // namespace oracle

#endif
