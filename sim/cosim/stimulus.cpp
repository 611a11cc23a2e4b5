// SPDX-License-Identifier: Apache-2.0
// Random or exhaustive inputs of one configuration.
#include "cosim/stimulus.h"

#include <numeric>
#include <stdexcept>

namespace tessera
{

namespace
{

// One cycle in eight is idle.
constexpr std::uint64_t kIdleMask = 7;

// An odd factor permutes the indices, so that neighbours in time differ in many bits.
constexpr std::uint64_t kScatter = 0x9E3779B97F4A7C15;

constexpr int kMaxExhaustiveBits = 28;

} // namespace

stimulus::stimulus(const bench &bench, int config, std::uint64_t seed)
    : bench_(bench),
      params_(bench.configs[config].params), random_{seed + static_cast<std::uint64_t>(config)},
      exhaustive_(bench.configs[config].exhaustive)
{
    for (int i = 0; i < bench.block.n_ports; i++) {
        const ts_port &port = bench.block.ports[i];
        if (port.dir != TS_IN)
            continue;
        element_bits_.insert(element_bits_.end(),
                             static_cast<std::size_t>(ts_port_count(&port, params_)),
                             ts_port_bits(&port, params_));
    }
    input_bits_ = std::accumulate(element_bits_.begin(), element_bits_.end(), 0);
    if (exhaustive_ && input_bits_ > kMaxExhaustiveBits)
        throw std::invalid_argument("too many input bits for an exhaustive run");
}

bool stimulus::next(std::uint64_t *in)
{
    bool first = index_ == 0;
    bool valid = first || (ts_random_next(&random_) & kIdleMask) != 0;
    if (valid && index_++ < exhaustive_operations())
        enumerate(index_ * kScatter, in);
    else
        ts_random_inputs(&random_, &bench_.block, params_, in);
    if (first && exhaustive_operations() == 0)
        raise_control(in);
    bool governed = bench_.block.protocol && !bench_.block.own_timing;
    return governed ? follow_protocol(valid, in) : valid;
}

// Where a sequence ends nothing is under way, and the next one may follow without a reset.
bool stimulus::follow_protocol(bool valid, std::uint64_t *in)
{
    if (clock_ == 0)
        sequence_ = ts_random_next(&random_);
    ts_clock kind = bench_.block.protocol(params_, sequence_, clock_++, valid, in);
    if (kind == TS_CLOCK_END)
        clock_ = 0;
    return kind == TS_CLOCK_VALID;
}

// What has no reset starts unknown: the first operation, during reset, loads it.
void stimulus::raise_control(std::uint64_t *in) const
{
    for (int i = 0; i < bench_.block.n_ports; i++) {
        const ts_port &port = bench_.block.ports[i];
        if (port.dir == TS_IN && port.control)
            in[ts_port_first(&bench_.block, i, params_)] =
                (std::uint64_t{1} << ts_port_bits(&port, params_)) - 1;
    }
}

void stimulus::restart(std::uint64_t done)
{
    index_ = done;
    clock_ = 0;
}

void stimulus::enumerate(std::uint64_t index, std::uint64_t *in) const
{
    for (int bits : element_bits_) {
        *in++ = index & ((std::uint64_t{1} << bits) - 1);
        index >>= bits;
    }
}

} // namespace tessera
