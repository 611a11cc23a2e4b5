// SPDX-License-Identifier: Apache-2.0
/// @file
/// A Verilated netlist beside its RTL, as a program that counts toggles.
#pragma once

#include "synth/synth.h"

#include <filesystem>
#include <string>
#include <vector>

namespace tessera
{

/// What goes into a bench.
struct bench_recipe {
    std::string netlist;              ///< as synthesized
    std::vector<std::int64_t> params; ///< of the mpe; Simd is 1
    std::string liberty;              ///< absolute path
    std::string library_digest;
};

/// A directory of the cache: netlist.v with simple names, and the bench. Throws one line.
class toggle_bench
{
  public:
    explicit toggle_bench(const bench_recipe &recipe);

    std::string netlist() const;

    /// A name for what this bench does.
    std::string name() const
    {
        return directory_.filename().string();
    }

    /// Runs it; OUT's text.
    std::string run(const std::filesystem::path &directory, const std::string &stimulus,
                    int slice) const;

  private:
    std::filesystem::path directory_;
};

} // namespace tessera
