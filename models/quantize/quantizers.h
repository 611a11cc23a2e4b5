/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loops over tensors, for which every instruction set has code of its own. They are given what
 * follows from a tensor's parameters, and decide nothing.
 */
#ifndef TESSERA_QUANTIZE_QUANTIZERS_H
#define TESSERA_QUANTIZE_QUANTIZERS_H

#include "tessera/quantize.h"

enum { TS_INT4_TOP = 7, TS_UINT4_TOP = 15 };

/* Sums over the elements of a lane of the SAWB unit, in which smaller ones than the least are
 * zeros. */
enum { TS_SAWB_MAX_LANES = 64 };
#define TS_SAWB_LEAST 0x1p-63F
struct ts_sawb_sums {
    float magnitudes[TS_SAWB_MAX_LANES];
    float squares[TS_SAWB_MAX_LANES];
    float max; /* the largest magnitude; a NaN is none */
};

/* Clips whose errors are summed at once; the codes go from low to top. */
enum { TS_CLIPS = 16 };
struct ts_clips {
    double low, top;
    double clip[TS_CLIPS];
    double error[TS_CLIPS];
};

/*
 * Shifts that take a register to its state after so many bits: the word is the sum of the state
 * shifted left by word[], the next state that of the state shifted right by `bits` and of the word
 * shifted by right[] and left[].
 */
struct ts_leap {
    int bits;
    int words, rights, lefts;
    int word[TS_LFSR_MAX_WIDTH], right[TS_LFSR_MAX_WIDTH], left[TS_LFSR_MAX_WIDTH];
};

struct ts_quantizers {
    /* To +-j from the magnitude `least[j - 1]` on, as the bits of a float. */
    void (*int4)(const float *x, size_t n, const int32_t *least, uint16_t *codes);
    void (*uint4)(const float *x, size_t n, float scale, uint16_t *codes);
    size_t (*dlfloat16)(const float *x, size_t n, float scale, uint16_t *codes);
    uint16_t (*max_magnitude)(const uint16_t *x, size_t n); /* of dlfloat16 codes */
    void (*tpr)(const uint16_t *x, size_t n, int k, enum ts_underflow underflow, uint16_t *even,
                uint16_t *odd, struct ts_tpr_stats *stats);
    void (*sawb)(const float *w, size_t n, size_t lanes, struct ts_sawb_sums *sums);
    void (*square_errors)(const float *x, size_t n, struct ts_clips *clips);
    void (*axpy_sr)(struct ts_axpy_sr_unit *unit, const struct ts_leap *leap, ts_dlfloat16 lr,
                    const uint16_t *dw, uint16_t *w, size_t n);
};

/* Those of TESSERA_ISA; by default, and if this processor does not have them, the fastest. */
const struct ts_quantizers *ts_quantizers_wanted(void);

extern const struct ts_quantizers ts_quantizers_avx512vnni, ts_quantizers_avx2,
    ts_quantizers_portable;

#endif
