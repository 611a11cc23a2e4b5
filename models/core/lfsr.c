/* SPDX-License-Identifier: Apache-2.0 */
/* The Galois shift register of stochastic rounding. */
#include "tessera/lfsr.h"

#include <stddef.h>

const char *ts_lfsr_check(int width, uint32_t polynomial, uint32_t seed)
{
    if (width < TS_LFSR_MIN_WIDTH || width > TS_LFSR_MAX_WIDTH)
        return "an LFSR must be 2 to 32 bits wide";
    if (polynomial >> (width - 1) != 1)
        return "the top bit of an LFSR's polynomial must be bit Width - 1";
    if (seed == 0)
        return "an LFSR's seed must not be zero, as it would stay zero";
    if ((uint64_t)seed >> width != 0)
        return "an LFSR's seed must fit its width";
    return NULL;
}

uint32_t ts_lfsr_step(struct ts_lfsr *lfsr)
{
    uint32_t bit = lfsr->state & 1;
    lfsr->state = lfsr->state >> 1 ^ (bit ? lfsr->polynomial : 0);
    return bit;
}

uint32_t ts_lfsr_word(struct ts_lfsr *lfsr, int bits)
{
    uint32_t word = 0;
    for (int i = 0; i < bits; i++)
        word |= ts_lfsr_step(lfsr) << i;
    return word;
}
