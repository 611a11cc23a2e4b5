// SPDX-License-Identifier: Apache-2.0
/// @file
/// The two SystemC bodies of a mac_array under a clock turned by hand.
#pragma once

#include "machine/mac_array_of_mpes.h"

#include <memory>
#include <vector>

namespace tessera
{

/// An array of either dataflow with its signals. It stands still while its clock is not turned.
class systemc_array
{
  public:
    systemc_array(std::unique_ptr<block_module> module, const ts_block &block,
                  const std::int64_t *params);

    void rise();
    /// Inputs as of ts_block::step, from registers that the rising edge has clocked.
    void drive(bool reset, bool valid, const std::uint64_t *in);
    /// Returns valid_o, and fills `outer`.
    bool observe(std::uint64_t *outer) const;

  private:
    std::vector<port_layout> in_layouts_;
    port_layout out_layout_;
    sc_core::sc_signal<bool> clk_, rst_n_, valid_i_, valid_o_;
    std::vector<sc_core::sc_signal<packed>> in_;
    sc_core::sc_signal<packed> outer_o_;
    std::unique_ptr<block_module> module_;
};

/// The array as a whole, and mpe by mpe; each object is a simulation of its own.
class systemc_arrays
{
  public:
    explicit systemc_arrays(const std::int64_t *params);
    ~systemc_arrays();
    systemc_arrays(const systemc_arrays &) = delete;
    systemc_arrays &operator=(const systemc_arrays &) = delete;

    /// One clock cycle of the whole array, and of the other if asked for.
    void step(bool reset, bool valid, const std::uint64_t *in, bool with_mpes);

    const systemc_array &whole() const
    {
        return *whole_;
    }

    const systemc_array &of_mpes() const
    {
        return *of_mpes_;
    }

    const mpe &unit(int row, int column) const
    {
        return mpes_->unit(row, column);
    }

  private:
    /// SystemC elaborates once per context; one per object lets a program open several designs.
    std::unique_ptr<sc_core::sc_simcontext> context_;
    std::unique_ptr<systemc_array> whole_, of_mpes_;
    const mac_array_of_mpes *mpes_ = nullptr; ///< the module of of_mpes_
};

} // namespace tessera
