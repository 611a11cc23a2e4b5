// SPDX-License-Identifier: Apache-2.0
/// @file
/// The pins of a block, and the ports of a stranger's module that they are connected with.
#pragma once

#include "vectors/layout.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tessera
{

/// A port of a stranger's module, as Verilator sees it.
struct foreign_port {
    std::string name;
    ts_port_dir dir;
    int width; ///< 0: of a type that no vector can be connected with
};

struct foreign_module {
    std::string name, file;
    std::vector<foreign_port> ports;

    const foreign_port *find(const std::string &port) const;
};

enum class pin_kind { clock, reset, valid_in, valid_out, input, output };

/// A pin of ours: beside the ports of the descriptor, clk_i, rst_ni, valid_i and valid_o.
struct pin {
    std::string name;
    pin_kind kind;
    int width;
    const ts_field *field = nullptr; ///< of an input or output

    std::string theirs; ///< the module's port; empty if it has none
    bool inverted = false;
    std::optional<std::uint64_t> constant; ///< our input is held at this

    bool is_output() const
    {
        return kind == pin_kind::valid_out || kind == pin_kind::output;
    }
};

/// A port of theirs that is held at a constant.
struct tied_port {
    std::string theirs;
    std::string value;
};

/// How a module is connected with a block.
class connections
{
  public:
    explicit connections(const ts_layout &layout);

    /// Takes an OURS=THEIRS of the command line. Throws std::runtime_error.
    void map(const std::string &assignment);

    /// Connects what is left by name, and checks directions and widths. Throws std::runtime_error.
    void resolve(const foreign_module &module);

    const std::vector<pin> &pins() const
    {
        return pins_;
    }

    const std::vector<tied_port> &tied() const
    {
        return tied_;
    }

    const pin &operator[](pin_kind kind) const;

    /// Puts what the module holds constant into the words of all inputs.
    void hold_constants(std::uint64_t *in) const;

    /// Whether the module has such a pin.
    bool has(pin_kind kind) const
    {
        return !(*this)[kind].theirs.empty();
    }

  private:
    pin *find(const std::string &name);
    static std::string by_name(const pin &ours, const foreign_module &module);
    void connect(pin &ours, const foreign_module &module) const;
    void check_rest(const foreign_module &module) const;

    std::string block_;
    std::vector<pin> pins_;
    std::vector<tied_port> tied_;
    std::vector<std::string> mapped_; ///< pins named on the command line
};

} // namespace tessera
