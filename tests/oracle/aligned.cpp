// SPDX-License-Identifier: Apache-2.0
// Aligned sums, from the text of models/README.md.
#include "oracle/aligned.h"

#include "oracle/dlfloat16_fast.h"
#include "oracle/formats.h"

#include <algorithm>
#include <climits>
#include <cmath>

namespace oracle
{

Term term(uint64_t code, int exp_bits, int man_bits, int bias, bool has_special)
{
    uint64_t exps = uint64_t{1} << exp_bits;
    uint64_t mans = uint64_t{1} << man_bits;
    auto m = static_cast<double>(code % mans);
    auto e = static_cast<int>(code / mans % exps);
    bool negative = code / mans / exps % 2 != 0;
    int exponent = e - bias;
    double magnitude = std::ldexp(1 + m / static_cast<double>(mans), exponent);
    if (code % (mans * exps) == 0)
        magnitude = 0;
    if (has_special && code % (mans * exps) == mans * exps - 1)
        magnitude = std::nan("");
    return {negative ? -magnitude : magnitude, exponent};
}

Term dlf_term(uint64_t code)
{
    return term(code, 6, 9, 31, true);
}

static uint16_t exact_sum(const std::vector<Term> &terms, bool saturate)
{
    Exact sum;
    for (const Term &each : terms)
        sum = sum + Exact(each.value);
    return static_cast<uint16_t>(
        encode(Format::dlfloat16, number(sum), Round::nearest_up, saturate));
}

uint16_t aligned_sum(const std::vector<Term> &products, uint64_t acc, int top, int width,
                     bool saturate)
{
    std::vector<Term> terms = products;
    terms.push_back(dlf_term(acc));
    int largest = INT_MIN;
    for (const Term &each : terms) {
        if (std::isnan(each.value))
            return 0x7FFF;
        if (each.value != 0)
            largest = std::max(largest, each.exponent);
    }
    if (largest == INT_MIN)
        return 0;
    if (width == 0)
        return exact_sum(terms, saturate);
    /* In units of the window's last bit the terms are integers of `width` bits and a fraction. */
    double sum = 0;
    bool sticky = false;
    for (const Term &each : terms) {
        double scaled = std::ldexp(each.value, width - top - largest);
        sum += std::floor(scaled);
        sticky = sticky || std::floor(scaled) != scaled;
    }
    sum += sticky ? 0.5 : 0;
    return dlf_round(std::ldexp(sum, largest + top - width), saturate);
}

} // namespace oracle
