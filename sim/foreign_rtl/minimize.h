// SPDX-License-Identifier: Apache-2.0
/// @file
/// Makes what shows a difference smaller while it shows it (delta debugging).
#pragma once

#include "foreign_rtl/lockstep.h"

#include <functional>
#include <memory>
#include <optional>

namespace tessera
{

/// Clocks that show a difference when they follow a reset.
struct reproduction {
    std::vector<clock_in> clocks;
    divergence shown;
    std::uint64_t trials;
};

class minimizer
{
  public:
    using model_maker = std::function<std::unique_ptr<foreign_model>()>;

    /// `stops`: it shows in that the module ends the simulation, else in its outputs.
    minimizer(const subject &what, model_maker make, bool stops)
        : what_(what), make_(std::move(make)), stops_(stops)
    {
    }

    /// From the clocks since the last reset, the difference in the last; nothing if they do not
    /// show it from a fresh start, because it depends on what was before.
    std::optional<reproduction> run(std::vector<clock_in> history);

  private:
    bool differs(const std::vector<clock_in> &clocks);
    bool keep_if_differs(std::vector<clock_in> candidate);
    void shorten();
    void simplify();
    void simplify_element(std::size_t clock, std::size_t word, const ts_field &field);
    bool try_word(std::size_t clock, std::size_t word, std::uint64_t value);

    const subject &what_;
    model_maker make_;
    bool stops_;
    std::vector<clock_in> clocks_;
    divergence shown_{};
    std::uint64_t trials_ = 0;
};

} // namespace tessera
