// SPDX-License-Identifier: Apache-2.0
/// @file
/// A Verilated netlist as a library to be loaded.
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {

/// The one model of the library.
///
/// Runs the cycles with this mutant (0: none) and returns the first cycle that is not as expected,
/// or `cycles`. It starts from the state in which the run before has left it.
typedef std::size_t netlist_run(unsigned mutant, std::size_t cycles, const std::uint32_t *in,
                                const std::uint32_t *expected, const std::uint32_t *mask);
}
