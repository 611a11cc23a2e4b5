/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of products and a dlfloat16, aligned to the largest exponent and rounded once. */
#ifndef TESSERA_CORE_ALIGNED_SUM_H
#define TESSERA_CORE_ALIGNED_SUM_H

#include "core/block_common.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { TS_MAX_DOT_LANES = 16 };

#define TS_PARAM_DOT_LANES(preset)                                                                 \
    {                                                                                              \
        "Lanes", 1, TS_MAX_DOT_LANES, preset, .pow2 = true,                                        \
                                              .doc = "products summed along k per cycle"           \
    }

/* A term that is not zero has the value's sign and size, and is aligned by `exp`. */
struct ts_term {
    struct ts_value value;
    int exp;
};

/* The code of a float without subnormals as a term. */
struct ts_term ts_term_of(const struct ts_format *format, uint64_t code);

struct ts_term ts_term_mul(struct ts_term a, struct ts_term b);

/*
 * RN(terms + acc) to dlfloat16; terms has room for one more. `product_bits` of
 * a product's magnitude lie above the point when its exponent is zero: the
 * window's top bit is the highest of these.
 */
ts_dlfloat16 ts_aligned_sum(struct ts_term *terms, int n, int product_bits, ts_dlfloat16 acc,
                            struct ts_align align, enum ts_overflow overflow);

/*
 * Operands that are hard to align: lanes that cancel, that are alike or far
 * apart, and an acc for them, as `random` says. `format` is that of the
 * codes a and b; `dot` what n of them give with an acc of zero.
 */
void ts_stress_lanes(const struct ts_format *format, uint64_t random, int n, uint64_t *a,
                     uint64_t *b);
uint64_t ts_stress_acc(ts_dlfloat16 dot, struct ts_align align, uint64_t random, uint64_t acc);

#ifdef __cplusplus
}
#endif
#endif
