// SPDX-License-Identifier: Apache-2.0
// Tensors that stream by: what a block has seen of one, in the CPU's own fp32.
#ifndef TESSERA_TESTS_ORACLE_STREAMS_H
#define TESSERA_TESTS_ORACLE_STREAMS_H

#include "oracle/dlfloat16_fast.h"
#include "oracle/fp32.h"
#include "oracle/run.h"

#include <cmath>

namespace oracle
{

/** Sums of a list: element i goes to lane i mod lanes, then lanes are added in pairs. */
inline float lanes_and_pairs(const std::vector<float> &terms, size_t lanes)
{
    std::vector<float> sums(lanes, 0.0F);
    for (size_t i = 0; i < terms.size(); i++)
        sums[i % lanes] += terms[i];
    while (sums.size() > 1) {
        std::vector<float> pairs;
        for (size_t i = 0; i < sums.size(); i += 2)
            pairs.push_back(sums[i] + sums[i + 1]);
        sums = pairs;
    }
    return sums[0];
}

/** The code of a result: the CPU's NaN has any sign and payload. */
inline uint32_t code_of_float(float x)
{
    return std::isnan(x) ? static_cast<uint32_t>(FP32_NAN) : bits_of_float(x);
}

/** The elements since `first`, and whether a tensor that ends may be finished. */
class Stream
{
  public:
    Stream(bool fp32, size_t lanes, int64_t finish_clocks)
        : fp32_(fp32), lanes_(lanes), finish_clocks_(finish_clocks)
    {
    }

    /** A clock. Whether its tensor ends and comes out. */
    bool step(bool valid, const std::vector<uint64_t> &in)
    {
        clock_++;
        if (!valid)
            return false;
        if (in[lanes_])
            elements.clear();
        for (size_t i = 0; i < lanes_; i++)
            elements.push_back(fp32_ ? float_of_bits(static_cast<uint32_t>(in[i]))
                                     : static_cast<float>(dlf_value(static_cast<uint16_t>(in[i]))));
        if (!in[lanes_ + 1] || clock_ < free_)
            return false;
        free_ = clock_ + finish_clocks_;
        return true;
    }

    std::vector<float> elements;

  private:
    bool fp32_;
    size_t lanes_;
    int64_t finish_clocks_;
    int64_t clock_ = 0, free_ = 0;
};

} // namespace oracle

#endif
