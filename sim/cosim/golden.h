// SPDX-License-Identifier: Apache-2.0
/// @file
/// What a block has to show in each cycle, from its C model and its latency.
#pragma once

#include "tessera/block.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tessera
{

/// An operation on its way from the inputs to the outputs.
struct operation {
    bool valid = false;
    bool clocked = false; ///< of a block with state: the clock was out of reset
    std::vector<std::uint64_t> in, out;
};

/// The C model behind a delay of the block's latency.
///
/// A cycle is: fill inputs(), step(), compare with due(), clock().
/// The small members are inline, for they run some ten million times in each test.
class golden
{
  public:
    golden(const ts_block &block, const std::int64_t *params);

    /// Behind another latency than the block's own.
    golden(const ts_block &block, const std::int64_t *params, int latency);

    std::uint64_t *inputs()
    {
        return pipeline_[now_].in.data();
    }

    /// Runs this cycle's operation.
    void step(bool reset, bool valid)
    {
        operation &op = pipeline_[now_];
        bool has_state = !state_.empty();
        op.valid = false;
        op.clocked = has_state && !reset;
        if (has_state ? !reset : valid)
            op.valid = block_.step(params_, has_state ? state_.data() : nullptr, valid,
                                   op.in.data(), op.out.data());
    }

    /// The operation of this cycle's inputs.
    const operation &present() const
    {
        return pipeline_[now_];
    }

    /// What the outputs are due to show in this cycle.
    const operation &due() const
    {
        return pipeline_[after(now_)];
    }

    /// The operation of so many cycles ago, at most the latency.
    const operation &ago(int cycles) const
    {
        auto back = static_cast<std::size_t>(cycles);
        return pipeline_[now_ >= back ? now_ - back : now_ + pipeline_.size() - back];
    }

    /// The rising edge; in reset it empties the pipeline.
    void clock(bool reset)
    {
        if (reset)
            clear();
        now_ = after(now_);
    }

  private:
    void clear();

    std::size_t after(std::size_t slot) const
    {
        return slot + 1 == pipeline_.size() ? 0 : slot + 1;
    }

    const ts_block &block_;
    const std::int64_t *params_;
    std::vector<std::byte> state_;
    std::vector<operation> pipeline_; ///< a ring, one slot longer than the latency
    std::size_t now_ = 0;
};

} // namespace tessera
