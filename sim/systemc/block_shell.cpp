// SPDX-License-Identifier: Apache-2.0
// The C model of a block behind a delay line, in SystemC.
#include "systemc/block_shell.h"

#include <algorithm>
#include <utility>

namespace tessera
{

block_shell::block_shell(sc_core::sc_module_name name, const ts_block &block,
                         const std::int64_t *params)
    : block_module(name), block_(block), params_(params, params + TS_MAX_PARAMS),
      in_layouts_(port_layouts(block, TS_IN, params)),
      out_layouts_(port_layouts(block, TS_OUT, params)),
      in_(static_cast<std::size_t>(ts_block_words(&block, TS_IN, params))),
      state_(block.state_bytes ? block.state_bytes(params) : 0), latency_(block.latency(params))
{
    delay_.resize(static_cast<std::size_t>(std::max(latency_, 1)));
    for (result &each : delay_)
        each.out.resize(static_cast<std::size_t>(ts_block_words(&block, TS_OUT, params)));
    reset_state();
}

void block_shell::connect(std::vector<in_port *> inputs, std::vector<out_port *> outputs)
{
    inputs_ = std::move(inputs);
    outputs_ = std::move(outputs);
    if (latency_ > 0) {
        SC_METHOD(on_clock);
        sensitive << clk_i.pos();
        dont_initialize();
        return;
    }
    SC_METHOD(on_input);
    sensitive << valid_i;
    for (in_port *port : inputs_)
        sensitive << *port;
}

void block_shell::on_clock()
{
    if (rst_ni.read()) {
        compute(delay_[now_]);
    } else {
        reset_state();
        for (result &each : delay_)
            each.valid = false;
    }
    now_ = (now_ + 1) % delay_.size();
    show(delay_[now_]);
}

void block_shell::on_input()
{
    compute(delay_[now_]);
    show(delay_[now_]);
}

void block_shell::compute(result &to)
{
    bool valid = valid_i.read();
    to.valid = false;
    if (!valid && state_.empty())
        return;
    for (std::size_t i = 0; i < inputs_.size(); i++)
        unpack_words(in_layouts_[i], inputs_[i]->read(), in_.data());
    auto *step = block_.fast_step ? block_.fast_step : block_.step;
    to.valid = step(params_.data(), state_.empty() ? nullptr : state_.data(), valid, in_.data(),
                    to.out.data());
}

void block_shell::show(const result &from)
{
    valid_o.write(from.valid);
    for (std::size_t i = 0; from.valid && i < outputs_.size(); i++)
        outputs_[i]->write(pack_words(out_layouts_[i], from.out.data()));
}

void block_shell::reset_state()
{
    if (!state_.empty())
        block_.reset(params_.data(), state_.data());
}

} // namespace tessera
