/* SPDX-License-Identifier: Apache-2.0 */
/* The instruction sets that this build has code of its own for. */
#ifndef TESSERA_CORE_ISA_H
#define TESSERA_CORE_ISA_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ts_kernel;
struct ts_quantizers;

/* ts_code_dlfloat16() of n sums of a strip. */
typedef void ts_codes(const uint32_t *state, int64_t n, uint32_t *codes);

/* What one instruction set has; NULL: what the next one in ts_isas has. */
struct ts_isa {
    const char *name;
    bool (*present)(void);
    bool (*preferred)(void);          /* and not slower than the next */
    const struct ts_kernel *fp4_dot;  /* 4-bit sums within a float: int4 x fp4_r4 */
    const struct ts_kernel *fp4_sum;  /* the same, a dot product being a chunk */
    const struct ts_kernel *int4_dot; /* int4 x int4 */
    const struct ts_kernel *int4_sum;
    const struct ts_kernel *four_bit; /* 4-bit sums, always */
    const struct ts_kernel *int8;
    const struct ts_kernel *dlfloat16;
    const struct ts_kernel *hfp8;
    const struct ts_kernel
        *hfp8_dot; /* the same of two lanes, in a window, if bounded; NULL: hfp8 */
    const struct ts_kernel *fp16, *fp32;
    ts_codes *codes;
    const struct ts_quantizers *quantizers;
};

/* From the fastest to the portable one, which is complete; NULL at the end. */
extern const struct ts_isa *const ts_isas[];

/*
 * Where in ts_isas the one is that TESSERA_ISA names, NULL if this processor does not have it;
 * without that variable `otherwise`.
 */
const struct ts_isa *const *ts_isa_wanted(const struct ts_isa *const *otherwise);

/* The first that is preferred, of some that begin with `isa`. */
const struct ts_isa *const *ts_isa_preferred(const struct ts_isa *const *isa);

#ifdef __cplusplus
}
#endif
#endif
