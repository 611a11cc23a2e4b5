/* SPDX-License-Identifier: Apache-2.0 */
/* What the block files share: parameters, widths, and words at ports. */
#ifndef TESSERA_CORE_BLOCK_COMMON_H
#define TESSERA_CORE_BLOCK_COMMON_H

#include "tessera/arith.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TS_COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

extern const char *const ts_modes_names[];
extern const char *const ts_array_modes_names[];
extern const char *const ts_variant_names[];
extern const char *const ts_outer_names[];
extern const char *const ts_float_names[]; /* in the order of ts_float_formats */
extern const char *const ts_align_names[];
extern const char *const ts_accumulator_names[];

#define TS_PARAM_MODES                                                                             \
    {                                                                                              \
        "Modes", 1, 3, 3, .names = ts_modes_names, .doc = "operand pairings the lane multiplies"   \
    }
#define TS_PARAM_MPE_MODES                                                                         \
    {                                                                                              \
        "Modes", 1, 15, 3, .names = ts_modes_names, .doc = "operand pairings of the mpe"           \
    }
#define TS_PARAM_SIMD                                                                              \
    {                                                                                              \
        "Simd", 1, 16, 8, .doc = "slices along n in an mpe"                                        \
    }
#define TS_PARAM_DOT_STAGES                                                                        \
    {                                                                                              \
        "DotStages", 0, 2, 1, .doc = "pipeline registers of dot_product, cycles; 0 in fp16"        \
    }
#define TS_PARAM_ACC_STAGES                                                                        \
    {                                                                                              \
        "AccStages", 1, 3, 1, .doc = "pipeline registers of the inner sum, cycles per row"         \
    }
#define TS_PARAM_LANES                                                                             \
    {                                                                                              \
        "Lanes", 1, 64, 8, .pow2 = true, .doc = "products summed along k per cycle"                \
    }
#define TS_PARAM_CHUNK                                                                             \
    {                                                                                              \
        "Chunk", 1, 4096, 64, .pow2 = true, .doc = "products per inner sum"                        \
    }
#define TS_PARAM_VARIANT                                                                           \
    {                                                                                              \
        "Variant", 0, 2, 0, .names = ts_variant_names, .doc = "rounding of the inner sum"          \
    }
#define TS_PARAM_OUTER                                                                             \
    {                                                                                              \
        "Outer", 0, 1, 0, .names = ts_outer_names, .doc = "format of the sum over chunks"          \
    }
#define TS_PARAM_ALIGN                                                                             \
    {                                                                                              \
        "Align", 0, 1, 0, .names = ts_align_names, .doc = "what alignment keeps of the terms"      \
    }
#define TS_PARAM_ALIGN_WIDTH                                                                       \
    {                                                                                              \
        "AlignWidth", 16, 48, 24, .doc = "bits of the alignment's window; not used by exact"       \
    }
#define TS_PARAM_SATURATE                                                                          \
    {                                                                                              \
        "Saturate", 0, 1, 0,                                                                       \
            .doc = "overflow gives: 0 the absorbing NaN-Infinity, 1 the largest finite number"     \
    }
#define TS_PARAM_FORMAT                                                                            \
    {                                                                                              \
        "Format", 0, TS_FLOAT_FORMATS - 1, 1, .names = ts_float_names,                             \
                                              .doc = "format of operands and result"               \
    }
#define TS_PARAM_SATURATE_FLOAT                                                                    \
    {                                                                                              \
        "Saturate", 0, 1, 0,                                                                       \
            .doc =                                                                                 \
                "overflow gives: 0 infinity or NaN if there is one, 1 the largest finite number"   \
    }
#define TS_PARAM_SATURATE_INT                                                                      \
    {                                                                                              \
        "Saturate", 0, 1, 0, .doc = "overflow: 0 wraps, 1 gives the largest or smallest integer"   \
    }
#define TS_PARAM_STAGES(preset)                                                                    \
    {                                                                                              \
        "Stages", 1, 3, preset, .doc = "pipeline registers, cycles"                                \
    }

/* Values of `Format`: the floating-point formats with a mantissa and a zero. */
enum { TS_FLOAT_FORMATS = 12 };
extern const struct ts_format *const ts_float_formats[TS_FLOAT_FORMATS];

static inline enum ts_overflow ts_overflow_of(int64_t saturate)
{
    return saturate ? TS_OVERFLOW_SATURATE : TS_OVERFLOW_SPECIAL;
}

