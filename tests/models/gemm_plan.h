/* SPDX-License-Identifier: Apache-2.0 */
/* What the engine decides for a GEMM, for tests in C++, which cannot read gemm/kernel.h. */
#ifndef TESSERA_TESTS_GEMM_PLAN_H
#define TESSERA_TESTS_GEMM_PLAN_H

#include "tessera/gemm.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ts_kernel;

struct gemm_plan {
    const struct ts_kernel *kernel;
    int min_lanes;       /* of the kernel */
    bool kernel_in_fp16; /* likewise */
    bool in_fp16;
    int64_t whole;
    int lanes;
    int64_t chunk;
    bool repair, is_int;
    bool split, outer_fp32, plain, unchunked, bounded, limited, windowed;
    int width;
};

struct gemm_plan gemm_plan_of(const struct ts_gemm *gemm);

/* The first 16 bits of a kernel's table of A's codes, which are ones before it is made. */
uint16_t gemm_table_begins(const struct ts_kernel *kernel, const struct ts_format *format);

#ifdef __cplusplus
}
#endif
#endif
