// SPDX-License-Identifier: Apache-2.0
// Which kernel a GEMM takes, on both sides of every precondition: its results do not show it.
#include "core/isa.h"
#include "gemm_plan.h"

#include <gtest/gtest.h>

#ifdef __x86_64__
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace
{

/* A GEMM whose operands are not there: only what is known of them. */
class Plan
{
  public:
    Plan(const ts_format &a_format, const ts_format &b_format)
    {
        a.format = a_format;
        b.format = b_format;
        a.vectors = b.vectors = 1;
        a.k = b.k = 64;
        g.lanes = 8;
        g.chunk = 64;
    }

    explicit Plan(const ts_format &format) : Plan(format, format)
    {
        g.lanes = 1;
    }

    /* By the kernels of that name. */
    gemm_plan of(const char *isa = "portable")
    {
        g.a = &a;
        g.b = &b;
        setenv("TESSERA_ISA", isa, 1);
        const gemm_plan plan = gemm_plan_of(&g);
        unsetenv("TESSERA_ISA");
        return plan;
    }

    Plan &k(std::int64_t k)
    {
        a.k = b.k = k;
        return *this;
    }

    ts_packed a{}, b{};
    ts_gemm g{};
};

/* A code of dlfloat16: 2^exponent, and 9 bits behind the point. */
std::uint32_t dlfloat16(int exponent, unsigned man = 0)
{
    return static_cast<std::uint32_t>(exponent + 31) << 9 | man;
}

/* dlfloat16 operands whose numbers are all 1 but A's largest. */
Plan of_ones(std::uint32_t most)
{
    Plan plan(ts_format_dlfloat16);
    plan.a.least = plan.b.least = plan.b.most = dlfloat16(0);
    plan.a.most = most;
    return plan;
}

constexpr unsigned MAX_MAN = 0x1FE; /* of the largest number, 2^32 * 511 / 256 */

} // namespace

#ifdef __x86_64__

/* By what the operating system says of the processor, and lets a process use of it. */
TEST(gemm_plan, has_the_instruction_sets_of_the_processor)
{
    constexpr int REQUEST_PERMISSION = 0x1023, TILE_DATA = 18;
    std::ifstream file("/proc/cpuinfo");
    const std::set<std::string> words{std::istream_iterator<std::string>(file), {}};
    if (!words.count("flags"))
        GTEST_SKIP() << "there is no list of what this processor has";
    const std::map<std::string, std::vector<std::string>> needed = {
        {"amx", {"amx_bf16", "amx_tile", "amx_int8", "avx512_vnni"}},
        {"avx512fp16", {"avx512_fp16", "avx512_vnni"}},
        {"avx512bf16", {"avx512_bf16", "avx512_vnni"}},
        {"avx512vnni", {"avx512_vnni", "avx512bw", "avx512dq", "avx512vl"}},
        {"avx2", {"avx2", "fma"}},
        {"portable", {}}};
    for (std::size_t i = 0; ts_isas[i]; i++) {
        const std::string name = ts_isas[i]->name;
        bool there = true;
        for (const std::string &flag : needed.at(name))
            there = there && words.count(flag);
        if (name == "amx")
            there = there && syscall(SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) == 0;
        EXPECT_EQ(ts_isas[i]->present(), there) << name;
        const bool slow = name == "avx512bf16" && !words.count("AuthenticAMD");
        EXPECT_EQ(ts_isas[i]->preferred(), there && !slow) << name;
    }
}

#endif

