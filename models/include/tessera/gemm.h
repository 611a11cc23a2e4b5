/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A matrix product, bit for bit as the machine computes it.
 *
 * k ascends; `lanes` consecutive k form one dot product, which enters the inner
 * sum of its chunk as `variant` says; chunks begin at multiples of `chunk`, and
 * each enters the sum over chunks when it ends. The tail is padded with zeros,
 * which add nothing. In FP16 the inner sum is a chain of fused multiply-adds.
 */
#ifndef TESSERA_GEMM_H
#define TESSERA_GEMM_H

#include "tessera/arith.h"

#ifdef __cplusplus
extern "C" {
#endif

/** C[M,N] = sum over k of A[M,K] * B[K,N]. */
struct ts_gemm {
    int64_t m, n, k;
    int64_t modes;        /**< TS_MODE_INT4, TS_MODE_FP4 or TS_MODE_FP16: one of them */
    int64_t lanes, chunk; /**< powers of two up to 64 and 4096, lanes <= chunk; lanes = 1 in FP16 */
    int64_t variant;      /**< enum ts_variant; fused in FP16 */
    int64_t outer;        /**< enum ts_outer: what the codes of C are */
    int64_t saturate;     /**< 0: NaN-Infinity on overflow; 1: the largest finite number */
    int escale;           /**< power of two of the products, -64..63; not used in FP16 */
    bool b_is_port_a; /**< B holds the 4-bit integers (BWD), else A; the same in INT4 if signed */
    bool port_a_unsigned; /**< port a is uint4 (PACT), else int4 */
    /**
     * Codes, row-major. Port a: int4 or uint4 in the low 4 bits. Port b: int4 in the low 4 bits
     * (INT4) or fp5_r2 in the low 5 (FP4). FP16: dlfloat16 on both. Higher bits are ignored.
     */
    const uint16_t *a; /**< [m][k] */
    const uint16_t *b; /**< [k][n] */
};

/** NULL if a GEMM can be computed, else one line saying why not. */
const char *ts_gemm_check(const struct ts_gemm *gemm);

/**
 * The GEMM through the golden functions of arith.h, one output after the other:
 * the definition. `c` is [m][n], codes of the outer format. The GEMM must pass ts_gemm_check().
 */
void ts_gemm_golden(const struct ts_gemm *gemm, uint32_t *c);

/** The same bits, faster. They do not depend on `threads` (1 or more). */
void ts_gemm_run(const struct ts_gemm *gemm, int threads, uint32_t *c);

#ifdef __cplusplus
}
#endif
#endif
