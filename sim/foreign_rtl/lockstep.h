// SPDX-License-Identifier: Apache-2.0
/// @file
/// A stranger's module beside the golden model, clock by clock.
#pragma once

#include "cosim/foreign_model.h"
#include "cosim/golden.h"
#include "foreign_rtl/pins.h"
#include "foreign_rtl/timing.h"

#include <string>
#include <vector>

namespace tessera
{

/// What goes in with one clock. In reset nothing is compared.
struct clock_in {
    bool reset = false;
    bool valid = false;
    std::vector<std::uint64_t> in;
};

/// What both sides have in common.
struct subject {
    const ts_layout &layout;
    const connections &pins;
    timing when;

    /// From the inputs until all has come out.
    int latency() const
    {
        return when.last;
    }
};

/// Whether an output counts in the result of that operation.
inline bool counts(const ts_field &output, const operation &result)
{
    return result.valid || (result.clocked && output.port->always);
}

/// The first clock in which the two sides differ.
struct divergence {
    std::uint64_t cycle;
    operation expected; ///< with the inputs that the outputs belong to
    bool got_valid;
    std::vector<std::uint64_t> got;
    std::string stop; ///< why the module ended the simulation; then `expected` has its last inputs
};

class lockstep
{
  public:
    lockstep(const subject &what, foreign_model &model);

    /// One clock; false if the sides differ in it, as found() says.
    bool clock(const clock_in &now);

    /// Adds the expected outputs to the model's waveform.
    void annotate(bool on)
    {
        annotates_ = on;
    }

    /// Outputs that were compared.
    std::uint64_t compared() const
    {
        return compared_;
    }

    /// The golden result of the clock's own inputs, whenever it is due; until the next clock.
    const operation &result() const
    {
        return *result_;
    }

    /// What valid_o was in the last clock.
    bool got_valid() const
    {
        return got_valid_;
    }

    divergence found() const;

  private:
    bool agree(const operation &due, bool got_valid) const;
    void annotate_cycle(bool differs);

    const subject &what_;
    foreign_model &model_;
    golden golden_;
    std::vector<const ts_field *> fields_; ///< outputs that are compared
    bool has_valid_out_, annotates_ = false;
    std::uint64_t cycle_ = 0, compared_ = 0;
    std::vector<std::uint64_t> out_, shown_;
    bool got_valid_ = false;
    operation expected_;
    std::string stop_;
    const operation *result_ = nullptr;
};

/// The clocks that bring the module into its reset state.
std::vector<clock_in> reset_clocks(const subject &what);

} // namespace tessera
