// SPDX-License-Identifier: Apache-2.0
// Parts of the fast GEMM that its results do not show: which kernel, which threads; what is
// refused.
#include "gemm_case.h"
#include "tessera/conv.h"

#include <gtest/gtest.h>

#include <dlfcn.h>
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cfenv>
#include <climits>
#include <cmath>
#include <cstdlib>

using namespace gemm_case;

extern "C" bool ts_four_bit_in_float(const ts_gemm *g, double *largest);

namespace
{

int created, allowed = INT_MAX;
std::atomic<int> allocations = INT_MAX; // that succeed, in all threads

} // namespace

// The library's calls come here first.
extern "C" int pthread_create(pthread_t *id, const pthread_attr_t *attributes,
                              void *(*start)(void *), void *argument) noexcept
{
    using function = int(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    if (created >= allowed)
        return EAGAIN;
    created++;
    auto *real = reinterpret_cast<function *>(dlsym(RTLD_NEXT, "pthread_create"));
    return real(id, attributes, start, argument);
}

extern "C" void *aligned_alloc(std::size_t alignment, std::size_t size) noexcept
{
    using function = void *(std::size_t, std::size_t);
    if (allocations-- <= 0)
        return nullptr;
    auto *real = reinterpret_cast<function *>(dlsym(RTLD_NEXT, "aligned_alloc"));
    return real(alignment, size);
}

namespace
{

// To 10 significant bits, halves up.
std::int64_t round10(std::int64_t x)
{
    std::int64_t ulp = 1;
    while (x / ulp >= 1024)
        ulp *= 2;
    return (x + ulp / 2) / ulp * ulp;
}

// The largest inner sum, from the largest products, or -1 where floats do not hold it.
double largest_sum(const ts_gemm &g, bool is_unsigned, const ts_format &b)
{
    bool fp4 = b.kind == TS_KIND_FLOAT;
    std::int64_t p = (is_unsigned ? 15 : 8) * (fp4 ? 1 << 12 : 8);
    std::int64_t acc = 0;
    for (std::int64_t k = 0; k < std::min(g.a->k, g.chunk); k += g.lanes) {
        acc += p * (g.variant == TS_VARIANT_INTEGER ? std::min(g.lanes, g.a->k - k) : g.lanes);
        if (acc > 1 << 24)
            return -1;
        acc = g.variant == TS_VARIANT_INTEGER ? acc : round10(acc);
    }
    if (g.variant == TS_VARIANT_INTEGER)
        acc = round10(acc);
    int s = static_cast<int>(g.escale) - (fp4 ? 6 - b.offset : 0);
    double largest = std::ldexp(static_cast<double>(acc), s);
    return s >= -30 && largest <= std::ldexp(2 - std::ldexp(1, -8), 32) ? largest : -1;
}

TEST(gemm_parts, floats_are_taken_exactly_where_they_hold)
{
    int taken = 0, left = 0;
    for (const Pair &pair : pairs()) {
        bool is_unsigned = pair.a == &ts_format_uint4;
        if ((!is_unsigned && pair.a != &ts_format_int4) || pair.b == &ts_format_uint4)
            continue;
        for (int variant = 0; variant < 3; variant++)
            for (std::int64_t lanes = 1; lanes <= 64; lanes *= 4)
                for (std::int64_t chunk = lanes; chunk <= 4096; chunk *= 2)
                    for (std::int64_t k : {lanes, chunk - 1, chunk, 3 * chunk})
                        for (int escale = -64; escale < 64; escale++) {
                            ts_packed a{}, b{};
                            a.format = *pair.a;
                            b.format = *pair.b;
                            a.k = b.k = k;
                            ts_gemm g{};
                            g.a = &a;
                            g.b = &b;
                            g.variant = variant;
                            g.lanes = lanes;
                            g.chunk = chunk;
                            g.escale = escale;
                            if (k == 0)
                                continue;
                            double largest = -1, expected = largest_sum(g, is_unsigned, b.format);
                            bool holds = ts_four_bit_in_float(&g, &largest);
                            ASSERT_EQ(holds, expected >= 0)
                                << pair.a->name << " " << pair.b->name << " " << variant << " "
                                << lanes << " " << chunk << " " << k << " " << escale;
                            if (holds) {
                                ASSERT_EQ(largest, expected);
                            }
                            (holds ? taken : left)++;
                        }
    }
    EXPECT_GT(taken, 1000);
    EXPECT_GT(left, 1000);
}

// A GEMM of 16 ones a sum, in so many rows and columns.
void expect_ones(std::int64_t m, std::int64_t n, int threads, int may_start, int expected)
{
    Case c;
    c.a_format = c.b_format = ts_format_int4;
    c.gemm.lanes = c.gemm.chunk = 8;
    c.m = m;
    c.n = n;
    c.k = 16;
    c.a.assign(static_cast<std::size_t>(m * c.k), 1);
    c.b.assign(static_cast<std::size_t>(n * c.k), 1);
    created = 0;
    allowed = may_start;
    const auto result = c.run(threads);
    allowed = INT_MAX;
    EXPECT_EQ(created, expected);
    for (std::uint32_t code : result)
        ASSERT_EQ(ts_to_double(&ts_format_dlfloat16, code), 16);
}

// Each thread has 32 rows or columns at least.
TEST(gemm_parts, as_many_threads_as_asked_for_and_of_use)
{
    expect_ones(200, 300, 1, 1000, 0);
    expect_ones(200, 300, 0, 1000, 0);
    expect_ones(200, 300, -1, 1000, 0);
    expect_ones(200, 300, 2, 1000, 1);
    expect_ones(300, 20, 3, 1000, 2);
    expect_ones(20, 300, 5, 1000, 4);
    expect_ones(200, 300, 1000, 1000, 9);
    expect_ones(32, 32, 8, 1000, 0);
    expect_ones(32, 33, 8, 1000, 1);
    expect_ones(65, 20, 2, 1000, 1);
    expect_ones(1, 8192, 1000, 1000, 255);
}

TEST(gemm_parts, callers_round_as_before)
{
    ASSERT_EQ(std::fesetround(FE_UPWARD), 0);
    expect_ones(20, 20, 1, 0, 0);
    EXPECT_EQ(std::fegetround(), FE_UPWARD);
    Case c; /* 1 + 2^-30 */
    c.a_format = c.b_format = ts_format_fp32;
    c.gemm.lanes = c.m = c.n = 1;
    c.k = 2;
    c.a = {0x3F800000, 0x30800000};
    c.b = {0x3F800000, 0x3F800000};
    EXPECT_EQ(c.run(1).at(0), 0x3F800000U) << "to the nearest";
    std::fesetround(FE_TONEAREST);
}

TEST(gemm_parts, what_a_thread_that_cannot_start_would_do_is_done)
{
    expect_ones(200, 300, 4, 0, 0);
    expect_ones(200, 300, 4, 2, 2);
}

/* Packing, copying, and the panels of A, of B and of what is gathered from a view. */
TEST(gemm_parts, says_where_memory_ends)
{
    const std::vector<std::uint32_t> codes(4, 1);
    ts_packed tensor, copy, a, b;
    allocations = 0;
    EXPECT_STREQ(ts_pack(&tensor, &ts_format_int4, 1, 4, codes.data(), 4, 4, 1),
                 "out of memory for a packed matrix");
    allocations = 1;
    ASSERT_EQ(ts_pack(&tensor, &ts_format_int4, 1, 4, codes.data(), 4, 4, 1), nullptr);
    EXPECT_STREQ(ts_packed_copy(&copy, &tensor, 0, 1), "out of memory for a packed matrix");
    const ts_conv c = {1, 1, 1, 2, 2, 2, 2, 1, 1, 0, 0, 1, 1, 1, 0, false};
    ASSERT_EQ(ts_conv_pack(&a, &c, TS_CONV_FORWARD, TS_CONV_A, &tensor), nullptr);
    ASSERT_EQ(ts_conv_pack(&b, &c, TS_CONV_FORWARD, TS_CONV_B, &tensor), nullptr);
    ts_gemm g{};
    g.a = &a;
    g.b = &b;
    g.lanes = g.chunk = 4;
    for (int panels = 0; panels <= 3; panels++) {
        std::uint32_t sum = 0;
        allocations = panels;
        const char *error = ts_gemm_run(&g, 1, &sum);
        allocations = INT_MAX;
        EXPECT_STREQ(error, panels < 3 ? "out of memory for the panels of a GEMM" : nullptr);
        EXPECT_EQ(ts_to_double(&ts_format_dlfloat16, sum), panels < 3 ? 0 : 4);
    }
    ts_packed_free(&tensor);
}

TEST(gemm_parts, unknown_kernels_are_refused)
{
    Case c;
    c.a_format = c.b_format = ts_format_int4;
    c.gemm.lanes = c.gemm.chunk = 8;
    c.m = c.n = c.k = 1;
    c.a = c.b = {1};
    Packed a(c.a_format, 1, 1, c.a, 1, 1), b(c.b_format, 1, 1, c.b, 1, 1);
    c.gemm.a = &a.packed;
    c.gemm.b = &b.packed;
    std::uint32_t result = 99;
    setenv("TESSERA_ISA", "abacus", 1);
    EXPECT_STREQ(ts_gemm_run(&c.gemm, 1, &result),
                 "TESSERA_ISA names no kernels that this processor has: see ts_gemm_isas");
    EXPECT_EQ(result, 99U);
    unsetenv("TESSERA_ISA");
    EXPECT_EQ(ts_gemm_run(&c.gemm, 1, &result), nullptr);
    EXPECT_EQ(ts_to_double(&ts_format_dlfloat16, result), 1);
    EXPECT_FALSE(ts_gemm_has_isa("abacus"));
    EXPECT_TRUE(ts_gemm_has_isa("portable"));
}

TEST(gemm_parts, empty)
{
    for (const Pair &pair : pairs()) {
        ts_random random = {1};
        Case c;
        draw_parameters(random, pair, c);
        c.m = 2;
        c.n = 3;
        EXPECT_EQ(c.golden(), std::vector<std::uint32_t>(6, 0)); /* k = 0: sums of nothing */
        EXPECT_EQ(c.run(2), c.golden());
        c.m = 0;
        EXPECT_TRUE(c.run(2).empty());
        c.m = 2;
        c.n = 0;
        EXPECT_TRUE(c.run(2).empty());
    }
}

/* What ts_gemm_check() says of two formats. */
class Check
{
  public:
    Check(const ts_format &a, const ts_format &b) : a_{}, b_{}
    {
        a_.format = a;
        b_.format = b;
        a_.k = b_.k = a_.vectors = b_.vectors = 1;
        g.a = &a_;
        g.b = &b_;
        g.lanes = 1;
        g.align = {false, 24};
        g.chunk = a.specials == TS_SPECIALS_IEEE || std::string(a.name) == "int8" ? 0 : 64;
    }

    template <typename Change> std::string operator()(Change change)
    {
        const ts_gemm before = g;
        const ts_packed a = a_, b = b_;
        change(g, a_, b_);
        const char *text = ts_gemm_check(&g);
        g = before;
        a_ = a;
        b_ = b;
        return text ? text : "";
    }

    std::string formats()
    {
        return (*this)([](ts_gemm &, ts_packed &, ts_packed &) {});
    }

    std::string lanes(std::int64_t lanes)
    {
        return (*this)([=](ts_gemm &h, ts_packed &, ts_packed &) { h.lanes = lanes; });
    }

    std::string chunk(std::int64_t chunk)
    {
        return (*this)([=](ts_gemm &h, ts_packed &, ts_packed &) { h.chunk = chunk; });
    }

    ts_gemm g{};

  private:
    ts_packed a_, b_;
};

TEST(gemm_check, operands)
{
    const std::string pairing = "no GEMM takes operands of these two formats together";
    for (const Pair &pair : pairs())
        EXPECT_EQ(Check(*pair.a, *pair.b).formats(), "") << pair.a->name << " " << pair.b->name;
    EXPECT_EQ(Check(ts_format_uint4, ts_format_uint4).formats(), pairing);
    EXPECT_EQ(Check(ts_format_fp4_r4_even, ts_format_fp4_r4_even).formats(), pairing);
    EXPECT_EQ(Check(ts_format_fp4_r4_even, ts_format_fp4_r4_odd).formats(), pairing);
    EXPECT_EQ(Check(ts_format_int4, ts_format_int8).formats(), pairing);
    EXPECT_EQ(Check(ts_format_fp8_143, ts_format_int4).formats(), pairing);
    EXPECT_EQ(Check(ts_format_bf16, ts_format_fp32).formats(), pairing);
    EXPECT_EQ(Check(ts_format_e4m3, ts_format_e4m3).formats(), pairing);

    Check check(ts_format_int4, ts_format_int4);
    EXPECT_EQ(check([](ts_gemm &, ts_packed &a, ts_packed &) { a.k = 2; }), "A and B differ in k");
    const std::string size = "a matrix has too many elements";
    EXPECT_EQ(check([](ts_gemm &, ts_packed &a, ts_packed &b) {
                  a.vectors = b.vectors = std::int64_t{1} << 30;
              }),
              size);
    EXPECT_EQ(check([](ts_gemm &, ts_packed &a, ts_packed &b) {
                  a.vectors = 8;
                  b.vectors = INT64_MAX / 64;
              }),
              "");
    EXPECT_EQ(check([](ts_gemm &, ts_packed &a, ts_packed &b) {
                  a.vectors = 0;
                  b.vectors = INT64_MAX;
              }),
              "");
    Check hfp8(ts_format_fp8_143, ts_format_fp8_143);
    EXPECT_EQ(hfp8([](ts_gemm &, ts_packed &a, ts_packed &) { a.format.bias = 4; }),
              "A and B must have the same bias");
    EXPECT_EQ(
        hfp8([](ts_gemm &, ts_packed &a, ts_packed &b) { a.format.bias = b.format.bias = 4; }), "");
    EXPECT_EQ(Check(ts_format_fp8_143, ts_format_fp8_152)(
                  [](ts_gemm &, ts_packed &a, ts_packed &) { a.format.bias = 4; }),
              "");
}

TEST(gemm_check, lanes_and_chunk)
{
    const std::string to_64 = "lanes must be a power of two from 1 to 64";
    const std::string to_16 = "lanes must be a power of two from 1 to 16";
    const std::string one = "lanes must be 1 in fp16, bf16 and fp32";
    Check int4(ts_format_int4, ts_format_int4), int8(ts_format_int8, ts_format_int8);
    Check hfp8(ts_format_fp8_143, ts_format_fp8_152);
    Check dlfloat16(ts_format_dlfloat16, ts_format_dlfloat16);
    for (std::int64_t bad : {-8, 0, 3, 48, 128}) {
        EXPECT_EQ(int4.lanes(bad), to_64);
        EXPECT_EQ(int8.lanes(bad), to_64);
    }
    for (std::int64_t bad : {-8, 0, 3, 12, 32}) {
        EXPECT_EQ(hfp8.lanes(bad), to_16);
        EXPECT_EQ(dlfloat16.lanes(bad), to_16);
    }
    for (Check *check : {&int4, &int8, &hfp8, &dlfloat16})
        EXPECT_EQ(check->lanes(16), "");
    EXPECT_EQ(int4.lanes(64), "");
    for (const ts_format *f : {&ts_format_fp16, &ts_format_bf16, &ts_format_fp32}) {
        Check ieee(*f, *f);
        EXPECT_EQ(ieee.lanes(2), one);
        EXPECT_EQ(ieee.chunk(0), "");
        EXPECT_EQ(ieee.chunk(4096), "");
        EXPECT_EQ(ieee.chunk(48), "chunk must be 0 or a power of two from 1 to 4096");
        EXPECT_EQ(ieee.chunk(8192), "chunk must be 0 or a power of two from 1 to 4096");
    }
    for (Check *check : {&int4, &hfp8, &dlfloat16}) {
        for (std::int64_t bad : {-1, 0, 48, 8192})
            EXPECT_EQ(check->chunk(bad), "chunk must be a power of two from 1 to 4096");
        EXPECT_EQ(check->chunk(1), "");
        EXPECT_EQ(check->chunk(4096), "");
        check->g.lanes = 8;
        EXPECT_EQ(check->chunk(8), "");
        EXPECT_EQ(check->chunk(4), "lanes must not exceed chunk");
    }
    EXPECT_EQ(int8.chunk(64), "chunk must be 0 in int8, which has one sum over all of k");
}

TEST(gemm_check, sums)
{
    Check int4(ts_format_int4, ts_format_int4), int8(ts_format_int8, ts_format_int8);
    Check hfp8(ts_format_fp8_143, ts_format_fp8_152);
    Check dlfloat16(ts_format_dlfloat16, ts_format_dlfloat16);
    const auto variant = [](Check &check, std::int64_t value) {
        return check([=](ts_gemm &g, ts_packed &, ts_packed &) { g.variant = value; });
    };
    EXPECT_EQ(variant(int4, -1), "variant must be fused, split or integer");
    EXPECT_EQ(variant(int4, 3), "variant must be fused, split or integer");
    EXPECT_EQ(variant(int4, TS_VARIANT_INTEGER), "");
    EXPECT_EQ(variant(int8, TS_VARIANT_SPLIT),
              "variant must be fused unless both operands have 4 bits");
    const auto outer = [](Check &check, std::int64_t value) {
        return check([=](ts_gemm &g, ts_packed &, ts_packed &) { g.outer = value; });
    };
    EXPECT_EQ(outer(int4, -1), "outer must be dlfloat16 or fp32");
    EXPECT_EQ(outer(int4, 2), "outer must be dlfloat16 or fp32");
    EXPECT_EQ(outer(int4, TS_OUTER_FP32), "");
    EXPECT_EQ(outer(int8, TS_OUTER_FP32), "int8 has no outer sum");
    const auto saturate = [](Check &check, std::int64_t value) {
        return check([=](ts_gemm &g, ts_packed &, ts_packed &) { g.saturate = value; });
    };
    EXPECT_EQ(saturate(int8, 1), "");
    EXPECT_EQ(saturate(int8, 2), "saturate must be 0 or 1");
    EXPECT_EQ(saturate(int8, -1), "saturate must be 0 or 1");
    const auto escale = [](Check &check, int value) {
        return check([=](ts_gemm &g, ts_packed &, ts_packed &) { g.escale = value; });
    };
    EXPECT_EQ(escale(int4, 63), "");
    EXPECT_EQ(escale(int4, -64), "");
    EXPECT_EQ(escale(int4, 64), "escale must be from -64 to 63");
    EXPECT_EQ(escale(int4, -65), "escale must be from -64 to 63");
    EXPECT_EQ(escale(hfp8, 1), "escale must be 0 unless both operands have 4 bits");
    const auto align = [](Check &check, std::int64_t lanes, bool exact, int width) {
        return check([=](ts_gemm &g, ts_packed &, ts_packed &) {
            g.lanes = lanes;
            g.align = {exact, width};
        });
    };
    const std::string window = "align must be exact or a width from 16 to 48";
    EXPECT_EQ(align(hfp8, 1, false, 15), window);
    EXPECT_EQ(align(hfp8, 1, false, 49), window);
    EXPECT_EQ(align(hfp8, 1, false, 16), "");
    EXPECT_EQ(align(hfp8, 1, false, 48), "");
    EXPECT_EQ(align(hfp8, 1, true, 0), "");
    EXPECT_EQ(align(dlfloat16, 2, false, 15), window);
    EXPECT_EQ(align(dlfloat16, 1, false, 15), "");
    EXPECT_EQ(align(int4, 2, false, 15), "");
}

TEST(gemm_check, results_have_a_format)
{
    const auto result = [](const ts_format &f, int outer) {
        Check check(f, f);
        check.g.outer = outer;
        return ts_gemm_result(&check.g);
    };
    EXPECT_EQ(result(ts_format_int8, 0), nullptr);
    EXPECT_EQ(result(ts_format_int4, TS_OUTER_DLFLOAT16), &ts_format_dlfloat16);
    EXPECT_EQ(result(ts_format_int4, TS_OUTER_FP32), &ts_format_fp32);
    EXPECT_EQ(result(ts_format_fp8_143, TS_OUTER_DLFLOAT16), &ts_format_dlfloat16);
    EXPECT_EQ(result(ts_format_fp16, TS_OUTER_DLFLOAT16), &ts_format_fp16);
    EXPECT_EQ(result(ts_format_fp16, TS_OUTER_FP32), &ts_format_fp32);
    EXPECT_EQ(result(ts_format_bf16, TS_OUTER_DLFLOAT16), &ts_format_fp32);
    EXPECT_EQ(result(ts_format_fp32, TS_OUTER_FP32), &ts_format_fp32);
}

} // namespace
