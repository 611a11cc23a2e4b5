// SPDX-License-Identifier: Apache-2.0
// fp8_int4_mac against exact arithmetic; all products over all operands.
#include "oracle/aligned.h"
#include "oracle/dlfloat16_fast.h"
#include "oracle/run.h"

#include <gtest/gtest.h>

#include <cinttypes>

namespace
{

/* Of 15 times a significand below two. */
constexpr int TOP = 5;

oracle::Term integer(uint64_t code, bool is_unsigned)
{
    return {
        static_cast<double>(is_unsigned ? static_cast<int64_t>(code) : oracle::integer_of(code, 4)),
        0};
}

oracle::Term fp8(uint64_t code, bool is_152)
{
    return is_152 ? oracle::term(code, 5, 2, 15, true) : oracle::term(code, 4, 3, 11, false);
}

uint64_t expected(const oracle::Block &dut, int width)
{
    auto lanes = static_cast<size_t>(dut.param("Lanes"));
    std::vector<oracle::Term> products;
    for (size_t i = 0; i < lanes; i++)
        products.push_back(integer(dut.in[i], dut.in[lanes] != 0) *
                           fp8(dut.in[lanes + 1 + i], dut.param("Fp8") != 0));
    return oracle::aligned_sum(products, dut.in[2 * lanes + 1], TOP, width,
                               dut.param("Saturate") != 0);
}

void run(oracle::Block::Settings settings, uint64_t vectors, uint64_t &count)
{
    oracle::Block dut("fp8_int4_mac", settings);
    int width = dut.param("Align") ? 0 : static_cast<int>(dut.param("AlignWidth"));
    ts_random random = {oracle::seed()};
    for (uint64_t i = 0; i < vectors; i++, count++) {
        dut.draw(random);
        dut.step();
        uint64_t want = expected(dut, width);
        if (dut.out[0] != want)
            FAIL() << dut.describe({want}) << ", vector " << i;
    }
}

} // namespace

TEST(fp8_int4_mac_oracle, window_and_exact)
{
    uint64_t count = 0;
    for (int64_t width : {16, 20, 24, 32, 48})
        for (int64_t format : {0, 1})
            ASSERT_NO_FATAL_FAILURE(
                run({{"AlignWidth", width}, {"Fp8", format}}, oracle::vectors(50000), count));
    ASSERT_NO_FATAL_FAILURE(run({}, oracle::long_vectors(1000000), count));
    for (int64_t lanes : {1, 4, 16})
        ASSERT_NO_FATAL_FAILURE(
            run({{"Lanes", lanes}, {"Saturate", 1}}, oracle::vectors(50000), count));
    for (int64_t format : {0, 1})
        ASSERT_NO_FATAL_FAILURE(
            run({{"Align", 1}, {"Fp8", format}}, oracle::vectors(50000), count));
    ASSERT_NO_FATAL_FAILURE(run({{"Align", 1}, {"Lanes", 16}}, oracle::vectors(20000), count));
    oracle::report("fp8_int4_mac", count);
}

TEST(fp8_int4_mac_oracle, every_product_is_exact)
{
    for (int64_t format : {0, 1}) {
        oracle::Block dut("fp8_int4_mac", {{"Fp8", format}, {"Lanes", 1}, {"AlignWidth", 16}});
        for (uint64_t i = 0; i < 16 * 2 * 256; i++) {
            dut.in = {i % 16, i / 16 % 2, i / 32, 0};
            dut.step();
            double want = integer(i % 16, i / 16 % 2 != 0).value * fp8(i / 32, format != 0).value;
            uint64_t code = oracle::dlf_round(want, false);
            ASSERT_EQ(dut.out[0], code) << dut.describe({code});
        }
    }
}
