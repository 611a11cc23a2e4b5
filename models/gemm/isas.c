/* SPDX-License-Identifier: Apache-2.0 */
/* The instruction sets that this build has kernels for. */
#include "gemm/kernel.h"

extern const struct ts_isa ts_isa_portable;

#ifdef __x86_64__
extern const struct ts_isa ts_isa_amx, ts_isa_avx512bf16, ts_isa_avx512vnni, ts_isa_avx2;

const struct ts_isa *const ts_isas[] = {&ts_isa_amx,  &ts_isa_avx512bf16, &ts_isa_avx512vnni,
                                        &ts_isa_avx2, &ts_isa_portable,   NULL};
const char *const ts_gemm_isas[] = {"amx", "avx512bf16", "avx512vnni", "avx2", "portable", NULL};
#else
const struct ts_isa *const ts_isas[] = {&ts_isa_portable, NULL};
const char *const ts_gemm_isas[] = {"portable", NULL};
#endif