TEST(gemm_plan, takes_the_kernel_of_the_pairing)
{
    const struct {
        const ts_format *a, *b;
        int variant;
        const ts_kernel *ts_isa::*kernel;
    } pairings[] = {
        {&ts_format_int4, &ts_format_int4, TS_VARIANT_FUSED, &ts_isa::int4_dot},
        {&ts_format_int4, &ts_format_uint4, TS_VARIANT_SPLIT, &ts_isa::int4_dot},
        {&ts_format_uint4, &ts_format_int4, TS_VARIANT_INTEGER, &ts_isa::int4_sum},
        {&ts_format_int4, &ts_format_fp4_r4_even, TS_VARIANT_FUSED, &ts_isa::fp4_dot},
        {&ts_format_fp4_r4_odd, &ts_format_uint4, TS_VARIANT_SPLIT, &ts_isa::fp4_dot},
        {&ts_format_fp4_r4_even, &ts_format_int4, TS_VARIANT_INTEGER, &ts_isa::fp4_sum},
        {&ts_format_int8, &ts_format_int8, TS_VARIANT_FUSED, &ts_isa::int8},
        {&ts_format_fp16, &ts_format_fp16, TS_VARIANT_FUSED, &ts_isa::fp16},
        {&ts_format_bf16, &ts_format_bf16, TS_VARIANT_FUSED, &ts_isa::fp32},
        {&ts_format_fp32, &ts_format_fp32, TS_VARIANT_FUSED, &ts_isa::fp32},
    };
    for (const auto &pairing : pairings) {
        Plan plan(*pairing.a, *pairing.b);
        plan.g.variant = pairing.variant;
        for (std::size_t i = 0; ts_isas[i]; i++) {
            if (!ts_isas[i]->present())
                continue;
            const gemm_plan found = plan.of(ts_isas[i]->name);
            ASSERT_NE(found.kernel, nullptr);
            EXPECT_GE(found.lanes, found.min_lanes);
            /* What an instruction set does not have, or not for so few lanes, the next has. */
            std::size_t from = i;
            while (ts_isas[from]->*pairing.kernel != found.kernel && ts_isas[from + 1])
                from++;
            EXPECT_EQ(ts_isas[from]->*pairing.kernel, found.kernel) << pairing.a->name;
            const bool in_fp16 = found.kernel_in_fp16;
            EXPECT_TRUE(found.in_fp16 || !in_fp16);
            plan.g.lanes = 64;
            if (ts_isas[i]->*pairing.kernel && !in_fp16) {
                EXPECT_EQ(plan.of(ts_isas[i]->name).kernel, ts_isas[i]->*pairing.kernel);
            }
            EXPECT_FALSE(plan.of(ts_isas[i]->name).kernel_in_fp16);
            plan.g.lanes = 8;
        }
    }
}

TEST(gemm_plan, tables_have_the_code_of_zero)
{
    for (std::size_t i = 0; ts_isas[i]; i++)
        for (const auto kernel : {&ts_isa::fp4_dot, &ts_isa::fp4_sum, &ts_isa::int4_dot,
                                  &ts_isa::int4_sum, &ts_isa::four_bit, &ts_isa::int8})
            if (ts_isas[i]->*kernel) {
                EXPECT_EQ(gemm_table_begins(ts_isas[i]->*kernel, &ts_format_int4), 0);
            }
    for (std::size_t i = 0; ts_isas[i]; i++)
        if (ts_isas[i]->hfp8) {
            EXPECT_EQ(gemm_table_begins(ts_isas[i]->hfp8, &ts_format_fp8_143), 0);
        }
}

TEST(gemm_plan, four_bits_in_float_or_not)
{
    Plan plan(ts_format_int4, ts_format_fp4_r4_even);
    EXPECT_FALSE(plan.of().outer_fp32);
    EXPECT_TRUE(plan.of().plain);
    EXPECT_FALSE(plan.of().split);
    EXPECT_EQ(plan.of().lanes, 8);
    EXPECT_EQ(plan.of().chunk, 64);
    plan.g.outer = TS_OUTER_FP32;
    EXPECT_TRUE(plan.of().outer_fp32);
    EXPECT_FALSE(plan.of().plain);
    plan.g.outer = TS_OUTER_DLFLOAT16;
    plan.g.variant = TS_VARIANT_SPLIT;
    EXPECT_TRUE(plan.of().split);
    std::size_t portable = 0;
    while (ts_isas[portable + 1])
        portable++;
    plan.g.escale = -64;
    EXPECT_EQ(plan.of().kernel, ts_isas[portable]->four_bit);
    EXPECT_FALSE(plan.of().plain);
}

