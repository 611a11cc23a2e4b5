// SPDX-License-Identifier: Apache-2.0
// hfp8_mac against exact arithmetic, and what its window loses.
#include "oracle/aligned.h"
#include "oracle/dlfloat16_fast.h"
#include "oracle/run.h"

#include <gtest/gtest.h>

#include <cinttypes>
#include <cmath>

namespace
{

/* Of a product of two significands below two. */
constexpr int TOP = 2;

oracle::Term operand(uint64_t code, bool is_152, uint64_t bias)
{
    return is_152 ? oracle::term(code, 5, 2, 15, true)
                  : oracle::term(code, 4, 3, static_cast<int>(bias), false);
}

uint64_t expected(const oracle::Block &dut, int width)
{
    auto lanes = static_cast<size_t>(dut.param("Lanes"));
    size_t b = dut.in_word("b");
    bool a_152 = dut.in[dut.in_word("a_152")] != 0;
    bool b_152 = dut.in[dut.in_word("b_152")] != 0;
    uint64_t bias = dut.in[dut.in_word("bias")];
    std::vector<oracle::Term> products;
    for (size_t i = 0; i < lanes; i++)
        products.push_back(operand(dut.in[i], a_152, bias) * operand(dut.in[b + i], b_152, bias));
    return oracle::aligned_sum(products, dut.in[dut.in_word("acc")], TOP, width,
                               dut.param("Saturate") != 0);
}

struct Count {
    uint64_t vectors = 0;
    uint64_t inexact = 0;
};

void run(oracle::Block::Settings settings, uint64_t vectors, Count &count)
{
    oracle::Block dut("hfp8_mac", settings);
    int width = dut.param("Align") ? 0 : static_cast<int>(dut.param("AlignWidth"));
    ts_random random = {oracle::seed()};
    for (uint64_t i = 0; i < vectors; i++) {
        dut.draw(random);
        dut.step();
        uint64_t want = expected(dut, width);
        if (dut.out[0] != want)
            FAIL() << dut.describe({want}) << ", vector " << i;
        count.inexact += width && i % 64 == 0 && expected(dut, 0) != want;
        count.vectors++;
    }
}

uint16_t code_of(double x)
{
    uint16_t code = oracle::dlf_round(x, false);
    EXPECT_EQ(oracle::dlf_value(code), x) << "not a dlfloat16";
    return code;
}

} // namespace

TEST(hfp8_mac_oracle, window_and_exact)
{
    Count count;
    for (int64_t width : {16, 20, 24, 32, 48})
        for (int64_t saturate : {0, 1})
            ASSERT_NO_FATAL_FAILURE(run({{"AlignWidth", width}, {"Saturate", saturate}},
                                        oracle::vectors(50000), count));
    ASSERT_NO_FATAL_FAILURE(run({}, oracle::long_vectors(1000000), count));
    for (int64_t lanes : {1, 4, 16})
        ASSERT_NO_FATAL_FAILURE(run({{"Lanes", lanes}}, oracle::vectors(50000), count));
    for (int64_t saturate : {0, 1})
        ASSERT_NO_FATAL_FAILURE(
            run({{"Align", 1}, {"Saturate", saturate}}, oracle::vectors(50000), count));
    ASSERT_NO_FATAL_FAILURE(run({{"Align", 1}, {"Lanes", 16}}, oracle::vectors(20000), count));
    oracle::report("hfp8_mac", count.vectors);
    std::printf("  of every 64th with a window, %" PRIu64 " differ from the exact sum\n",
                count.inexact);
    if (count.vectors >= 100000) {
        EXPECT_GT(count.inexact, 0U) << "the vectors do not reach past the window";
    }
}

TEST(hfp8_mac_oracle, every_code_widens_exactly)
{
    for (unsigned code = 0; code < 256; code++) {
        for (int bias = 0; bias < 16; bias++) {
            for (bool is_152 : {false, true}) {
                ts_fp9_153 wide = ts_hfp8_widen(static_cast<uint8_t>(code), is_152, bias);
                double want = operand(code, is_152, static_cast<uint64_t>(bias)).value;
                double got = oracle::term(wide.v, 5, 3, 15, true).value;
                ASSERT_TRUE(got == want || (std::isnan(got) && std::isnan(want)))
                    << code << " " << is_152 << " " << bias << ": " << got << " is not " << want;
            }
        }
    }
}

/* 2^15 * 1 - 2^15 * 1 + acc: what the window has cut off of acc is gone. */
TEST(hfp8_mac_oracle, cancellation_shows_the_window)
{
    const uint64_t one = 15 << 2; /* fp8_152 */
    const uint64_t big = 30 << 2;
    const uint64_t minus_one = one | 0x80;
    oracle::Block exact("hfp8_mac", {{"Align", 1}});
    oracle::Block window("hfp8_mac", {});
    /* The window's last bit is 2^(15 + 2 - 24) = 2^-7, the sticky bit 2^-8. */
    const struct {
        double acc, want;
    } cases[] = {
        {std::ldexp(3, -7), std::ldexp(3, -7)},    {std::ldexp(5, -8), std::ldexp(5, -8)},
        {std::ldexp(9, -9), std::ldexp(5, -8)},    {std::ldexp(1, -20), std::ldexp(1, -8)},
        {-std::ldexp(1, -20), -std::ldexp(1, -8)}, {0, 0},
    };
    for (const auto &x : cases) {
        exact.in = {big, big, 1, one, minus_one, 1, 11, code_of(x.acc)};
        exact.step();
        EXPECT_EQ(exact.out[0], code_of(x.acc));
        window.in = exact.in;
        window.step();
        EXPECT_EQ(window.out[0], code_of(x.want)) << window.describe({code_of(x.want)});
    }
}

TEST(hfp8_mac_oracle, special_codes)
{
    for (int64_t align : {0, 1}) {
        oracle::Block dut("hfp8_mac", {{"Align", align}, {"Saturate", 1}});
        dut.in = {0x7F, 0, 1, 0, 0, 1, 11, 0};
        dut.step();
        EXPECT_EQ(dut.out[0], 0x7FFFU) << "NaN-Infinity times zero";
        dut.in = {0x7F, 0, 0, 0x80, 0, 0, 11, 0x8000};
        dut.step();
        EXPECT_EQ(dut.out[0], 0U) << "fp8_143 has no special codes; zero is +0";
        dut.in = {0, 0, 1, 0, 0, 1, 11, 0xFFFF};
        dut.step();
        EXPECT_EQ(dut.out[0], 0x7FFFU) << "acc";
        dut.in = {0x7E, 0x7E, 1, 0x7E, 0x7E, 1, 11, 0xFFFE};
        dut.step();
        EXPECT_EQ(dut.out[0], 0x7FFEU) << "saturates";
    }
}
