// SPDX-License-Identifier: Apache-2.0
/// @file
/// What the ports of an array take of a GEMM: codes of its operands, and the mode.
#pragma once

#include "design/tile.h"
#include "tessera/gemm.h"

#include <cstdint>
#include <vector>

namespace tessera
{

/// The mode that an array needs for a GEMM (enum ts_modes).
std::int64_t array_mode(const ts_gemm &gemm);

/// Some rows of A and columns of B; radix-4 codes with the phase that their format has.
class port_codes
{
  public:
    port_codes(const ts_gemm &gemm, std::int64_t row, std::int64_t rows, std::int64_t column,
               std::int64_t columns);

    /// The GEMM of these rows and columns; it refers to this object.
    gemm_codes gemm() const
    {
        return {shape_, a_.data(), b_.data(), mode_};
    }

  private:
    ts_mnk shape_;
    std::vector<std::uint16_t> a_, b_;
    ts_mpe_mode mode_;
};

} // namespace tessera
