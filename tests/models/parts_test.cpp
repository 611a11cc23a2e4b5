// SPDX-License-Identifier: Apache-2.0
// Arithmetic that several blocks share.
#include "core/fp32_stream.h"
#include "models/text.h"
#include "tessera/lfsr.h"
#include "tessera/vectors.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <vector>

namespace
{

using tessera::text;

float float_of(std::uint32_t bits)
{
    float x = 0;
    std::memcpy(&x, &bits, sizeof x);
    return x;
}

bool same_number(float a, float b)
{
    return a == b || (std::isnan(a) && std::isnan(b));
}

// Numbers that are not negative: the ends of the range, infinity, NaN, and any.
std::vector<std::uint32_t> magnitudes(ts_random &random, int n)
{
    std::vector<std::uint32_t> all = {0,          1,          2,          3,
                                      0x7FFFFF,   0x800000,   0x3F800000, 0x40400000,
                                      0x4B7FFFFF, 0x7F7FFFFF, 0x7F800000, 0x7FC00000};
    for (int i = 0; i < n; i++)
        all.push_back(static_cast<std::uint32_t>(ts_random_next(&random) % 0x7F800000));
    return all;
}

TEST(fp32_stream, quotients_and_roots_are_the_cpus)
{
    ts_random random{1};
    std::vector<std::uint32_t> all = magnitudes(random, 500);
    for (std::uint32_t a : all) {
        EXPECT_TRUE(same_number(float_of(ts_fp32_root(a)), std::sqrt(float_of(a)))) << a;
        for (std::uint32_t b : all) {
            if (b >= 0x7F800000)
                continue; // no divisor is infinite
            // Less than a normal number is zero; no quotient is rounded up to the smallest one.
            float quotient = float_of(a) / float_of(b);
            quotient = quotient < 0x1p-126F ? 0 : quotient;
            ASSERT_TRUE(same_number(float_of(ts_fp32_quotient(a, b)), quotient)) << a << " " << b;
        }
    }
}

TEST(lfsr, check_says_what_is_wrong)
{
    const std::string width = "an LFSR must be 2 to 32 bits wide";
    const std::string polynomial = "the top bit of an LFSR's polynomial must be bit Width - 1";
    EXPECT_EQ(text(ts_lfsr_check(1, 1, 1)), width);
    EXPECT_EQ(text(ts_lfsr_check(33, 1U << 31, 1)), width);
    EXPECT_EQ(text(ts_lfsr_check(2, 3, 3)), "");
    EXPECT_EQ(text(ts_lfsr_check(32, 1U << 31, ~0U)), "");
    EXPECT_EQ(text(ts_lfsr_check(4, 0x7, 1)), polynomial);
    EXPECT_EQ(text(ts_lfsr_check(4, 0x18, 1)), polynomial);
    EXPECT_EQ(text(ts_lfsr_check(4, 0xC, 0)),
              "an LFSR's seed must not be zero, as it would stay zero");
    EXPECT_EQ(text(ts_lfsr_check(4, 0xC, 16)), "an LFSR's seed must fit its width");
    EXPECT_EQ(text(ts_lfsr_check(4, 0xC, 15)), "");
}

TEST(fp32_stream, quotients_with_and_of_specials)
{
    constexpr std::uint32_t kOne = 0x3F800000, kTwo = 0x40000000, kHalf = 0x3F000000;
    constexpr std::uint32_t kInfinity = 0x7F800000, kNan = 0x7FC00000;
    EXPECT_EQ(ts_fp32_quotient(kOne, kTwo), kHalf);
    EXPECT_EQ(ts_fp32_quotient(0, kTwo), 0U);
    EXPECT_EQ(ts_fp32_quotient(0, 0), kNan);
    EXPECT_EQ(ts_fp32_quotient(kOne, 0), kInfinity);
    EXPECT_EQ(ts_fp32_quotient(kInfinity, 0), kInfinity);
    EXPECT_EQ(ts_fp32_quotient(kInfinity, kTwo), kInfinity);
    EXPECT_EQ(ts_fp32_quotient(kNan, 0), kNan);
    EXPECT_EQ(ts_fp32_quotient(kNan, kTwo), kNan);
    constexpr std::uint32_t kSmallest = 0x00800000;
    EXPECT_EQ(ts_fp32_quotient(kSmallest, kOne), kSmallest);
    EXPECT_EQ(ts_fp32_quotient(kSmallest - 1, kOne), 0U);
    EXPECT_EQ(ts_fp32_quotient(2 * kSmallest - 1, kTwo), 0U);
    EXPECT_EQ(ts_fp32_quotient(2 * kSmallest, kTwo), kSmallest);
}

} // namespace
