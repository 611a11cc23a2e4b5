/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The random words of stochastic rounding: a linear feedback shift register in
 * Galois form, bit for bit what the hardware has.
 *
 * A step puts out bit 0, shifts right by one, and, if the bit put out was 1,
 * inverts the bits that `polynomial` has set. Bit i of `polynomial` is the
 * coefficient of x^(i+1); its top bit, x^width, is set, and x^0 is implied. A
 * random word of n bits is the output of n steps, the first one lowest, so that
 * successive words share no bits. Hardware takes the n steps at once, as XORs.
 */
#ifndef TESSERA_LFSR_H
#define TESSERA_LFSR_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Presets: x^32 + x^22 + x^2 + x + 1, which is primitive, so the period is 2^32 - 1. */
enum { TS_LFSR_WIDTH = 32, TS_LFSR_MIN_WIDTH = 2, TS_LFSR_MAX_WIDTH = 32, TS_LFSR_SEED = 1 };
#define TS_LFSR_POLYNOMIAL UINT32_C(0x80200003)

/** Random bits added below the last place, unless told otherwise [A]. */
enum { TS_RANDOM_BITS = 14 };

struct ts_lfsr {
    uint32_t polynomial;
    uint32_t state;
};

/** NULL if a register can be made of these, else one line that says why not. */
const char *ts_lfsr_check(int width, uint32_t polynomial, uint32_t seed);

/** One step; returns the bit put out. */
uint32_t ts_lfsr_step(struct ts_lfsr *lfsr);

/** The output of so many steps (0 to 32), the first bit lowest. */
uint32_t ts_lfsr_word(struct ts_lfsr *lfsr, int bits);

#ifdef __cplusplus
}
#endif
#endif
