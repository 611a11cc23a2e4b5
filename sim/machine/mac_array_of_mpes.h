// SPDX-License-Identifier: Apache-2.0
/// @file
/// mac_array in SystemC, mpe by mpe: slow, and the measure of the array stepped as a whole.
#pragma once

#include "machine/mac_array.h"
#include "machine/mpe.h"

#include <deque>
#include <memory>
#include <vector>

namespace tessera
{

class mac_array_of_mpes : public mac_array_module
{
  public:
    SC_HAS_PROCESS(mac_array_of_mpes);

    mac_array_of_mpes(sc_core::sc_module_name name, const std::int64_t *params);

    const mpe &unit(int r, int c) const;

  private:
    using wire = sc_core::sc_signal<packed>;
    using bit_wire = sc_core::sc_signal<bool>;

    struct cell {
        std::unique_ptr<mpe> unit;
        wire stream, weight, acc; ///< its outputs
        bit_wire valid;
    };

    /// What is under a column, and the wires into its top.
    struct column {
        std::vector<std::unique_ptr<cell>> cells;
        wire weight_in, acc_in;
        std::vector<packed> kept, outer;     ///< by row index
        std::deque<bool> valid;              ///< from the row's entry to its result
        std::vector<std::deque<packed>> bus; ///< per segment: outer adder, way to the next
        int top_index = 0, chunk_index = 0, end_index = 0;
    };

    void build_column(int c);
    void feed();
    void top();
    void on_clock();
    void clock_column(int c, bool entering);
    packed add_outer(const packed &outer, const packed &acc) const;
    packed slice(const packed &from, int first, int bits) const;
    packed operand(int row) const;
    bool is_zero(const packed &operand) const;

    int rows_, cols_, simd_, acc_bits_, outer_bits_, row_bits_, weight_bits_;
    int chunk_rows_, segments_, dot_stages_, acc_stages_, outer_stages_;
    bool keeps_, gates_;
    std::vector<std::int64_t> mpe_params_;
    std::vector<std::unique_ptr<column>> columns_;
    std::vector<std::unique_ptr<wire>> left_; ///< streams into column 0
    std::vector<std::deque<packed>> skew_;    ///< row r: AccStages * r cycles
    std::deque<bool> entering_;               ///< valid_i on its way along the top
    sc_core::sc_event edge_;                  ///< the registers have changed
    wire zero_acc_;
    bit_wire no_valid_;
};

} // namespace tessera
