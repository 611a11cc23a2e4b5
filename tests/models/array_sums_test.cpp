// SPDX-License-Identifier: Apache-2.0
// The fast sums of arrays give the golden ones' bits.
#include "core/array_sums.h"
#include "tessera/vectors.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <vector>

extern "C" const struct ts_block ts_block_mac_array, ts_block_mac_array_os;

namespace
{

// Products of 24 bits and of fewer, at all weights.
std::int64_t draw_product(ts_random &random)
{
    const std::uint64_t bits = ts_random_next(&random);
    const auto magnitude = static_cast<std::int64_t>(bits >> (40 + bits % 24));
    return bits >> 32 & 1 ? -magnitude : magnitude;
}

// Whether the fast sum has the golden one's bits, if it has any; counts those that it has.
bool agrees(ts_dlfloat16 acc, std::int64_t p, int s, int &covered)
{
    std::uint64_t code = 0;
    if (!ts_fast_add(acc, p, s, &code))
        return true;
    covered++;
    return code == ts_chunk_add_fused(acc, p, s, TS_OVERFLOW_SPECIAL).v &&
           code == ts_chunk_add_fused(acc, p, s, TS_OVERFLOW_SATURATE).v;
}

TEST(array_sums, a_fast_sum_is_the_golden_one)
{
    enum { EACH = 16, NEAR = 12 };
    ts_random random{1};
    int covered = 0;
    for (int code = 0; code < 1 << 16; code++)
        for (int i = 0; i < EACH; i++) {
            const ts_dlfloat16 acc = {static_cast<std::uint16_t>(code)};
            // Half of them at the weight of acc's last bit or near it, where sums cancel and tie.
            int s = (code >> 9 & 63) - 40;
            s += static_cast<int>(ts_random_next(&random) % (2 * NEAR)) - NEAR;
            if (i % 2)
                s = static_cast<int>(ts_random_next(&random) % 134) - 70;
            const std::int64_t p = draw_product(random);
            ASSERT_TRUE(agrees(acc, p, s, covered)) << code << " + " << p << " * 2^" << s;
        }
    EXPECT_GT(covered, (EACH << 16) / 2);
}

// Each acc with what cancels it, ties with it, and comes next to that.
TEST(array_sums, fast_sums_cancel_and_tie_as_the_golden_ones)
{
    int covered = 0;
    for (int code = 512; code < 0x7FFF; code++)
        for (int below = 0; below < 3; below++)
            for (int off = -2; off <= 2; off++)
                for (std::int64_t sign : {-1, 1}) {
                    const ts_dlfloat16 acc = {static_cast<std::uint16_t>(code)};
                    const int exponent = (code >> 9) - 40;
                    const std::int64_t sig = (code & 511) | 512;
                    const std::int64_t same = sign * ((sig << below) + off);
                    ASSERT_TRUE(agrees(acc, same, exponent - below, covered)) << code;
                    ASSERT_TRUE(
                        agrees(acc, sign * ((1 << below) + off), exponent - 1 - below, covered))
                        << code;
                }
    EXPECT_GT(covered, 1000000);
}

void expect_same_steps(const ts_block &block, std::initializer_list<const char *> assignments)
{
    std::int64_t params[TS_MAX_PARAMS];
    ts_block_presets(&block, params);
    for (const char *each : assignments)
        ASSERT_EQ(ts_block_set(&block, params, each), nullptr) << each;
    ASSERT_EQ(ts_block_check(&block, params), nullptr);
    std::vector<std::uint64_t> in(static_cast<std::size_t>(ts_block_words(&block, TS_IN, params)));
    std::vector<std::uint64_t> golden(
        static_cast<std::size_t>(ts_block_words(&block, TS_OUT, params)));
    std::vector<std::uint64_t> fast(golden);
    std::vector<std::uint64_t> state(block.state_bytes(params) / sizeof(std::uint64_t) + 1);
    block.reset(params, state.data());
    std::vector<std::uint64_t> fast_state(state);

    ts_random random{2};
    std::uint64_t outputs = 0;
    for (int sequence = 0; sequence < 40; sequence++) {
        const std::uint64_t choice = ts_random_next(&random);
        for (std::uint64_t clock = 0;; clock++) {
            ts_random_inputs(&random, &block, params, in.data());
            const ts_clock kind = block.protocol(params, choice, clock, true, in.data());
            if (kind == TS_CLOCK_END)
                break;
            const bool valid = kind == TS_CLOCK_VALID;
            const bool shown = block.step(params, state.data(), valid, in.data(), golden.data());
            ASSERT_EQ(shown,
                      block.fast_step(params, fast_state.data(), valid, in.data(), fast.data()));
            ASSERT_TRUE(!shown || golden == fast) << block.name;
            outputs += shown;
        }
    }
    EXPECT_GT(outputs, 100U);
    EXPECT_EQ(state, fast_state) << "sums that have not left, too";
}

TEST(array_sums, a_fast_step_is_the_golden_one)
{
    for (const ts_block *block : {&ts_block_mac_array, &ts_block_mac_array_os}) {
        expect_same_steps(*block, {"Rows=2", "Cols=3", "Simd=2", "Lanes=4", "Chunk=32"});
        expect_same_steps(*block, {"Rows=4", "Cols=2", "Simd=1", "Lanes=8", "Chunk=32",
                                   "Variant=split", "Saturate=1"});
        expect_same_steps(*block, {"Rows=4", "Cols=2", "Simd=2", "Lanes=4", "Chunk=8", "Outer=fp32",
                                   "Modes=fp4"});
        expect_same_steps(*block,
                          {"Rows=2", "Cols=2", "Simd=2", "Lanes=2", "Chunk=16", "Variant=integer"});
        expect_same_steps(*block, {"Rows=2", "Cols=2", "Simd=1", "Lanes=64", "Modes=int4"});
        expect_same_steps(*block, {"Rows=4", "Cols=2", "Simd=2", "Lanes=1", "Chunk=16",
                                   "Modes=fp16", "DotStages=0"});
    }
}

} // namespace
