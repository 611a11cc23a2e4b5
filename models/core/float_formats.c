/* SPDX-License-Identifier: Apache-2.0 */
/* The formats that an adder or multiplier can be built for; tessera_pkg has the same order. */
#include "core/block_common.h"

const struct ts_format *const ts_float_formats[TS_FLOAT_FORMATS] = {
    &ts_format_fp32,    &ts_format_fp16,    &ts_format_bf16,    &ts_format_dlfloat16,
    &ts_format_fp9_153, &ts_format_fp8_143, &ts_format_fp8_152, &ts_format_e5m2,
    &ts_format_e4m3,    &ts_format_e3m2,    &ts_format_e2m3,    &ts_format_e2m1,
};

const char *const ts_float_names[] = {
    "fp32", "fp16", "bf16", "dlfloat16", "fp9_153", "fp8_143", "fp8_152",
    "e5m2", "e4m3", "e3m2", "e2m3",      "e2m1",    NULL,
};
