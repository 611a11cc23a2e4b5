// SPDX-License-Identifier: Apache-2.0
// mpe, cycle by cycle.
#include "machine/mpe.h"

#include "tessera/arith.h"

extern "C" const struct ts_block ts_block_mpe;

namespace tessera
{

namespace
{

std::size_t parameter(const std::int64_t *params, const char *name)
{
    return static_cast<std::size_t>(params[ts_block_param(&ts_block_mpe, name)]);
}

bool bit(const block_module::in_port &port)
{
    return port->read().get(0, 1) != 0;
}

} // namespace

mpe::mpe(sc_core::sc_module_name name, const std::int64_t *params)
    : block_module(name), params_(params, params + TS_MAX_PARAMS),
      products_(parameter(params, "DotStages")), sums_(parameter(params, "AccStages"))
{
    std::vector<port_layout> out = port_layouts(ts_block_mpe, TS_OUT, params);
    acc_ = {0, out[0].count, out[0].bits};
    stream_ = {0, out[1].count, out[1].bits};
    weight_ = {0, out[2].count, out[2].bits};
    stationary_ = packed(weight_.count * weight_.bits);

    inputs_ = {&load_i, &weight_i, &stream_i, &swap_i, &a_unsigned_i, &mode_i, &escale_i, &acc_i};
    outputs_ = {&acc_o, &stream_o, &weight_o};
    SC_METHOD(on_clock);
    sensitive << clk_i.pos();
    dont_initialize();
}

void mpe::on_clock()
{
    operation op;
    op.valid = valid_i.read();
    op.stream = stream_i.read();
    op.stationary = stationary_;
    op.swap = bit(swap_i);
    op.a_unsigned = bit(a_unsigned_i);
    op.fp4 = bit(mode_i);
    op.floating = mode_i.read().get(1, 1) != 0;
    op.escale = static_cast<int>(ts_sign_extend(escale_i.read().get(0, 7), 7));
    products_.push_back(op);

    // The products of DotStages cycles ago meet today's acc.
    const operation &due = products_.front();
    sums_.push_back({due.valid, accumulate(due)});
    products_.pop_front();
    sums_.pop_front();

    // Reset clears valid bits, not data.
    if (!rst_ni.read()) {
        for (operation &each : products_)
            each.valid = false;
        for (sums &each : sums_)
            each.valid = false;
    }
    if (bit(load_i))
        stationary_ = weight_i.read();

    valid_o.write(sums_.front().valid);
    acc_o.write(sums_.front().acc);
    stream_o.write(stream_i.read());
    weight_o.write(stationary_);
}

packed mpe::accumulate(const operation &op) const
{
    std::vector<std::uint64_t> stationary(static_cast<std::size_t>(weight_.count));
    std::vector<std::uint64_t> stream(static_cast<std::size_t>(stream_.count));
    std::vector<std::uint64_t> acc(static_cast<std::size_t>(acc_.count));
    if (op.stream.bits() == 0 || acc_i.read().bits() == 0) // before the first edges
        return packed(acc_.count * acc_.bits);
    unpack_words(weight_, op.stationary, stationary.data());
    unpack_words(stream_, op.stream, stream.data());
    unpack_words(acc_, acc_i.read(), acc.data());
    ts_mpe_mode mode = {op.swap, op.a_unsigned, op.fp4, op.escale, op.floating};
    for (std::size_t s = 0; s < acc.size(); s++)
        acc[s] = ts_mpe_slice(params_.data(), &mode, &stationary[s * stream.size()], stream.data(),
                              acc[s]);
    return pack_words(acc_, acc.data());
}

} // namespace tessera
