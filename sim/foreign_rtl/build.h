// SPDX-License-Identifier: Apache-2.0
/// @file
/// From a stranger's RTL to a model that can be run.
#pragma once

#include "cosim/foreign_model.h"
#include "foreign_rtl/pins.h"
#include "foreign_rtl/wrapper.h"

#include <memory>
#include <string>
#include <vector>

namespace tessera
{

/// The RTL as the command line names it.
struct foreign_rtl {
    std::vector<std::string> files, includes, defines;
    std::string top; ///< empty: the one that no other instantiates
    parameter_values parameters;
};

/// The module's ports. Throws std::runtime_error with Verilator's first error.
foreign_module inspect(const foreign_rtl &rtl);

/// A loaded library with the Verilated module. It stays loaded, as its code registers exit
/// handlers.
class foreign_library
{
  public:
    /// Takes it from the cache, or builds it. Throws as inspect().
    foreign_library(const foreign_rtl &rtl, const foreign_module &module, const connections &pins);

    /// A model whose registers without reset start as the seed says.
    std::unique_ptr<foreign_model> make(int seed) const
    {
        return std::unique_ptr<foreign_model>(make_(seed));
    }

  private:
    foreign_model *(*make_)(int seed) = nullptr;
};

} // namespace tessera
