/* SPDX-License-Identifier: Apache-2.0 */
/* Hard operands for adders, multipliers and fused multiply-adds of any floating-point format. */
#ifndef TESSERA_CORE_FLOAT_STRESS_H
#define TESSERA_CORE_FLOAT_STRESS_H

#include "tessera/format.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * An addend that makes `first` + it a hard case, as `random` says: cancellation to nothing or a
 * few ulps, a tie or nearly one, about the same size, the ends of the range; or `otherwise`.
 */
uint32_t ts_stress_addend(const struct ts_format *f, uint32_t first, uint64_t random,
                          uint32_t otherwise);

/* Bends a * b to a tie, to the smallest or to the largest numbers, as `random` says. */
void ts_stress_product(const struct ts_format *f, uint64_t random, uint64_t *a, uint64_t *b);

/* The two together for a * b + c; the addend and the sum are of the format `sum`. */
void ts_stress_fma(const struct ts_format *product, const struct ts_format *sum, uint64_t random,
                   uint64_t *a, uint64_t *b, uint64_t *c);

/*
 * One cycle of a stream to be summed: so many elements, then whether it is a tensor's first one
 * and its last. Tensors of one cycle to some dozens, of which most hold no more than a few
 * binades: random codes would overflow every sum.
 */
void ts_stress_stream(const struct ts_format *f, int lanes, uint64_t random, uint64_t *in);

#ifdef __cplusplus
}
#endif
#endif
