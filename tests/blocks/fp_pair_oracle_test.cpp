// SPDX-License-Identifier: Apache-2.0
// fp_add and fp_mul in every format: the narrow ones exhaustively, all against exact arithmetic.
#include "oracle/float_mpfr.h"
#include "oracle/fp32.h"
#include "oracle/run.h"
#include "selected_bench.h"

#include <gtest/gtest.h>

#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <string>

namespace
{

constexpr int EXHAUSTIVE_BITS = 9;
constexpr int64_t FORMATS = std::size(oracle::floats);

const char *block_name()
{
    return tessera::block_bench().block.name;
}

bool is_product()
{
    return std::string(block_name()) == "fp_mul";
}

uint32_t fast(const oracle::Float &f, double x, double y, bool saturate)
{
    return is_product() ? oracle::float_sum(f, x * y, 0, saturate)
                        : oracle::float_sum(f, x, y, saturate);
}

double slow(const oracle::Float &f, double x, double y, bool saturate)
{
    return is_product() ? oracle::mpfr_fma_in(f, x, y, 0, saturate)
                        : oracle::mpfr_fma_in(f, x, 1, y, saturate);
}

/* The same number; of zeros only +0, of NaN only the canonical one. */
bool is_code_of(const oracle::Float &f, uint32_t code, double x)
{
    double value = oracle::float_value(f, code);
    if (std::isnan(x))
        return std::isnan(value) && code == oracle::float_sum(f, NAN, 0, false);
    return x == 0 ? code == 0 : value == x;
}

/* The CPU's own operation. */
uint32_t by_cpu(uint32_t a, uint32_t b)
{
    float x = oracle::float_of_bits(a);
    float y = oracle::float_of_bits(b);
    float r = is_product() ? x * y : x + y;
    if (std::isnan(r))
        return oracle::FP32_NAN;
    return r == 0 ? 0 : oracle::bits_of_float(r);
}

void check(oracle::Block &dut, const oracle::Float &f, bool saturate, bool also_slow)
{
    auto a = static_cast<uint32_t>(dut.in[0]);
    auto b = static_cast<uint32_t>(dut.in[1]);
    double x = oracle::float_value(f, a);
    double y = oracle::float_value(f, b);
    dut.step();
    uint32_t want = fast(f, x, y, saturate);
    if (also_slow) {
        ASSERT_TRUE(is_code_of(f, want, slow(f, x, y, saturate)))
            << "the oracles differ, " << dut.describe({want});
    }
    if (f.bits() == 32 && !saturate) {
        ASSERT_EQ(want, by_cpu(a, b)) << "the CPU differs, " << dut.describe({want});
    }
    if (dut.out[0] != want)
        FAIL() << f.name << ": " << dut.describe({want});
}

void run_all(const oracle::Float &f, int64_t format, uint64_t &count)
{
    for (int64_t saturate : {0, 1}) {
        oracle::Block dut(block_name(), {{"Format", format}, {"Saturate", saturate}});
        uint64_t codes = uint64_t{1} << f.bits();
        for (uint64_t i = 0; i < codes * codes; i++) {
            dut.in = {i % codes, i / codes};
            ASSERT_NO_FATAL_FAILURE(check(dut, f, saturate, i % 7 == 0));
            count++;
        }
    }
}

void run_random(const oracle::Float &f, int64_t format, uint64_t vectors, uint64_t &count)
{
    for (int64_t saturate : {0, 1}) {
        oracle::Block dut(block_name(), {{"Format", format}, {"Saturate", saturate}});
        ts_random random = {oracle::seed()};
        for (uint64_t i = 0; i < vectors; i++, count++) {
            dut.draw(random);
            ASSERT_NO_FATAL_FAILURE(check(dut, f, saturate, i % 64 == 0));
        }
    }
}

} // namespace

TEST(fp_pair_oracle, formats_of_up_to_nine_bits_exhaustively)
{
    uint64_t count = 0;
    for (int64_t i = 0; i < FORMATS; i++) {
        if (oracle::floats[i].bits() <= EXHAUSTIVE_BITS) {
            ASSERT_NO_FATAL_FAILURE(run_all(oracle::floats[i], i, count));
        }
    }
    std::printf("%s: %" PRIu64 " pairs, all there are\n", block_name(), count);
}

TEST(fp_pair_oracle, special_weighted)
{
    uint64_t count = 0;
    uint64_t each = oracle::long_vectors(1000000) / 8 + 1;
    for (int64_t i = 0; i < FORMATS; i++) {
        if (oracle::floats[i].bits() > EXHAUSTIVE_BITS) {
            ASSERT_NO_FATAL_FAILURE(run_random(oracle::floats[i], i, each, count));
        }
    }
    oracle::report(block_name(), count);
}

TEST(fp_pair_oracle, format_parameter_has_the_formats_of_these_names)
{
    const ts_block *block = ts_block_find(block_name());
    const ts_param &param = block->params[ts_block_param(block, "Format")];
    ASSERT_EQ(param.min, 0);
    ASSERT_EQ(param.max + 1, FORMATS);
    for (int64_t i = 0; i <= param.max; i++) {
        const int64_t params[TS_MAX_PARAMS] = {i};
        EXPECT_STREQ(param.names[i], oracle::floats[i].name);
        EXPECT_STREQ(ts_port_format(&block->ports[0], params)->name, oracle::floats[i].name);
    }
}
