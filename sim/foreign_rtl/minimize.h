// SPDX-License-Identifier: Apache-2.0
/// @file
/// Makes what shows a difference smaller while it shows it (delta debugging), and stays legal.
#pragma once

#include "foreign_rtl/lockstep.h"
#include "foreign_rtl/protocol.h"

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
    minimizer(const subject &what, const protocol &rules, model_maker make, bool stops)
        : what_(what), rules_(rules), make_(std::move(make)), stops_(stops)
    {
    }

    /// From the clocks since the last reset, the difference in the last; nothing if they do not
    /// show it from a fresh start, because it depends on what was before.
    std::optional<reproduction> run(std::vector<clock_in> history);

  private:
    bool differs(const std::vector<clock_in> &clocks);
    bool keep_if_differs(std::vector<clock_in> candidate);
    void shorten();
    bool try_without(std::size_t first, std::size_t count);
    std::vector<std::size_t> free_words(std::size_t clock) const;
    void clear();
    void simplify();
    void simplify_element(std::size_t clock, std::size_t word, const ts_field &field);
    bool try_word(std::size_t clock, std::size_t word, std::uint64_t value);

    const subject &what_;
    const protocol &rules_;
    model_maker make_;
    bool stops_;
    std::vector<clock_in> clocks_;
    divergence shown_{};
    std::uint64_t trials_ = 0;
};

} // namespace tessera
