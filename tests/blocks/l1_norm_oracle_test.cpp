// SPDX-License-Identifier: Apache-2.0
// l1_norm against the CPU's fp32, over streams of tensors.
#include "oracle/streams.h"

#include <gtest/gtest.h>

namespace
{

float l1_norm(const std::vector<float> &x, size_t lanes)
{
    std::vector<float> terms;
    for (float each : x)
        terms.push_back(std::fabs(each));
    return oracle::lanes_and_pairs(terms, lanes);
}

void run(int64_t input, int64_t lanes, uint64_t n)
{
    oracle::Block dut("l1_norm", {{"Input", input}, {"Lanes", lanes}});
    oracle::Stream stream(input == 1, static_cast<size_t>(lanes), lanes);
    ts_random random = {oracle::seed()};
    for (uint64_t i = 0; i < n; i++) {
        bool valid = oracle::below(random, 8) != 0;
        dut.draw(random);
        bool want = stream.step(valid, dut.in);
        ASSERT_EQ(dut.step(valid), want) << "clock " << i;
        if (!want)
            continue;
        std::vector<uint64_t> sum = {
            oracle::code_of_float(l1_norm(stream.elements, static_cast<size_t>(lanes)))};
        ASSERT_EQ(dut.out, sum) << dut.describe(sum) << ", clock " << i << ", tensor of "
                                << stream.elements.size();
    }
}

} // namespace

TEST(l1_norm_oracle, random_streams)
{
    uint64_t n = oracle::vectors(60000), count = 0;
    for (int64_t input : {0, 1})
        for (int64_t lanes : {1, 2, 8, 64}) {
            ASSERT_NO_FATAL_FAILURE(run(input, lanes, n / static_cast<uint64_t>(lanes)));
            count += n / static_cast<uint64_t>(lanes);
        }
    oracle::report("l1_norm", count);
}
