/* SPDX-License-Identifier: Apache-2.0 */
/* Hard tensors for sawb, of fp32 elements. */
#ifndef TESSERA_CORE_SAWB_STRESS_H
#define TESSERA_CORE_SAWB_STRESS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A tensor of one cycle, or half of one of two: products that tie, counts that are rounded, the
 * least weights and squares, clips that are about zero or about the largest element. `in` is so
 * many elements, first, last, and n.
 */
void ts_stress_sawb(int lanes, uint64_t random, uint64_t *in);

#ifdef __cplusplus
}
#endif
#endif
