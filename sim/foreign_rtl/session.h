// SPDX-License-Identifier: Apache-2.0
/// @file
/// A co-simulation from the RTL to the outcome.
#pragma once

#include "foreign_rtl/build.h"
#include "foreign_rtl/report.h"
#include "vectors/source.h"

namespace tessera
{

/// What the command line asks for.
struct cosim_options {
    const ts_block *block = nullptr;
    std::int64_t params[TS_MAX_PARAMS] = {};
    foreign_rtl rtl;
    std::vector<std::string> maps;
    std::optional<int> latency; ///< measured, or the block's own, if not given
    std::uint64_t cycles = 1'000'000, seed = 1;
    bool exhaustive = false, json = false;
    std::string trace, directory; ///< empty: none; the directory is named for the block
};

class session
{
  public:
    /// Builds the model. Throws, with one line, if the RTL or its connection has to be changed.
    explicit session(const cosim_options &options);

    /// Runs, and on a difference minimizes it and writes files. Throws if they cannot be written.
    outcome run();

  private:
    ts_source_options source() const;
    void find_latency();
    int measured_latency();
    std::string other_latency();
    void drive(outcome &result);
    void explain(outcome &result);
    void record(const divergence &difference, const std::filesystem::path &path);
    void record_minimal(const std::vector<clock_in> &clocks, const std::filesystem::path &path);

    /// A model that fits what it is compared as.
    std::unique_ptr<foreign_model> make(const subject &what) const;

    const cosim_options &options_;
    std::filesystem::path directory_; ///< for what is found
    ts_layout layout_;
    std::uint64_t rows_; ///< that the run asks for
    connections pins_;
    foreign_module module_;
    foreign_library library_;
    subject what_;
    std::string latency_from_;
    std::vector<clock_in> history_; ///< since the last reset, or a good many
    std::uint64_t sequence_ = 0;    ///< its random bits, of a block with a protocol
};

} // namespace tessera
