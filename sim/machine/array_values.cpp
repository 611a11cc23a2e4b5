// SPDX-License-Identifier: Apache-2.0
// Rows and steps of an array with values.
#include "machine/array_values.h"

#include <algorithm>

namespace tessera
{

namespace
{

std::size_t index_of(std::int64_t i)
{
    return static_cast<std::size_t>(i);
}

// Mpes along n, from the skew that they add.
std::int64_t cols_of(const ts_machine &m)
{
    return m.skew + 2 - (m.output_stationary ? 1 : m.add) * m.rows;
}

constexpr int kResultBits = 32;

packed results_of(std::int64_t columns)
{
    const std::int64_t fit = packed::kMaxBits / kResultBits;
    return packed(static_cast<int>(std::min(columns, fit)) * kResultBits);
}

} // namespace

array_values::array_values(sc_core::sc_module_name name, const ts_machine &machine, memory &l0,
                           store &results)
    : sc_core::sc_module(name), outer_o("outer_o", results_of(machine.columns)), machine_(machine),
      cols_(cols_of(machine)), latency_(machine.add * machine.rows + machine.drain - 1), l0_(l0),
      results_(results)
{
}

void array_values::begin(const ts_gemm &gemm)
{
    const ts_machine &m = machine_;
    arithmetic_.emplace(gemm, m.mode);
    const std::size_t rows = index_of(m.output_stationary ? m.rows * m.add : m.depth);
    acc_.assign(rows * index_of(m.columns), 0);
    for (auto &each : outer_)
        each.assign(acc_.size(), 0);
    for (auto &each : stationary_)
        each.assign(index_of(m.rows * m.columns * m.lanes), 0);
    streamed_.assign(index_of(m.rows * m.lanes), 0);
    top_.assign(index_of(m.columns * m.lanes), 0);
    leaving_.clear();
}

void array_values::load(const move &b, std::int64_t row)
{
    std::uint16_t *to =
        stationary_[index_of(b.to.half)].data() + row * machine_.columns * machine_.lanes;
    for (std::int64_t n = 0; n < b.columns; n++)
        for (std::int64_t l = 0; l < machine_.lanes; l++) {
            const std::int64_t k = row * machine_.lanes + l;
            const std::uint32_t code =
                k < b.rows ? l0_[OPERAND_B].read(b.from.half, b.from.first + k * b.from.row + n)
                           : 0;
            to[n * machine_.lanes + l] = arithmetic_->operand_b(code);
        }
}

void array_values::start(const command &c)
{
    slice_ = c;
}

void array_values::clock(const std::optional<entering> &operands)
{
    now_++;
    enter_o.write(operands.has_value());
    if (operands) {
        group_o.write(operands->group);
        if (machine_.output_stationary)
            enter_step(operands->group, operands->entry);
        else
            enter_row(operands->group);
    }
    if (!machine_.output_stationary)
        leave();
}

// Rows of a weight-stationary array, column by column of mpes.
void array_values::leave()
{
    packed outer = results_of(machine_.columns);
    const std::int64_t simd = machine_.columns / cols_;
    bool valid = false;
    for (const leaving_row &each : leaving_) {
        const std::int64_t column = now_ - each.entered - latency_;
        if (column < 0)
            break;
        for (std::int64_t n = column * simd; n < (column + 1) * simd; n++)
            write(slice_.moves[OPERAND_C].to.half, each.index, n, each.outer[index_of(n)], outer);
        valid = valid || column == 0;
    }
    while (!leaving_.empty() && now_ - leaving_.front().entered - latency_ == cols_ - 1)
        leaving_.pop_front();
    results_.show();
    valid_o.write(valid);
    outer_o.write(outer);
}

void array_values::write(int half, std::int64_t row, std::int64_t n, std::uint32_t sum,
                         packed &outer)
{
    results_.write(half, row * machine_.columns + n, sum);
    const auto bit = static_cast<int>(n) * kResultBits;
    if (bit < outer.bits())
        outer.set(bit, kResultBits, sum);
}

std::uint64_t *array_values::acc_row(std::int64_t index)
{
    return acc_.data() + index * machine_.columns;
}

std::uint32_t *array_values::outer_row(std::int64_t index)
{
    return outer_[index_of(slice_.moves[OPERAND_C].to.half)].data() + index * machine_.columns;
}

// Past all rows of the array, with its chunks as they end.
void array_values::enter_row(std::int64_t index)
{
    const move &a = slice_.moves[OPERAND_A], &b = slice_.moves[OPERAND_B];
    const std::int64_t lanes = machine_.lanes, ks = machine_.rows * lanes;
    const std::int64_t chunk = arithmetic_->chunk();
    for (std::int64_t k = 0; k < ks; k++) {
        const std::int64_t at = a.from.first + index * a.from.row + k;
        streamed_[index_of(k)] =
            arithmetic_->operand_a(k < a.columns ? l0_[OPERAND_A].read(a.from.half, at) : 0);
    }
    const bool open = slice_.k % chunk != 0, first = slice_.k < chunk;
    const bool close = slice_.ends || (slice_.k + ks) % chunk == 0;
    const std::int64_t chunk_rows = std::min(machine_.rows, chunk / lanes);
    const std::uint16_t *stationary = stationary_[index_of(b.from.half)].data();
    for (std::int64_t n = 0; n < b.columns; n++) {
        std::uint64_t acc = open ? acc_row(index)[n] : 0;
        std::uint32_t sum = first ? 0 : outer_row(index)[n];
        for (std::int64_t r = 0; r < machine_.rows; r++) {
            acc = arithmetic_->add(streamed_.data() + r * lanes,
                                   stationary + (r * machine_.columns + n) * lanes, acc);
            if (!close || (r + 1) % chunk_rows != 0)
                continue;
            sum = arithmetic_->add_outer(sum, acc);
            acc = 0;
        }
        acc_row(index)[n] = acc;
        outer_row(index)[n] = sum;
    }
    if (slice_.ends)
        leaving_.push_back({now_, index, {outer_row(index), outer_row(index) + machine_.columns}});
}

void array_values::enter_step(std::int64_t step, std::int64_t entry)
{
    const move &a = slice_.moves[OPERAND_A], &b = slice_.moves[OPERAND_B];
    const std::int64_t lanes = machine_.lanes, k0 = step * lanes, k = slice_.k + k0;
    const std::int64_t chunk = arithmetic_->chunk();
    const bool close = (k + lanes) % chunk == 0 || (slice_.ends && k0 + lanes >= a.columns);
    const auto code = [&](operand_index operand, const window &from, std::int64_t at) {
        return l0_[operand].read(from.half, from.first + at);
    };
    for (std::int64_t n = 0; entry == 0 && n < b.columns; n++)
        for (std::int64_t l = 0; l < lanes; l++)
            top_[index_of(n * lanes + l)] = arithmetic_->operand_b(
                k0 + l < b.rows ? code(OPERAND_B, b.from, (k0 + l) * b.from.row + n) : 0);
    for (std::int64_t row = entry; row < a.rows; row += machine_.add) {
        for (std::int64_t l = 0; l < lanes; l++)
            streamed_[index_of(l)] = arithmetic_->operand_a(
                k0 + l < a.columns ? code(OPERAND_A, a.from, row * a.from.row + k0 + l) : 0);
        for (std::int64_t n = 0; n < b.columns; n++) {
            std::uint64_t &acc = acc_row(row)[n];
            acc = arithmetic_->add(streamed_.data(), top_.data() + n * lanes, acc);
            if (!close)
                continue;
            const std::uint32_t sum = k < chunk ? 0 : outer_row(row)[n];
            outer_row(row)[n] = arithmetic_->add_outer(sum, acc);
            acc = 0;
        }
    }
}

void array_values::shift_out(int half, std::int64_t row)
{
    const std::uint32_t *sums = outer_[index_of(half)].data() + row * machine_.columns;
    packed outer = results_of(machine_.columns);
    for (std::int64_t n = 0; n < machine_.columns; n++)
        write(half, row, n, sums[n], outer);
    results_.show();
    outer_o.write(outer);
}

void array_values::trace(sc_core::sc_trace_file *file) const
{
    const std::string top = name();
    sc_core::sc_trace(file, enter_o, top + ".enter_o");
    sc_core::sc_trace(file, group_o, top + ".group_o");
    sc_core::sc_trace(file, valid_o, top + ".valid_o");
    sc_core::sc_trace(file, outer_o, top + ".outer_o");
}

} // namespace tessera
