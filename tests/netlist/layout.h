// SPDX-License-Identifier: Apache-2.0
/// @file
/// All inputs of a block as one vector, and all outputs as another.
#pragma once

#include "tessera/block.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tessera
{

/// A direction's ports in one vector of 32-bit words: control bits first, then the elements of
/// the ports in the order of the port table, as close together as they are in the RTL.
class layout
{
  public:
    /// Bits in front of the ports: reset and valid_i, or valid_o.
    static constexpr int kReset = 0, kValidIn = 1, kInputs = 2;
    static constexpr int kValidOut = 0, kOutputs = 1;

    struct port {
        const ts_port *description;
        int first; ///< bit
        int width; ///< of an element
        int count;
    };

    layout(const ts_block &block, const std::int64_t *params, ts_port_dir dir);

    const std::vector<port> &ports() const
    {
        return ports_;
    }

    int bits() const
    {
        return bits_;
    }

    /// Verilator keeps ports of more than 64 bits as words, so there are at least three.
    std::size_t words() const
    {
        return bits_ <= 64 ? 3 : static_cast<std::size_t>(bits_ + 31) / 32;
    }

  private:
    std::vector<port> ports_;
    int bits_;
};

/// Sets `width` bits from bit `first` on, which must be 0 before.
void put_bits(std::uint32_t *words, int first, int width, std::uint64_t value);

} // namespace tessera
