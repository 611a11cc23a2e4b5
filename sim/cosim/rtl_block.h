// SPDX-License-Identifier: Apache-2.0
/// @file
/// A block in RTL as a bench sees it, whoever simulates it.
#pragma once

#include <cstdint>

namespace tessera
{

/// One RTL model that holds a block in several configurations on a common clock and reset.
///
/// A cycle is: reset() and drive() each configuration, clock(), sample(). Inputs change at the
/// rising edge, as if registers drove them; what sample() sees then is what the block shows in
/// the same cycle. Words are laid out as in ts_block::step.
class rtl_block
{
  public:
    virtual ~rtl_block() = default;

    virtual void reset(bool active) = 0;
    virtual void drive(int config, bool valid, const std::uint64_t *in) = 0;
    virtual void clock() = 0;
    /// Returns valid_o; reads the outputs only when it is 1.
    virtual bool sample(int config, std::uint64_t *out) const = 0;
    /// Returns valid_o; reads the outputs in any case, for ports with times of their own.
    virtual bool observe(int config, std::uint64_t *out) const = 0;
};

} // namespace tessera
