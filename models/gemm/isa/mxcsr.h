/* SPDX-License-Identifier: Apache-2.0 */
/* How a thread of an x86 processor rounds, for its kernels. */
#ifndef TESSERA_GEMM_ISA_MXCSR_H
#define TESSERA_GEMM_ISA_MXCSR_H

#include <immintrin.h>

static inline void toward_zero(void)
{
    _mm_setcsr(_mm_getcsr() | _MM_ROUND_TOWARD_ZERO);
}

static inline void to_nearest(void)
{
    _mm_setcsr(_mm_getcsr() & ~(unsigned)_MM_ROUND_MASK);
}

#endif
