// SPDX-License-Identifier: Apache-2.0
// SystemC as a guest: no clock of its own, one simulated nanosecond a cycle.
#include "replay/tiles/systemc_arrays.h"

#include "systemc/context.h"

extern "C" const struct ts_block ts_block_mac_array;

namespace tessera
{

systemc_array::systemc_array(std::unique_ptr<block_module> module, const ts_block &block,
                             const std::int64_t *params)
    : in_layouts_(port_layouts(block, TS_IN, params)),
      out_layout_(port_layouts(block, TS_OUT, params)[0]), in_(in_layouts_.size()),
      module_(std::move(module))
{
    module_->clk_i(clk_);
    module_->rst_ni(rst_n_);
    module_->valid_i(valid_i_);
    module_->valid_o(valid_o_);
    (*module_->outputs()[0])(outer_o_);
    for (std::size_t i = 0; i < in_.size(); i++) {
        (*module_->inputs()[i])(in_[i]);
        in_[i] = packed(in_layouts_[i].count * in_layouts_[i].bits);
    }
}

void systemc_array::rise()
{
    clk_ = true;
}

void systemc_array::drive(bool reset, bool valid, const std::uint64_t *in)
{
    clk_ = false;
    rst_n_ = !reset;
    valid_i_ = valid;
    for (std::size_t i = 0; i < in_.size(); i++)
        in_[i] = pack_words(in_layouts_[i], in);
}

bool systemc_array::observe(std::uint64_t *outer) const
{
    if (outer_o_.read().bits())
        unpack_words(out_layout_, outer_o_.read(), outer);
    return valid_o_;
}

systemc_arrays::systemc_arrays(const std::int64_t *params)
    : context_(std::make_unique<sc_core::sc_simcontext>())
{
    in_context here(context_.get());
    whole_ = std::make_unique<systemc_array>(std::make_unique<mac_array>("whole", params),
                                             ts_block_mac_array, params);
    auto mpes = std::make_unique<mac_array_of_mpes>("of_mpes", params);
    mpes_ = mpes.get();
    of_mpes_ = std::make_unique<systemc_array>(std::move(mpes), ts_block_mac_array, params);
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
}

systemc_arrays::~systemc_arrays()
{
    in_context here(context_.get());
    whole_.reset();
    of_mpes_.reset();
}

void systemc_arrays::step(bool reset, bool valid, const std::uint64_t *in, bool with_mpes)
{
    in_context here(context_.get());
    whole_->rise();
    if (with_mpes)
        of_mpes_->rise();
    // The edge takes the inputs of the cycle before, then come those of this one.
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
    whole_->drive(reset, valid, in);
    if (with_mpes)
        of_mpes_->drive(reset, valid, in);
    sc_core::sc_start(1, sc_core::SC_NS);
}

} // namespace tessera
