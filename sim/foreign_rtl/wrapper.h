// SPDX-License-Identifier: Apache-2.0
/// @file
/// What is generated around a stranger's module.
#pragma once

#include "foreign_rtl/pins.h"

namespace tessera
{

/// A NAME=VALUE of theirs.
using parameter_values = std::vector<std::string>;

/// SystemVerilog module `cosim`: our ports around the module, and what the waveform shows.
std::string wrapper_text(const connections &pins, const foreign_module &module,
                         const parameter_values &parameters);

/// C++: a foreign_model around the Verilated wrapper.
std::string adaptor_text(const connections &pins);

} // namespace tessera
