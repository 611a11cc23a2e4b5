// SPDX-License-Identifier: Apache-2.0
/// @file
/// GEMMs for an array: random ones and tiles of captured ones, with what the engine computes.
#pragma once

#include "replay/tiles/port_codes.h"
#include "tessera/vectors.h"

#include <memory>
#include <vector>

extern "C" {
#include "replay/event.h"
}

class gemm_job
{
  public:
    /// Takes what is in a tile.
    explicit gemm_job(std::unique_ptr<ts_event_tile> tile);
    ~gemm_job();
    gemm_job(const gemm_job &) = delete;
    gemm_job &operator=(const gemm_job &) = delete;

    tessera::gemm_codes codes() const
    {
        return codes_.gemm();
    }

    /// [m][n], by ts_gemm_run
    const std::uint32_t *expected() const
    {
        return tile_->c;
    }

  private:
    std::unique_ptr<ts_event_tile> tile_;
    tessera::port_codes codes_;
};

/// The part of a design that an array's parameters say.
ts_design design_of_array(const ts_block &block, const std::int64_t *params);

struct format_pair {
    const ts_format *a, *b;
};

/// What an array with these modes multiplies: integers and gradients of both phases on either side.
std::vector<format_pair> pairs_of_modes(std::int64_t modes);

/// Codes and escale at random, special cases among them.
std::unique_ptr<gemm_job> random_job(const ts_design &design, const ts_mnk &shape,
                                     const format_pair &formats, ts_random &random);

/// A number from 0 to n - 1.
std::int64_t random_below(ts_random &random, std::int64_t n);
