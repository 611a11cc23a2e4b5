/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels for any processor. */
#include "gemm/expand.h"
#include "quantize/quantizers.h"

#include <fenv.h>

enum { ROWS = 4, DOT_ROWS = 4, VECTORS = 1, COLS = 4, DROWS = 4, DCOLS = 2 };

typedef float vf __attribute__((vector_size(COLS * sizeof(float))));
typedef int32_t vi __attribute__((vector_size(COLS * sizeof(int32_t))));
typedef double vd __attribute__((vector_size(DCOLS * sizeof(double))));
typedef int64_t vl __attribute__((vector_size(DCOLS * sizeof(int64_t))));

static inline vi pair_dot(vi sum, vi a, vi b)
{
    return sum + (a << 16 >> 16) * (b << 16 >> 16) + (a >> 16) * (b >> 16);
}

static inline vi quad_dot(vi sum, vi a, vi b)
{
    return sum + (a << 24 >> 24) * (b & 255) + (a << 16 >> 24) * (b >> 8 & 255) +
           (a << 8 >> 24) * (b >> 16 & 255) + (a >> 24) * (b >> 24 & 255);
}

static inline vf to_float(vi x)
{
    return __builtin_convertvector(x, vf);
}

static inline vf fused(vf a, vf b, vf c)
{
    for (int i = 0; i < COLS; i++)
        c[i] = fmaf(a[i], b[i], c[i]);
    return c;
}

static inline void toward_zero(void)
{
    fesetround(FE_TOWARDZERO);
}

static inline void to_nearest(void)
{
    fesetround(FE_TONEAREST);
}

typedef vl clear_mask;

static inline clear_mask all_clear(void)
{
    return (vl){-1, -1};
}

static inline clear_mask still_clear(clear_mask clear, vd q, vd sum, vd far_below)
{
    return clear & (q != 0) & ~(sum < far_below);
}

static inline bool is_clear(clear_mask clear)
{
    return (clear[0] & clear[1]) == -1;
}

#define EXPAND_PAIRS ts_expand_pairs
#define EXPAND_QUADS ts_expand_quads
#include "gemm/isa/kernels.h"

static bool present(void)
{
    return true;
}

const struct ts_isa ts_isa_portable = {
    .name = "portable",
    .present = present,
    .preferred = present,
    KERNELS,
    .quantizers = &ts_quantizers_portable,
};