/*
 * Dot products come to 2^10 at most, inner sums to 65504: products to 64 or 120. In 1016 k they are
 * 127 * 512, rounded to 10 bits each time; in 1024 once more, and that is 2^16.
 */
TEST(gemm_plan, int4_in_fp16_or_not)
{
    const struct {
        const ts_format *a;
        std::int64_t lanes, whole;
    } cases[] = {
        {&ts_format_int4, 1, 16}, {&ts_format_int4, 8, 2},   {&ts_format_int4, 16, 1},
        {&ts_format_int4, 32, 0}, {&ts_format_uint4, 1, 8},  {&ts_format_uint4, 4, 2},
        {&ts_format_uint4, 8, 1}, {&ts_format_uint4, 16, 0},
    };
    for (const auto &each : cases) {
        Plan plan(*each.a, ts_format_int4);
        plan.g.lanes = each.lanes;
        EXPECT_EQ(plan.of().whole, each.whole) << each.a->name << " " << each.lanes;
        EXPECT_EQ(plan.of().in_fp16, each.whole > 0) << each.a->name << " " << each.lanes;
    }
    Plan plan(ts_format_int4, ts_format_int4);
    plan.g.chunk = 4096;
    for (int escale : {-20, 0, 10}) {
        plan.g.escale = escale;
        EXPECT_TRUE(plan.k(1016).of().in_fp16) << escale;
        EXPECT_FALSE(plan.k(1017).of().in_fp16) << escale;
    }
    for (std::size_t i = 0; ts_isas[i]; i++) {
        const ts_kernel *kernel = ts_isas[i]->int4_dot;
        if (!ts_isas[i]->present())
            continue;
        EXPECT_FALSE(plan.of(ts_isas[i]->name).kernel_in_fp16);
        Plan few(ts_format_int4, ts_format_int4);
        if (few.of(ts_isas[i]->name).kernel != kernel || !few.of(ts_isas[i]->name).kernel_in_fp16)
            continue;
        few.g.lanes = 16; /* which would do, but others are as fast */
        EXPECT_TRUE(few.of(ts_isas[i]->name).in_fp16);
        EXPECT_NE(few.of(ts_isas[i]->name).kernel, kernel);
    }
    EXPECT_FALSE(Plan(ts_format_int4, ts_format_fp4_r4_even).of().in_fp16);
}

/* An exact sum is a dot product as long as the chunk, or all of k, to the next multiple of 64. */
TEST(gemm_plan, chunks_of_exact_sums)
{
    Plan plan(ts_format_int4, ts_format_int4);
    plan.g.variant = TS_VARIANT_INTEGER;
    plan.g.chunk = 4096;
    const std::pair<std::int64_t, std::int64_t> chunks[] = {
        {1, 64}, {63, 64}, {64, 64}, {65, 128}, {4032, 4032}, {4033, 4096}, {10000, 4096}};
    for (const auto &[k, chunk] : chunks) {
        EXPECT_EQ(plan.k(k).of().chunk, chunk) << k;
        EXPECT_EQ(plan.of().lanes, chunk) << k;
    }
}

/* 4-bit sums over chunks: the largest inner sum is 64, of one chunk of one product. */
TEST(gemm_plan, sums_over_chunks_that_stay_in_range)
{
    Plan plan(ts_format_int4, ts_format_int4);
    plan.g.lanes = plan.g.chunk = 1;
    EXPECT_TRUE(plan.k(4095).of().plain);
    EXPECT_FALSE(plan.k(4096).of().plain) << "4097 chunks, perhaps";
    /* 64 * 2^escale * 64 * (k / chunk + 1) <= 2^32 * 511 / 256 */
    plan.g.escale = 14;
    EXPECT_TRUE(plan.k(63).of().plain);
    EXPECT_TRUE(plan.k(126).of().plain);
    EXPECT_FALSE(plan.k(127).of().plain);
    plan.g.chunk = 2; /* of 128 */
    EXPECT_TRUE(plan.k(124).of().plain);
    EXPECT_FALSE(plan.k(126).of().plain);
}

