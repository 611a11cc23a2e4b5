// SPDX-License-Identifier: Apache-2.0
// The oracle of aligned sums: the window in doubles that are exact, the exact sum in MPFR.
#ifndef TESSERA_TESTS_ORACLE_ALIGNED_H
#define TESSERA_TESTS_ORACLE_ALIGNED_H

#include <cstdint>
#include <vector>

namespace oracle
{

/** A factor or a product: its value (NaN for NaN-Infinity) and the exponent it is aligned by. */
struct Term {
    double value;
    int exponent;
};

/** The code of a float without subnormals: e = m = 0 is zero, all ones may be NaN-Infinity. */
Term term(uint64_t code, int exp_bits, int man_bits, int bias, bool has_special);

Term dlf_term(uint64_t code);

inline Term operator*(const Term &a, const Term &b)
{
    return {a.value * b.value, a.exponent + b.exponent};
}

/**
 * Products + acc rounded to dlfloat16. A window of `width` bits starts with the
 * top bit of a product, whose magnitude is below 2^(exponent + top); width 0
 * is the exact sum.
 */
uint16_t aligned_sum(const std::vector<Term> &products, uint64_t acc, int top, int width,
                     bool saturate);

} // namespace oracle

#endif
