// SPDX-License-Identifier: Apache-2.0
// Designs and jobs at random, and counts that have to be equal.
#pragma once

#include "machine/counts.h"

#include "tessera/vectors.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace random_machine
{

constexpr std::int64_t kModes[] = {TS_MODE_INT4, TS_MODE_FP4, TS_MODE_HFP8, TS_MODE_FP16};

inline std::int64_t ceiling(std::int64_t a, std::int64_t b)
{
    return (a + b - 1) / b;
}

class random_source
{
  public:
    explicit random_source(std::uint64_t seed) : state_{seed}
    {
    }

    std::int64_t from_to(std::int64_t least, std::int64_t most)
    {
        const auto n = static_cast<std::uint64_t>(most - least + 1);
        return least + static_cast<std::int64_t>(ts_random_next(&state_) % n);
    }

    bool one_in(std::int64_t n)
    {
        return from_to(1, n) == 1;
    }

    std::int64_t pow2(int most_bits)
    {
        return std::int64_t{1} << from_to(0, most_bits);
    }

    // Small ones and large ones alike.
    std::int64_t size(std::int64_t most)
    {
        return from_to(1, one_in(3) ? most : std::max<std::int64_t>(1, most / 4));
    }

  private:
    ts_random state_;
};

inline ts_memory random_memory(random_source &random, std::int64_t kib, int bytes)
{
    return {random.size(kib), random.from_to(1, 4), random.from_to(1, 2), random.pow2(bytes)};
}

inline ts_design random_design(random_source &random)
{
    ts_design d{};
    d.is_machine = true;
    d.clock_mhz = static_cast<double>(random.from_to(50000, 400000)) / 1000;
    d.modes = random.from_to(1, 15);
    d.array = {random.pow2(3), random.from_to(1, 6), random.from_to(1, 3), random.pow2(2),
               random.from_to(1, 20)};
    if (d.modes == TS_MODE_FP16)
        d.array.lanes = 1;
    else if ((d.modes & 3) && (d.modes & 12))
        d.array.lanes = 4;
    d.accumulator.outer = random.from_to(0, 1);
    d.stages = {random.from_to(0, 2), random.from_to(1, 3), random.from_to(1, 3)};
    d.chip = {random.from_to(1, 3), random.from_to(1, 3), random.from_to(0, 2),
              random.from_to(0, 2), random.one_in(10),    0};
    d.dataflow = {random.one_in(3), random.from_to(0, 1), random.one_in(4)};
    d.l0 = random_memory(random, 2, 5);
    d.l1 = random_memory(random, 12, 6);
    d.dram.gb_s = static_cast<double>(random.from_to(1000, 6000)) / 1000;
    d.dram.latency_ns = random.one_in(4) ? 0 : random.from_to(0, 400);
    d.sfu.lanes = random.from_to(1, 12);
    d.training.dy = random.from_to(0, 2);
    d.link = {random.from_to(1, 8), 2.5};
    return d;
}

inline std::int64_t random_mode(random_source &random, const ts_design &d)
{
    std::int64_t mode = 0;
    while (!(mode & d.modes))
        mode = kModes[random.from_to(0, 3)];
    return mode;
}

inline std::int64_t sum_of_causes(const ts_counts &c)
{
    return std::accumulate(std::begin(c.stall), std::end(c.stall), c.busy);
}

inline void expect_equal(const ts_counts &closed, const ts_counts &stepped)
{
    EXPECT_EQ(closed.cycles, stepped.cycles);
    EXPECT_EQ(closed.busy, stepped.busy);
    for (int i = 0; i < TS_STALLS; i++)
        EXPECT_EQ(closed.stall[i], stepped.stall[i]) << ts_stall_names[i];
    EXPECT_EQ(closed.dram_read, stepped.dram_read);
    EXPECT_EQ(closed.dram_write, stepped.dram_write);
    EXPECT_EQ(closed.l1_read, stepped.l1_read);
    EXPECT_EQ(closed.l1_write, stepped.l1_write);
    EXPECT_EQ(closed.l0_read, stepped.l0_read);
    EXPECT_EQ(closed.l0_write, stepped.l0_write);
    EXPECT_EQ(closed.macs, stepped.macs);
    EXPECT_EQ(closed.cycles, sum_of_causes(closed));
}

} // namespace random_machine
