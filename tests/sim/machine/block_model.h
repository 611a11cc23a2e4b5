// SPDX-License-Identifier: Apache-2.0
// A block's C model with its ports by name.
#pragma once

#include "tessera/block.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

class block_model
{
  public:
    block_model(const ts_block &block, const std::int64_t *params)
        : block_(block), params_(params), in_(words(TS_IN)), out_(words(TS_OUT)),
          state_(block.state_bytes(params))
    {
        block.reset(params, state_.data());
    }

    void set(const char *port, const std::vector<std::int64_t> &values)
    {
        const std::size_t at = first(port, TS_IN);
        for (std::size_t i = 0; i < values.size(); i++)
            in_[at + i] = static_cast<std::uint64_t>(values[i]);
    }

    /// Whether it yields.
    bool clock(bool valid)
    {
        return block_.step(params_, state_.data(), valid, in_.data(), out_.data());
    }

    std::int64_t get(const char *port, std::size_t element = 0) const
    {
        return static_cast<std::int64_t>(out_[first(port, TS_OUT) + element]);
    }

  private:
    std::size_t words(ts_port_dir dir) const
    {
        return static_cast<std::size_t>(ts_block_words(&block_, dir, params_));
    }

    std::size_t first(const std::string &name, ts_port_dir dir) const
    {
        for (int i = 0; i < block_.n_ports; i++)
            if (block_.ports[i].name == name && block_.ports[i].dir == dir)
                return static_cast<std::size_t>(ts_port_first(&block_, i, params_));
        ADD_FAILURE() << name;
        return 0;
    }

    const ts_block &block_;
    const std::int64_t *params_;
    std::vector<std::uint64_t> in_, out_;
    std::vector<std::byte> state_;
};
