/* SPDX-License-Identifier: Apache-2.0 */
#include "gemm/pairing.h"

#include <string.h>

bool ts_is_format(const struct ts_format *format, const struct ts_format *named)
{
    return strcmp(format->name, named->name) == 0;
}

static bool is_radix4(const struct ts_format *f)
{
    return ts_is_format(f, &ts_format_fp4_r4_even) || ts_is_format(f, &ts_format_fp4_r4_odd);
}

static bool is_hfp8(const struct ts_format *f)
{
    return ts_is_format(f, &ts_format_fp8_143) || ts_is_format(f, &ts_format_fp8_152);
}

/* Port a takes the unsigned integer, port b the float. */
static struct ts_pairing four_bit(const struct ts_format *port_a, const struct ts_format *port_b,
                                  bool b_is_port_a)
{
    struct ts_pairing pairing = {.kind = TS_PAIRING_FOUR_BIT, .b_is_port_a = b_is_port_a};
    pairing.port_a_unsigned = ts_is_format(port_a, &ts_format_uint4);
    pairing.fp4 = is_radix4(port_b);
    pairing.odd = ts_is_format(port_b, &ts_format_fp4_r4_odd);
    bool a_fits = pairing.port_a_unsigned || ts_is_format(port_a, &ts_format_int4);
    bool b_fits = pairing.fp4 || ts_is_format(port_b, &ts_format_int4);
    if (!a_fits || !b_fits)
        pairing.kind = TS_PAIRING_NONE;
    return pairing;
}

static enum ts_pairing_kind of_one_format(const struct ts_format *f)
{
    static const struct {
        const struct ts_format *format;
        enum ts_pairing_kind kind;
    } kinds[] = {
        {&ts_format_int8, TS_PAIRING_INT8}, {&ts_format_dlfloat16, TS_PAIRING_DLFLOAT16},
        {&ts_format_fp16, TS_PAIRING_FP16}, {&ts_format_bf16, TS_PAIRING_BF16},
        {&ts_format_fp32, TS_PAIRING_FP32},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (ts_is_format(f, kinds[i].format))
            return kinds[i].kind;
    return TS_PAIRING_NONE;
}

struct ts_pairing ts_pairing_of(const struct ts_format *a, const struct ts_format *b)
{
    if (is_hfp8(a) && is_hfp8(b))
        return (struct ts_pairing){.kind = TS_PAIRING_HFP8};
    struct ts_pairing pairing = four_bit(a, b, false);
    if (pairing.kind == TS_PAIRING_NONE)
        pairing = four_bit(b, a, true);
    if (pairing.kind == TS_PAIRING_NONE && ts_is_format(a, b))
        pairing = (struct ts_pairing){.kind = of_one_format(a)};
    return pairing;
}
