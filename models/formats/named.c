/* SPDX-License-Identifier: Apache-2.0 */
/* The named formats. A new one is an entry here and a declaration in format.h. */
#include "tessera/format.h"

#include <string.h>

const struct ts_format ts_format_int2 = {
    .name = "int2",
    .kind = TS_KIND_INT,
    .man_bits = 2,
    .overflow = TS_OVERFLOW_SATURATE,
    .rounding = TS_NEAREST_EVEN,
    .source = "two's complement",
};

const struct ts_format ts_format_int4 = {
    .name = "int4",
    .kind = TS_KIND_INT,
    .man_bits = 4,
    .overflow = TS_OVERFLOW_SATURATE,
    .rounding = TS_NEAREST_EVEN,
    .source = "two's complement",
};

const struct ts_format ts_format_int8 = {
    .name = "int8",
    .kind = TS_KIND_INT,
    .man_bits = 8,
    .overflow = TS_OVERFLOW_SATURATE,
    .rounding = TS_NEAREST_EVEN,
    .source = "two's complement",
};

const struct ts_format ts_format_int16 = {
    .name = "int16",
    .kind = TS_KIND_INT,
    .man_bits = 16,
    .overflow = TS_OVERFLOW_SATURATE,
    .rounding = TS_NEAREST_EVEN,
    .source = "two's complement",
};

const struct ts_format ts_format_uint4 = {
    .name = "uint4",
    .kind = TS_KIND_UINT,
    .man_bits = 4,
    .overflow = TS_OVERFLOW_SATURATE,
    .rounding = TS_NEAREST_EVEN,
    .source = "PACT",
};

const struct ts_format ts_format_fp4_r4_even = {
    .name = "fp4_r4_even",
    .kind = TS_KIND_FLOAT,
    .radix_log2 = 2,
    .exp_bits = 3,
    .min_exp = 1,
    .bias = 4,
    .e0 = TS_E0_ZERO,
    .specials = TS_SPECIALS_NONE,
    .overflow = TS_OVERFLOW_SATURATE,
    .rounding = TS_NEAREST_UP,
    .source = "Sun20; bias [A]",
};

const struct ts_format ts_format_fp4_r4_odd = {
    .name = "fp4_r4_odd",
    .kind = TS_KIND_FLOAT,
    .radix_log2 = 2,
    .exp_bits = 3,
    .min_exp = 1,
    .bias = 4,
    .offset = 1,
    .e0 = TS_E0_ZERO,
    .specials = TS_SPECIALS_NONE,
    .overflow = TS_OVERFLOW_SATURATE,
    .rounding = TS_NEAREST_UP,
    .source = "Sun20; bias [A]",
};

const struct ts_format ts_format_fp5_r2 = {
    .name = "fp5_r2",
    .kind = TS_KIND_FLOAT,
    .radix_log2 = 1,
    .exp_bits = 4,
    .min_exp = 2,
    .bias = 8,
    .e0 = TS_E0_ZERO,
    .specials = TS_SPECIALS_NONE,
    .overflow = TS_OVERFLOW_SATURATE,
    .rounding = TS_NEAREST_UP,
    .source = "Sun20; the code e = 1 is zero too, as e3 = 0",
};

const struct ts_format ts_format_fp4_r2 = {
    .name = "fp4_r2",
    .kind = TS_KIND_FLOAT,
    .radix_log2 = 1,
    .exp_bits = 3,
    .min_exp = 1,
    .bias = 4,
    .e0 = TS_E0_ZERO,
    .specials = TS_SPECIALS_NONE,
    .overflow = TS_OVERFLOW_SATURATE,
    .rounding = TS_STOCHASTIC,
    .source = "LUQ; bias [A]",
};

const struct ts_format ts_format_fp8_143 = {
    .name = "fp8_143",
    .kind = TS_KIND_FLOAT,
    .radix_log2 = 1,
    .exp_bits = 4,
    .man_bits = 3,
    .bias = 11,
    .e0 = TS_E0_NORMAL_OR_ZERO,
    .specials = TS_SPECIALS_NONE,
    .overflow = TS_OVERFLOW_SATURATE,
    .rounding = TS_NEAREST_UP,
    .source = "HFP8; preset bias, e = 0, no special codes [A]",
};

