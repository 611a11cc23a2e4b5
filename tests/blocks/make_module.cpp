// SPDX-License-Identifier: Apache-2.0
// Compiled once per block: TESSERA_BLOCK is its name, TESSERA_BLOCK_HEADER its module's header.
#include "make_module.h"

#include TESSERA_BLOCK_HEADER

std::unique_ptr<tessera::block_module> tessera::make_module(const char *name,
                                                            const std::int64_t *params)
{
    return std::make_unique<tessera::TESSERA_BLOCK>(name, params);
}
