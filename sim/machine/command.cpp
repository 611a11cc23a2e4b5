// SPDX-License-Identifier: Apache-2.0
// Commands as text and as waveforms.
#include "machine/command.h"

namespace tessera
{

std::ostream &operator<<(std::ostream &out, const command &c)
{
    for (const std::int64_t amount : c.amounts)
        out << amount << ' ';
    return out;
}

void sc_trace(sc_core::sc_trace_file *file, const command &c, const std::string &name)
{
    for (std::size_t i = 0; i < c.amounts.size(); i++)
        sc_core::sc_trace(file, c.amounts[i], name + "_" + std::to_string(i));
    for (std::size_t i = 0; i < c.moves.size(); i++) {
        const std::string operand = name + "_" + std::string(1, static_cast<char>('a' + i)) + "_";
        sc_core::sc_trace(file, c.moves[i].from.first, operand + "from");
        sc_core::sc_trace(file, c.moves[i].from.half, operand + "from_half");
        sc_core::sc_trace(file, c.moves[i].to.first, operand + "to");
        sc_core::sc_trace(file, c.moves[i].to.half, operand + "to_half");
    }
}

} // namespace tessera
