// SPDX-License-Identifier: Apache-2.0
// Operands at the ends of the fast kernels' preconditions, and small GEMMs without gaps.
#include "gemm_case.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

using namespace gemm_case;

namespace
{

Case four_bit(const ts_format &a, const ts_format &b)
{
    Case c;
    c.a_format = a;
    c.b_format = b;
    c.gemm.lanes = c.gemm.chunk = 8;
    return c;
}

void expect_golden(const Case &c)
{
    const auto golden = c.golden();
    for (const std::string &isa : isas())
        ASSERT_EQ(c.run(1, isa), golden) << isa << ": " << c.describe();
}

void fill(Case &c, std::uint32_t a, std::uint32_t b)
{
    c.a.assign(static_cast<std::size_t>(c.m * c.k), a);
    c.b.assign(static_cast<std::size_t>(c.k * c.n), b);
}

} // namespace

/* Largest operands of one sign: the sums where float ends, where dlfloat16 ends, and around. */
TEST(gemm_edges, largest_operands)
{
    ts_random random = {oracle::seed() + 2};
    const int escales[] = {-64, -44, -31, -30, -27, -26, -25, -24, -23, -2, 0,  9,  10, 11, 12, 13,
                           14,  15,  16,  22,  23,  24,  29,  30,  31,  32, 33, 34, 39, 40, 41, 63};
    for (std::int64_t chunk = 32; chunk <= 4096; chunk *= 4)
        for (std::int64_t lanes : {1, 8, 64})
            for (int variant = 0; variant < 3; variant++)
                for (int escale : escales) {
                    if (lanes > chunk)
                        continue;
                    bool is_unsigned = oracle::below(random, 2), odd = oracle::below(random, 2);
                    Case c = four_bit(is_unsigned ? ts_format_uint4 : ts_format_int4,
                                      odd ? ts_format_fp4_r4_odd : ts_format_fp4_r4_even);
                    c.m = 3;
                    c.n = 2;
                    c.k = chunk + oracle::below(random, 2) * 70;
                    c.gemm.lanes = lanes;
                    c.gemm.chunk = chunk;
                    c.gemm.variant = variant;
                    c.gemm.escale = escale;
                    c.gemm.outer = oracle::below(random, 2);
                    c.gemm.saturate = oracle::below(random, 2);
                    fill(c, is_unsigned ? 15 : 8, 15);
                    /* Row 0 as it is; in the others the low bits of the sums move. */
                    for (std::size_t i = static_cast<std::size_t>(c.k); i < c.a.size(); i++)
                        c.a[i] -= static_cast<std::uint32_t>(oracle::below(random, 2));
                    for (std::size_t i = 1; i < c.b.size(); i += 2)
                        c.b[i] -= static_cast<std::uint32_t>(oracle::below(random, 7) *
                                                             oracle::below(random, 2));
                    expect_golden(c);
                    if (HasFatalFailure())
                        return;
                }
}

/* int4 sums of one sign: around 2^10, where rounding begins, and 65504, where fp16 ends. */
TEST(gemm_edges, largest_int4_operands)
{
    ts_random random = {oracle::seed() + 7};
    const std::int64_t chunks[] = {8, 16, 64, 512, 1024, 4096};
    for (std::int64_t lanes : {1, 2, 4, 8, 16, 32})
        for (std::int64_t chunk : chunks)
            for (int variant : {TS_VARIANT_FUSED, TS_VARIANT_SPLIT})
                for (int i = 0; i < 4; i++) {
                    if (lanes > chunk)
                        continue;
                    const bool is_unsigned = i & 1;
                    Case c =
                        four_bit(is_unsigned ? ts_format_uint4 : ts_format_int4, ts_format_int4);
                    c.m = 13; /* rows of more than one strip */
                    c.n = 3;
                    c.k = chunk - oracle::below(random, 5) + oracle::below(random, 2) * 20;
                    c.gemm.lanes = lanes;
                    c.gemm.chunk = chunk;
                    c.gemm.variant = variant;
                    c.gemm.escale = oracle::below(random, 9) - 4;
                    c.gemm.outer = i / 2; /* fp32 shows what was not rounded */
                    fill(c, is_unsigned ? 15 : 8, 8);
                    for (std::size_t at = static_cast<std::size_t>(c.k); at < c.a.size(); at++)
                        c.a[at] =
                            (c.a[at] - static_cast<std::uint32_t>(oracle::below(random, 3))) & 15;
                    /* Of -8 alone no sum is odd, and needs rounding as soon as it can. */
                    for (std::size_t at = 0; at < c.b.size(); at++)
                        c.b[at] +=
                            at % 3 ? static_cast<std::uint32_t>(oracle::below(random, 2)) : 0;
                    expect_golden(c);
                    if (HasFatalFailure())
                        return;
                }
}

