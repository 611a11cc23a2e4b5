/* SPDX-License-Identifier: Apache-2.0 */
#include "core/array_stress.h"

int64_t ts_stress_escale(uint64_t random)
{
    enum { LEAST = -64, TOP = 20, BOTTOM = -40, MIDDLE = -8 };
    switch (random >> 61) {
    case 0:
        return LEAST + (int64_t)(random >> 32 & 0x7F);
    case 1:
    case 2:
        return TOP + (int64_t)(random >> 32 & 7);
    case 3:
        return BOTTOM + (int64_t)(random >> 32 & 7);
    default:
        return MIDDLE + (int64_t)(random >> 32 & 0xF);
    }
}

void ts_stress_operands(size_t n, size_t lanes, uint64_t random, uint64_t *in)
{
    enum { SIGN_AND_PHASE = 0x11 };
    if (random >> 62)
        return;
    for (size_t i = 0; i < n; i++) {
        uint64_t choice = random >> (i * 3 % 59) & 7;
        uint64_t kept = choice & 1 ? SIGN_AND_PHASE : 0;
        for (size_t lane = 0; choice < 4 && lane < lanes; lane++)
            in[i * lanes + lane] &= kept;
    }
}
