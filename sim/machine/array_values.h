// SPDX-License-Identifier: Apache-2.0
/// @file
/// The array of a corelet with its values: mac_array or mac_array_os for any mode of a machine,
/// stepped as a whole.
#pragma once

#include "machine/arithmetic.h"
#include "machine/machine.h"
#include "machine/memory.h"
#include "systemc/packed.h"

#include <deque>
#include <optional>
#include <vector>

namespace tessera
{

/// Operands come out of an L0, results go to a store, where they leave. Sums are computed when
/// operands enter and leave when they would.
class array_values : public sc_core::sc_module
{
  public:
    array_values(sc_core::sc_module_name name, const ts_machine &machine, memory &l0,
                 store &results);

    /// A GEMM to come.
    void begin(const ts_gemm &gemm);

    /// One row of stationary operands, out of the window of b, to one of two sets.
    void load(const move &b, std::int64_t row);

    /// A slice: its operands in L0, and in which half its tile is.
    void start(const command &c);

    /// Operands of a group: a streamed row, or rows entry, entry + D and so on at a step of k.
    struct entering {
        std::int64_t group, entry;
    };

    /// A clock: what enters, if any does, and what leaves.
    void clock(const std::optional<entering> &operands);

    /// A row of an output-stationary tile leaves.
    void shift_out(int half, std::int64_t row);

    void trace(sc_core::sc_trace_file *file) const override;

    /// As at a mac_array: results of column c count c cycles after valid_o. 32 bits each; of more
    /// than fit a port, the first. Of an output-stationary array, the row that leaves.
    sc_core::sc_signal<bool> valid_o{"valid_o"};
    sc_core::sc_signal<packed> outer_o;
    sc_core::sc_signal<bool> enter_o{"enter_o"};         ///< operands enter
    sc_core::sc_signal<std::int64_t> group_o{"group_o"}; ///< which row, or step

  private:
    struct leaving_row {
        std::int64_t entered, index;
        std::vector<std::uint32_t> outer;
    };

    void enter_row(std::int64_t index);
    void enter_step(std::int64_t step, std::int64_t entry);
    void leave();
    void write(int half, std::int64_t row, std::int64_t n, std::uint32_t sum, packed &outer);
    std::uint64_t *acc_row(std::int64_t index);
    std::uint32_t *outer_row(std::int64_t index);

    const ts_machine machine_;
    const std::int64_t cols_, latency_; ///< mpes along n; from entry to column 0's result
    memory &l0_;
    store &results_;
    std::optional<gemm_arithmetic> arithmetic_;
    command slice_{};
    std::array<std::vector<std::uint16_t>, 2> stationary_; ///< [row][column][lane]
    std::vector<std::uint16_t> streamed_, top_;
    std::vector<std::uint64_t> acc_;                  ///< [row][column]
    std::array<std::vector<std::uint32_t>, 2> outer_; ///< of a tile
    std::deque<leaving_row> leaving_;
    std::int64_t now_ = 0;
};

} // namespace tessera
