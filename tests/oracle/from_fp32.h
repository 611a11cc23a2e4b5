// SPDX-License-Identifier: Apache-2.0
// The fast oracle of conversions: at which fp32 number the result changes, found with MPFR.
#ifndef TESSERA_TESTS_ORACLE_FROM_FP32_H
#define TESSERA_TESTS_ORACLE_FROM_FP32_H

#include "oracle/formats.h"

#include <array>

namespace oracle
{

/** All fp32 magnitudes from `first` (a code without sign) to the next run become `code`. */
struct Run {
    uint32_t first;
    uint32_t code;
};

/**
 * Conversion from fp32 to a format. The result is a step function of the magnitude, so it is known
 * wherever it is known on both sides of each step: that is where the slow oracle is asked. Every
 * number of a format of up to 16 bits is an fp32 number, so this serves for those sources too.
 */
class FromFp32
{
  public:
    FromFp32(Format target, Round round, Overflow overflow);

    uint32_t operator()(uint32_t code) const;

    /** Of one sign: infinity is a run of its own, and so are the NaN. */
    const std::vector<Run> &runs(bool negative) const
    {
        return runs_[negative];
    }

    /** Whether each step is one of the slow oracle, and there only. */
    bool agrees_with_slow_oracle() const;

  private:
    uint32_t slow(uint32_t magnitude, bool negative) const;
    std::vector<Run> build(bool negative) const;

    Format target_;
    Round round_;
    Overflow overflow_;
    std::array<std::vector<Run>, 2> runs_;
};

} // namespace oracle

#endif
