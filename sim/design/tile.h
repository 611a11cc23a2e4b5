// SPDX-License-Identifier: Apache-2.0
/// @file
/// The operands of a GEMM cut to the passes of an array, for SystemC and Verilated RTL alike.
#pragma once

#include "cosim/fold_driver.h"
#include "design/schedule.h"

#include <cstdint>
#include <vector>

namespace tessera
{

/// A GEMM's operands as codes, row-major. mode.swap: B is on port a of the mpes, else A is.
struct gemm_codes {
    ts_mnk shape;
    const std::uint16_t *a; ///< [m][k], streamed
    const std::uint16_t *b; ///< [k][n], stationary
    ts_mpe_mode mode;
};

/// One tile of the result, and what computes it.
struct gemm_tile {
    std::int64_t m0, n0;
    int rows, columns;              ///< of the result; the array has Cols * Simd columns
    std::vector<array_pass> passes; ///< to be run in this order, each to the end of its drain
};

/// The tile of the result that begins at row m0 and column n0: multiples of ts_array_tile.
gemm_tile make_tile(const std::int64_t *params, const gemm_codes &gemm, std::int64_t m0,
                    std::int64_t n0);

} // namespace tessera
