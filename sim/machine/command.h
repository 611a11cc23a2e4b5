// SPDX-License-Identifier: Apache-2.0
/// @file
/// What a unit of a machine is started with: how much, and where it is.
#pragma once

#include <systemc>

#include <array>
#include <cstdint>
#include <ostream>
#include <string>

namespace tessera
{

/// Operands of a job: a store of each memory. Results are c; elementwise jobs read a and b, and
/// write c and d.
enum operand_index { OPERAND_A, OPERAND_B, OPERAND_C, OPERAND_D, OPERANDS };

/// A rectangle in a store: the element it begins with, elements from row to row, and which half.
struct window {
    std::int64_t first = 0, row = 0;
    int half = 0;

    bool operator==(const window &other) const
    {
        return first == other.first && row == other.row && half == other.half;
    }
};

/// Elements that go from one store to another. Corelets (of a DMA: cores) share it out: part (i, j)
/// begins i * part_rows rows and j * part_columns columns behind part (0, 0), in that memory of the
/// two which holds them all.
struct move {
    window from, to;
    std::int64_t rows = 0, columns = 0;
    std::int64_t part_rows = 0, part_columns = 0;

    bool operator==(const move &other) const
    {
        return from == other.from && to == other.to && rows == other.rows &&
               columns == other.columns && part_rows == other.part_rows &&
               part_columns == other.part_columns;
    }
};

/// Each kind of unit says what the amounts are, and which operands it moves.
struct command {
    std::array<std::int64_t, 4> amounts{};
    std::array<move, OPERANDS> moves{};
    std::int64_t k = 0; ///< the first k of a slice
    bool ends = false;  ///< K ends with this slice

    bool operator==(const command &other) const
    {
        return amounts == other.amounts && moves == other.moves && k == other.k &&
               ends == other.ends;
    }
};

std::ostream &operator<<(std::ostream &out, const command &c);
void sc_trace(sc_core::sc_trace_file *file, const command &c, const std::string &name);

} // namespace tessera
