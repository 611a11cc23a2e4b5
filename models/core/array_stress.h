/* SPDX-License-Identifier: Apache-2.0 */
/* Hard tiles for mac_array_os. */
#ifndef TESSERA_CORE_ARRAY_STRESS_H
#define TESSERA_CORE_ARRAY_STRESS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A scale: most outer sums stay well in range, others are at one of its ends or anywhere. */
int64_t ts_stress_escale(uint64_t random);

/**
 * Now and then all lanes of some of `n` rows and columns are zero, or have no more than what a
 * zero fp5_r2 may have.
 */
void ts_stress_operands(size_t n, size_t lanes, uint64_t random, uint64_t *in);

#ifdef __cplusplus
}
#endif
#endif