/* Sums that end one below a tie, from small to far past 2^24, where floats begin to skip them. */
TEST(gemm_edges, sums_just_below_a_tie)
{
    /* 15 * 4^5 + 15 * 4^3 + 15 * 4 + 3 = 2^14 - 1 */
    const std::uint32_t last_a[] = {15, 15, 15, 3, 0, 0, 0, 0};
    const std::uint32_t last_b[] = {6, 4, 2, 1, 0, 0, 0, 0};
    for (std::int64_t chunk : {128, 256, 512, 1024})
        for (std::int64_t dots = 1; dots < chunk / 8; dots += chunk / 128) {
            Case c = four_bit(ts_format_uint4, ts_format_fp4_r4_even);
            c.m = c.n = 1;
            c.gemm.chunk = chunk;
            c.k = 8 * dots;
            fill(c, 15, 7);
            c.k += 8;
            c.a.insert(c.a.end(), std::begin(last_a), std::end(last_a));
            c.b.insert(c.b.end(), std::begin(last_b), std::end(last_b));
            expect_golden(c);
        }
}

/* 511 * 2^24: the largest number of dlfloat16 is no overflow. */
TEST(gemm_edges, sums_reach_the_largest_number)
{
    Case c = four_bit(ts_format_uint4, ts_format_int4);
    c.gemm.escale = 24;
    c.m = c.n = 1;
    c.k = 5;
    c.a = {15, 15, 15, 15, 13};
    c.b = {7, 7, 7, 7, 7};
    EXPECT_EQ(c.golden(), std::vector<std::uint32_t>{0x7FFE});
    expect_golden(c);
}

/* A product on a tie, and an addend so small that only its sign is felt. */
TEST(gemm_edges, remainders_of_dlfloat16_decide)
{
    const std::uint32_t one = 31 << 9, tie = one | 0x101; /* 257 * 769: the 11th bit is the last */
    for (std::uint32_t addend : {0x0001, 0x8001, 0x0000, 0x0200, 0x8200})
        for (int sign = 0; sign < 2; sign++) {
            /* All exponents and mantissas of the second factor of a are columns of one row. */
            Case c;
            c.a_format = c.b_format = ts_format_dlfloat16;
            c.gemm.lanes = 1;
            c.gemm.chunk = 2;
            c.m = 64 * 512 - 1;
            c.n = 2;
            c.k = 2;
            for (std::uint32_t code = 0; code < 64 * 512 - 1; code++) {
                c.a.push_back(addend);
                c.a.push_back(code | (sign ? 0x8000 : 0));
            }
            c.b = {one, one, tie, one | 0x100};
            expect_golden(c);
        }
}

/* acc and a product, often on a tie, and another product so far below that floats lose it. */
TEST(gemm_edges, ties_of_hfp8_and_a_term_far_below)
{
    ts_random random = {oracle::seed() + 8};
    const auto code = [&](int man_bits, int least, int most) {
        const int exponent = least + oracle::below(random, most - least + 1);
        return static_cast<std::uint32_t>(oracle::below(random, 2) << 7 | exponent << man_bits |
                                          oracle::below(random, 1 << man_bits));
    };
    for (int i = 0; i < 600; i++) {
        Case c;
        const int bits = i % 2 ? 3 : 2, top = i % 2 ? 15 : 30; /* of B */
        c.a_format = ts_format_fp8_143;
        c.b_format = i % 2 ? ts_format_fp8_143 : ts_format_fp8_152;
        c.gemm.lanes = 2;
        c.gemm.chunk = 4;
        c.gemm.align = {false, 24};
        c.m = 16;
        c.n = 16;
        c.k = 4;
        for (std::int64_t m = 0; m < c.m; m++)
            for (int least : {12, 12, oracle::below(random, 13), 0})
                c.a.push_back(code(3, least, least + 1));
        for (std::int64_t k = 0; k < c.k; k++)
            for (std::int64_t n = 0; n < c.n; n++)
                c.b.push_back(k < 3 ? code(bits, top - 2, top) : code(bits, 0, top / 3));
        expect_golden(c);
        if (HasFatalFailure())
            return;
    }
}

