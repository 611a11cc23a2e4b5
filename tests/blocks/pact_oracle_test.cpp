// SPDX-License-Identifier: Apache-2.0
// pact over all activations: against thresholds in exact double, and against the tensor function.
#include "oracle/dlfloat16_fast.h"
#include "oracle/run.h"

#include <gtest/gtest.h>

#include <cmath>

namespace
{

/* x * |scale| has 20 bits. A code ends at a half, which belongs to it if it is even. */
uint64_t quantize(double x, double scale)
{
    double y = x * std::fabs(scale);
    if (std::isnan(y))
        return 15;
    uint64_t code = 0;
    while (code < 15 && (y > static_cast<double>(code) + 0.5 ||
                         (y == static_cast<double>(code) + 0.5 && code % 2 == 1)))
        code++;
    return code;
}

void all_activations(uint16_t scale)
{
    oracle::Block dut("pact", {});
    for (uint32_t x = 0; x < 65536; x++) {
        dut.in = {x, scale};
        dut.step();
        std::vector<uint64_t> want = {
            quantize(oracle::dlf_value(static_cast<uint16_t>(x)), oracle::dlf_value(scale))};
        ASSERT_EQ(dut.out, want) << dut.describe(want);
    }
}

} // namespace

TEST(pact_oracle, all_activations_by_many_scales)
{
    const uint16_t scales[] = {0,      1,      0x3E00, 0x3FFF, 0x4000, 0x4001, 0x45C0,
                               0x7FFE, 0x7FFF, 0x8000, 0xBE00, 0xC5E0, 0xFFFF, 0x01FF};
    for (uint16_t scale : scales)
        ASSERT_NO_FATAL_FAILURE(all_activations(scale));
    ts_random random = {oracle::seed()};
    for (int i = 0; i < 60; i++) /* an alpha from 2^-4 to 2^11 */
        ASSERT_NO_FATAL_FAILURE(all_activations(static_cast<uint16_t>(
            0x3A00 + static_cast<int>(ts_random_next(&random) % 0x2000) - 0x1000)));
    oracle::report("pact", (std::size(scales) + 60) * 65536);
}

TEST(pact_oracle, special_weighted)
{
    oracle::Block dut("pact", {});
    ts_random random = {oracle::seed()};
    uint64_t n = oracle::vectors(1000000), codes[16] = {};
    for (uint64_t i = 0; i < n; i++) {
        dut.draw(random);
        dut.step();
        std::vector<uint64_t> want = {
            quantize(oracle::dlf_value(static_cast<uint16_t>(dut.in[0])),
                     oracle::dlf_value(static_cast<uint16_t>(dut.in[1])))};
        ASSERT_EQ(dut.out, want) << dut.describe(want);
        codes[want[0]]++;
    }
    oracle::report("pact", n);
    for (uint64_t count : codes)
        EXPECT_GT(count, n / 400) << "the vectors miss a code";
}

/* The tensor function takes alpha, the block the reciprocal that it makes of it. */
TEST(pact_oracle, gives_the_bits_of_the_tensor_function)
{
    std::vector<float> x(65536);
    for (uint32_t code = 0; code < 65536; code++)
        x[code] = static_cast<float>(oracle::dlf_value(static_cast<uint16_t>(code)));
    std::vector<uint16_t> codes(x.size());
    oracle::Block dut("pact", {});
    for (float alpha : {0.0F, 1e-30F, 0.01F, 1.0F, 6.0F, 8.71F, 15.0F, 1e4F, 1e12F}) {
        ts_quantize_uint4(x.data(), x.size(), alpha, codes.data());
        uint16_t scale = 0; /* what has no range has no codes but zero */
        if (alpha > 0)
            scale = oracle::dlf_round(15 / static_cast<double>(alpha), true);
        for (uint32_t i = 0; i < 65536; i++) {
            bool nan = i % 0x8000 == 0x7FFF;
            dut.in = {i, scale};
            dut.step();
            if (alpha > 0 || !nan) {
                ASSERT_EQ(dut.out[0], codes[i]) << "alpha " << alpha << dut.describe({codes[i]});
            }
        }
    }
}
