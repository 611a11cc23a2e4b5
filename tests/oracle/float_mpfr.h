// SPDX-License-Identifier: Apache-2.0
// The slow oracle of the same: MPFR's own fused multiply-add, rounding and subnormals.
#ifndef TESSERA_TESTS_ORACLE_FLOAT_MPFR_H
#define TESSERA_TESTS_ORACLE_FLOAT_MPFR_H

#include "oracle/float_fast.h"

namespace oracle
{

/** x * y + z rounded once to the format; infinite or NaN where it overflows. Zero is +0. */
double mpfr_fma_in(const Float &f, double x, double y, double z, bool saturate, bool flush = false);

} // namespace oracle

#endif
