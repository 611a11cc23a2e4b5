// SPDX-License-Identifier: Apache-2.0
// Products of a lane by the values of the operands, not by their bits.
#ifndef TESSERA_TESTS_ORACLE_PRODUCTS_H
#define TESSERA_TESTS_ORACLE_PRODUCTS_H

#include <cstdint>

namespace oracle
{

/** Bits of one product port: 18, or 8 where the lane multiplies integers only. */
int product_bits(int64_t modes);

/**
 * P of a 4-bit a and a 5-bit b: the product of the two values, over 2^L with
 * L = 0 for integers and -6 for fp5_r2.
 */
int64_t product(unsigned a, bool a_unsigned, unsigned b, bool fp4);

} // namespace oracle

#endif