static inline int ts_log2(int64_t pow2)
{
    return 63 - __builtin_clzll((unsigned long long)pow2);
}

static inline uint64_t ts_low_bits(int64_t value, int bits)
{
    return (uint64_t)value & (bits < 64 ? (1ULL << bits) - 1 : ~0ULL);
}

/* Two's complement of so many bits (at most 62); past them it wraps or saturates. */
static inline uint64_t ts_fit_int(int64_t value, int bits, int64_t saturate)
{
    int64_t top = (int64_t)(1ULL << (bits - 1)) - 1;
    if (saturate && value > top)
        value = top;
    if (saturate && value < -top - 1)
        value = -top - 1;
    return ts_low_bits(value, bits);
}

/* Port a inside the lane: 5 bits, from an int4 or uint4 code. */
static inline int ts_operand_a(uint64_t code, uint64_t is_unsigned)
{
    return is_unsigned & 1 ? (int)(code & 0xF) : (int)ts_sign_extend(code, 4);
}

enum {
    TS_MODES_INTEGER = TS_MODE_INT4 | TS_MODE_FP4,
    TS_MODES_FLOATING = TS_MODE_HFP8 | TS_MODE_FP16,
};

/* A block with one mode ignores its mode port. */
static inline bool ts_fp4_mode(int64_t modes, uint64_t fp4_port)
{
    return modes == TS_MODE_FP4 || ((modes & TS_MODE_FP4) && (fp4_port & 1));
}

/* Bits of an operand's element inside the array: of the narrowest mode's operand. */
static inline int ts_operand_bits(int64_t modes)
{
    if (modes == TS_MODE_FP16)
        return 16;
    return modes & TS_MODES_INTEGER ? 5 : 9;
}

static inline const struct ts_format *ts_operand_format(int64_t modes)
{
    if (modes == TS_MODE_FP16)
        return &ts_format_dlfloat16;
    return modes & TS_MODES_INTEGER ? &ts_format_fp5_r2 : &ts_format_fp9_153;
}

/* The power of two of an integer product: escale + L. */
static inline int ts_weight(int64_t modes, uint64_t fp4_port, uint64_t escale_port)
{
    return (int)ts_sign_extend(escale_port, 7) + ts_product_exp(ts_fp4_mode(modes, fp4_port));
}

/* Bits of a dot product of `lanes` products. */
static inline int ts_sum_bits(int64_t modes, int64_t lanes)
{
    return ts_product_bits(modes) + ts_log2(lanes);
}

/* Bits of the inner sum: a dlfloat16, or an exact integer. */
static inline int ts_acc_bits(int64_t modes, int64_t chunk, int64_t variant)
{
    return variant == TS_VARIANT_INTEGER ? ts_product_bits(modes) + ts_log2(chunk) : 16;
}

static inline const struct ts_format *ts_outer_format(int64_t outer)
{
    return outer == TS_OUTER_FP32 ? &ts_format_fp32 : &ts_format_dlfloat16;
}

/* The two adders on port words: `acc` is a dlfloat16 code or acc_bits of an integer. */
uint64_t ts_chunk_add_word(int64_t variant, enum ts_overflow overflow, int acc_bits, uint64_t acc,
                           int64_t p, int s);
uint32_t ts_outer_add_word(int64_t variant, int64_t outer_kind, enum ts_overflow overflow,
                           int acc_bits, uint32_t outer, uint64_t acc, int s);

/* Whether ts_stress_dlfloat16() makes a hard case of these random bits. */
enum { TS_STRESS_MASK = 7, TS_STRESS_KINDS = 3 };

static inline bool ts_stresses(uint64_t random)
{
    return (random & TS_STRESS_MASK) < TS_STRESS_KINDS;
}

/*
 * A second operand that makes `first` + it a hard case, as `random` says: the
 * negation give or take an ulp, a tie, nearly a tie; or `otherwise`.
 */
ts_dlfloat16 ts_stress_dlfloat16(ts_dlfloat16 first, uint64_t random, ts_dlfloat16 otherwise);

/* Chunk is a whole number of dot products. */
const char *ts_check_lanes_chunk(int64_t lanes, int64_t chunk);

/* What the mpe and the array built of it have in common. */
const char *ts_check_mpe(int64_t modes, int64_t lanes, int64_t chunk, int64_t variant,
                         int64_t dot_stages);

#ifdef __cplusplus
}
#endif
#endif
