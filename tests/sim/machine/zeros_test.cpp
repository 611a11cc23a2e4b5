// SPDX-License-Identifier: Apache-2.0
// What is left of K without structural zeros, against a walk over all of it.
#include "machine/zeros.h"

#include "tessera/vectors.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace
{

std::int64_t walk(std::int64_t channels, const bool *live, std::int64_t taps, std::int64_t granule)
{
    std::int64_t sum = 0;
    for (std::int64_t at = 0; at < taps * channels; at += granule) {
        const std::int64_t end = std::min(at + granule, taps * channels);
        bool any = false;
        for (std::int64_t k = at; k < end; k++)
            any = any || live[k / channels];
        sum += any ? end - at : 0;
    }
    return sum;
}

TEST(Zeros, LiveGranules)
{
    ts_random random{5};
    for (int i = 0; i < 20000; i++) {
        const auto below = [&](std::uint64_t n) {
            return static_cast<std::int64_t>(ts_random_next(&random) % n);
        };
        bool live[25];
        const std::int64_t taps = 1 + below(25), channels = 1 + below(40), granule = 1 + below(64);
        for (bool &each : live)
            each = below(3) == 0;
        ASSERT_EQ(ts_live_k(channels, live, taps, granule), walk(channels, live, taps, granule))
            << taps << " taps of " << channels << ", granule " << granule;
    }
}

// A 3 x 3 kernel with stride 2: at even rows and columns 1 tap of 9 lives, at odd ones 4.
TEST(Zeros, StrideTwo)
{
    const bool one[9] = {false, false, false, false, true, false, false, false, false};
    const bool four[9] = {true, false, true, false, false, false, true, false, true};
    EXPECT_EQ(ts_live_k(64, one, 9, 64), 64);
    EXPECT_EQ(ts_live_k(64, four, 9, 64), 256);
    EXPECT_EQ(ts_live_k(32, one, 9, 64), 64); // shares a granule with a hole
    EXPECT_EQ(ts_live_k(64, four, 9, 1), 256);
}

TEST(Zeros, Granules)
{
    ts_machine m{};
    m.rows = 8;
    m.lanes = 4;
    EXPECT_EQ(ts_machine_granule(&m), 32);
    m.output_stationary = true;
    EXPECT_EQ(ts_machine_granule(&m), 4);
}

} // namespace
