// SPDX-License-Identifier: Apache-2.0
// l2_norm against the CPU's fp32, over streams of tensors, and the root over a stratified sample.
#include "oracle/streams.h"

#include <gtest/gtest.h>

namespace
{

float l2_norm(const std::vector<float> &x, size_t lanes, bool root)
{
    std::vector<float> terms;
    for (float each : x)
        terms.push_back(each * each);
    float sum = oracle::lanes_and_pairs(terms, lanes);
    return root ? std::sqrt(sum) : sum;
}

void run(int64_t root, int64_t input, int64_t lanes, uint64_t n)
{
    oracle::Block dut("l2_norm", {{"Root", root}, {"Input", input}, {"Lanes", lanes}});
    oracle::Stream stream(input == 1, static_cast<size_t>(lanes), lanes + 27 * root);
    ts_random random = {oracle::seed()};
    for (uint64_t i = 0; i < n; i++) {
        bool valid = oracle::below(random, 8) != 0;
        dut.draw(random);
        bool want = stream.step(valid, dut.in);
        ASSERT_EQ(dut.step(valid), want) << "clock " << i;
        if (!want)
            continue;
        std::vector<uint64_t> sum = {
            oracle::code_of_float(l2_norm(stream.elements, static_cast<size_t>(lanes), root == 1))};
        ASSERT_EQ(dut.out, sum) << dut.describe(sum) << ", clock " << i << ", tensor of "
                                << stream.elements.size();
    }
}

} // namespace

TEST(l2_norm_oracle, random_streams)
{
    uint64_t n = oracle::vectors(60000), count = 0;
    for (int64_t root : {0, 1})
        for (int64_t input : {0, 1})
            for (int64_t lanes : {1, 2, 8, 64}) {
                ASSERT_NO_FATAL_FAILURE(run(root, input, lanes, n / static_cast<uint64_t>(lanes)));
                count += n / static_cast<uint64_t>(lanes);
            }
    oracle::report("l2_norm", count);
}

/* One element a tensor, whose square is rounded: what comes out is not always its magnitude. */
TEST(l2_norm_oracle, one_element)
{
    uint64_t n = oracle::vectors(300000);
    oracle::Block dut("l2_norm", {{"Input", 1}, {"Lanes", 1}});
    ts_random random = {oracle::seed()};
    for (uint64_t i = 0; i < n; i++) {
        dut.in = {ts_random_next(&random) >> 32, 1, 1};
        ASSERT_TRUE(dut.step());
        float x = oracle::float_of_bits(static_cast<uint32_t>(dut.in[0]));
        std::vector<uint64_t> want = {oracle::code_of_float(std::sqrt(x * x))};
        ASSERT_EQ(dut.out, want) << dut.describe(want);
        for (int idle = 1; idle < 1 + 27; idle++)
            ASSERT_FALSE(dut.step(false));
    }
    oracle::report("l2_norm", n);
}
