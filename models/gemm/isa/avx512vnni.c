/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels for AVX-512 with VNNI. */
#include "gemm/expand.h"
#include "gemm/isa/mxcsr.h"
#include "quantize/quantizers.h"

#include <immintrin.h>

enum { ROWS = 8, DOT_ROWS = 6, VECTORS = 2, COLS = 16, DROWS = 8, DCOLS = 8 };

typedef float vf __attribute__((vector_size(COLS * sizeof(float))));
typedef int32_t vi __attribute__((vector_size(COLS * sizeof(int32_t))));
typedef double vd __attribute__((vector_size(DCOLS * sizeof(double))));
typedef int64_t vl __attribute__((vector_size(DCOLS * sizeof(int64_t))));

static inline vi pair_dot(vi sum, vi a, vi b)
{
    return (vi)_mm512_dpwssd_epi32((__m512i)sum, (__m512i)a, (__m512i)b);
}

static inline vi quad_dot(vi sum, vi a, vi b)
{
    return (vi)_mm512_dpbusd_epi32((__m512i)sum, (__m512i)b, (__m512i)a);
}

static inline vf to_float(vi x)
{
    return _mm512_cvtepi32_ps((__m512i)x);
}

static inline vf fused(vf a, vf b, vf c)
{
    return _mm512_fmadd_ps(a, b, c);
}

typedef __mmask8 clear_mask;

static inline clear_mask all_clear(void)
{
    return UINT8_MAX;
}

static inline clear_mask still_clear(clear_mask clear, vd q, vd sum, vd far_below)
{
    __mmask8 other = _mm512_cmp_pd_mask(q, _mm512_setzero_pd(), _CMP_NEQ_UQ);
    return clear & _mm512_mask_cmp_pd_mask(other, sum, far_below, _CMP_NLT_UQ);
}

static inline bool is_clear(clear_mask clear)
{
    return clear == UINT8_MAX;
}

#define EXPAND_PAIRS expand_pairs
#define EXPAND_QUADS expand_quads
#include "gemm/isa/expand512.h"
#include "gemm/isa/kernels.h"

#include "gemm/isa/hfp8_512.h"

static bool present(void)
{
    return __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

const struct ts_isa ts_isa_avx512vnni = {
    .name = "avx512vnni",
    .present = present,
    .preferred = present,
    KERNELS,
    .hfp8_dot = &hfp8_dot_kernel,
    .quantizers = &ts_quantizers_avx512vnni,
};
