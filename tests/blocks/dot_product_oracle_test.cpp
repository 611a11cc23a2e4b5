// SPDX-License-Identifier: Apache-2.0
// dot_product against the exact sum of exact products.
#include "oracle/products.h"
#include "oracle/run.h"

#include <gtest/gtest.h>

namespace
{

uint64_t expected(const oracle::Block &dut, size_t lanes, int bits)
{
    const uint64_t *a = dut.in.data();
    bool a_unsigned = dut.in[dut.in_word("a_unsigned")] == 1;
    const uint64_t *b = &dut.in[dut.in_word("b")];
    bool fp4 = oracle::fp4_mode(dut.param("Modes"), dut.in[dut.in_word("fp4")]);
    int64_t sum = 0;
    for (size_t i = 0; i < lanes; i++)
        sum += oracle::product(static_cast<unsigned>(a[i]), a_unsigned, static_cast<unsigned>(b[i]),
                               fp4);
    return oracle::word_of(sum, bits);
}

void run(int64_t modes, size_t lanes, int log2_lanes, uint64_t count)
{
    oracle::Block dut("dot_product", {{"Modes", modes}, {"Lanes", static_cast<int64_t>(lanes)}});
    ts_random random = {oracle::seed()};
    int bits = oracle::product_bits(modes) + log2_lanes;
    for (uint64_t i = 0; i < count; i++) {
        dut.draw(random);
        if (i % 16 == 0) { /* all lanes alike: the sum's extremes */
            for (size_t n = 1; n < lanes; n++) {
                dut.in[n] = dut.in[0];
                dut.in[lanes + 1 + n] = dut.in[lanes + 1];
            }
        }
        ASSERT_TRUE(dut.step());
        uint64_t want = expected(dut, lanes, bits);
        if (dut.out[0] != want)
            FAIL() << dut.describe({want}) << ", vector " << i;
    }
}

} // namespace

TEST(dot_product_oracle, random_operands)
{
    const int64_t modes[] = {1, 2, 3};
    /* Few lanes are cheap and have few inputs; 8 is the default. */
    const uint64_t counts[] = {350000, 250000, 150000, 200000, 50000, 20000, 10000};
    uint64_t count = 0;
    for (int64_t m : modes) {
        for (int log2_lanes = 0; log2_lanes <= 6; log2_lanes++) {
            uint64_t n = oracle::vectors(counts[log2_lanes]);
            ASSERT_NO_FATAL_FAILURE(run(m, size_t{1} << log2_lanes, log2_lanes, n));
            count += n;
        }
    }
    oracle::report("dot_product", count);
}

TEST(dot_product_oracle, extremes_fit_the_port)
{
    for (int64_t modes : {1, 2, 3}) {
        for (int64_t lanes : {1, 8, 64}) {
            oracle::Block dut("dot_product", {{"Modes", modes}, {"Lanes", lanes}});
            auto n = static_cast<size_t>(lanes);
            for (uint64_t b : {0x0F, 0x1F, 0x08, 0x07}) {
                for (size_t i = 0; i < n; i++) {
                    dut.in[i] = 15;
                    dut.in[n + 1 + i] = b;
                }
                dut.in[n] = 1;
                dut.in[2 * n + 1] = 1;
                dut.step();
                int64_t want = lanes * oracle::product(15, true, static_cast<unsigned>(b),
                                                       oracle::fp4_mode(modes, 1));
                int bits = oracle::product_bits(modes) + __builtin_ctzll(n);
                ASSERT_EQ(oracle::integer_of(dut.out[0], bits), want);
            }
        }
    }
}
