// SPDX-License-Identifier: Apache-2.0
// Sums and products of exact values: equal to MPFR's, or bracketed as the sticky flag promises.
#include "oracle/exact.h"
#include "oracle/run.h"

#include <gtest/gtest.h>

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
        ASSERT_TRUE(exact(got) == want);
        return;
    }
    ASSERT_GE(got.sig, uint64_t{1} << 31) << "a sticky significand must be wide";
    ASSERT_EQ(got.negative, want.sign() < 0);
    Exact scaled = want.magnitude().scaled(-got.exp);
    Exact low = Exact::of_integer(got.sig);
    ASSERT_TRUE(low < scaled && scaled < low + Exact(1));
}

ts_value special(ts_class cls, bool negative = false)
{
    return ts_value{cls, negative, false, 0, 0};
}

} // namespace

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

TEST(value, specials_follow_ieee)
{
    ts_value one = ts_value_of_int(1, 0);
    ts_value zero = special(TS_ZERO);
    ts_value nan = special(TS_NAN);
    ts_value inf = special(TS_INFINITY);
    ts_value minus_inf = special(TS_INFINITY, true);
    for (ts_value x : {one, zero, inf, nan}) {
        EXPECT_EQ(ts_value_add(nan, x).cls, TS_NAN);
        EXPECT_EQ(ts_value_add(x, nan).cls, TS_NAN);
        EXPECT_EQ(ts_value_mul(nan, x).cls, TS_NAN);
        EXPECT_EQ(ts_value_mul(x, nan).cls, TS_NAN);
    }
    EXPECT_EQ(ts_value_add(inf, minus_inf).cls, TS_NAN);
    EXPECT_EQ(ts_value_add(one, minus_inf).cls, TS_INFINITY);
    EXPECT_TRUE(ts_value_add(one, minus_inf).negative);
    EXPECT_TRUE(ts_value_add(minus_inf, zero).negative);
    EXPECT_EQ(ts_value_mul(inf, zero).cls, TS_NAN);
    EXPECT_TRUE(ts_value_mul(minus_inf, one).negative);
    EXPECT_EQ(ts_value_add(ts_value_of_int(-1, 3), ts_value_of_int(8, 0)).cls, TS_ZERO);
}

TEST(value, doubles_survive_the_way_there_and_back)
{
    using limits = std::numeric_limits<double>;
    for (double x : {0.0, 1.0, -1.5, 0.1, -1e300, limits::max(), limits::min(),
                     limits::denorm_min(), limits::infinity(), -limits::infinity()})
        EXPECT_EQ(ts_value_to_double(ts_value_of_double(x)), x);
    EXPECT_EQ(ts_value_of_double(limits::quiet_NaN()).cls, TS_NAN);
    EXPECT_EQ(ts_value_of_int(std::numeric_limits<int64_t>::min(), 0).sig, uint64_t{1} << 63);
}
