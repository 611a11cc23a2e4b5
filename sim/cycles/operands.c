/* SPDX-License-Identifier: Apache-2.0 */
/* Operands as training has them: zeros among them, magnitudes within a few binades. */
#include "cycles/operands.h"

#include "tessera/vectors.h"

#include <stdlib.h>

enum { ALIGN_WIDTH = 24, ZERO_IN = 8 };

/* What stands for the magnitudes of a tensor: the least code, and how many follow. */
struct range {
    const struct ts_format *format;
    uint32_t least, codes;
};

struct formats {
    struct range a, b;
};

static struct formats formats_of(int64_t mode)
{
    /* 2^-4 to 2^4 */
    const struct range dlfloat16 = {&ts_format_dlfloat16, 27 << 9, 8 << 9};
    const struct range uint4 = {&ts_format_uint4, 0, 16};
    switch (mode) {
    case TS_MODE_INT4:
        return (struct formats){uint4, {&ts_format_int4, 0, 16}};
    case TS_MODE_FP4:
        return (struct formats){uint4, {&ts_format_fp4_r4_even, 0, 16}};
    case TS_MODE_HFP8:
        return (struct formats){{&ts_format_fp8_143, 1, 0x7F},
                                {&ts_format_fp8_152, 9 << 2, 12 << 2}};
    default:
        return (struct formats){dlfloat16, dlfloat16};
    }
}

static const char *draw(const struct range *range, int64_t vectors, int64_t k, uint64_t seed,
                        struct ts_packed *packed)
{
    struct ts_random random = {seed};
    size_t n = (size_t)vectors * (size_t)k;
    uint16_t *codes = malloc(n * sizeof *codes);
    if (!codes)
        return "there is no memory for the operands";
    const int bits = ts_format_bits(range->format);
    for (size_t i = 0; i < n; i++) {
        uint64_t r = ts_random_next(&random);
        uint32_t code = range->least + (uint32_t)(r >> 8 & 0xFFFF) % range->codes;
        if (bits > 4 && (r & 1)) /* the sign; four bits are drawn with theirs */
            code |= 1U << (bits - 1);
        codes[i] = (uint16_t)((r >> 32) % ZERO_IN ? code : 0);
    }
    const char *error = ts_pack(packed, range->format, vectors, k, codes, sizeof *codes, k, 1);
    free(codes);
    return error;
}

const char *operands_draw(const struct ts_design *design, const struct ts_machine *machine,
                          const struct ts_mnk *shape, uint64_t seed, struct operands *o)
{
    const struct formats formats = formats_of(machine->mode);
    bool four_bit = machine->mode == TS_MODE_INT4 || machine->mode == TS_MODE_FP4;
    *o = (struct operands){
        .gemm = {.a = &o->a,
                 .b = &o->b,
                 .lanes = machine->lanes,
                 .chunk = design->accumulator.chunk,
                 .variant = four_bit ? design->accumulator.variant : TS_VARIANT_FUSED,
                 .outer = design->accumulator.outer,
                 .saturate = design->accumulator.saturate,
                 .align = {false, ALIGN_WIDTH}},
    };
    const char *error = draw(&formats.a, shape->m, shape->k, seed, &o->a);
    if (!error)
        error = draw(&formats.b, shape->n, shape->k, ~seed, &o->b);
    if (!error)
        error = ts_gemm_check(&o->gemm);
    if (error)
        return error;
    size_t results = (size_t)shape->m * (size_t)shape->n;
    o->c = calloc(results, sizeof *o->c);
    o->golden = calloc(results, sizeof *o->golden);
    if (!o->c || !o->golden)
        return "there is no memory for the results";
    return ts_gemm_run(&o->gemm, 1, o->golden);
}

void operands_free(struct operands *o)
{
    ts_packed_free(&o->a);
    ts_packed_free(&o->b);
    free(o->c);
    free(o->golden);
}

int64_t operands_compare(const struct operands *o, int64_t *index)
{
    int64_t results = o->a.vectors * o->b.vectors, wrong = 0;
    for (int64_t i = results - 1; i >= 0; i--) {
        if (o->c[i] == o->golden[i])
            continue;
        *index = i;
        wrong++;
    }
    return wrong;
}
