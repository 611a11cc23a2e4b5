// SPDX-License-Identifier: Apache-2.0
/// @file
/// Arrays of both dataflows in SystemC, and RTL in lock step with them where there is some.
#pragma once

#include "cosim/bench.h"
#include "gemm_job.h"
#include "gemm_run.h"
#include "replay/tiles/systemc_arrays.h"

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

/// One array and its GEMMs, one after the other.
class array_lane
{
  public:
    array_lane(const ts_block &block, const tessera::configuration &config, std::uint64_t seed);

    /// An RTL body beside the SystemC one; `rtl` is driven, but its owner clocks it.
    void hold_against(tessera::rtl_block &rtl, int index);

    /// Begins with the next clock, now and then holding an operation back if it may.
    void give(std::unique_ptr<gemm_job> job, bool gaps);

    bool is_idle() const
    {
        return !job_;
    }

    /// A clock: the edge, the inputs, and what is shown.
    void rise();
    void drive(bool reset);
    void compare();

    const ts_block &block() const
    {
        return block_;
    }

    const tessera::configuration &config() const
    {
        return config_;
    }

    /// The first difference in words, or "".
    const std::string &mismatch() const
    {
        return mismatch_;
    }

    struct counts {
        std::uint64_t gemms = 0, tiles = 0, timed = 0, clocks = 0, bits = 0;
    };

    const counts &count() const
    {
        return count_;
    }

  private:
    void compare_outputs(bool valid);
    void end_job();
    void fail(const std::string &what);

    const ts_block &block_;
    const tessera::configuration &config_;
    ts_random random_;
    tessera::systemc_array array_;
    tessera::rtl_block *rtl_ = nullptr;
    int index_ = 0;
    std::unique_ptr<gemm_run> run_;
    std::unique_ptr<gemm_job> job_;
    bool gaps_ = false;
    std::int64_t clocks_ = 0; ///< of this job
    std::vector<std::uint64_t> in_, systemc_, rtl_out_;
    std::vector<int> after_valid_; ///< cycles from valid_o to each element of the output
    std::deque<bool> valid_;       ///< of so many cycles ago
    int out_bits_;
    counts count_;
    std::string mismatch_;
};

/// Lanes under one clock, in a SystemC simulation of their own.
class array_bench
{
  public:
    array_bench();
    ~array_bench();

    /// SystemC alone.
    array_lane &add(const ts_block &block, const tessera::configuration &config,
                    std::uint64_t seed);

    /// All configurations of a block in a Verilated model.
    void add_all(const tessera::bench &bench, bool faulty, std::uint64_t seed);

    /// The next job of a lane, or none: then the lane stands still. May set `gaps`.
    using source = std::function<std::unique_ptr<gemm_job>(const array_lane &lane, bool &gaps)>;

    /// After a reset, until no lane has a job.
    void run(const source &next);

    const std::vector<std::unique_ptr<array_lane>> &lanes() const
    {
        return lanes_;
    }

  private:
    void clock(bool reset);

    std::unique_ptr<sc_core::sc_simcontext> context_;
    std::vector<std::unique_ptr<tessera::rtl_block>> rtl_;
    std::vector<std::unique_ptr<array_lane>> lanes_;
};
