/* SPDX-License-Identifier: Apache-2.0 */
/* The accumulator's adders on port words, shared by the blocks that contain them. */
#include "core/aligned_sum.h"

uint64_t ts_chunk_add_word(int64_t variant, enum ts_overflow overflow, int acc_bits, uint64_t acc,
                           int64_t p, int s)
{
    ts_dlfloat16 float_acc = {(uint16_t)acc};
    switch ((enum ts_variant)variant) {
    case TS_VARIANT_SPLIT:
        return ts_chunk_add_split(float_acc, p, s, overflow).v;
    case TS_VARIANT_INTEGER:
        return ts_low_bits((int64_t)acc + p, acc_bits);
    case TS_VARIANT_FUSED:
        break;
    }
    return ts_chunk_add_fused(float_acc, p, s, overflow).v;
}

uint32_t ts_outer_add_word(int64_t variant, int64_t outer_kind, enum ts_overflow overflow,
                           int acc_bits, uint32_t outer, uint64_t acc, int s)
{
    ts_dlfloat16 inner = {(uint16_t)acc};
    if (variant == TS_VARIANT_INTEGER)
        inner = ts_dlfloat16_of_int(ts_sign_extend(acc, acc_bits), s, overflow);
    if (outer_kind == TS_OUTER_FP32)
        return ts_outer_add_fp32((ts_fp32){outer}, inner, overflow).v;
    return ts_outer_add_dlfloat16((ts_dlfloat16){(uint16_t)outer}, inner, overflow).v;
}

ts_dlfloat16 ts_stress_dlfloat16(ts_dlfloat16 first, uint64_t random, ts_dlfloat16 otherwise)
{
    enum { SIGN = 0x8000, MAN_BITS = 9, EXP_MASK = 0x3F };
    int nudge = (int)(random >> 8 & 7) - 3;
    switch (random & TS_STRESS_MASK) {
    case 0: /* cancels to nothing or to a few ulps */
        return (ts_dlfloat16){(uint16_t)((first.v ^ SIGN) + nudge)};
    case 1: { /* one bit, about half an ulp of the first: a tie or nearly one */
        int e = (int)(first.v >> MAN_BITS & EXP_MASK) - MAN_BITS - 1 + nudge / 2;
        int sign = random >> 16 & 1 ? SIGN : 0;
        int man = random >> 17 & 1 ? 1 : 0;
        return e < 0 ? otherwise : (ts_dlfloat16){(uint16_t)(sign | e << MAN_BITS | man)};
    }
    case 2: { /* the same binade or the next, any mantissa */
        int e = (int)(first.v >> MAN_BITS & EXP_MASK) + nudge / 2;
        return (ts_dlfloat16){(uint16_t)((otherwise.v & 0x81FF) | (e & EXP_MASK) << MAN_BITS)};
    }
    default:
        return otherwise;
    }
}

const char *ts_check_lanes_chunk(int64_t lanes, int64_t chunk)
{
    return chunk % lanes ? "Chunk must be a multiple of Lanes" : NULL;
}

const char *ts_check_mpe(int64_t modes, int64_t lanes, int64_t chunk, int64_t variant,
                         int64_t dot_stages)
{
    if (modes == TS_MODE_FP16 && (lanes != 1 || variant != TS_VARIANT_FUSED || dot_stages != 0))
        return "Modes=fp16 needs Lanes=1, Variant=fused and DotStages=0";
    bool integer = modes & TS_MODES_INTEGER, floating = modes & TS_MODES_FLOATING;
    if (floating && variant != TS_VARIANT_FUSED)
        return "Modes with hfp8 or fp16 need Variant=fused";
    if (integer && floating && lanes < 4)
        return "Modes of integers and floats need Lanes of at least 4";
    if (modes == TS_MODES_FLOATING && lanes < 2)
        return "Modes=hfp8+fp16 needs Lanes of at least 2";
    if (!integer && lanes > TS_MAX_DOT_LANES)
        return "Modes of floats alone need Lanes of at most 16";
    return ts_check_lanes_chunk(lanes, chunk);
}
