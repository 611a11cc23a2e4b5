// SPDX-License-Identifier: Apache-2.0
// tpr_quantizer over all inputs, all scales and both underflow rules, against the grid's midpoints.
#include "oracle/dlfloat16_fast.h"
#include "oracle/formats.h"
#include "oracle/run.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace
{

enum { NEAREST, FLUSH };

/** [i]: the least magnitude that becomes code i + 1. A magnitude past the last is the top code. */
using Thresholds = std::array<double, 7>;

/* Nearest magnitude of p * {4^-3 .. 4^3}, ties up; below the first, the rule of its own. */
Thresholds thresholds(int phase, int underflow)
{
    const double grid[] = {1 / 64.0, 1 / 16.0, 1 / 4.0, 1, 4, 16, 64};
    double unit = phase ? 2 : 1;
    Thresholds t{};
    t[0] = unit * (underflow == FLUSH ? grid[0] : grid[0] / 2);
    for (size_t i = 1; i < 7; i++)
        t[i] = unit * (grid[i - 1] + grid[i]) / 2;
    return t;
}

/* The code of y >= 0; `code` is that of the y before, which was not larger. */
uint64_t advance(const Thresholds &t, uint64_t code, double y)
{
    while (code < 7 && y >= t[code])
        code++;
    return code;
}

void run(int64_t underflow)
{
    oracle::Block dut("tpr_quantizer", {{"Underflow", underflow}});
    const Thresholds even_grid = thresholds(0, static_cast<int>(underflow));
    const Thresholds odd_grid = thresholds(1, static_cast<int>(underflow));
    for (int k = -128; k < 128; k++) {
        double scale = std::ldexp(1.0, k); /* exact, and so is x * scale */
        uint64_t even = 0;
        uint64_t odd = 0;
        dut.in[1] = oracle::word_of(k, 8);
        for (uint16_t code = 0; code < 0x8000; code++) {
            double y = oracle::dlf_value(code) * scale;
            bool invalid = std::isnan(y);
            even = invalid ? 7 : advance(even_grid, even, y);
            odd = invalid ? 7 : advance(odd_grid, odd, y);
            for (uint64_t sign = 0; sign < 2; sign++) {
                dut.in[0] = code + sign * 0x8000;
                dut.step();
                bool minus = sign && !invalid;
                uint64_t want_even = even + (minus && even ? 8 : 0);
                uint64_t want_odd = odd + (minus && odd ? 8 : 0);
                if (dut.out[0] != want_even || dut.out[1] != want_odd || dut.out[2] != invalid)
                    FAIL() << dut.describe({want_even, want_odd, invalid});
            }
        }
    }
    oracle::report("tpr_quantizer", 256 * 65536);
}

} // namespace

TEST(tpr_quantizer_oracle, all_inputs_underflow_nearest)
{
    run(NEAREST);
}

TEST(tpr_quantizer_oracle, all_inputs_underflow_flush)
{
    run(FLUSH);
}

/* With `nearest` below M as well, the quantizer is the rounding of the format. */
TEST(tpr_quantizer_oracle, nearest_is_the_rounding_of_the_format)
{
    oracle::Block dut("tpr_quantizer", {{"Underflow", NEAREST}});
    ts_random random = {oracle::seed()};
    uint64_t count = oracle::vectors(50000);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t r = ts_random_next(&random);
        auto x = static_cast<uint32_t>(r % 65536);
        oracle::Number n = oracle::decode(oracle::Format::dlfloat16, x);
        int k = static_cast<int>(r >> 32 & 255) - 128;
        n.value = n.value.scaled(k);
        dut.in = {x, oracle::word_of(k, 8)};
        dut.step();
        using oracle::Format;
        using oracle::Round;
        uint64_t even = oracle::encode(Format::fp4_r4_even, n, Round::nearest_up, true);
        uint64_t odd = oracle::encode(Format::fp4_r4_odd, n, Round::nearest_up, true);
        std::vector<uint64_t> want = {even, odd, n.cls == oracle::Class::nan};
        ASSERT_EQ(dut.out, want) << dut.describe(want);
    }
    oracle::report("tpr_quantizer by MPFR", count);
}
