// SPDX-License-Identifier: Apache-2.0
/// @file
/// What a co-simulation found, in words, in JSON, and as rows of test vectors.
#pragma once

#include "foreign_rtl/minimize.h"

#include <filesystem>
#include <string>

namespace tessera
{

/// A run, whatever came of it.
struct outcome {
    explicit outcome(const subject &whose) : what(whose)
    {
    }

    const subject &what;
    std::string module, rtl; ///< its name and the file that has it
    std::string latency_from;
    std::uint64_t seed = 0, cycles = 0, compared = 0;
    double seconds = 0;
    std::optional<divergence> difference;
    std::uint64_t history = 0; ///< clocks from the reset before to the difference
    std::optional<reproduction> minimal;
    std::string hint;
    std::string waveform, minimal_waveform, rows; ///< files; empty if there is none
};

void print_text(const outcome &what);

/// Returns false when the memory does not suffice.
bool print_json(const outcome &what);

/// The minimal sequence as rows with golden outputs. Throws when the file cannot be written.
void write_rows(const subject &what, const std::vector<clock_in> &clocks,
                const std::filesystem::path &path);

} // namespace tessera