/* Two products that cancel, or one and acc, and a third term far below: the window decides. */
TEST(gemm_edges, windows_of_hfp8_decide)
{
    ts_random random = {oracle::seed() + 5};
    for (int width : {16, 23, 24, 25, 30, 48})
        for (int i = 0; i < 200; i++) {
            Case c;
            c.a_format = ts_format_fp8_143;
            c.b_format = i % 2 ? ts_format_fp8_143 : ts_format_fp8_152;
            c.gemm.lanes = 2;
            c.gemm.chunk = 8;
            c.gemm.align = {false, width};
            c.m = 1;
            c.n = 8;
            c.k = 8;
            for (std::int64_t k = 0; k < c.k; k++)
                c.a.push_back(static_cast<std::uint32_t>(oracle::below(random, 256)));
            for (std::int64_t j = 0; j < c.k * c.n; j++)
                c.b.push_back(static_cast<std::uint32_t>(oracle::below(random, 256)));
            /* Small, then a large pair in one operation or in two, that cancels. */
            int first = 2 + oracle::below(random, 3);
            auto at = static_cast<std::size_t>(first);
            c.a[at] |= 0x70;
            c.a[at + 1] = c.a[at] ^ 0x80;
            for (std::size_t j = 0; j < 8; j++) {
                c.b[at * 8 + j] = (c.b[at * 8 + j] & 0x8F) | 0x60;
                c.b[(at + 1) * 8 + j] = c.b[at * 8 + j];
                for (std::size_t k = 0; k < at; k++)
                    c.b[k * 8 + j] &= 0x97;
                for (std::size_t k = at + 2; k < 8; k++)
                    c.b[k * 8 + j] &= 0x8F;
            }
            expect_golden(c);
            if (HasFatalFailure())
                return;
        }
}

namespace
{

/* A float of HFP8: +-sig * 2^(exponent - man_bits), before the bias; sig with its leading one. */
std::uint32_t hfp8(const ts_format &f, int sig, int exponent)
{
    std::uint32_t sign = sig < 0 ? 0x80 : 0;
    auto man = static_cast<std::uint32_t>(std::abs(sig) - (1 << f.man_bits));
    return sign | static_cast<std::uint32_t>(exponent) << f.man_bits | man;
}

/* A chain of products, each of two significands whose exponents have that sum. */
struct Product {
    int a, b, exponents;
};

Case chain_of(const ts_format &f, const std::vector<Product> &products)
{
    Case c;
    c.a_format = c.b_format = f;
    c.gemm.lanes = 2;
    c.gemm.chunk = 16;
    c.m = c.n = 1;
    c.k = static_cast<std::int64_t>(products.size());
    for (const Product &p : products) {
        int first = (p.exponents + 1) / 2;
        c.a.push_back(p.a ? hfp8(f, p.a, first) : 0);
        c.b.push_back(p.a ? hfp8(f, p.b, p.exponents - first) : 0);
    }
    return c;
}

} // namespace

/*
 * 2^E, and acc and a product so far below it that a window loses bits of both: their sum is just
 * short of a boundary, and rounded down it is past it where the window is narrow.
 */
TEST(gemm_edges, two_lost_terms_of_hfp8)
{
    for (int width = 16; width <= 30; width++)
        for (int tiny : {-8, 8}) {
            /* acc = -(126 * 8 + 15), of exponent E - 12 */
            Case c =
                chain_of(ts_format_fp8_143, {{-14, 9, 18}, {-15, 8, 12}, {8, 8, 30}, {tiny, 8, 4}});
            c.gemm.align = {false, width};
            expect_golden(c);
        }
}

/* A product that acc or another cancels, and a third term at any distance below. */
TEST(gemm_edges, one_lost_term_of_hfp8)
{
    for (int width = 16; width <= 48; width++)
        for (int exponents = 0; exponents < 28; exponents++)
            for (int sign : {-1, 1}) {
                const Product large = {9, 9, 28}, other = {-9, 9, 28}, none = {0, 0, 0};
                const Product small = {11 * sign, 13, exponents};
                Case c = chain_of(ts_format_fp8_143, {large, none, other, small});
                c.gemm.align = {false, width};
                expect_golden(c);
                c = chain_of(ts_format_fp8_143, {small, none, large, other});
                c.gemm.align = {false, width};
                expect_golden(c);
            }
}

/* acc + p is a tie, and the second product, more than 53 bits below p, says which way it goes. */
TEST(gemm_edges, hfp8_beyond_doubles)
{
    for (int width : {0, 24, 48})
        for (int sign : {-1, 1})
            for (int tiny : {-5, 5}) {
                /* acc = -1023 * 2, p = 25 */
                Case c = chain_of(ts_format_fp8_152, {{-5 * sign, 6, 61},
                                                      {-5 * sign, 7, 56},
                                                      {-4 * sign, 7, 56},
                                                      {0, 0, 0},
                                                      {5 * sign, 5, 55},
                                                      {tiny, 5, 0}});
                c.gemm.align = {width == 0, width};
                expect_golden(c);
            }
}

