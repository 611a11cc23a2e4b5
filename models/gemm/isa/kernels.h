/* SPDX-License-Identifier: Apache-2.0 */
/* The kernels that every instruction set has, of what its file defines before this. */
#ifndef TESSERA_GEMM_ISA_KERNELS_H
#define TESSERA_GEMM_ISA_KERNELS_H

#include "gemm/isa/chain.h"
#include "gemm/isa/doubles.h"
#include "gemm/isa/dot.h"
#include "gemm/isa/hfp8.h"

static const struct ts_kernel pair_kernel = {
    .rows = DOT_ROWS,
    .cols = COLS * VECTORS,
    .group = 2,
    .size = sizeof(int32_t),
    .tabulate = ts_tabulate_int16_pairs,
    .expand = EXPAND_PAIRS,
    .strip = pair_strip,
};

static const struct ts_kernel quad_kernel = {
    .rows = DOT_ROWS,
    .cols = COLS * VECTORS,
    .group = 4,
    .size = sizeof(int32_t),
    .ahead = 1,
    .tabulate = ts_tabulate_int8_quads,
    .expand = EXPAND_QUADS,
    .strip = quad_strip,
};

#define FLOAT_KERNEL(strip_function)                                                               \
    {                                                                                              \
        .rows = ROWS, .cols = COLS * VECTORS, .group = 1, .size = sizeof(float),                   \
        .tabulate = ts_tabulate_floats, .expand = ts_expand_floats, .strip = (strip_function),     \
    }

#define DOUBLE_KERNEL(strip_function)                                                              \
    {                                                                                              \
        .rows = DROWS, .cols = DCOLS, .group = 1, .size = sizeof(double),                          \
        .tabulate = ts_tabulate_doubles, .expand = ts_expand_doubles, .strip = (strip_function),   \
    }

static const struct ts_kernel dlfloat16_kernel = FLOAT_KERNEL(dlfloat16_strip);
static const struct ts_kernel fp32_kernel = FLOAT_KERNEL(fp32_strip);
static const struct ts_kernel four_bit_kernel = DOUBLE_KERNEL(four_bit_strip);
static const struct ts_kernel hfp8_kernel = DOUBLE_KERNEL(hfp8_strip);
static const struct ts_kernel fp16_kernel = DOUBLE_KERNEL(fp16_strip);

/* All of them, in a struct ts_isa. */
#define KERNELS                                                                                    \
    .fp4_dot = &pair_kernel, .fp4_sum = &pair_kernel, .int4_dot = &quad_kernel,                    \
    .int4_sum = &quad_kernel, .int8 = &pair_kernel, .four_bit = &four_bit_kernel,                  \
    .dlfloat16 = &dlfloat16_kernel, .hfp8 = &hfp8_kernel, .fp16 = &fp16_kernel,                    \
    .fp32 = &fp32_kernel, .codes = codes_of_dlfloat16

#endif
