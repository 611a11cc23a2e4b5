// SPDX-License-Identifier: Apache-2.0
// The fast oracle of adders, multipliers and fused multiply-adds: exact doubles, rounded once.
#ifndef TESSERA_TESTS_ORACLE_FLOAT_FAST_H
#define TESSERA_TESTS_ORACLE_FLOAT_FAST_H

#include <cstdint>

namespace oracle
{

/**
 * Every number of these formats is a double, and so is every product of two
 * (48 bits). A sum of two doubles is the double nearest to it and an exact
 * remainder (Knuth's two-sum): the first decides every rounding unless it is a
 * tie, and then the remainder's sign does.
 */

/** The codes with e and m at their top. */
enum class Top {
    numbers,
    one_nan, /**< all ones: NaN, or NaN-Infinity */
    ieee     /**< e all ones: infinity and NaN */
};

/** A format, written down once more from the specification's table. */
struct Float {
    const char *name;
    int exp_bits, man_bits, bias;
    bool ieee; /**< subnormals, ties to even; else e = m = 0 is zero, ties up */
    Top top;

    int bits() const
    {
        return 1 + exp_bits + man_bits;
    }
};

/** In the order of the parameter Format. */
extern const Float floats[12];

const Float &float_named(const char *name);

/** What a code stands for. */
double float_value(const Float &f, uint32_t code);

/** x + y rounded once. `flush`: below the smallest normal number it is zero. */
uint32_t float_sum(const Float &f, double x, double y, bool saturate, bool flush = false);

} // namespace oracle

#endif