const struct ts_format ts_format_fp8_152 = {
    .name = "fp8_152",
    .kind = TS_KIND_FLOAT,
    .radix_log2 = 1,
    .exp_bits = 5,
    .man_bits = 2,
    .bias = 15,
    .e0 = TS_E0_NORMAL_OR_ZERO,
    .specials = TS_SPECIALS_NANINF,
    .overflow = TS_OVERFLOW_SPECIAL,
    .rounding = TS_NEAREST_UP,
    .source = "HFP8, FP8-18; e = 0, NaN-Infinity, its overflow [A]",
};

const struct ts_format ts_format_fp9_153 = {
    .name = "fp9_153",
    .kind = TS_KIND_FLOAT,
    .radix_log2 = 1,
    .exp_bits = 5,
    .man_bits = 3,
    .bias = 15,
    .e0 = TS_E0_NORMAL_OR_ZERO,
    .specials = TS_SPECIALS_NANINF,
    .overflow = TS_OVERFLOW_SPECIAL,
    .rounding = TS_NEAREST_UP,
    .source = "HFP8; e = 0, NaN-Infinity, rounding [A]",
};

const struct ts_format ts_format_dlfloat16 = {
    .name = "dlfloat16",
    .kind = TS_KIND_FLOAT,
    .radix_log2 = 1,
    .exp_bits = 6,
    .man_bits = 9,
    .bias = 31,
    .e0 = TS_E0_NORMAL_OR_ZERO,
    .specials = TS_SPECIALS_NANINF,
    .overflow = TS_OVERFLOW_SPECIAL,
    .rounding = TS_NEAREST_UP,
    .source = "DLF",
};

const struct ts_format ts_format_fp16 = {
    .name = "fp16",
    .kind = TS_KIND_FLOAT,
    .radix_log2 = 1,
    .exp_bits = 5,
    .man_bits = 10,
    .min_exp = 1,
    .bias = 15,
    .e0 = TS_E0_SUBNORMAL,
    .specials = TS_SPECIALS_IEEE,
    .overflow = TS_OVERFLOW_SPECIAL,
    .rounding = TS_NEAREST_EVEN,
    .source = "IEEE 754-2019",
};

const struct ts_format ts_format_bf16 = {
    .name = "bf16",
    .kind = TS_KIND_FLOAT,
    .radix_log2 = 1,
    .exp_bits = 8,
    .man_bits = 7,
    .min_exp = 1,
    .bias = 127,
    .e0 = TS_E0_SUBNORMAL,
    .specials = TS_SPECIALS_IEEE,
    .overflow = TS_OVERFLOW_SPECIAL,
    .rounding = TS_NEAREST_EVEN,
    .source = "its codes are those of fp32; subnormals [A]",
};

const struct ts_format ts_format_fp32 = {
    .name = "fp32",
    .kind = TS_KIND_FLOAT,
    .radix_log2 = 1,
    .exp_bits = 8,
    .man_bits = 23,
    .min_exp = 1,
    .bias = 127,
    .e0 = TS_E0_SUBNORMAL,
    .specials = TS_SPECIALS_IEEE,
    .overflow = TS_OVERFLOW_SPECIAL,
    .rounding = TS_NEAREST_EVEN,
    .source = "IEEE 754-2019",
};

const struct ts_format ts_format_e4m3 = {
    .name = "e4m3",
    .kind = TS_KIND_FLOAT,
    .radix_log2 = 1,
    .exp_bits = 4,
    .man_bits = 3,
    .min_exp = 1,
    .bias = 7,
    .e0 = TS_E0_SUBNORMAL,
    .specials = TS_SPECIALS_NAN,
    .overflow = TS_OVERFLOW_SPECIAL,
    .rounding = TS_NEAREST_EVEN,
    .source = "OCP-FP8; overflow preset [A]",
};

