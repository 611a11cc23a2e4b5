/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Special-weighted random operands for any block, from its descriptor.
 *
 * As TestFloat does, each element draws from a mixture: the corner codes of
 * its format, numbers with few significant bits, a narrow exponent range, and
 * uniform bits; elements of a few bits are uniform, sometimes all alike. Then
 * the block's own stress() makes hard combinations. The sequence is a function
 * of the seed alone.
 */
#ifndef TESSERA_VECTORS_H
#define TESSERA_VECTORS_H

#include "tessera/block.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A splitmix64 generator; its seed is its state. */
struct ts_random {
    uint64_t state;
};

uint64_t ts_random_next(struct ts_random *random);

/** Draws one element of `bits` bits of the format (NULL: two's complement). */
uint64_t ts_random_element(struct ts_random *random, const struct ts_format *format, int bits);

/** Draws all the inputs of one operation. */
void ts_random_inputs(struct ts_random *random, const struct ts_block *block, const int64_t *params,
                      uint64_t *in);

#ifdef __cplusplus
}
#endif
#endif