TEST(gemm_plan, int8_is_clamped_only_where_it_cannot_be)
{
    Plan plan(ts_format_int8, ts_format_int8);
    plan.g.chunk = 0;
    const std::int64_t most = INT32_MAX / (128 * 128);
    for (bool saturate : {false, true}) {
        plan.g.saturate = saturate;
        EXPECT_NE(plan.k(most).of().kernel, nullptr);
        EXPECT_EQ(plan.k(most + 1).of().kernel != nullptr, !saturate);
        EXPECT_TRUE(plan.of().is_int);
        EXPECT_TRUE(plan.of().unchunked);
    }
}

TEST(gemm_plan, ieee_formats_are_repaired_where_they_saturate)
{
    for (const ts_format *f : {&ts_format_fp16, &ts_format_bf16, &ts_format_fp32})
        for (bool saturate : {false, true}) {
            Plan plan(*f);
            plan.g.saturate = saturate;
            EXPECT_EQ(plan.of().repair, saturate);
            EXPECT_FALSE(plan.of().is_int);
            EXPECT_FALSE(plan.of().unchunked);
            plan.g.chunk = 0;
            EXPECT_TRUE(plan.of().unchunked);
        }
}

/* largest * k * 2 <= 2^32 * 511 / 256, where k is that of a chunk; from 513 roundings on * 64 */
TEST(gemm_plan, dlfloat16_sums_of_a_chunk_that_stay_in_range)
{
    EXPECT_FALSE(of_ones(dlfloat16(25, MAX_MAN)).of().limited);
    EXPECT_TRUE(of_ones(dlfloat16(25, MAX_MAN + 1)).of().limited);
    Plan longer = of_ones(dlfloat16(25, MAX_MAN));
    longer.g.chunk = 128;
    EXPECT_FALSE(longer.of().limited);
    EXPECT_TRUE(longer.k(128).of().limited);
    EXPECT_FALSE(longer.of().bounded);
    Plan both = of_ones(dlfloat16(15, MAX_MAN));
    both.b.most = dlfloat16(10);
    EXPECT_FALSE(both.of().limited);
    both.b.most = dlfloat16(11);
    EXPECT_TRUE(both.of().limited);
    Plan longest = of_ones(dlfloat16(22, MAX_MAN));
    longest.g.chunk = 4096;
    EXPECT_FALSE(longest.k(512).of().limited);
    EXPECT_TRUE(longest.k(513).of().limited);
    longest.a.most = dlfloat16(16, MAX_MAN);
    EXPECT_FALSE(longest.k(1024).of().limited);
    EXPECT_TRUE(longest.k(1025).of().limited);
    EXPECT_TRUE(of_ones(0x7FFF).of().limited) << "NaN-Infinity";
    /* Below the last places of the smallest numbers is the floor, 2^-31. */
    Plan small = of_ones(dlfloat16(0));
    small.a.least = dlfloat16(-12, 5);
    EXPECT_FALSE(small.of().limited);
    small.a.least = dlfloat16(-13, 5);
    EXPECT_TRUE(small.of().limited);
    EXPECT_TRUE(small.of().bounded);
    small.b.least = dlfloat16(1);
    EXPECT_FALSE(small.of().limited);
}

TEST(gemm_plan, dlfloat16_sums_over_chunks_that_stay_in_range)
{
    /* largest * 2 * 64 * (k / chunk + 1), of chunks of one */
    Plan plan = of_ones(dlfloat16(13, MAX_MAN));
    plan.g.chunk = 1;
    EXPECT_TRUE(plan.k(4095).of().plain);
    plan.a.most++;
    EXPECT_FALSE(plan.of().plain);
    EXPECT_FALSE(plan.of().limited);
    plan.a.most = dlfloat16(0);
    EXPECT_FALSE(plan.k(4096).of().plain);
    EXPECT_TRUE(plan.k(4095).of().plain);
    plan.g.outer = TS_OUTER_FP32;
    EXPECT_FALSE(plan.of().plain);
    plan.g.outer = TS_OUTER_DLFLOAT16;
    plan.a.least = 1;
    EXPECT_TRUE(plan.of().limited);
    EXPECT_FALSE(plan.of().plain);
}

