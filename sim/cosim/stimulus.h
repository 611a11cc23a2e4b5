// SPDX-License-Identifier: Apache-2.0
/// @file
/// What goes into one configuration of a block, cycle by cycle.
#pragma once

#include "cosim/bench.h"
#include "tessera/vectors.h"

#include <vector>

namespace tessera
{

class stimulus
{
  public:
    stimulus(const bench &bench, int config, std::uint64_t seed);

    /// Fills `in` for the next cycle and returns its valid_i. An invalid cycle has inputs of its
    /// own, at which the block must not look. A block whose clocks depend on each other gets what
    /// its protocol allows, sequence after sequence, but for one with timing of its own.
    bool next(std::uint64_t *in);

    /// A reset: the operations after the first `done` ones are lost. An exhaustive run, which
    /// must not miss one, takes them up again.
    void restart(std::uint64_t done);

    /// Number of operations that exhaust the inputs, which come first; 0 when all are random.
    std::uint64_t exhaustive_operations() const
    {
        return exhaustive_ ? std::uint64_t{1} << input_bits_ : 0;
    }

  private:
    bool follow_protocol(bool valid, std::uint64_t *in);
    void raise_control(std::uint64_t *in) const;
    void enumerate(std::uint64_t index, std::uint64_t *in) const;

    const bench &bench_;
    const std::int64_t *params_;
    ts_random random_;
    bool exhaustive_;
    std::vector<int> element_bits_;
    int input_bits_ = 0;
    std::uint64_t index_ = 0;
    std::uint64_t sequence_ = 0, clock_ = 0; ///< of the protocol
};

} // namespace tessera
