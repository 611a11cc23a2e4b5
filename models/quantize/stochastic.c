/* SPDX-License-Identifier: Apache-2.0 */
/* Updates of weights, rounded stochastically. */
#include "quantize/quantizers.h"

enum { LANES = 8 };

struct ts_axpy_sr_unit ts_axpy_sr_preset(void)
{
    struct ts_axpy_sr_unit unit = {.lanes = LANES,
                                   .random_bits = TS_RANDOM_BITS,
                                   .overflow = TS_OVERFLOW_SPECIAL,
                                   .polynomial = TS_LFSR_POLYNOMIAL};
    for (int lane = 0; lane < LANES; lane++)
        unit.state[lane] = ts_axpy_sr_seed(TS_LFSR_SEED, TS_LFSR_WIDTH, lane);
    return unit;
}

/*
 * The register n steps ahead, by products of polynomials over GF(2): bit i is the coefficient of
 * x^i, z = x * polynomial. A step puts out b = s mod x and leaves (s + b * (1 + z)) / x. So n steps
 * that put out the word W leave (s + W * (1 + z)) / x^n. What is divided has no lower terms, hence
 * W = s / (1 + z) mod x^n, where 1 / (1 + z) mod x^n is the word that s = 1 puts out; and as W is
 * shorter than n bits, s / x^n + W * z / x^n remains.
 */
static struct ts_leap leap_of(const struct ts_axpy_sr_unit *unit)
{
    struct ts_leap leap = {.bits = unit->random_bits};
    struct ts_lfsr one = {unit->polynomial, 1};
    uint32_t inverse = ts_lfsr_word(&one, leap.bits);
    for (int i = 0; inverse >> i; i++)
        if (inverse >> i & 1)
            leap.word[leap.words++] = i;
    for (int i = 0; i < TS_LFSR_MAX_WIDTH; i++)
        if (unit->polynomial >> i & 1) {
            if (i + 1 < leap.bits)
                leap.right[leap.rights++] = leap.bits - (i + 1);
            else
                leap.left[leap.lefts++] = i + 1 - leap.bits;
        }
    return leap;
}

void ts_axpy_sr_tensor(struct ts_axpy_sr_unit *unit, ts_dlfloat16 lr, const uint16_t *dw,
                       uint16_t *w, size_t n)
{
    struct ts_leap leap = leap_of(unit);
    ts_quantizers_wanted()->axpy_sr(unit, &leap, lr, dw, w, n);
}
