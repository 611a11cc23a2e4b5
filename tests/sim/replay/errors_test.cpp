// SPDX-License-Identifier: Apache-2.0
// The words for error, on matrices whose errors are known.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

extern "C" {
#include "replay/errors.h"
}

namespace
{

// In two halves of the rows, one merged into the other.
ts_errors errors_of(const double *y, const double *r, size_t rows, size_t columns)
{
    std::vector<double> memory(4 * columns);
    ts_error_sums sums{}, half{};
    sums.y = memory.data();
    sums.r = sums.y + columns;
    half.y = sums.r + columns;
    half.r = half.y + columns;
    for (size_t i = 0; i < rows; i++)
        ts_errors_add(i < rows / 2 ? &sums : &half, y + i * columns, r + i * columns, 0, columns);
    ts_errors_merge(&sums, &half, 0, columns);
    return ts_errors_of(&sums, columns);
}

TEST(Errors, ShrinkageBiasAndNoiseOfAScaledMatrix)
{
    const double r[] = {1, -2, 3, -4};
    const double y[] = {0.5, -1, 1.5, -2};
    ts_errors e = errors_of(y, r, 2, 2);
    EXPECT_DOUBLE_EQ(e.slope, -0.5);
    EXPECT_DOUBLE_EQ(e.magnitude_bias, -0.5);
    EXPECT_DOUBLE_EQ(e.nmse, 0.25);
    EXPECT_NEAR(e.snr_db, 6.0206, 1e-4);
    EXPECT_DOUBLE_EQ(e.channel_mean, 0.25);
}

TEST(Errors, ChannelMeansAreOfColumns)
{
    // Column 0's error cancels in its mean, column 1's does not.
    const double r[] = {1, 1, 1, 1};
    const double y[] = {2, 2, 0, 2};
    ts_errors e = errors_of(y, r, 2, 2);
    EXPECT_DOUBLE_EQ(e.nmse, 1.0);
    EXPECT_DOUBLE_EQ(e.channel_mean, 0.5); // (0^2 + 2^2) / (2^2 + 2^2)
    EXPECT_DOUBLE_EQ(e.slope, 0.5);
}

TEST(Errors, LeavesOutWhatIsNotFinite)
{
    const double r[] = {1, 2, 3};
    const double y[] = {1, NAN, INFINITY};
    ts_errors e = errors_of(y, r, 3, 1);
    EXPECT_EQ(e.not_finite, 2U);
    EXPECT_DOUBLE_EQ(e.nmse, 0.0);
}

TEST(Errors, OfAReferenceOfZerosIsNoNumber)
{
    const double r[] = {0, 0};
    const double y[] = {0, 1};
    EXPECT_TRUE(std::isnan(errors_of(y, r, 2, 1).nmse));
}

} // namespace
