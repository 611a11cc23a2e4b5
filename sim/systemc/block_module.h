// SPDX-License-Identifier: Apache-2.0
/// @file
/// The ports that every block has in SystemC, generated or hand-written.
#pragma once

#include "systemc/packed.h"
#include "tessera/block.h"

#include <systemc>

#include <vector>

namespace tessera
{

/// A port's place in the word arrays of ts_block::step.
struct port_layout {
    int first, count, bits;
};

/// The layouts of all input (output) ports, in the order of the port table.
std::vector<port_layout> port_layouts(const ts_block &block, ts_port_dir dir,
                                      const std::int64_t *params);

packed pack_words(const port_layout &layout, const std::uint64_t *words);
void unpack_words(const port_layout &layout, const packed &value, std::uint64_t *words);

class block_module : public sc_core::sc_module
{
  public:
    using in_port = sc_core::sc_in<packed>;
    using out_port = sc_core::sc_out<packed>;

    sc_core::sc_in_clk clk_i{"clk_i"};
    sc_core::sc_in<bool> rst_ni{"rst_ni"};
    sc_core::sc_in<bool> valid_i{"valid_i"};
    sc_core::sc_out<bool> valid_o{"valid_o"};

    /// The descriptor's ports, in its order, for benches that know no names.
    const std::vector<in_port *> &inputs() const
    {
        return inputs_;
    }

    const std::vector<out_port *> &outputs() const
    {
        return outputs_;
    }

  protected:
    explicit block_module(sc_core::sc_module_name name) : sc_core::sc_module(name)
    {
    }

    std::vector<in_port *> inputs_;
    std::vector<out_port *> outputs_;
};

} // namespace tessera
