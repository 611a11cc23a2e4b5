/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels for AVX2 with FMA. */
#include "gemm/expand.h"
#include "gemm/isa/mxcsr.h"
#include "quantize/quantizers.h"

#include <immintrin.h>

enum { ROWS = 6, DOT_ROWS = 3, VECTORS = 2, COLS = 8, DROWS = 6, DCOLS = 4 };

typedef float vf __attribute__((vector_size(COLS * sizeof(float))));
typedef int32_t vi __attribute__((vector_size(COLS * sizeof(int32_t))));
typedef double vd __attribute__((vector_size(DCOLS * sizeof(double))));
typedef int64_t vl __attribute__((vector_size(DCOLS * sizeof(int64_t))));

static inline vi pair_dot(vi sum, vi a, vi b)
{
    return sum + (vi)_mm256_madd_epi16((__m256i)a, (__m256i)b);
}

/* Two products of 4-bit integers are far from the ends of 16 bits. */
static inline vi quad_dot(vi sum, vi a, vi b)
{
    __m256i pairs = _mm256_maddubs_epi16((__m256i)b, (__m256i)a);
    return sum + (vi)_mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
}

static inline vf to_float(vi x)
{
    return _mm256_cvtepi32_ps((__m256i)x);
}

static inline vf fused(vf a, vf b, vf c)
{
    return _mm256_fmadd_ps(a, b, c);
}

typedef vl clear_mask;

static inline clear_mask all_clear(void)
{
    return (vl)_mm256_set1_epi64x(-1);
}

static inline clear_mask still_clear(clear_mask clear, vd q, vd sum, vd far_below)
{
    vl other = (vl)_mm256_cmp_pd(q, _mm256_setzero_pd(), _CMP_NEQ_UQ);
    return clear & other & (vl)_mm256_cmp_pd(sum, far_below, _CMP_NLT_UQ);
}

static inline bool is_clear(clear_mask clear)
{
    enum { ALL = 15 };
    return _mm256_movemask_pd((vd)clear) == ALL;
}

#define EXPAND_PAIRS ts_expand_pairs
#define EXPAND_QUADS ts_expand_quads
#include "gemm/isa/kernels.h"

static bool present(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

const struct ts_isa ts_isa_avx2 = {
    .name = "avx2",
    .present = present,
    .preferred = present,
    KERNELS,
    .quantizers = &ts_quantizers_avx2,
};
