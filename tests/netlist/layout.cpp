// SPDX-License-Identifier: Apache-2.0
#include "netlist/layout.h"

#include <algorithm>

namespace tessera
{

layout::layout(const ts_block &block, const std::int64_t *params, ts_port_dir dir)
    : bits_(dir == TS_IN ? kInputs : kOutputs)
{
    for (int i = 0; i < block.n_ports; i++) {
        const ts_port &its = block.ports[i];
        if (its.dir != dir)
            continue;
        ports_.push_back({&its, bits_, ts_port_bits(&its, params), ts_port_count(&its, params)});
        bits_ += ports_.back().width * ports_.back().count;
    }
}

void put_bits(std::uint32_t *words, int first, int width, std::uint64_t value)
{
    while (width > 0) {
        int offset = first % 32;
        int n = std::min(width, 32 - offset);
        std::uint64_t part = value & ((std::uint64_t{1} << n) - 1);
        words[first / 32] |= static_cast<std::uint32_t>(part << offset);
        value >>= n;
        first += n;
        width -= n;
    }
}

} // namespace tessera
