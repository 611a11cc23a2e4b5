// SPDX-License-Identifier: Apache-2.0
/// @file
/// The outside programs of a power figure. All throw std::runtime_error with one line.
#pragma once

#include "run/run.h"

#include <filesystem>
#include <string>
#include <vector>

namespace tessera
{

inline constexpr ts_tool kYosys = {"yosys", "yosys"};
inline constexpr ts_tool kVerilator = {"verilator", "verilator"};
inline constexpr ts_tool kSta = {"sta", "opensta"};
inline constexpr ts_tool kCompiler = {"c++", "g++"};

/// Runs a tool in `directory`, with what it prints in its build.log.
void run_in(const std::filesystem::path &directory, const ts_tool &tool,
            const std::vector<std::string> &arguments);

/// What it prints.
std::string output_of(const ts_tool &tool, const std::vector<std::string> &arguments);

} // namespace tessera
