// SPDX-License-Identifier: Apache-2.0
/// @file
/// The block under test: a program holds several, of which its command line names one.
#pragma once

#include "cosim/bench.h"

namespace tessera
{

/// Its make_rtl() makes the faulty RTL when the command line asks for that.
const bench &block_bench();

} // namespace tessera
