// SPDX-License-Identifier: Apache-2.0
// The slow oracle of the number formats: tables of exact magnitudes, compared with exact midpoints.
#ifndef TESSERA_TESTS_ORACLE_FORMATS_H
#define TESSERA_TESTS_ORACLE_FORMATS_H

#include "oracle/exact.h"

#include <cstdint>
#include <vector>

namespace oracle
{

enum class Format { int4, uint4, fp4_r4_even, fp4_r4_odd, fp5_r2, dlfloat16, fp32 };
enum class Round { nearest_even, nearest_up, toward_zero };
enum class Class { number, infinity, nan };

constexpr Format ALL_FORMATS[] = {Format::int4,       Format::uint4,  Format::fp4_r4_even,
                                  Format::fp4_r4_odd, Format::fp5_r2, Format::dlfloat16,
                                  Format::fp32};

const char *name_of(Format format);
int bits_of(Format format);

/** What a code stands for. `value` is signed; the class of NaN-Infinity is nan. */
struct Number {
    Class cls = Class::number;
    bool negative = false;
    Exact value;
};

Number number(const Exact &value);

/** One magnitude of a format and the code, without sign, that stands for it. */
struct Step {
    Exact magnitude;
    uint32_t code;
};

/**
 * All magnitudes on one side of zero, ascending from zero. Of dlfloat16, 2^-31
 * is listed with the code of zero, as a result that rounds there is zero, and
 * the first magnitude past the finite ones is listed with the special code.
 */
const std::vector<Step> &steps_of(Format format, bool negative);

Number decode(Format format, uint32_t code);

/** The code of the nearest (or next lower) magnitude; ties as `round` says. */
uint32_t encode(Format format, const Number &x, Round round, bool saturate);

} // namespace oracle

#endif
