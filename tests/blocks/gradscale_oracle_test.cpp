// SPDX-License-Identifier: Apache-2.0
// gradscale over streams of tensors, against the maxima of lists of their elements.
#include "oracle/dlfloat16_fast.h"
#include "oracle/run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace
{

enum { ALIGN, PREVIOUS, HYSTERESIS };

struct Setting {
    int64_t method, target, window, lanes;
};

/* The magnitudes of a tensor; NaN-Infinity is infinity. */
using Tensor = std::vector<double>;

double largest(const Tensor &tensor)
{
    return tensor.empty() ? 0 : *std::max_element(tensor.begin(), tensor.end());
}

int aligned(const Tensor &tensor, int64_t target)
{
    double max = largest(tensor);
    EXPECT_EQ(max == 0 || std::isinf(max) ? 0 : static_cast<int>(target) - std::ilogb(max),
              ts_gradscale_exponent(static_cast<float>(max), static_cast<int>(target)));
    return ts_gradscale_exponent(static_cast<float>(max), static_cast<int>(target));
}

/* By the values themselves: halve what is 2^(target+1) or more, double what is too small. */
int stepped(const Tensor &tensor, int k, const Setting &s)
{
    double max = largest(tensor);
    if (max == 0)
        return k;
    double scaled = std::ldexp(std::isinf(max) ? std::ldexp(1, 32) : max, k);
    if (scaled >= std::ldexp(1, static_cast<int>(s.target) + 1))
        return k - 1;
    return scaled < std::ldexp(1, static_cast<int>(s.target - s.window)) ? k + 1 : k;
}

class Reference
{
  public:
    explicit Reference(const Setting &s) : s_(s)
    {
    }

    /* Whether k comes out of this clock, and which. */
    bool step(const std::vector<uint64_t> &in, int &k)
    {
        auto lanes = static_cast<size_t>(s_.lanes);
        bool first = in[lanes] == 1, last = in[lanes + 1] == 1;
        if (first)
            tensor_.clear();
        for (size_t i = 0; i < lanes; i++) {
            double x = std::fabs(oracle::dlf_value(static_cast<uint16_t>(in[i])));
            tensor_.push_back(std::isnan(x) ? INFINITY : x);
        }
        k = k_;
        if (last)
            k_ = s_.method == HYSTERESIS ? stepped(tensor_, k_, s_) : aligned(tensor_, s_.target);
        if (s_.method != ALIGN)
            return first;
        k = k_;
        return last;
    }

  private:
    Setting s_;
    Tensor tensor_;
    int k_ = 0;
};

oracle::Block make(const Setting &s)
{
    return {"gradscale",
            {{"Method", s.method}, {"Target", s.target}, {"Window", s.window}, {"Lanes", s.lanes}}};
}

void run(const Setting &s, uint64_t n)
{
    oracle::Block dut = make(s);
    Reference reference(s);
    ts_random random = {oracle::seed()};
    int least = 0, most = 0;
    for (uint64_t i = 0; i < n; i++) {
        bool valid = oracle::below(random, 8) != 0;
        dut.draw(random);
        int k = 0;
        bool want = valid && reference.step(dut.in, k);
        ASSERT_EQ(dut.step(valid), want) << "clock " << i;
        if (!want)
            continue;
        ASSERT_EQ(oracle::integer_of(dut.out[0], 8), k)
            << dut.describe({oracle::word_of(k, 8)}) << ", clock " << i;
        least = std::min(least, k);
        most = std::max(most, k);
    }
    if (n >= 50000) {
        EXPECT_GT(most - least, s.method == HYSTERESIS ? 20 : 62) << "the vectors keep k in place";
    }
}

} // namespace

TEST(gradscale_oracle, random_streams)
{
    uint64_t n = oracle::vectors(60000), count = 0;
    for (int64_t method : {ALIGN, PREVIOUS, HYSTERESIS})
        for (int64_t target : {5, 6, 8})
            for (int64_t window : {1, 2, 16})
                for (int64_t lanes : {1, 4}) {
                    ASSERT_NO_FATAL_FAILURE(run({method, target, window, lanes}, n));
                    count += n;
                }
    oracle::report("gradscale", count);
}

/* The second pass of align takes the largest element to the top of the even grid. */
TEST(gradscale_oracle, align_takes_the_maximum_to_the_target)
{
    oracle::Block dut("gradscale", {{"Lanes", 1}});
    for (uint64_t x = 1; x < 0x7FFF; x++) {
        dut.in = {x, 1, 1};
        ASSERT_TRUE(dut.step());
        double k = static_cast<double>(oracle::integer_of(dut.out[0], 8));
        double scaled =
            std::ldexp(oracle::dlf_value(static_cast<uint16_t>(x)), static_cast<int>(k));
        ASSERT_TRUE(scaled >= 64 && scaled < 128) << dut.describe({dut.out[0]});
    }
}

TEST(gradscale_oracle, hysteresis_reaches_its_window_and_stays)
{
    oracle::Block dut("gradscale", {{"Method", HYSTERESIS}, {"Lanes", 1}});
    const uint64_t tiny = 1, max = 0x7FFE;
    for (uint64_t x : {tiny, max}) {
        for (int step = 0; step < 80; step++) {
            dut.in = {x, 1, 1};
            ASSERT_TRUE(dut.step());
        }
        double k = static_cast<double>(oracle::integer_of(dut.out[0], 8));
        EXPECT_EQ(k, x == tiny ? 35 : -26) << "2^-31 up to 2^4, 2^32 down to 2^6";
    }
}
