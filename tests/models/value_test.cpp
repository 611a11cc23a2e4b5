// SPDX-License-Identifier: Apache-2.0
// Sums and products of exact values: equal to MPFR's, or bracketed as the sticky flag promises.
#include "oracle/exact.h"
#include "oracle/run.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using oracle::Exact;

namespace
{

Exact exact(const ts_value &v)
{
    if (v.cls == TS_ZERO)
        return Exact(0);
    Exact magnitude = Exact::of_integer(v.sig).scaled(v.exp);
    return v.negative ? -magnitude : magnitude;
}

ts_value draw(ts_random &random, int bits)
{
    uint64_t r = ts_random_next(&random);
    uint64_t sig = ts_random_next(&random) >> (64 - bits) >> r % static_cast<unsigned>(bits);
    int exp = static_cast<int>(r >> 16 & 127) - 64;
    if (r >> 32 & 1)
        exp /= 16; /* so that the two often overlap */
    return ts_value{sig ? TS_FINITE : TS_ZERO, (r >> 40 & 1) != 0, false, exp, sig};
}

void expect_bracketed(const ts_value &got, const Exact &want)
{
    if (!got.sticky) {
        ASSERT_EQ(got.cls == TS_ZERO, want.sign() == 0);
        ASSERT_TRUE(exact(got) == want);
        return;
    }
    ASSERT_GE(got.sig, uint64_t{1} << 31) << "a sticky significand must be wide";
    ASSERT_EQ(got.negative, want.sign() < 0);
    Exact scaled = want.magnitude().scaled(-got.exp);
    Exact low = Exact::of_integer(got.sig);
    ASSERT_TRUE(low < scaled && scaled < low + Exact(1));
}

} // namespace

TEST(value, a_sum_of_zeros_has_no_sign)
{
    for (bool first : {false, true}) {
        for (bool second : {false, true}) {
            ts_value a = {TS_ZERO, first, false, 0, 0}, b = {TS_ZERO, second, false, 0, 0};
            ts_value sum = ts_value_add(a, b);
            EXPECT_EQ(sum.cls, TS_ZERO);
            EXPECT_FALSE(sum.negative);
        }
    }
}

TEST(value, sums_are_exact_or_sticky)
{
    ts_random random = {oracle::seed()};
    uint64_t count = oracle::vectors(200000);
    for (uint64_t i = 0; i < count; i++) {
        ts_value a = draw(random, 48);
        ts_value b = draw(random, 48);
        if (i % 8 == 0) { /* the same number in other units, negated, give or take one */
            b = a;
            b.negative = !a.negative;
            if (b.cls == TS_FINITE)
                b.sig ^= i / 8 % 2;
            b.cls = b.sig ? TS_FINITE : TS_ZERO;
        }
        ASSERT_NO_FATAL_FAILURE(expect_bracketed(ts_value_add(a, b), exact(a) + exact(b)))
            << a.negative << " " << a.sig << " 2^" << a.exp << " + " << b.negative << " " << b.sig
            << " 2^" << b.exp;
    }
    oracle::report("sums", count);
}

TEST(value, products_are_exact)
{
    ts_random random = {oracle::seed()};
    uint64_t count = oracle::vectors(100000);
    for (uint64_t i = 0; i < count; i++) {
        ts_value a = draw(random, 32);
        ts_value b = draw(random, 32);
        ts_value got = ts_value_mul(a, b);
        ASSERT_FALSE(got.sticky);
        ASSERT_TRUE(exact(got) == exact(a) * exact(b));
    }
    oracle::report("products", count);
}

