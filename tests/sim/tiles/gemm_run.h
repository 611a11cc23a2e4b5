// SPDX-License-Identifier: Apache-2.0
/// @file
/// A GEMM on an array of either dataflow, clock by clock.
#pragma once

#include "design/tile.h"

#include <memory>
#include <vector>

/// What goes into an array, and what has come out of it.
class gemm_run
{
  public:
    virtual ~gemm_run() = default;

    /// Cuts a GEMM into tiles, of which the first begins with the next clock. Its codes must stay.
    virtual void start(const tessera::gemm_codes &gemm) = 0;

    /// The inputs of a clock, as of ts_block::step: only those that count; returns valid_i. A gap
    /// holds an operation back. Every clock after the reset must be asked for.
    virtual bool next(std::uint64_t *in, bool gap) = 0;

    /// What the array shows in the same clock.
    virtual void observe(bool valid, const std::uint64_t *outer) = 0;

    /// Whether all results have left, and the array is free.
    virtual bool done() const = 0;

    virtual int tiles() const = 0;

    /// Clocks from start() to the last result without gaps, in closed form.
    virtual std::int64_t cycles() const = 0;

    /// [m][n]
    const std::vector<std::uint64_t> &results() const
    {
        return results_;
    }

  protected:
    void clear(const ts_mnk &shape);
    void put(std::int64_t m, std::int64_t n, std::uint64_t result);

    ts_mnk shape_{};

  private:
    std::vector<std::uint64_t> results_;
};

/// `block` is mac_array or mac_array_os.
std::unique_ptr<gemm_run> make_gemm_run(const ts_block &block, const std::int64_t *params);

/// Rows and columns of the result in a tile, and the k's of a pass or step.
ts_mnk tile_of_array(const ts_block &block, const std::int64_t *params);