/* Sums of two products past the range, and what cancels to less than its floor. */
TEST(gemm_edges, hfp8_leaves_the_range)
{
    const Product none = {0, 0, 0};
    const std::vector<Product> large(4, {6, 6, 62});
    const std::vector<Product> small = {{5, 5, 0}, none, {-5, 6, 0}, none, {5, 5, 0}, none};
    for (const auto &products : {large, small})
        for (bool saturate : {false, true})
            for (int width : {0, 24}) {
                Case c = chain_of(ts_format_fp8_152, products);
                c.gemm.saturate = saturate;
                c.gemm.align = {width == 0, width};
                expect_golden(c);
            }
}

/* Every shape up to 5 x 5 x 9, and around the edges of strips, of every pair. */
TEST(gemm_edges, small_shapes)
{
    ts_random random = {oracle::seed() + 4};
    for (const Pair &pair : pairs())
        for (std::int64_t m : {1, 2, 3, 5, 17})
            for (std::int64_t n : {1, 2, 5, 15, 16, 17, 33})
                for (std::int64_t k : {1, 2, 3, 4, 7, 8, 9}) {
                    Case c;
                    draw_parameters(random, pair, c);
                    c.m = m;
                    c.n = n;
                    c.k = k;
                    draw_operands(random, c);
                    expect_golden(c);
                    if (HasFatalFailure())
                        return;
                }
}

/* Every lanes, chunk, variant and outer of 4-bit operands. */
TEST(gemm_edges, all_parameters_of_four_bits)
{
    ts_random random = {oracle::seed() + 6};
    for (const Pair &pair : pairs()) {
        if (ts_format_bits(pair.a) != 4)
            continue;
        for (std::int64_t lanes = 1; lanes <= 64; lanes *= 2)
            for (std::int64_t chunk = lanes; chunk <= 256; chunk *= 2)
                for (int variant = 0; variant < 3; variant++)
                    for (int outer = 0; outer < 2; outer++) {
                        Case c = four_bit(*pair.a, *pair.b);
                        c.gemm.lanes = lanes;
                        c.gemm.chunk = chunk;
                        c.gemm.variant = variant;
                        c.gemm.outer = outer;
                        c.m = 2;
                        c.n = 3;
                        c.k = 1 + oracle::below(random, static_cast<int>(3 * chunk));
                        draw_operands(random, c);
                        expect_golden(c);
                        if (HasFatalFailure())
                            return;
                    }
    }
}

/* The exact sum of a chunk goes on behind what is stored of a vector, of the last one, too. */
TEST(gemm_edges, chunks_beyond_what_is_stored)
{
    ts_random random = {oracle::seed() + 9};
    for (const Pair &pair : pairs()) {
        if (ts_format_bits(pair.a) != 4)
            continue;
        for (std::int64_t k : {257, 300, 384, 385}) {
            Case c = four_bit(*pair.a, *pair.b);
            c.gemm.chunk = 256;
            c.gemm.variant = TS_VARIANT_INTEGER;
            c.m = 17;
            c.n = 32;
            c.k = k;
            draw_operands(random, c);
            ASSERT_NO_FATAL_FAILURE(expect_golden(c));
        }
    }
}

/* Columns in three panels of B: 4 KiB are a column's part of one. */
TEST(gemm_edges, more_than_one_panel_of_columns)
{
    ts_random random = {oracle::seed() + 8};
    Case c;
    c.a_format = c.b_format = ts_format_fp32;
    c.gemm.lanes = c.m = 1;
    c.n = 520;
    c.k = 1024;
    draw_operands(random, c);
    expect_golden(c);
}

/* More than a panel of A and a block of k hold. */
TEST(gemm_edges, more_than_one_panel)
{
    ts_random random = {oracle::seed() + 7};
    struct Shape {
        std::int64_t m, n, k;
    };
    for (const Pair &pair : pairs()) {
        if (ts_format_bits(pair.a) == 4 && pair.a != &ts_format_int4)
            continue;
        for (const Shape &shape : {Shape{3, 2, 2500}, Shape{3, 33, 2500}, Shape{150, 2, 40}}) {
            Case c;
            draw_parameters(random, pair, c);
            c.m = shape.m;
            c.n = shape.n;
            c.k = shape.k;
            draw_operands(random, c);
            expect_golden(c);
            if (HasFatalFailure())
                return;
        }
    }
}
