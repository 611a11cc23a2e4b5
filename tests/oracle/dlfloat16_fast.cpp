// SPDX-License-Identifier: Apache-2.0
// dlfloat16 by exact doubles and a table of thresholds.
#include "oracle/dlfloat16_fast.h"

#include <algorithm>
#include <array>
#include <cfloat>
#include <cmath>
#include <vector>

static_assert(FLT_EVAL_METHOD == 0, "two-sum needs operations that round to double");

namespace oracle
{

namespace
{

enum { SIGN = 0x8000, NANINF = 0x7FFF, MAX_FINITE = 0x7FFE };

double grid_value(int code)
{
    return std::ldexp(1 + (code % 512) / 512.0, code / 512 - 31);
}

struct Tables {
    std::array<double, 65536> value;
    std::vector<double> threshold; /* [i]: the least magnitude that rounds to code i + 1 or past */

    Tables()
    {
        for (int code = 0; code < SIGN; code++) {
            double v = code == 0 ? 0 : grid_value(code);
            value[static_cast<size_t>(code)] = code == NANINF ? NAN : v;
            value[static_cast<size_t>(code + SIGN)] = code == NANINF ? NAN : -v;
            if (code < NANINF)
                threshold.push_back((grid_value(code) + grid_value(code + 1)) / 2);
        }
    }
};

const Tables tables;

} // namespace

double dlf_value(uint16_t code)
{
    return tables.value[code];
}

uint16_t dlf_add(double x, double y, bool saturate)
{
    if (std::isnan(x) || std::isnan(y))
        return NANINF;
    double sum = x + y;
    double of_y = sum - x;
    double rest = (x - (sum - of_y)) + (y - of_y);
    bool negative = sum < 0;
    if (negative) {
        sum = -sum;
        rest = -rest;
    }
    const std::vector<double> &t = tables.threshold;
    auto next = std::upper_bound(t.begin(), t.end(), sum);
    if (next != t.begin() && *(next - 1) == sum && rest < 0)
        --next;
    int code = static_cast<int>(next - t.begin());
    if (code == NANINF) {
        if (!saturate)
            return NANINF;
        code = MAX_FINITE;
    }
    return static_cast<uint16_t>(code == 0 || !negative ? code : code + SIGN);
}

} // namespace oracle
