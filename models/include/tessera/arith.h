/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The arithmetic of the blocks as plain functions, for C callers that want a
 * result and no descriptor. Each is the body of the block of the same name.
 */
#ifndef TESSERA_ARITH_H
#define TESSERA_ARITH_H

#include "tessera/block.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Bits of a product by Modes: 8 with INT4 alone (|P| <= 120), else 18 (|P| <= 15 * 2^13). */
int ts_product_bits(int64_t modes);

/** L: the value of an integer product P is P * 2^L. 0 for INT4, -6 for FP4. */
int ts_product_exp(bool fp4);

/** Appends the phase bit to a radix-4 code: {s, e3} -> {s, e3, phase} (Sun20). */
ts_fp5_r2 ts_radix4_to_radix2(ts_fp4_r4 code, bool odd);

/** What tpr_quantizer does with a magnitude below the smallest of the grid. */
enum ts_underflow { TS_UNDERFLOW_NEAREST, TS_UNDERFLOW_FLUSH };

struct ts_tpr {
    ts_fp4_r4 even; /**< on the grid 4^-3..4^3 */
    ts_fp4_r4 odd;  /**< on the grid 2*4^-3..2*4^3 */
    bool invalid;   /**< the input was NaN-Infinity; the codes are the top ones */
};

/** x * 2^k rounded to the nearest magnitude of both radix-4 grids, ties up (Sun20). */
struct ts_tpr ts_tpr_quantize(ts_dlfloat16 x, int k, enum ts_underflow underflow);

/** INT4: a * b. FP4: +-(a << (e5 - 2)), zero for a zero code. a in -16..15, b 5 bits. */
int32_t ts_mac_lane(int a, unsigned b, bool fp4);

/** acc + P * 2^s with one rounding of the exact sum. |P| < 2^48, any s in -128..127. */
ts_dlfloat16 ts_chunk_add_fused(ts_dlfloat16 acc, int64_t p, int s, enum ts_overflow overflow);

/** acc + RN(P * 2^s): the product sum is rounded first. */
ts_dlfloat16 ts_chunk_add_split(ts_dlfloat16 acc, int64_t p, int s, enum ts_overflow overflow);

/** RN(P * 2^s). */
ts_dlfloat16 ts_dlfloat16_of_int(int64_t p, int s, enum ts_overflow overflow);

/** outer + acc, rounded once to the outer format. */
ts_dlfloat16 ts_outer_add_dlfloat16(ts_dlfloat16 outer, ts_dlfloat16 acc,
                                    enum ts_overflow overflow);
ts_fp32 ts_outer_add_fp32(ts_fp32 outer, ts_dlfloat16 acc, enum ts_overflow overflow);

/** a * b + c with a single rounding, nearest_up (DLF). */
ts_dlfloat16 ts_dlfloat16_fma(ts_dlfloat16 a, ts_dlfloat16 b, ts_dlfloat16 c,
                              enum ts_overflow overflow);

/** a + b and a * b in one format, rounded once as the format rounds. */
uint32_t ts_fp_add(const struct ts_format *f, uint32_t a, uint32_t b, enum ts_overflow overflow);
uint32_t ts_fp_mul(const struct ts_format *f, uint32_t a, uint32_t b, enum ts_overflow overflow);

/** a * b + c with a single rounding, nearest_even; a zero sum is +0, a NaN the canonical one. */
ts_fp32 ts_fp32_fma(ts_fp32 a, ts_fp32 b, ts_fp32 c, enum ts_overflow overflow);
ts_fp32 ts_bf16_fma(ts_bf16 a, ts_bf16 b, ts_fp32 c, enum ts_overflow overflow);

/** The same in fp16. Without subnormals, operands and the sum before rounding flush to zero. */
ts_fp16 ts_fp16_fma(ts_fp16 a, ts_fp16 b, ts_fp16 c, bool subnormals, enum ts_overflow overflow);

/** How the terms of a sum are aligned before it is rounded. */
struct ts_align {
    bool exact; /**< nothing is lost */
    int width;  /**< else: bits of the window, 16..48 */
};

/** The code of either FP8 format widened exactly; `bias`, 0..15, is that of fp8_143. */
ts_fp9_153 ts_hfp8_widen(uint8_t code, bool is_152, int bias);

/** acc + a[i] * b[i] of 1..16 lanes, aligned to the largest exponent, rounded once. */
ts_dlfloat16 ts_hfp8_mac(const ts_fp9_153 *a, const ts_fp9_153 *b, int lanes, ts_dlfloat16 acc,
                         struct ts_align align, enum ts_overflow overflow);

/** The same of dlfloat16 operands. */
ts_dlfloat16 ts_dlfloat16_dot(const ts_dlfloat16 *a, const ts_dlfloat16 *b, int lanes,
                              ts_dlfloat16 acc, struct ts_align align, enum ts_overflow overflow);

/**
 * w + lr * dw, exact, then `random`, a word of random_bits bits (1..16), is added below the
 * last place of the sum's own binade, and the rest cut off (Wang22; the bits [A]).
 */
ts_dlfloat16 ts_axpy_sr(ts_dlfloat16 lr, ts_dlfloat16 dw, ts_dlfloat16 w, uint32_t random,
                        int random_bits, enum ts_overflow overflow);

/** Where the register of a lane of axpy_sr starts: never zero. */
uint32_t ts_axpy_sr_seed(uint32_t seed, int width, int lane);

/**
 * x * scale to the nearest of 0..15, ties to even; scale is 15 / alpha, its sign not looked at.
 * 0 for a negative x, 15 for NaN-Infinity (PACT).
 */
unsigned ts_pact(ts_dlfloat16 x, ts_dlfloat16 scale);

/** How an mpe works; control is as at the ports of the block. */
struct ts_mpe_mode {
    bool swap;       /**< the stationary operand is port a, else port b */
    bool a_unsigned; /**< port a is uint4, else int4 */
    bool fp4;        /**< port b is fp5_r2, else int4; of floating modes: FP16, else HFP8 */
    int escale;      /**< power of two of the integer products, -64..63 */
    bool floating;   /**< HFP8 or FP16, where the mpe has integer modes too */
};

/**
 * One slice of an mpe, one operation: acc with Lanes products of the
 * stationary and the streamed operands. `params` are those of the block mpe;
 * acc is a dlfloat16 code, or an integer in the width of the inner sum.
 */
uint64_t ts_mpe_slice(const int64_t *params, const struct ts_mpe_mode *mode,
                      const uint64_t *stationary, const uint64_t *stream, uint64_t acc);

#ifdef __cplusplus
}
#endif
#endif
