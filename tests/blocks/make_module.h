// SPDX-License-Identifier: Apache-2.0
/// @file
/// The SystemC modules of all blocks.
#pragma once

#include "systemc/block_module.h"

#include <memory>

namespace tessera
{

std::unique_ptr<block_module> make_module(const ts_block &block, const char *name,
                                          const std::int64_t *params);

} // namespace tessera