TEST(gemm_plan, kernels_of_dlfloat16_have_one_lane)
{
    Plan plan = of_ones(dlfloat16(0));
    EXPECT_NE(plan.of().kernel, nullptr);
    plan.g.lanes = 2;
    EXPECT_EQ(plan.of().kernel, nullptr);
}

TEST(gemm_plan, kernels_of_hfp8_have_one_lane_or_two_and_a_wide_window)
{
    for (int lanes : {1, 2, 4})
        for (int width : {16, 23, 24, 48})
            for (bool exact : {false, true}) {
                Plan plan(ts_format_fp8_143, ts_format_fp8_152);
                plan.a.least = plan.a.most = 4 << 3;
                plan.b.least = plan.b.most = 15 << 2;
                plan.g.lanes = lanes;
                plan.g.align = {exact, width};
                const gemm_plan found = plan.of();
                EXPECT_EQ(found.kernel != nullptr, lanes <= 2 && (exact || width >= 24));
                EXPECT_EQ(found.windowed, !exact);
                EXPECT_EQ(found.width, width);
                EXPECT_FALSE(found.limited);
            }
}

/* a's and b's exponents from the largest down to the last place, and two bits. */
/* Floats are for two lanes, in a window, that are not past the largest number. */
TEST(gemm_plan, hfp8_in_floats_or_not)
{
    for (std::size_t i = 0; ts_isas[i]; i++) {
        if (!ts_isas[i]->present() || !ts_isas[i]->hfp8_dot)
            continue;
        Plan plan(ts_format_fp8_143);
        plan.a.least = plan.b.least = 1;
        plan.a.most = plan.b.most = 0x7F;
        plan.g.lanes = 2;
        plan.g.align = {false, 24};
        const auto kernel = [&] { return plan.of(ts_isas[i]->name).kernel; };
        EXPECT_EQ(kernel(), ts_isas[i]->hfp8_dot);
        plan.g.lanes = 1;
        EXPECT_EQ(kernel(), ts_isas[i]->hfp8);
        plan.g.lanes = 2;
        plan.g.align.exact = true;
        EXPECT_EQ(kernel(), ts_isas[i]->hfp8);
        plan.g.align.exact = false;
        plan.b.format = ts_format_fp8_152;
        plan.b.most = 0x7E;
        EXPECT_EQ(kernel(), ts_isas[i]->hfp8_dot);
        EXPECT_TRUE(plan.of().limited) << "of 2^-31";
        plan.b.most = 0x7F; /* NaN-Infinity */
        EXPECT_EQ(kernel(), ts_isas[i]->hfp8);
    }
}

TEST(gemm_plan, hfp8_sums_of_two_products_are_doubles)
{
    const auto taken = [](int a_least, int a_most, int b_least, int b_most) {
        Plan plan(ts_format_fp8_152);
        plan.g.lanes = 2;
        plan.g.align.exact = true;
        plan.a.least = static_cast<std::uint32_t>(a_least) << 2;
        plan.a.most = static_cast<std::uint32_t>(a_most) << 2 | 1;
        plan.b.least = static_cast<std::uint32_t>(b_least) << 2 | 3;
        plan.b.most = static_cast<std::uint32_t>(b_most) << 2;
        return plan.of().kernel != nullptr;
    };
    EXPECT_TRUE(taken(5, 30, 8, 30)) << "25 + 22 + 2 + 2 and 2 bits";
    EXPECT_FALSE(taken(4, 30, 8, 30));
    EXPECT_FALSE(taken(5, 30, 7, 30));
    EXPECT_TRUE(taken(4, 29, 7, 29));
    EXPECT_FALSE(taken(4, 30, 7, 29));
    EXPECT_FALSE(taken(4, 29, 7, 30));
    EXPECT_TRUE(taken(1, 1, 1, 30));
    EXPECT_TRUE(taken(1, 30, 1, 1));
}
