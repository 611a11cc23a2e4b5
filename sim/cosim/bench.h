// SPDX-License-Identifier: Apache-2.0
/// @file
/// What a generic test knows of the block that it is linked with.
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

struct bench {
    const ts_block &block;
    const configuration *configs;
    int n_configs;
    std::unique_ptr<rtl_block> (*make_rtl)();
};

/// Generated from BLOCK.conf.
extern const bench block_bench;

} // namespace tessera
