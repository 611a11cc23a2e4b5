/* SPDX-License-Identifier: Apache-2.0 */
#include "peaks.h"

#if defined(__x86_64__)

#define CHAINS(op, r)                                                                              \
    op " %%" r "14, %%" r "15, %%" r "0\n" op " %%" r "14, %%" r "15, %%" r "1\n" op " %%" r       \
       "14, %%" r "15, %%" r "2\n" op " %%" r "14, %%" r "15, %%" r "3\n" op " %%" r "14, %%" r    \
       "15, %%" r "4\n" op " %%" r "14, %%" r "15, %%" r "5\n" op " %%" r "14, %%" r "15, %%" r    \
       "6\n" op " %%" r "14, %%" r "15, %%" r "7\n" op " %%" r "14, %%" r "15, %%" r "8\n" op      \
       " %%" r "14, %%" r "15, %%" r "9\n" op " %%" r "14, %%" r "15, %%" r "10\n" op " %%" r      \
       "14, %%" r "15, %%" r "11\n"

/* The registers hold zeros, as what else might be in them can be slow. */
#define RUN(function, op, r)                                                                       \
    static void function(void)                                                                     \
    {                                                                                              \
        __asm__ volatile("vzeroall" ::                                                             \
                             : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7",     \
                               "xmm8", "xmm9", "xmm10", "xmm11", "xmm14", "xmm15");                \
        for (int i = 0; i < PEAK_ROUNDS; i++)                                                      \
            __asm__ volatile(CHAINS(op, r) CHAINS(op, r) CHAINS(op, r) CHAINS(op, r)::             \
                                 : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", \
                                   "xmm8", "xmm9", "xmm10", "xmm11");                              \
        __asm__ volatile("vzeroupper");                                                            \
    }

RUN(fma_512, "vfmadd231ps", "zmm")
RUN(fma_256, "vfmadd231ps", "ymm")
RUN(vnni_8, "vpdpbusd", "zmm")
RUN(vnni_16, "vpdpwssd", "zmm")
RUN(bf16, "vdpbf16ps", "zmm")

static int has_avx512(void)
{
    return __builtin_cpu_supports("avx512f");
}

static int has_fma(void)
{
    return __builtin_cpu_supports("fma");
}

static int has_vnni(void)
{
    return __builtin_cpu_supports("avx512vnni");
}

static int has_bf16(void)
{
    return __builtin_cpu_supports("avx512bf16");
}

const struct peak peaks[] = {
    {"fma_512", has_avx512, fma_512, 16}, {"fma_256", has_fma, fma_256, 8},
    {"vnni_int8", has_vnni, vnni_8, 64},  {"vnni_int16", has_vnni, vnni_16, 32},
    {"bf16_dot", has_bf16, bf16, 32},
};
const int n_peaks = sizeof peaks / sizeof *peaks;

#else

const struct peak peaks[] = {{0, 0, 0, 0}};
const int n_peaks = 0;

#endif
