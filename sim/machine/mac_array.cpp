// SPDX-License-Identifier: Apache-2.0
// The whole array: arithmetic when a row enters, results when they leave.
#include "machine/mac_array.h"

extern "C" const struct ts_block ts_block_mac_array;

namespace tessera
{

mac_array_module::mac_array_module(sc_core::sc_module_name name, const std::int64_t *params)
    : block_module(name), params_(params, params + TS_MAX_PARAMS)
{
    inputs_ = {&load_i,   &weight_i, &stream_i, &swap_i,  &a_unsigned_i, &fp4_i,
               &escale_i, &open_i,   &close_i,  &first_i, &last_i};
    outputs_ = {&outer_o};
}

int mac_array_module::parameter(const char *name) const
{
    return static_cast<int>(
        params_[static_cast<std::size_t>(ts_block_param(&ts_block_mac_array, name))]);
}

mac_array::mac_array(sc_core::sc_module_name name, const std::int64_t *params)
    : mac_array_module(name, params), in_layouts_(port_layouts(ts_block_mac_array, TS_IN, params)),
      outer_(port_layouts(ts_block_mac_array, TS_OUT, params)[0]), cols_(parameter("Cols")),
      simd_(parameter("Simd")), latency_(ts_block_mac_array.latency(params)),
      in_(static_cast<std::size_t>(ts_block_words(&ts_block_mac_array, TS_IN, params))),
      state_(ts_block_mac_array.state_bytes(params)),
      rows_(static_cast<std::size_t>(latency_ + cols_))
{
    for (row &each : rows_)
        each.outer.resize(static_cast<std::size_t>(outer_.count));
    ts_block_mac_array.reset(params, state_.data());
    SC_METHOD(on_clock);
    sensitive << clk_i.pos();
    dont_initialize();
}

const mac_array::row &mac_array::rows_ago(int cycles) const
{
    auto size = static_cast<int>(rows_.size());
    return rows_[static_cast<std::size_t>((now_ - cycles + size) % size)];
}

void mac_array::on_clock()
{
    row &entering = rows_[static_cast<std::size_t>(now_)];
    entering.valid = false;
    if (rst_ni.read()) {
        for (std::size_t i = 0; i < inputs_.size(); i++)
            unpack_words(in_layouts_[i], inputs_[i]->read(), in_.data());
        entering.valid = ts_block_mac_array.fast_step(params_.data(), state_.data(), valid_i.read(),
                                                      in_.data(), entering.outer.data());
    } else {
        ts_block_mac_array.reset(params_.data(), state_.data());
        for (row &each : rows_)
            each.valid = false;
    }

    // What the registers show after this edge has entered latency - 1 cycles before it.
    packed outer(outer_.count * outer_.bits);
    for (int c = 0; c < cols_; c++) {
        const row &leaving = rows_ago(latency_ - 1 + c);
        for (int s = c * simd_; s < (c + 1) * simd_; s++)
            outer.set(s * outer_.bits, outer_.bits, leaving.outer[static_cast<std::size_t>(s)]);
    }
    valid_o.write(rows_ago(latency_ - 1).valid);
    outer_o.write(outer);
    now_ = (now_ + 1) % static_cast<int>(rows_.size());
}

} // namespace tessera
