// SPDX-License-Identifier: Apache-2.0
/// @file
/// Whole files as text; both throw std::runtime_error with one line.
#pragma once

#include <filesystem>
#include <string>

namespace tessera
{

std::string read_text(const std::filesystem::path &path);
void write_text(const std::filesystem::path &path, const std::string &text);

/// share/tessera/NAME beside the running program.
std::filesystem::path share_path(const char *name);

} // namespace tessera
