// SPDX-License-Identifier: Apache-2.0
// The C model behind a delay line.
#include "cosim/golden.h"

namespace tessera
{

golden::golden(const ts_block &block, const std::int64_t *params)
    : golden(block, params, block.latency(params))
{
}

golden::golden(const ts_block &block, const std::int64_t *params, int latency)
    : block_(block), params_(params), state_(block.state_bytes ? block.state_bytes(params) : 0),
      pipeline_(static_cast<std::size_t>(latency) + 1)
{
    for (operation &op : pipeline_) {
        op.in.resize(static_cast<std::size_t>(ts_block_words(&block, TS_IN, params)));
        op.out.resize(static_cast<std::size_t>(ts_block_words(&block, TS_OUT, params)));
    }
}

void golden::clear()
{
    for (operation &op : pipeline_)
        op.valid = op.clocked = false;
    if (!state_.empty())
        block_.reset(params_, state_.data());
}

} // namespace tessera
