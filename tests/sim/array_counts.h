// SPDX-License-Identifier: Apache-2.0
// What the closed form says of a GEMM on a mac_array alone.
#ifndef TESSERA_TESTS_ARRAY_COUNTS_H
#define TESSERA_TESTS_ARRAY_COUNTS_H

#include "machine/counts.h"
#include "tessera/block.h"

#include <stdexcept>

extern "C" const struct ts_block ts_block_mac_array;

inline ts_counts array_counts(const std::int64_t *params, ts_mnk shape)
{
    auto parameter = [params](const char *name) {
        return params[ts_block_param(&ts_block_mac_array, name)];
    };
    ts_design d = {};
    d.array = {parameter("Rows"), parameter("Cols"), parameter("Simd"), parameter("Lanes"),
               parameter("Depth")};
    d.stages = {parameter("DotStages"), parameter("AccStages"), parameter("OuterStages")};
    ts_machine machine;
    d.modes = parameter("Modes");
    ts_machine_of_array(&d, d.modes == TS_MODE_FP16 ? TS_MODE_FP16 : TS_MODE_INT4, &machine);
    const ts_gemm_job job = {shape, {4, 4, 1, 1}, {4, 4, 1, 1}, 16, 1, 1};
    ts_counts counts;
    char error[256];
    if (!ts_gemm_counts(&machine, &job, &counts, error, sizeof error))
        throw std::runtime_error(error);
    return counts;
}

#endif
