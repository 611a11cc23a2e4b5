// SPDX-License-Identifier: Apache-2.0
/// @file
/// Texts around the netlist of one configuration of a block.
#pragma once

#include "cosim/bench.h"

#include <cstdio>

namespace tessera
{

/// The Yosys command that sets the parameters; nothing for a block without.
void print_parameters(std::FILE *out, const bench &bench);

/// Module netlist_bench around the netlist, module `netlist`: packed inputs and outputs, and a
/// mutant's number. All inputs pass registers, so that a cycle is one evaluation.
void print_bench(std::FILE *out, const bench &bench, bool mutants);

/// Module miter: `bad_o` is 1 where the modules `gold` and `gate` differ in a bit that counts,
/// with their registers as they may be. For `frames` clocks from any two states:
/// either (forced) after a reset in the first one, or in the last one. With 0 frames: in all clocks
/// after a reset, however many. With mutants, both have an input for its number: of `gold` it is 0.
void print_miter(std::FILE *out, const bench &bench, int frames, bool mutants);

/// The outputs that count in all cycles, without their widths, one a line.
void print_always(std::FILE *out, const bench &bench);

} // namespace tessera
