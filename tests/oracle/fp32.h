// SPDX-License-Identifier: Apache-2.0
// The slow oracle of fp32: neighbours on the grid of the value's binade, and MPFR's own IEEE range.
#ifndef TESSERA_TESTS_ORACLE_FP32_H
#define TESSERA_TESTS_ORACLE_FP32_H

#include "oracle/formats.h"

namespace oracle
{

enum : uint32_t { FP32_NAN = 0x7FC00000, FP32_INFINITY = 0x7F800000, FP32_MAX = 0x7F7FFFFF };

uint32_t bits_of_float(float x);
float float_of_bits(uint32_t bits);

Number decode_fp32(uint32_t code);

/** Zero results are +0 and NaN is canonical, as everywhere in the machine. */
uint32_t encode_fp32(const Number &x, const Rounding &rounding, Overflow overflow);

inline uint32_t encode_fp32(const Number &x, const Rounding &rounding, bool saturate)
{
    return encode_fp32(x, rounding, saturate ? Overflow::saturate : Overflow::special);
}

/**
 * x to nearest_even in an IEEE format of so many significant bits, its leading one included, and
 * least normal exponent, by mpfr_set_emin, mpfr_set_emax and mpfr_subnormalize.
 */
double round_ieee_mpfr(const Exact &x, int bits, long least_exponent);

/** encode_fp32() for nearest_even by that. */
uint32_t encode_fp32_mpfr(const Exact &x);

} // namespace oracle

#endif
