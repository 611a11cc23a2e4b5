// SPDX-License-Identifier: Apache-2.0
/// @file
/// A block's ordinary vectors, cycle by cycle, with what the C model says.
#pragma once

#include "cosim/bench.h"
#include "netlist/layout.h"

#include <memory>

namespace tessera
{

/// Some cycles that begin with a reset. Words are laid out as `layout` says, cycle by cycle.
struct batch {
    std::size_t cycles = 0;
    std::vector<std::uint32_t> in, expected;
    std::vector<std::uint32_t> mask; ///< 1: the bit of `expected` counts
};

/// What goes into one configuration of a block.
class vectors
{
  public:
    vectors(const bench &bench);
    virtual ~vectors() = default;
    vectors(const vectors &) = delete;
    vectors &operator=(const vectors &) = delete;

    /// The next batch, of about so many cycles.
    const batch &next(std::size_t cycles);

    /// Operations so far.
    std::uint64_t count() const
    {
        return count_;
    }

    const layout &inputs() const
    {
        return in_;
    }

    const layout &outputs() const
    {
        return out_;
    }

  protected:
    virtual void fill(std::size_t cycles) = 0;

    /// Appends a cycle with nothing expected of it.
    void add_cycle();
    /// What the ports get in a cycle, and have to show; nothing if the batch is over by then.
    void set_control(std::size_t cycle, bool reset, bool valid);
    void set_input(std::size_t cycle, const layout::port &port, int first, int count,
                   const std::uint64_t *elements);
    void expect_valid(std::size_t cycle, bool valid);
    void expect(std::size_t cycle, const layout::port &port, int first, int count,
                const std::uint64_t *elements);

    const ts_block &block_;
    const std::int64_t *params_;
    batch batch_;
    std::uint64_t count_ = 0;
    std::uint64_t batches_ = 0;

  private:
    layout in_, out_;
};

/// The vectors that fit the block. `bench` has one configuration.
std::unique_ptr<vectors> make_vectors(const bench &bench, std::uint64_t seed);

/// A mac_array's: tiles of random operands.
std::unique_ptr<vectors> make_array_vectors(const bench &bench, std::uint64_t seed);

} // namespace tessera
