// SPDX-License-Identifier: Apache-2.0
/// @file
/// The RTL of a block with parameters known only at run time.
#pragma once

#include "cosim/rtl_block.h"
#include "tessera/block.h"

#include <memory>

namespace tessera
{

/// A loaded library with Verilated RTL. It stays loaded, for its code registers exit handlers.
class rtl_library
{
  public:
    /// Takes the library from the cache, or builds it. Throws std::runtime_error with one line.
    rtl_library(const ts_block &block, const std::int64_t *params);

    /// The block, as configuration 0.
    std::unique_ptr<rtl_block> make() const
    {
        return std::unique_ptr<rtl_block>(make_());
    }

    /// 0 if the library was in the cache.
    double build_seconds() const
    {
        return build_seconds_;
    }

  private:
    rtl_block *(*make_)() = nullptr;
    double build_seconds_ = 0;
};

} // namespace tessera
