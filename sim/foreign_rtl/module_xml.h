// SPDX-License-Identifier: Apache-2.0
/// @file
/// The ports of a module from Verilator's XML.
#pragma once

#include "foreign_rtl/pins.h"

namespace tessera
{

/// The module `top`, or, if that is empty, the one that no other instantiates. Throws
/// std::runtime_error.
foreign_module read_module(const std::string &xml, const std::string &top);

} // namespace tessera
