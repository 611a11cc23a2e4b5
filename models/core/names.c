/* SPDX-License-Identifier: Apache-2.0 */
/* Names of enumerated parameter values, in the order of their numbers. */
#include "core/block_common.h"

/* Modes is a set of bits from 1 on: INT4 = 1, FP4 = 2, HFP8 = 4, FP16 = 8. */
const char *const ts_modes_names[] = {
    "int4",           "fp4",           "int4+fp4",           "hfp8",
    "int4+hfp8",      "fp4+hfp8",      "int4+fp4+hfp8",      "fp16",
    "int4+fp16",      "fp4+fp16",      "int4+fp4+fp16",      "hfp8+fp16",
    "int4+hfp8+fp16", "fp4+hfp8+fp16", "int4+fp4+hfp8+fp16", NULL,
};
/* Of arrays, none of which has hfp8, nor fp16 beside anything else. */
const char *const ts_array_modes_names[] = {
    "int4", "fp4", "int4+fp4", "", "", "", "", "fp16", NULL,
};
const char *const ts_variant_names[] = {"fused", "split", "integer", NULL};
const char *const ts_outer_names[] = {"dlfloat16", "fp32", NULL};
const char *const ts_align_names[] = {"window", "exact", NULL};
const char *const ts_accumulator_names[] = {"shared", "separate", NULL};
