// SPDX-License-Identifier: Apache-2.0
// sawb against the tensor function, and against the CPU's fp32 over streams of tensors.
#include "oracle/streams.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace
{

struct Clip {
    float value = 0;
    bool fell_back = false;
};

Clip sawb(const std::vector<float> &w, size_t lanes, uint32_t n)
{
    std::vector<float> magnitudes, squares;
    float max = 0;
    for (float each : w) {
        float counted = std::fabs(each) < 0x1p-63F ? 0 : each;
        magnitudes.push_back(std::fabs(counted));
        squares.push_back(counted * counted);
        if (std::fabs(each) > max)
            max = std::fabs(each);
    }
    auto count = static_cast<float>(n);
    float mean = oracle::lanes_and_pairs(magnitudes, lanes) / count;
    float mean_square = oracle::lanes_and_pairs(squares, lanes) / count;
    float root = mean_square < 0x1p-126F ? 0 : std::sqrt(mean_square);
    float left = 12.035F * root;
    float right = -12.03F * mean;
    float clip = left + right;
    bool inside = clip > 0 && clip <= max;
    return {inside ? clip : max, !inside};
}

struct Count {
    uint64_t tensors = 0, fell_back = 0;
};

void run(int64_t input, int64_t lanes, uint64_t n, Count &count)
{
    oracle::Block dut("sawb", {{"Input", input}, {"Lanes", lanes}});
    auto width = static_cast<size_t>(lanes);
    oracle::Stream stream(input == 1, width, lanes + 87);
    ts_random random = {oracle::seed()};
    for (uint64_t i = 0; i < n; i++) {
        bool valid = oracle::below(random, 8) != 0;
        dut.draw(random);
        bool ends = stream.step(valid, dut.in);
        ASSERT_EQ(dut.step(valid), ends) << "clock " << i;
        if (!ends)
            continue;
        Clip clip = sawb(stream.elements, width, static_cast<uint32_t>(dut.in[width + 2]));
        std::vector<uint64_t> want = {oracle::code_of_float(clip.value), clip.fell_back};
        ASSERT_EQ(dut.out, want) << dut.describe(want) << ", clock " << i;
        count.tensors++;
        count.fell_back += clip.fell_back;
    }
}

/* Streams a tensor, padded with zeros to whole cycles. */
void stream(oracle::Block &dut, const std::vector<float> &w, size_t lanes)
{
    for (size_t i = 0; i < w.size(); i += lanes) {
        for (size_t lane = 0; lane < lanes; lane++)
            dut.in[lane] = oracle::bits_of_float(i + lane < w.size() ? w[i + lane] : 0.0F);
        dut.in[lanes] = i == 0;
        dut.in[lanes + 1] = i + lanes >= w.size();
        dut.in[lanes + 2] = w.size();
        dut.step();
    }
}

} // namespace

TEST(sawb_oracle, random_streams)
{
    Count count;
    uint64_t n = oracle::vectors(400000);
    for (int64_t input : {0, 1})
        for (int64_t lanes : {1, 2, 8})
            ASSERT_NO_FATAL_FAILURE(run(input, lanes, n / static_cast<uint64_t>(lanes), count));
    oracle::report("sawb, tensors", count.tensors);
    if (n >= 100000) {
        EXPECT_GT(count.fell_back, count.tensors / 10);
        EXPECT_LT(count.fell_back, count.tensors * 9 / 10);
    }
}

/* Sizes from one element past several cycles, bell-shaped, flat, and of one magnitude. */
TEST(sawb_oracle, gives_the_bits_of_the_tensor_function)
{
    ts_random random = {oracle::seed()};
    uint64_t tensors = 0;
    for (int lanes : {1, 4, 8, 64})
        for (size_t size : {1, 7, 64, 1000, 4608})
            for (int shape = 0; shape < 4; shape++, tensors++) {
                std::vector<float> w(size);
                for (float &each : w) {
                    double sum = 0;
                    for (int i = 0; i < 1 + 3 * shape; i++)
                        sum += oracle::below(random, 65536) / 32768.0 - 1;
                    each = static_cast<float>(shape == 3 ? 0.125 : sum / 7);
                }
                oracle::Block dut("sawb", {{"Input", 1}, {"Lanes", lanes}});
                stream(dut, w, static_cast<size_t>(lanes));
                bool fell_back = false;
                float clip = ts_sawb_clip_lanes(w.data(), size, lanes, &fell_back);
                EXPECT_EQ(dut.out[0], oracle::bits_of_float(clip))
                    << size << " elements in " << lanes << " lanes";
                EXPECT_EQ(dut.out[1], fell_back);
            }
    oracle::report("sawb, tensors of the tensor function", tensors);
}

/* Were the smaller weights counted, the clip would be inside the range. */
TEST(sawb_oracle, weights_with_subnormal_squares)
{
    const float least = 0x1p-63F, below = std::nextafter(least, 0.0F);
    for (float small : {least, below}) {
        oracle::Block dut("sawb", {{"Input", 1}, {"Lanes", 1}});
        stream(dut, {small, -3 * least, 3 * least, -small}, 1);
        EXPECT_EQ(dut.out[1], small < least);
    }
}

TEST(sawb_oracle, without_elements_or_range)
{
    oracle::Block dut("sawb", {{"Input", 1}, {"Lanes", 1}});
    struct Case {
        uint64_t w, n, clip;
    };
    const Case cases[] = {
        {0, 1, 0},
        {0, 0, 0},
        {oracle::bits_of_float(-2), 0, oracle::bits_of_float(2)},
        {oracle::FP32_INFINITY, 1, oracle::FP32_INFINITY},
        {oracle::FP32_NAN, 1, 0},
        {oracle::FP32_INFINITY + 1, 1, 0},
        {1, 1, 1},
    };
    for (const Case &c : cases) {
        dut.in = {c.w, 1, 1, c.n};
        while (!dut.step())
            continue;
        EXPECT_EQ(dut.out[0], c.clip) << dut.describe({c.clip, 1});
        EXPECT_EQ(dut.out[1], 1U);
    }
}
