// SPDX-License-Identifier: Apache-2.0
/// @file
/// A mismatch in words: which cycle, what went in, and both results, decoded.
#pragma once

#include "cosim/bench.h"

#include <string>

namespace tessera
{

/// What one side showed in a cycle; `out` counts only when valid.
struct shown {
    const char *who;
    bool valid;
    const std::uint64_t *out;
};

std::string describe_mismatch(const bench &bench, int config, std::uint64_t cycle,
                              const std::uint64_t *in, const shown &expected, const shown &got);

/// Whether both sides show the same, on every bit that counts.
inline bool agree(const shown &a, const shown &b, int words)
{
    if (a.valid != b.valid)
        return false;
    for (int i = 0; a.valid && i < words; i++)
        if (a.out[i] != b.out[i])
            return false;
    return true;
}

} // namespace tessera
