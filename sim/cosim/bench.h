// SPDX-License-Identifier: Apache-2.0
/// @file
/// What a generic test knows of the blocks that it is linked with.
#pragma once

#include "cosim/rtl_block.h"
#include "tessera/block.h"

#include <memory>

namespace tessera
{

struct configuration {
    const char *label;
    bool exhaustive; ///< every combination of the input bits is tried
    std::int64_t params[TS_MAX_PARAMS];
};

/// A block with its configurations in a Verilated model.
struct bench {
    const ts_block &block;
    const configuration *configs;
    int n_configs;
    std::unique_ptr<rtl_block> (*make_rtl)();
    std::unique_ptr<rtl_block> (*make_faulty_rtl)();
    const char *const *tests; ///< files whose tests are the block's, NULL-ended
};

/// Generated from the bench files of a group: what a test program holds.
extern const bench benches[];
extern const int n_benches;

} // namespace tessera
