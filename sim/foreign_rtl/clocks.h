// SPDX-License-Identifier: Apache-2.0
/// @file
/// The clocks of a run, from rows of test vectors.
#pragma once

#include "foreign_rtl/lockstep.h"
#include "tessera/vectors.h"
#include "vectors/source.h"

#include <deque>

namespace tessera
{

/// The same options give the same clocks. Starts with a reset; before another one of a block with
/// state, all that is under way comes out. An operation in eight is preceded by an idle clock.
class clocks
{
  public:
    clocks(const subject &what, const ts_source_options &options);
    ~clocks();
    clocks(const clocks &) = delete;
    clocks &operator=(const clocks &) = delete;

    const clock_in &next();

    /// Whether the clock last given is the first of a sequence that a protocol governs, and the
    /// random bits of that sequence.
    bool begins() const
    {
        return begins_;
    }

    std::uint64_t sequence() const
    {
        return sequence_;
    }

    /// The golden result of the clock last given.
    void result(const operation &golden);

  private:
    void refill();
    void push(bool reset, bool valid);

    const subject &what_;
    ts_source *source_;
    ts_row row_;
    ts_random idle_;
    std::deque<clock_in> waiting_;
    clock_in now_;
    std::uint64_t sequence_ = 0;
    bool has_begun_ = false, begins_ = false;
};

} // namespace tessera
