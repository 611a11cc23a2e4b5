// SPDX-License-Identifier: Apache-2.0
/// @file
/// Seed and length of a run: TESSERA_SEED and TESSERA_VECTORS in the environment.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace tessera
{

inline std::uint64_t option(const char *name, std::uint64_t preset)
{
    const char *text = std::getenv(name);
    return text ? std::strtoull(text, nullptr, 0) : preset;
}

inline std::uint64_t seed_option()
{
    return option("TESSERA_SEED", 1);
}

} // namespace tessera
