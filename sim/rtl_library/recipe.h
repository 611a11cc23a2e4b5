// SPDX-License-Identifier: Apache-2.0
/// @file
/// From SystemVerilog and parameters to a library that can be loaded.
#pragma once

#include "tessera/block.h"

#include <filesystem>
#include <string>

namespace tessera
{

/// All that goes into the library of a block with these parameters.
class rtl_recipe
{
  public:
    /// Reads the RTL beside the running program, and asks the tools for their versions.
    rtl_recipe(const ts_block &block, const std::int64_t *params);

    /// A name for what comes out: it differs if any ingredient does.
    std::string name() const;

    /// Builds kLibrary in `directory`, with the tools' output in build.log.
    void build(const std::filesystem::path &directory) const;

    static constexpr const char *kLibrary = "rtl.so";

  private:
    bool hierarchical_;
    std::string block_, rtl_, adaptor_, headers_, versions_, verilator_root_;
    std::filesystem::path include_;
};

} // namespace tessera
