// SPDX-License-Identifier: Apache-2.0
// Steps of the conversion from fp32: a float next to each exact rounding boundary.
#include "oracle/from_fp32.h"

#include "oracle/fp32.h"

#include <algorithm>

namespace oracle
{

FromFp32::FromFp32(Format target, Round round, Overflow overflow)
    : target_(target), round_(round), overflow_(overflow), runs_{build(false), build(true)}
{
}

uint32_t FromFp32::slow(uint32_t magnitude, bool negative) const
{
    Number x = decode_fp32(magnitude);
    x.negative = negative;
    if (negative)
        x.value = -x.value;
    return encode(target_, x, round_, overflow_);
}

std::vector<Run> FromFp32::build(bool negative) const
{
    std::vector<Run> runs{{0, slow(0, negative)}};
    auto append = [&runs](uint32_t first, uint32_t code) {
        if (code != runs.back().code)
            runs.push_back({first, code});
    };
    const std::vector<Step> &steps = steps_of(target_, negative);
    for (size_t i = 0; i + 1 < steps.size(); i++) {
        const Exact &low = steps[i].magnitude;
        const Exact &high = steps[i + 1].magnitude;
        Exact boundary = round_ == Round::toward_zero ? high : midpoint(low, high);
        uint32_t first = bits_of_float(boundary.to_float_above());
        if (first >= FP32_INFINITY)
            break;
        uint32_t code = slow(first, negative);
        if (code == runs.back().code && first + 1 < FP32_INFINITY)
            code = slow(++first, negative); /* a tie that goes down */
        append(first, code);
    }
    runs.push_back({FP32_INFINITY, slow(FP32_INFINITY, negative)});
    runs.push_back({FP32_INFINITY + 1, slow(FP32_NAN, negative)});
    return runs;
}

uint32_t FromFp32::operator()(uint32_t code) const
{
    const std::vector<Run> &runs = runs_[code >> 31];
    uint32_t magnitude = code & 0x7FFFFFFF;
    auto next = std::upper_bound(runs.begin(), runs.end(), magnitude,
                                 [](uint32_t m, const Run &r) { return m < r.first; });
    return (next - 1)->code;
}

bool FromFp32::agrees_with_slow_oracle() const
{
    for (bool negative : {false, true}) {
        const std::vector<Run> &runs = runs_[negative];
        for (size_t i = 0; i < runs.size(); i++)
            if (slow(runs[i].first, negative) != runs[i].code ||
                (i > 0 && slow(runs[i].first - 1, negative) != runs[i - 1].code))
                return false;
    }
    return true;
}

} // namespace oracle
