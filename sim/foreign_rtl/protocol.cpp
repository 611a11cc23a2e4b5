// SPDX-License-Identifier: Apache-2.0
// Asks the descriptor.
#include "foreign_rtl/protocol.h"

namespace tessera
{

// The module's constants are no matter of the protocol.
ts_clock protocol::bend(std::size_t number, bool valid, std::vector<std::uint64_t> &in) const
{
    ts_clock kind =
        what_.layout.block->protocol(what_.layout.params, random_, number, valid, in.data());
    what_.pins.hold_constants(in.data());
    return kind;
}

bool protocol::allows(const std::vector<clock_in> &clocks, std::size_t first) const
{
    bool has_ended = false;
    for (std::size_t i = 0; exists() && i < clocks.size(); i++) {
        std::vector<std::uint64_t> in = clocks[i].in;
        ts_clock kind = has_ended ? TS_CLOCK_END : bend(i, clocks[i].valid, in);
        has_ended = kind == TS_CLOCK_END;
        bool is_same = clocks[i].valid == (kind == TS_CLOCK_VALID) && in == clocks[i].in;
        if (i >= first && !is_same)
            return false;
    }
    return true;
}

std::vector<bool> protocol::governed(std::size_t number) const
{
    std::vector<bool> is(static_cast<std::size_t>(what_.layout.in_words));
    if (!exists())
        return is;
    std::vector<std::uint64_t> low(is.size()), high(is.size(), 1);
    bend(number, false, low);
    bend(number, false, high);
    for (std::size_t i = 0; i < is.size(); i++)
        is[i] = low[i] == high[i];
    return is;
}

} // namespace tessera