const struct ts_format ts_format_e5m2 = {
    .name = "e5m2",
    .kind = TS_KIND_FLOAT,
    .radix_log2 = 1,
    .exp_bits = 5,
    .man_bits = 2,
    .min_exp = 1,
    .bias = 15,
    .e0 = TS_E0_SUBNORMAL,
    .specials = TS_SPECIALS_IEEE,
    .overflow = TS_OVERFLOW_SPECIAL,
    .rounding = TS_NEAREST_EVEN,
    .source = "OCP-FP8; overflow preset [A]",
};

const struct ts_format ts_format_e2m1 = {
    .name = "e2m1",
    .kind = TS_KIND_FLOAT,
    .radix_log2 = 1,
    .exp_bits = 2,
    .man_bits = 1,
    .min_exp = 1,
    .bias = 1,
    .e0 = TS_E0_SUBNORMAL,
    .specials = TS_SPECIALS_NONE,
    .overflow = TS_OVERFLOW_SATURATE,
    .rounding = TS_NEAREST_EVEN,
    .source = "OCP-MX",
};

const struct ts_format ts_format_e2m3 = {
    .name = "e2m3",
    .kind = TS_KIND_FLOAT,
    .radix_log2 = 1,
    .exp_bits = 2,
    .man_bits = 3,
    .min_exp = 1,
    .bias = 1,
    .e0 = TS_E0_SUBNORMAL,
    .specials = TS_SPECIALS_NONE,
    .overflow = TS_OVERFLOW_SATURATE,
    .rounding = TS_NEAREST_EVEN,
    .source = "OCP-MX",
};

const struct ts_format ts_format_e3m2 = {
    .name = "e3m2",
    .kind = TS_KIND_FLOAT,
    .radix_log2 = 1,
    .exp_bits = 3,
    .man_bits = 2,
    .min_exp = 1,
    .bias = 3,
    .e0 = TS_E0_SUBNORMAL,
    .specials = TS_SPECIALS_NONE,
    .overflow = TS_OVERFLOW_SATURATE,
    .rounding = TS_NEAREST_EVEN,
    .source = "OCP-MX",
};

const struct ts_format ts_format_e8m0 = {
    .name = "e8m0",
    .kind = TS_KIND_FLOAT,
    .is_unsigned = true,
    .radix_log2 = 1,
    .exp_bits = 8,
    .bias = 127,
    .e0 = TS_E0_NORMAL,
    .specials = TS_SPECIALS_NAN,
    .overflow = TS_OVERFLOW_SPECIAL,
    .rounding = TS_TOWARD_ZERO,
    .source = "OCP-MX; rounding of numbers that are no power of two [A]",
};

const struct ts_format *const ts_formats[] = {
    &ts_format_int2,
    &ts_format_int4,
    &ts_format_int8,
    &ts_format_int16,
    &ts_format_uint4,
    &ts_format_fp4_r4_even,
    &ts_format_fp4_r4_odd,
    &ts_format_fp5_r2,
    &ts_format_fp4_r2,
    &ts_format_fp8_143,
    &ts_format_fp8_152,
    &ts_format_fp9_153,
    &ts_format_dlfloat16,
    &ts_format_fp16,
    &ts_format_bf16,
    &ts_format_fp32,
    &ts_format_e4m3,
    &ts_format_e5m2,
    &ts_format_e2m1,
    &ts_format_e2m3,
    &ts_format_e3m2,
    &ts_format_e8m0,
    NULL,
};

const struct ts_format *ts_format_find(const char *name)
{
    for (size_t i = 0; ts_formats[i]; i++)
        if (strcmp(ts_formats[i]->name, name) == 0)
            return ts_formats[i];
    return NULL;
}

int ts_format_bits(const struct ts_format *f)
{
    return f->kind == TS_KIND_FLOAT ? !f->is_unsigned + f->exp_bits + f->man_bits : f->man_bits;
}
