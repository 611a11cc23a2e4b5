// SPDX-License-Identifier: Apache-2.0
/// @file
/// The netlist and the RTL of a one-slice mpe behind the same two wide ports.
#pragma once

#include "power/netlist.h"
#include "tessera/block.h"

#include <string>
#include <vector>

namespace tessera
{

/// A port's place in the wide ports; `sliced`: an mpe of n slices has n of it.
struct wrapped_port {
    std::string name;
    bool output, sliced;
    int first, bits;
};

/// Of an mpe with one slice. valid_i and valid_o come first.
std::vector<wrapped_port> mpe_layout(const ts_block &mpe, const std::int64_t *params);

/// The layout as the toggle bench reads it.
std::string layout_text(const std::vector<wrapped_port> &layout);

/// The module power_bench: clk_i, rst_ni, in_i, and of the two rtl_o, netlist_o; and nets_o.
std::string wrapper_text(const ts_block &mpe, const std::int64_t *params,
                         const std::vector<wrapped_port> &layout, const flat_netlist &netlist);

} // namespace tessera
