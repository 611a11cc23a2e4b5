// SPDX-License-Identifier: Apache-2.0
/// @file
/// A message to compare: NULL, which says that all is well, is the empty text.
#pragma once

#include <string>

namespace tessera
{

inline std::string text(const char *message)
{
    return message ? message : "";
}

} // namespace tessera
