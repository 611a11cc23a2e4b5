// SPDX-License-Identifier: Apache-2.0
/// @file
/// A Liberty file with which OpenSTA keeps the activities that it is given.
#pragma once

#include <string>

namespace tessera
{

/// The same with each output a function of itself alone. OpenSTA 2.0.17 replaces what
/// set_power_pin_activity said of any pin behind a port by what follows from the functions, were
/// all inputs independent; from itself, an output's own activity follows. It cannot do without a
/// function. Of power, a function decides no more than how the inputs' energies are weighted in
/// their mean: they now weigh the same.
std::string own_functions(const std::string &liberty);

} // namespace tessera
