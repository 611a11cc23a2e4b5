// SPDX-License-Identifier: Apache-2.0
/// @file
/// Which clocks may follow a reset: a block's protocol, on the clocks of a run.
#pragma once

#include "foreign_rtl/lockstep.h"

#include <vector>

namespace tessera
{

/// The protocol of a block in one sequence, of which it has random bits.
class protocol
{
  public:
    protocol(const subject &what, std::uint64_t random) : what_(what), random_(random)
    {
    }

    /// Without one any clocks are legal.
    bool exists() const
    {
        return what_.layout.block->protocol != nullptr;
    }

    /// Whether the clocks from number `first` on are legal in their places. Those before are taken
    /// to be so: the run had them there.
    bool allows(const std::vector<clock_in> &clocks, std::size_t first) const;

    /// Which words of the inputs it sets itself in the clock of that number; others are free.
    std::vector<bool> governed(std::size_t number) const;

  private:
    ts_clock bend(std::size_t number, bool valid, std::vector<std::uint64_t> &in) const;

    const subject &what_;
    std::uint64_t random_;
};

} // namespace tessera
