// SPDX-License-Identifier: Apache-2.0
/// @file
/// A flat mapped netlist as Yosys writes it, with simple names only.
#pragma once

#include <string>
#include <vector>

namespace tessera
{

/// A pin of a cell, an instance of a type of the library, and the net on it.
struct cell_pin {
    std::string cell, type, pin, net;
};

/// The module `netlist_top`.
class flat_netlist
{
  public:
    /// Throws std::runtime_error if `text` is not such a netlist, or has no clk_i.
    explicit flat_netlist(std::string text);

    /// Top-level ports included.
    const std::vector<std::string> &nets() const
    {
        return nets_;
    }

    /// Without those on constants.
    const std::vector<cell_pin> &pins() const
    {
        return pins_;
    }

    bool has_net(const std::string &name) const;

    std::size_t words() const;

    /// The same module with one more output, nets_o, that has all nets; an array of words()
    /// words; bit b of word w is nets()[32 w + b].
    std::string with_nets_output() const;

  private:
    std::string text_;
    std::vector<std::string> nets_;
    std::vector<cell_pin> pins_;
};

} // namespace tessera
