/* SPDX-License-Identifier: Apache-2.0 */
/* The instruction sets, and which one is taken. */
#include "core/isa.h"

#include "tessera/gemm.h"

#include <stdlib.h>
#include <string.h>

extern const struct ts_isa ts_isa_portable;

#ifdef __x86_64__
extern const struct ts_isa ts_isa_amx, ts_isa_avx512fp16, ts_isa_avx512bf16, ts_isa_avx512vnni,
    ts_isa_avx2;

const struct ts_isa *const ts_isas[] = {
    &ts_isa_amx,
    &ts_isa_avx512fp16,
    &ts_isa_avx512bf16,
    &ts_isa_avx512vnni,
    &ts_isa_avx2,
    &ts_isa_portable,
    NULL,
};
const char *const ts_gemm_isas[] = {
    "amx", "avx512fp16", "avx512bf16", "avx512vnni", "avx2", "portable", NULL,
};
#else
const struct ts_isa *const ts_isas[] = {&ts_isa_portable, NULL};
const char *const ts_gemm_isas[] = {"portable", NULL};
#endif

static const struct ts_isa *const *find(const char *name)
{
    for (const struct ts_isa *const *isa = ts_isas; *isa; isa++)
        if (strcmp(name, (*isa)->name) == 0)
            return (*isa)->present() ? isa : NULL;
    return NULL;
}

const struct ts_isa *const *ts_isa_preferred(const struct ts_isa *const *isa)
{
    while (!(*isa)->preferred())
        isa++;
    return isa;
}

const struct ts_isa *const *ts_isa_wanted(const struct ts_isa *const *otherwise)
{
    const char *name = getenv("TESSERA_ISA");
    return name ? find(name) : otherwise;
}

bool ts_gemm_has_isa(const char *name)
{
    return find(name) != NULL;
}
