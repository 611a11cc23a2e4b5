/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A matrix product, bit for bit as the machine computes it.
 *
 * k ascends; `lanes` consecutive k form one dot product, which enters the inner
 * sum of its chunk; chunks begin at multiples of `chunk`, and each enters the
 * sum over chunks when it ends. The tail is padded with zeros, which add
 * nothing. What an operation of `lanes` products is follows from the formats:
 *
 * | A, B (either side)        | inner sum                              | C by `outer` 0, 1  |
 * |---------------------------|----------------------------------------|--------------------|
 * | int4 or uint4, int4       | dot_product, chunk_add                 | dlfloat16, fp32    |
 * | int4 or uint4, fp4_r4     | the same; the format says which phase  | dlfloat16, fp32    |
 * | fp8_143 or fp8_152, both  | hfp8_mac                               | dlfloat16, fp32    |
 * | dlfloat16, lanes = 1      | dlfloat16_fma                          | dlfloat16, fp32    |
 * | dlfloat16, lanes > 1      | dlfloat16_dot                          | dlfloat16, fp32    |
 * | fp16                      | fp16_fma with subnormals, lanes = 1    | fp16, fp32         |
 * | bf16                      | bf16_fma, lanes = 1                    | fp32               |
 * | fp32                      | fp32_fma, lanes = 1                    | fp32               |
 * | int8                      | int8_mac with 32 bits over all of K    | integers of 32 bits|
 *
 * The library holds no state: every function may be called from any thread.
 */
#ifndef TESSERA_GEMM_H
#define TESSERA_GEMM_H

#include "tessera/arith.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A digit of an index: how far it counts, and what a step of it adds to the place in a tensor. */
struct ts_view_digit {
    int64_t extent, step; /**< step: in elements */
    int64_t y, x;
};

/**
 * A matrix that is a view of a tensor's planes. Vector v, code k is at y and x of a plane: the sums
 * of what their digits (the last counts fastest) add to `offset`, `y` and `x`. Only multiples of
 * the holes exist: divided by them, and within the plane, they are `y_step` and `x_step` elements
 * from each other; all else is a structural zero. Made by ts_conv_view() (tessera/conv.h).
 */
struct ts_view {
    struct ts_view_digit vector[3], k[3];
    int64_t offset, y, x;
    int64_t height, width;  /**< of a plane; 0: this is no view */
    int64_t y_step, x_step; /**< of a plane's elements */
    int64_t y_hole, x_hole; /**< 1 unless gradients go back through a stride */
};

/**
 * An operand: vectors of k codes at their true width, to be used by any number
 * of GEMMs at once. The vectors are the rows of A or the columns of B.
 *
 * Layout. A vector is its codes with k ascending, little-endian, without gaps:
 * code k of a 4-bit format is in the low (k even) or high half of byte k/2, of
 * others in bytes k * bits/8 and following. The rest of its `stride` bytes, a
 * multiple of 64, is zero.
 *
 * Or a view of such codes, which are one vector, a tensor: the engine gathers what it needs as it
 * needs it, and the matrix never exists. The codes then belong to the tensor.
 */
struct ts_packed {
    struct ts_format format;
    int64_t vectors, k;
    int64_t stride;
    uint8_t *codes;
    uint32_t least, most; /**< magnitudes of floats, as codes without sign; least of those not 0 */
    struct ts_view view;
};

/**
 * Packs codes of a format, elements of `size` bytes (1, 2 or 4; bits above the
 * format's are ignored). Code k of vector v is element v * vector_step + k * k_step:
 * for a row-major A[m][k] these are k and 1, for a B[k][n] 1 and n. Returns
 * NULL, or one line that says what is wrong; ts_packed_free() in either case.
 */
const char *ts_pack(struct ts_packed *packed, const struct ts_format *format, int64_t vectors,
                    int64_t k, const void *codes, size_t size, int64_t vector_step, int64_t k_step);

/** Of a view nothing is freed but itself: free the tensor when no view is left. */
void ts_packed_free(struct ts_packed *packed);

/**
 * Copies vectors, `first` and following, of a view or not: the copy is no view and stands by
 * itself. Returns NULL, or one line that says what is wrong; ts_packed_free() in either case.
 */
const char *ts_packed_copy(struct ts_packed *copy, const struct ts_packed *packed, int64_t first,
                           int64_t vectors);

/** One code. */
uint32_t ts_packed_code(const struct ts_packed *packed, int64_t vector, int64_t k);

/** C[M,N] = sum over k of A[M,K] * B[K,N]. */
struct ts_gemm {
    const struct ts_packed *a; /**< the rows of A */
    const struct ts_packed *b; /**< the columns of B */
    int64_t lanes;             /**< a power of two: to 64 for integers, to 16 for floats */
    int64_t chunk;    /**< a power of two to 4096, not less than lanes; 0: all of K (not in formats
                           that enter a dlfloat16, always in int8) */
    int64_t variant;  /**< enum ts_variant; fused unless both operands have 4 bits */
    int64_t outer;    /**< enum ts_outer */
    int64_t saturate; /**< what overflow gives: 0 what is special or wraps, 1 the last number */
    int escale;       /**< power of two of 4-bit products, -64..63; else 0 */
    struct ts_align align; /**< of hfp8_mac and dlfloat16_dot */
};

/** NULL if a GEMM can be computed, else one line saying why not. */
const char *ts_gemm_check(const struct ts_gemm *gemm);

/** The format of C's codes; NULL: two's complement of 32 bits. */
const struct ts_format *ts_gemm_result(const struct ts_gemm *gemm);

/**
 * The GEMM through the golden functions of arith.h, one output after the other:
 * the definition. `c` is [m][n]. The GEMM must pass ts_gemm_check().
 */
void ts_gemm_golden(const struct ts_gemm *gemm, uint32_t *c);

/** One output of it. */
uint32_t ts_gemm_golden_element(const struct ts_gemm *gemm, int64_t row, int64_t col);

/**
 * The same bits, faster. They do not depend on `threads` (1 or more), nor on what the processor
 * has. TESSERA_ISA in the environment chooses the kernels: see ts_gemm_isas. Returns NULL, or one
 * line that says what is wrong: there is no memory, or TESSERA_ISA names nothing that is there.
 */
const char *ts_gemm_run(const struct ts_gemm *gemm, int threads, uint32_t *c);

/** Names of the kernels, the first that the processor has is taken; NULL at the end. */
extern const char *const ts_gemm_isas[];

/** Whether this processor has the kernels of that name. */
bool ts_gemm_has_isa(const char *name);

#ifdef __cplusplus
}
#endif
#endif
