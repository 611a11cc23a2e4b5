// SPDX-License-Identifier: Apache-2.0
// Strides. All matrices are row by row: A [m][k], B [k][n], C [m][n], in DRAM all of them, in L1
// the block's part of a core, in L0 the slice of a corelet.
#include "machine/addresses.h"

namespace tessera
{

namespace
{

std::int64_t parts_of(std::int64_t length, std::int64_t part)
{
    return (length + part - 1) / part;
}

} // namespace

void address_generator::begin(ts_mnk shape, const ts_parts &parts, std::int64_t columns)
{
    shape_ = shape;
    parts_ = parts;
    columns_ = columns;
}

std::int64_t address_generator::rows_of_corelet(const block &b) const
{
    return parts_of(b.size.m, parts_.m);
}

std::int64_t address_generator::columns_of_corelet(const block &b) const
{
    return parts_of(b.size.n, parts_.n);
}

std::int64_t address_generator::columns_of_core(const block &b) const
{
    return parts_.core_n * columns_of_corelet(b);
}

int address_generator::l0_half(const slice &s) const
{
    return fault_ == fault::half ? 0 : s.half;
}

move address_generator::read_a(const block &b) const
{
    const bool shared = parts_.m > parts_.core_m;
    return {{b.at.m * shape_.k + b.at.k, shape_.k, 0},
            {0, b.size.k, b.half[OPERAND_A]},
            b.size.m,
            b.size.k,
            shared ? parts_.core_m * rows_of_corelet(b) : 0,
            0};
}

move address_generator::read_b(const block &b) const
{
    const bool shared = parts_.n > parts_.core_n;
    const std::int64_t row = shape_.n + (fault_ == fault::stride);
    return {{b.at.k * row + b.at.n, row, 0},
            {0, columns_of_core(b), b.half[OPERAND_B]},
            b.size.k,
            b.size.n,
            0,
            shared ? columns_of_core(b) : 0};
}

move address_generator::write_c(const block &b) const
{
    const bool rows = parts_.m > parts_.core_m, columns = parts_.n > parts_.core_n;
    return {{0, columns_of_core(b), b.half[OPERAND_C]},
            {b.at.m * shape_.n + b.at.n, shape_.n, 0},
            b.size.m,
            b.size.n,
            rows ? parts_.core_m * rows_of_corelet(b) : 0,
            columns ? columns_of_core(b) : 0};
}

move address_generator::fill_a(const block &b, const slice &s) const
{
    return {{s.at.m * b.size.k + s.at.k, b.size.k, b.half[OPERAND_A]},
            {0, s.size.k, l0_half(s)},
            s.size.m,
            s.size.k,
            rows_of_corelet(b),
            0};
}

move address_generator::fill_b(const block &b, const slice &s) const
{
    return {{s.at.k * columns_of_core(b) + s.at.n, columns_of_core(b), b.half[OPERAND_B]},
            {0, s.size.n, l0_half(s)},
            s.size.k,
            s.size.n,
            0,
            columns_of_corelet(b)};
}

command address_generator::enter(const block &b, const slice &s, int tile) const
{
    command c;
    const int half = l0_half(s);
    c.moves[OPERAND_A] = {{0, s.size.k, half}, {}, s.size.m, s.size.k, 0, 0};
    c.moves[OPERAND_B] = {{0, s.size.n, half}, {0, 0, s.half}, s.size.k, s.size.n, 0, 0};
    c.moves[OPERAND_C].to = {0, columns_, tile};
    c.k = b.at.k + s.at.k;
    c.ends = s.last && b.yields;
    return c;
}

move address_generator::results(const block &b, const slice &s, int tile) const
{
    return {{0, columns_, tile},
            {s.at.m * columns_of_core(b) + s.at.n, columns_of_core(b), b.half[OPERAND_C]},
            s.size.m,
            s.size.n,
            rows_of_corelet(b),
            columns_of_corelet(b)};
}

move address_generator::elements(const block &b, operand_index operand, bool reads,
                                 std::int64_t of_core)
{
    const window dram = {b.at.m, 0, 0}, l1 = {0, 0, b.half[operand]};
    return {reads ? dram : l1, reads ? l1 : dram, 1, b.size.m, 0, of_core};
}

move address_generator::elements(const block &b, operand_index operand, std::int64_t of_corelet)
{
    const window l1 = {0, 0, b.half[operand]};
    return {l1, l1, 1, b.size.m, 0, of_corelet};
}

} // namespace tessera
