/* SPDX-License-Identifier: Apache-2.0 */
/* The parameters of blocks that hold a Galois shift register. */
#ifndef TESSERA_CORE_LFSR_BLOCK_H
#define TESSERA_CORE_LFSR_BLOCK_H

#include "core/block_common.h"
#include "tessera/lfsr.h"

#define TS_PARAM_LFSR_WIDTH                                                                        \
    {                                                                                              \
        "Width", TS_LFSR_MIN_WIDTH, TS_LFSR_MAX_WIDTH, TS_LFSR_WIDTH,                              \
            .doc = "bits of the shift register"                                                    \
    }
#define TS_PARAM_LFSR_POLYNOMIAL                                                                   \
    {                                                                                              \
        "Polynomial", 1, UINT32_MAX, TS_LFSR_POLYNOMIAL,                                           \
            .doc = "bit i is the coefficient of x^(i+1); bit Width - 1 is set"                     \
    }
#define TS_PARAM_LFSR_SEED                                                                         \
    {                                                                                              \
        "Seed", 1, UINT32_MAX, TS_LFSR_SEED, .doc = "state of the register after reset"            \
    }

#endif
