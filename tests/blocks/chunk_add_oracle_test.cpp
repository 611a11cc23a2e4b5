// SPDX-License-Identifier: Apache-2.0
// chunk_add in its three variants against exact sums, rounded once or twice as each variant says.
#include "oracle/dlfloat16_fast.h"
#include "oracle/formats.h"
#include "oracle/hard_cases.h"
#include "oracle/products.h"
#include "oracle/run.h"

#include <gtest/gtest.h>

#include <cmath>

namespace
{

enum { ACC, P, ESCALE, FP4 };

struct Setting {
    int64_t modes, lanes, chunk, variant, saturate;
};

/** The operands of one operation as numbers. */
struct Operands {
    int64_t p;
    int exponent; /**< of P's value: escale + L */
};

Operands operands(const oracle::Block &dut, int p_bits)
{
    bool fp4 = oracle::fp4_mode(dut.param("Modes"), dut.in[FP4]);
    int escale = static_cast<int>(oracle::integer_of(dut.in[ESCALE], 7));
    return {oracle::integer_of(dut.in[P], p_bits), escale + (fp4 ? -6 : 0)};
}

uint64_t expected(const Setting &s, uint64_t acc, const Operands &x, int acc_bits)
{
    if (s.variant == TS_VARIANT_INTEGER)
        return oracle::word_of(oracle::integer_of(acc, acc_bits) + x.p, acc_bits);
    double sum = oracle::dlf_value(static_cast<uint16_t>(acc));
    double term = std::ldexp(static_cast<double>(x.p), x.exponent);
    if (s.variant == TS_VARIANT_SPLIT)
        term = oracle::dlf_value(oracle::dlf_round(term, s.saturate));
    return oracle::dlf_add(sum, term, s.saturate);
}

/* The same by MPFR. */
uint64_t slow(const Setting &s, uint64_t acc, const Operands &x)
{
    using namespace oracle;
    Number a = decode(Format::dlfloat16, static_cast<uint32_t>(acc));
    Number term = number(Exact(static_cast<double>(x.p)).scaled(x.exponent));
    if (s.variant == TS_VARIANT_SPLIT)
        term = decode(Format::dlfloat16,
                      encode(Format::dlfloat16, term, Round::nearest_up, s.saturate));
    Number sum = number(a.value + term.value);
    if (a.cls == Class::nan || term.cls == Class::nan)
        sum.cls = Class::nan;
    return encode(Format::dlfloat16, sum, Round::nearest_up, s.saturate);
}

/* Aims P at a rounding boundary of acc + P * 2^exponent, where both fit their ports. */
void aim(ts_random &random, oracle::Block &dut, int p_bits)
{
    auto acc = oracle::hard_first(random, static_cast<uint16_t>(dut.in[ACC]));
    dut.in[ACC] = acc;
    oracle::HardProduct hard = oracle::hard_product(random, acc, p_bits);
    bool fp4 = oracle::fp4_mode(dut.param("Modes"), dut.in[FP4]);
    int escale = hard.exponent + (fp4 ? 6 : 0);
    if (escale < -64 || escale > 63 || std::llabs(hard.p) >= int64_t{1} << (p_bits - 1))
        return;
    dut.in[P] = oracle::word_of(hard.p, p_bits);
    dut.in[ESCALE] = oracle::word_of(escale, 7);
}

void run(const Setting &s, uint64_t count)
{
    oracle::Block dut("chunk_add", {{"Modes", s.modes},
                                    {"Lanes", s.lanes},
                                    {"Chunk", s.chunk},
                                    {"Variant", s.variant},
                                    {"Saturate", s.saturate}});
    bool integer = s.variant == TS_VARIANT_INTEGER;
    auto log2 = [](int64_t x) { return static_cast<int>(std::lround(std::log2(x))); };
    int p_bits = oracle::product_bits(s.modes) + log2(s.lanes);
    int acc_bits = integer ? oracle::product_bits(s.modes) + log2(s.chunk) : 16;
    ts_random random = {oracle::seed()};
    for (uint64_t i = 0; i < count; i++) {
        dut.draw(random);
        if (i % 2 && !integer)
            aim(random, dut, p_bits);
        dut.step();
        Operands x = operands(dut, p_bits);
        uint64_t want = expected(s, dut.in[ACC], x, acc_bits);
        if (!integer && i % 64 < 2) {
            ASSERT_EQ(want, slow(s, dut.in[ACC], x)) << dut.describe({want});
        }
        if (dut.out[0] != want)
            FAIL() << dut.describe({want}) << ", vector " << i;
    }
}

/* Both overflow policies, all modes, and lanes and chunks from one to many. */
uint64_t run_all(int64_t variant, uint64_t each)
{
    uint64_t count = 0;
    uint64_t n = oracle::vectors(each);
    for (int64_t saturate : {0, 1}) {
        for (int64_t modes : {1, 2, 3}) {
            for (int64_t lanes : {1, 8, 64}) {
                int64_t chunk = lanes == 8 ? 64 : lanes == 1 ? 1 : 4096;
                run({modes, lanes, chunk, variant, saturate}, n);
                if (testing::Test::HasFatalFailure())
                    return count;
                count += n;
            }
        }
    }
    return count;
}

} // namespace

TEST(chunk_add_oracle, fused)
{
    oracle::report("chunk_add fused", run_all(TS_VARIANT_FUSED, 90000));
}

TEST(chunk_add_oracle, split)
{
    oracle::report("chunk_add split", run_all(TS_VARIANT_SPLIT, 60000));
}

TEST(chunk_add_oracle, integer)
{
    oracle::report("chunk_add integer", run_all(TS_VARIANT_INTEGER, 30000));
}

/* 2050 on its own is a tie and goes up to 2052; the exact sum 2050 - 2 needs no rounding. */
TEST(chunk_add_oracle, fused_and_split_differ_where_rounding_twice_shows)
{
    oracle::Block fused("chunk_add", {{"Variant", TS_VARIANT_FUSED}});
    oracle::Block split("chunk_add", {{"Variant", TS_VARIANT_SPLIT}});
    uint64_t minus_two = oracle::dlf_round(-2, false);
    fused.in = split.in = {minus_two, 2050, 0, 0};
    fused.step();
    split.step();
    EXPECT_EQ(oracle::dlf_value(static_cast<uint16_t>(fused.out[0])), 2048);
    EXPECT_EQ(oracle::dlf_value(static_cast<uint16_t>(split.out[0])), 2052) << "2050, a tie again";
}
