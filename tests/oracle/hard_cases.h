// SPDX-License-Identifier: Apache-2.0
// Operands aimed at rounding boundaries: ties, near-ties, cancellation, overflow, the 2^-31 rule.
#ifndef TESSERA_TESTS_ORACLE_HARD_CASES_H
#define TESSERA_TESTS_ORACLE_HARD_CASES_H

#include "tessera/vectors.h"

#include <cstdint>

namespace oracle
{

/** A sum worth hitting: a threshold of dlfloat16 (often one near `first`), zero, or next to one. */
double hard_target(ts_random &random, double first);

/** Bends a first operand towards a place where hard sums happen, or leaves it. */
uint16_t hard_first(ts_random &random, uint16_t first);

/** A dlfloat16 that takes `first` to a hard target, or next to it. */
uint16_t hard_addend(ts_random &random, uint16_t first);

struct HardProduct {
    int64_t p;
    int exponent;
};

/** P * 2^exponent that takes `first` to a hard target, P in `bits` bits; exponent unlimited. */
HardProduct hard_product(ts_random &random, uint16_t first, int bits);

struct HardFma {
    uint16_t a, b, c;
};

HardFma hard_fma(ts_random &random, uint16_t a, uint16_t c);

} // namespace oracle

#endif
