// SPDX-License-Identifier: Apache-2.0
/// @file
/// One tile on RTL and SystemC, cycle by cycle.
#pragma once

#include "cosim/rtl_block.h"
#include "design/tile.h"
#include "replay/tiles/mpe_recorder.h"
#include "replay/tiles/systemc_arrays.h"
#include "replay/tiles/tiles.h"

namespace tessera
{

class lockstep
{
  public:
    lockstep(rtl_block &rtl, systemc_arrays &arrays, const std::int64_t *params);

    /// Runs all passes; with a recorder also mpe by mpe. Fills folds, cycles, bits, mismatches.
    void run(const gemm_tile &tile, mpe_recorder *recorder, ts_tile_report &report);

    /// The results that have left the RTL, [row][Cols * Simd].
    const std::vector<std::uint64_t> &results() const
    {
        return results_.results();
    }

  private:
    void reset(bool with_mpes);
    void cycle(bool valid, mpe_recorder *recorder);
    void compare(const systemc_array &array, const char *name, bool valid);

    rtl_block &rtl_;
    systemc_arrays &arrays_;
    const std::int64_t *params_;
    fold_driver driver_;
    fold_results results_;
    std::size_t simd_;
    int out_bits_;
    std::vector<std::uint64_t> in_, rtl_outer_, outer_;
    ts_tile_report *report_ = nullptr;
};

/// Counts a difference; the first one is put into words, as printf does.
void add_mismatch(ts_tile_report &report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

} // namespace tessera
