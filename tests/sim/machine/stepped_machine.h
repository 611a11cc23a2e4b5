// SPDX-License-Identifier: Apache-2.0
/// @file
/// The machine of docs/machine.md stepped clock by clock, unit by unit: what the closed form is
/// held against. It shares the sizes that a GEMM is cut to and the rates of memories; no count of
/// cycles, bytes or stalls.
#pragma once

#include "machine/counts.h"

namespace tessera
{

/// A GEMM, cut by the rule; ts_gemm_counts' job once, whatever its count.
ts_counts step_gemm(const ts_design &design, const ts_machine &machine, const ts_gemm_job &job);

/// Operations on elements.
ts_counts step_elementwise(const ts_machine &machine, const ts_elementwise_job &job);

} // namespace tessera