// The smaller operand falls into the sticky bit entirely when the gap between them is wide.
TEST(value, sums_across_wide_gaps)
{
    for (int gap = 0; gap <= 200; gap++)
        for (uint64_t sig : {uint64_t{1}, uint64_t{5}, (uint64_t{1} << 48) - 1})
            for (bool negative : {false, true}) {
                ts_value a{TS_FINITE, false, false, gap, 3};
                ts_value b{TS_FINITE, negative, false, 0, sig};
                Exact want = exact(a) + exact(b);
                ASSERT_NO_FATAL_FAILURE(expect_bracketed(ts_value_add(a, b), want)) << gap;
                ASSERT_NO_FATAL_FAILURE(expect_bracketed(ts_value_add(b, a), want)) << gap;
            }
}

// The significand keeps 63 bits, where it has as many, and is left no bit more.
TEST(value, sums_keep_63_bits)
{
    const uint64_t all = (uint64_t{1} << 63) - 1;
    for (int gap = 0; gap < 64; gap++) {
        ts_value a = {TS_FINITE, false, false, gap, all}, b = {TS_FINITE, false, false, 0, all};
        ts_value sum = ts_value_add(a, b);
        EXPECT_EQ(sum.sig >> 62, 1U) << gap;
        expect_bracketed(sum, exact(a) + exact(b));
    }
}

TEST(value, specials_follow_ieee)
{
    constexpr ts_class Z = TS_ZERO, F = TS_FINITE, I = TS_INFINITY, N = TS_NAN;
    const ts_class classes[] = {Z, F, I, N};
    const ts_class sums[4][4] = {{Z, F, I, N}, {F, F, I, N}, {I, I, I, N}, {N, N, N, N}};
    const ts_class products[4][4] = {{Z, Z, N, N}, {Z, F, I, N}, {N, I, I, N}, {N, N, N, N}};
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            for (int signs = 0; signs < 4; signs++) {
                bool minus_a = signs & 1, minus_b = signs & 2;
                ts_value a{classes[i], minus_a, false, 0, classes[i] == F ? 3U : 0};
                ts_value b{classes[j], minus_b, false, 0, classes[j] == F ? 5U : 0};
                ts_value sum = ts_value_add(a, b), product = ts_value_mul(a, b);
                bool opposed = classes[i] == I && classes[j] == I && minus_a != minus_b;
                ASSERT_EQ(sum.cls, opposed ? N : sums[i][j]) << i << j << signs;
                ASSERT_EQ(product.cls, products[i][j]) << i << j << signs;
                if (sum.cls == I || (sum.cls == F && classes[i] != F)) {
                    ASSERT_EQ(sum.negative, classes[i] == Z || classes[j] == I ? minus_b : minus_a);
                }
                if (product.cls == I || product.cls == F) {
                    ASSERT_EQ(product.negative, minus_a != minus_b);
                }
            }
    EXPECT_EQ(ts_value_add(ts_value_of_int(-1, 3), ts_value_of_int(8, 0)).cls, TS_ZERO);
    EXPECT_EQ(ts_value_of_int(0, 5).cls, TS_ZERO);
}

TEST(value, doubles_survive_the_way_there_and_back)
{
    using limits = std::numeric_limits<double>;
    for (double x : {0.0, 1.0, -1.5, 0.1, -1e300, limits::max(), limits::min(),
                     limits::denorm_min(), limits::infinity(), -limits::infinity()})
        EXPECT_EQ(ts_value_to_double(ts_value_of_double(x)), x);
    EXPECT_FALSE(std::signbit(ts_value_to_double(ts_value_of_double(0.0))));
    EXPECT_TRUE(std::signbit(ts_value_to_double(ts_value_of_double(-0.0))));
    EXPECT_TRUE(std::isnan(ts_value_to_double(ts_value{TS_NAN, false, false, 0, 0})));
    for (double x : {1.0, 3.0, 0.375, -1536.0}) // without trailing zeros
        EXPECT_EQ(ts_value_of_double(x).sig & 1, 1U);
    EXPECT_EQ(ts_value_of_double(limits::quiet_NaN()).cls, TS_NAN);
    EXPECT_EQ(ts_value_of_int(std::numeric_limits<int64_t>::min(), 0).sig, uint64_t{1} << 63);
}
