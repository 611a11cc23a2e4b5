/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Tensors of numbers to tensors of codes, as operands of a GEMM: one uint16_t
 * for each code, as ts_pack() takes them.
 *
 * n = 0 is allowed everywhere, and then pointers are not read. A clip that is not a positive
 * finite number stands for a tensor without range: all codes are zero. A NaN
 * becomes the top code, as in ts_encode(). Zero codes are +0.
 */
#ifndef TESSERA_QUANTIZE_H
#define TESSERA_QUANTIZE_H

#include "tessera/arith.h"
#include "tessera/lfsr.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Lanes of the SAWB unit unless told otherwise [A]. */
enum { TS_SAWB_LANES = 8 };

/**
 * The clip of SAWB for 15 levels: c1 * sqrt(E[w^2]) + c2 * E|w|, c1 = 12.035, c2 = -12.03.
 * All in fp32, rounding to nearest even after each operation [A]: the squares, the sums (element
 * i goes to lane i % lanes in index order, then lanes are added in pairs, 0 + 1, 2 + 3, ...), the
 * division by n (rounded to fp32), the root, both products and their sum. Weights below 2^-63,
 * whose squares fp32 has no normal numbers for, are zeros in both sums, and so is a mean square
 * below 2^-126 [A]. A clip outside (0, max|w|] becomes max|w| and sets *fell_back (may be NULL): so
 * 0, fallen back, for n = 0 and for zeros. (SAWB)
 */
float ts_sawb_clip(const float *w, size_t n, bool *fell_back);

/** The same with so many lanes: a power of two, 1..64. */
float ts_sawb_clip_lanes(const float *w, size_t n, int lanes, bool *fell_back);

/**
 * int4, symmetric, 15 levels: the exact quotient x * 7 / clip rounded to nearest even [A], then
 * clamped to -7..7; two's complement in 4 bits. (SAWB)
 */
void ts_quantize_int4(const float *x, size_t n, float clip, uint16_t *codes);

/**
 * uint4 after ReLU: x rounded to dlfloat16, as it leaves the special-function unit [A], times the
 * dlfloat16 nearest to 15 / alpha; the exact product is rounded to nearest even and clamped to
 * 0..15. Negative x gives 0. Clipping x to alpha first would change nothing while 15 / alpha is
 * in dlfloat16's range; past it its largest number is taken, below it zero. (PACT)
 */
void ts_quantize_uint4(const float *x, size_t n, float alpha, uint16_t *codes);

/**
 * The clip with the least square error sum((q * clip / top - x)^2), top = 7 (is_signed) or 15, q
 * the exact quotient x * top / clip rounded to nearest even and clamped. In double, in index order;
 * first over i/64 of the largest magnitude (unsigned: of the largest x), i = 1..64, then over
 * 1/2048 steps between the neighbours of the best; the smallest clip wins a tie. Elements that are
 * not finite are left out. 0 if no element is left to be clipped. [A]
 */
float ts_least_mse_clip(const float *x, size_t n, bool is_signed);

/**
 * x * scale, exact, rounded once to dlfloat16; past its range NaN-Infinity. `scale` is the run's
 * recorded power of two, but any finite float is exact. *flushed (may be NULL): inputs other than
 * zero that became zero. (DLF)
 */
void ts_round_dlfloat16(const float *x, size_t n, float scale, uint16_t *codes, size_t *flushed);

/** Where GradScale puts the largest exponent: the top of the even grid, 4^3 [A]. */
enum { TS_GRADSCALE_TARGET = 6 };

/**
 * k = target - floor(log2(max_abs)), clamped to -128..127. 0 when max_abs is zero or not finite.
 * (Sun20)
 */
int ts_gradscale_exponent(float max_abs, int target);

/**
 * The same of a tensor of dlfloat16 codes, from its largest exponent; 0 for zeros and where there
 * is a NaN-Infinity: the k of block gradscale with Method = align.
 */
int ts_gradscale_align(const uint16_t *x, size_t n, int target);

/** What happened to a tensor in each phase: index 0 even, 1 odd. */
struct ts_tpr_stats {
    size_t zeros[2];     /**< inputs other than zero that became zero */
    size_t saturated[2]; /**< inputs at or above 2.5 times the top magnitude */
    size_t invalid;      /**< NaN-Infinity; not counted as saturated */
};

/**
 * dlfloat16 codes to fp4_r4 codes (4 bits) of both phases in one pass, of x * 2^k, by
 * ts_tpr_quantize(). `even`, `odd` or `stats` may be NULL. (Sun20)
 */
void ts_quantize_tpr(const uint16_t *x, size_t n, int k, enum ts_underflow underflow,
                     uint16_t *even, uint16_t *odd, struct ts_tpr_stats *stats);

/** fp4_r4 codes of one phase to fp5_r2 codes, port b of a GEMM. May be done in place. */
void ts_append_phase(const uint16_t *radix4, size_t n, bool odd, uint16_t *fp5);

/** A unit axpy_sr: its parameters, and where its registers are. */
enum { TS_AXPY_SR_MAX_LANES = 64 };
struct ts_axpy_sr_unit {
    int lanes;       /**< elements at once: a power of two, 1..64 */
    int random_bits; /**< 1..16 */
    enum ts_overflow overflow;
    uint32_t polynomial;
    uint32_t state[TS_AXPY_SR_MAX_LANES];
};

/** All presets of the block, its registers as after reset. */
struct ts_axpy_sr_unit ts_axpy_sr_preset(void);

/**
 * w += lr * dw, rounded stochastically by ts_axpy_sr(): element i with the next word of register
 * i % lanes. All registers advance together, also those without an element at the end of a tensor.
 * (Wang22)
 */
void ts_axpy_sr_tensor(struct ts_axpy_sr_unit *unit, ts_dlfloat16 lr, const uint16_t *dw,
                       uint16_t *w, size_t n);

#ifdef __cplusplus
}
#endif
#endif
