/* SPDX-License-Identifier: Apache-2.0 */
/* The sums of an array: by the golden functions, or the same bits faster. */
#ifndef TESSERA_CORE_ARRAY_SUMS_H
#define TESSERA_CORE_ARRAY_SUMS_H

#include "core/block_common.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The slices of an array: parameters of the block mpe, and some of them by name. */
struct ts_slices {
    int64_t mpe[TS_MAX_PARAMS];
    int64_t modes, lanes, variant, outer;
    enum ts_overflow overflow;
    int acc_bits;
};

struct ts_array_sums {
    /* A streamed operand meets `count` stationary ones, [count][lanes]: each as ts_mpe_slice(). */
    void (*row)(const struct ts_slices *slices, const struct ts_mpe_mode *mode,
                const uint64_t *stationary, const uint64_t *stream, size_t count, uint64_t *acc);
    /* As ts_outer_add_word(). */
    uint32_t (*outer)(const struct ts_slices *slices, uint32_t outer, uint64_t acc, int s);
};

extern const struct ts_array_sums ts_golden_sums, ts_fast_sums;

/*
 * RN(acc + p * 2^s) to dlfloat16 in integers of 64 bits: true with the code, if the sum fits and
 * the result is a number well within range, or is zero. |p| is less than 2^32.
 */
bool ts_fast_add(ts_dlfloat16 acc, int64_t p, int s, uint64_t *code);

#ifdef __cplusplus
}
#endif
#endif
