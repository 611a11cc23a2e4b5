// SPDX-License-Identifier: Apache-2.0
/// @file
/// The SystemC body of every block that has no timing of its own: the C model and a delay.
#pragma once

#include "systemc/block_module.h"

#include <cstddef>

namespace tessera
{

/// Calls ts_block::step and adds only time: the result shows `latency` cycles later.
class block_shell : public block_module
{
  public:
    SC_HAS_PROCESS(block_shell);

  protected:
    block_shell(sc_core::sc_module_name name, const ts_block &block, const std::int64_t *params);

    /// Called by the generated module with its ports in the descriptor's order.
    void connect(std::vector<in_port *> inputs, std::vector<out_port *> outputs);

  private:
    struct result {
        bool valid = false;
        std::vector<std::uint64_t> out;
    };

    void on_clock();
    void on_input();
    void compute(result &to);
    void show(const result &from);
    void reset_state();

    const ts_block &block_;
    std::vector<std::int64_t> params_;
    std::vector<port_layout> in_layouts_, out_layouts_;
    std::vector<std::uint64_t> in_;
    std::vector<std::byte> state_;
    std::vector<result> delay_; ///< a ring of `latency` results; one when combinational
    std::size_t now_ = 0;
    int latency_;
};

} // namespace tessera
