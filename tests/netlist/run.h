// SPDX-License-Identifier: Apache-2.0
/// @file
/// A block's vectors on a Verilated netlist, with and without mutants.
#pragma once

#include "cosim/bench.h"

#include <vector>

namespace tessera
{

struct run_options {
    const char *library;   ///< as netlist/model.cpp and a netlist make it
    std::uint64_t vectors; ///< at most so many
    std::uint64_t seed;
    std::vector<unsigned> mutants; ///< their numbers, from 1
};

/// Prints as JSON how many vectors ran and which mutants no vector has told from the block. Throws
/// std::runtime_error, and first of all where the netlist without a mutant differs from the C
/// model.
void run_netlist(const bench &bench, const run_options &options);

} // namespace tessera
