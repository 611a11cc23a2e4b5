/* SPDX-License-Identifier: Apache-2.0 */
/* The named formats. A new one is an entry here and a declaration in format.h. */
#include "tessera/format.h"

#include <string.h>

const struct ts_format ts_format_int4 = {
    .name = "int4",
    .kind = TS_KIND_INT,
    .man_bits = 4,
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

const struct ts_format *const ts_formats[] = {
    &ts_format_int4,   &ts_format_uint4,     &ts_format_fp4_r4_even, &ts_format_fp4_r4_odd,
    &ts_format_fp5_r2, &ts_format_dlfloat16, &ts_format_fp32,        NULL,
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
    return f->kind == TS_KIND_FLOAT ? 1 + f->exp_bits + f->man_bits : f->man_bits;
}
