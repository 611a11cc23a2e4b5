// SPDX-License-Identifier: Apache-2.0
// An array wired from mpe modules, with its skew, kept inner sums and outer sums.
#include "machine/mac_array_of_mpes.h"

#include "core/block_common.h"

#include <algorithm>

extern "C" const struct ts_block ts_block_mac_array;
extern "C" const struct ts_block ts_block_mpe;

namespace tessera
{

namespace
{

bool bit(const block_module::in_port &port)
{
    return port->read().get(0, 1) != 0;
}

} // namespace

mac_array_of_mpes::mac_array_of_mpes(sc_core::sc_module_name name, const std::int64_t *params)
    : mac_array_module(name, params), rows_(parameter("Rows")), cols_(parameter("Cols")),
      simd_(parameter("Simd")),
      acc_bits_(ts_acc_bits(parameter("Modes"), parameter("Chunk"), parameter("Variant"))),
      outer_bits_(ts_format_bits(ts_outer_format(parameter("Outer")))),
      row_bits_(parameter("Lanes") * ts_operand_bits(parameter("Modes"))),
      weight_bits_(simd_ * row_bits_),
      chunk_rows_(std::min(rows_, parameter("Chunk") / parameter("Lanes"))),
      segments_(rows_ / chunk_rows_), dot_stages_(parameter("DotStages")),
      acc_stages_(parameter("AccStages")), outer_stages_(parameter("OuterStages")),
      keeps_(rows_ * parameter("Lanes") < parameter("Chunk")), gates_(parameter("ZeroGate")),
      mpe_params_(TS_MAX_PARAMS)
{
    ts_block_part_params(&ts_block_mac_array, params, &ts_block_mpe, mpe_params_.data());
    for (int r = 0; r < rows_; r++) {
        left_.push_back(std::make_unique<wire>());
        skew_.emplace_back(static_cast<std::size_t>(acc_stages_ * r), packed(row_bits_));
    }
    entering_.assign(static_cast<std::size_t>(cols_), false);
    zero_acc_.write(packed(simd_ * acc_bits_));
    for (int c = 0; c < cols_; c++)
        build_column(c);

    SC_METHOD(feed);
    sensitive << stream_i << weight_i << swap_i << fp4_i;
    SC_METHOD(top);
    sensitive << open_i;
    sensitive << edge_;
    SC_METHOD(on_clock);
    sensitive << clk_i.pos();
    dont_initialize();
}

const mpe &mac_array_of_mpes::unit(int r, int c) const
{
    const auto &cells = columns_.at(static_cast<std::size_t>(c))->cells;
    return *cells.at(static_cast<std::size_t>(r))->unit;
}

void mac_array_of_mpes::build_column(int c)
{
    columns_.push_back(std::make_unique<column>());
    column &self = *columns_.back();
    auto depth = static_cast<std::size_t>(parameter("Depth"));
    self.kept.assign(depth, packed(simd_ * acc_bits_));
    self.outer.assign(depth, packed(simd_ * outer_bits_));
    int stages = dot_stages_ + acc_stages_ * rows_ + outer_stages_;
    self.valid.assign(static_cast<std::size_t>(stages), false);
    for (int q = 0; q < segments_; q++) {
        int way = q + 1 < segments_ ? acc_stages_ * chunk_rows_ : outer_stages_;
        self.bus.emplace_back(static_cast<std::size_t>(way), packed(simd_ * outer_bits_));
    }

    for (int r = 0; r < rows_; r++) {
        self.cells.push_back(std::make_unique<cell>());
        cell &here = *self.cells.back();
        std::string name = "mpe_" + std::to_string(r) + "_" + std::to_string(c);
        here.unit = std::make_unique<mpe>(name.c_str(), mpe_params_.data());
        mpe &unit = *here.unit;
        auto row = static_cast<std::size_t>(r);
        cell *above = r > 0 ? self.cells[row - 1].get() : nullptr;
        cell *before =
            c > 0 ? columns_[static_cast<std::size_t>(c - 1)]->cells[row].get() : nullptr;
        unit.clk_i(clk_i);
        unit.rst_ni(rst_ni);
        unit.valid_i(no_valid_);
        unit.valid_o(here.valid);
        unit.load_i(load_i);
        unit.weight_i(above ? above->weight : self.weight_in);
        unit.stream_i(before ? before->stream : *left_[row]);
        unit.swap_i(swap_i);
        unit.a_unsigned_i(a_unsigned_i);
        unit.mode_i(fp4_i);
        unit.escale_i(escale_i);
        unit.acc_i(!above ? self.acc_in : r % chunk_rows_ == 0 ? zero_acc_ : above->acc);
        unit.acc_o(here.acc);
        unit.stream_o(here.stream);
        unit.weight_o(here.weight);
    }
}

packed mac_array_of_mpes::slice(const packed &from, int first, int bits) const
{
    packed part(bits);
    for (int i = 0; i < bits; i += 32) {
        int n = std::min(32, bits - i);
        part.set(i, n, from.get(first + i, n));
    }
    return part;
}

// What is streamed into a row; gated, a code of zero is multiplied as zero.
packed mac_array_of_mpes::operand(int row) const
{
    packed streamed = slice(stream_i.read(), row * row_bits_, row_bits_);
    return gates_ && is_zero(streamed) ? packed(row_bits_) : streamed;
}

// The sign of a zero does not count, nor does the phase of an fp5_r2 one.
bool mac_array_of_mpes::is_zero(const packed &operand) const
{
    enum { DLF_MAGNITUDE = 0x7FFF, INT4_BITS = 0xF, FP5_EXPONENT = 0xE };
    const bool fp16 = parameter("Modes") == TS_MODE_FP16;
    const bool fp5 =
        swap_i.read().get(0, 1) && ts_fp4_mode(parameter("Modes"), fp4_i.read().get(0, 1));
    const std::uint64_t counts = fp16 ? DLF_MAGNITUDE : fp5 ? FP5_EXPONENT : INT4_BITS;
    const int bits = row_bits_ / parameter("Lanes");
    for (int i = 0; i < row_bits_; i += bits)
        if (operand.get(i, bits) & counts)
            return false;
    return true;
}

// Wires from the ports: row 0 has no skew, and the weights enter at the top.
void mac_array_of_mpes::feed()
{
    if (stream_i.read().bits() == 0 || weight_i.read().bits() == 0)
        return;
    left_[0]->write(operand(0));
    for (int c = 0; c < cols_; c++)
        columns_[static_cast<std::size_t>(c)]->weight_in.write(
            slice(weight_i.read(), c * weight_bits_, weight_bits_));
}

// acc into the first row: what the pass before kept, or zero.
void mac_array_of_mpes::top()
{
    for (auto &each : columns_) {
        bool open = keeps_ && open_i.read().bits() && bit(open_i);
        auto index = static_cast<std::size_t>(each->top_index);
        each->acc_in.write(open ? each->kept[index] : packed(simd_ * acc_bits_));
    }
}

void mac_array_of_mpes::on_clock()
{
    for (int r = 1; r < rows_; r++) {
        auto row = static_cast<std::size_t>(r);
        skew_[row].push_back(operand(r));
        skew_[row].pop_front();
        left_[row]->write(skew_[row].front());
    }
    entering_.push_front(valid_i.read());
    for (int c = 0; c < cols_; c++)
        clock_column(c, entering_[static_cast<std::size_t>(c)]);
    entering_.pop_back();
    if (!rst_ni.read())
        entering_.assign(entering_.size(), false);

    packed outer(cols_ * simd_ * outer_bits_);
    for (int c = 0; c < cols_; c++) {
        const packed &sums = columns_[static_cast<std::size_t>(c)]->bus.back().front();
        for (int s = 0; s < simd_; s++)
            outer.set((c * simd_ + s) * outer_bits_, outer_bits_,
                      sums.get(s * outer_bits_, outer_bits_));
    }
    edge_.notify(sc_core::SC_ZERO_TIME);
    outer_o.write(outer);
    valid_o.write(columns_[0]->valid.back() && bit(close_i) && bit(last_i));
}

// `entering` is the valid bit of the row that enters this column in the cycle now ending.
void mac_array_of_mpes::clock_column(int c, bool entering)
{
    column &self = *columns_[static_cast<std::size_t>(c)];
    self.valid.push_front(entering);
    auto exit = static_cast<std::size_t>(dot_stages_ + acc_stages_ * chunk_rows_);
    bool top_valid = self.valid[static_cast<std::size_t>(dot_stages_)];
    bool chunk_valid = self.valid[exit];
    bool end_valid = self.valid.back();
    bool close = bit(close_i);

    packed outer = bit(first_i) ? packed(simd_ * outer_bits_)
                                : self.outer[static_cast<std::size_t>(self.chunk_index)];
    if (keeps_ && chunk_valid && !close)
        self.kept[static_cast<std::size_t>(self.chunk_index)] = self.cells.back()->acc.read();
    if (end_valid && close)
        self.outer[static_cast<std::size_t>(self.end_index)] = self.bus.back().front();

    for (int q = 0; q < segments_; q++) {
        auto segment = static_cast<std::size_t>(q);
        const packed &acc =
            self.cells[static_cast<std::size_t>((q + 1) * chunk_rows_ - 1)]->acc.read();
        packed next = self.bus[segment].front();
        self.bus[segment].push_back(add_outer(outer, acc));
        self.bus[segment].pop_front();
        outer = next;
    }

    self.valid.pop_back();
    bool restart = !rst_ni.read() || bit(load_i);
    int depth = parameter("Depth");
    self.top_index = restart ? 0 : (self.top_index + top_valid) % depth;
    self.chunk_index = restart ? 0 : (self.chunk_index + chunk_valid) % depth;
    self.end_index = restart ? 0 : (self.end_index + end_valid) % depth;
    if (!rst_ni.read())
        self.valid.assign(self.valid.size(), false);
}

packed mac_array_of_mpes::add_outer(const packed &outer, const packed &acc) const
{
    packed sum(simd_ * outer_bits_);
    if (acc.bits() == 0) // before the first edge
        return sum;
    bool fp4 = ts_fp4_mode(parameter("Modes"), fp4_i.read().get(0, 1));
    int weight =
        static_cast<int>(ts_sign_extend(escale_i.read().get(0, 7), 7)) + ts_product_exp(fp4);
    for (int s = 0; s < simd_; s++)
        sum.set(s * outer_bits_, outer_bits_,
                ts_outer_add_word(
                    parameter("Variant"), parameter("Outer"), ts_overflow_of(parameter("Saturate")),
                    acc_bits_, static_cast<std::uint32_t>(outer.get(s * outer_bits_, outer_bits_)),
                    acc.get(s * acc_bits_, acc_bits_), weight));
    return sum;
}

} // namespace tessera
