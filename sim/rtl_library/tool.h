// SPDX-License-Identifier: Apache-2.0
/// @file
/// Runs the tools that turn RTL into a library.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace tessera
{

using command = std::vector<std::string>;

/// The tool is not installed.
class missing_tool : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/// Runs a program found on PATH in `directory`; what it prints is appended to `log`.
/// Throws, with one line that names the tool and the log, if it is missing or fails.
void run_tool(const command &arguments, const std::filesystem::path &directory,
              const std::filesystem::path &log);

/// What a program prints on its standard output, without the last line end. Throws as run_tool.
std::string tool_output(const command &arguments);

} // namespace tessera
