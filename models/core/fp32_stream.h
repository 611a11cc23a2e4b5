/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tensors that stream by, Lanes elements a clock, and are reduced in fp32: what the norms and sawb
 * have in common. Codes of fp32 throughout; every operation rounds once, to nearest even.
 */
#ifndef TESSERA_CORE_FP32_STREAM_H
#define TESSERA_CORE_FP32_STREAM_H

#include "core/block_common.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { TS_MAX_STREAM_LANES = 64 };

/* Cycles in which the sequential unit divides or takes a root, and one that only takes roots. */
enum { TS_FP32_DIGITS_CYCLES = 28, TS_FP32_ROOT_CYCLES = 27 };

#define TS_PARAM_STREAM_LANES                                                                      \
    {                                                                                              \
        "Lanes", 1, TS_MAX_STREAM_LANES, 8, .pow2 = true, .doc = "elements per cycle"              \
    }
#define TS_PARAM_STREAM_INPUT                                                                      \
    {                                                                                              \
        "Input", 0, 1, 0, .names = ts_outer_names, .doc = "format of the elements"                 \
    }
#define TS_PARAM_STREAM_STAGES                                                                     \
    {                                                                                              \
        "Stages", 1, 2, 1, .doc = "pipeline registers before the running sums, and they"           \
    }

/* An element as fp32: exact. */
uint32_t ts_stream_element(int64_t input, uint64_t code);

uint32_t ts_fp32_magnitude(uint32_t x);
uint32_t ts_fp32_square(uint32_t x);
uint32_t ts_fp32_product(uint32_t a, uint32_t b);
uint32_t ts_fp32_sum(uint32_t a, uint32_t b);
/* Of numbers that are not negative, infinities and NaN; b is an integer. Less than 2^-126 is 0. */
uint32_t ts_fp32_quotient(uint32_t a, uint32_t b);
uint32_t ts_fp32_root(uint32_t x);

/* Running sums, one a lane. */
struct ts_lane_sums {
    uint32_t lane[TS_MAX_STREAM_LANES];
};

/* The lanes added in pairs, 0 + 1, 2 + 3, ..., then pairs of pairs. */
uint32_t ts_lane_sums_pairwise(const struct ts_lane_sums *sums, int lanes);

/*
 * What finishes tensors is used for one at a time: whether one that ends in this clock gets it.
 * It is in use for so many clocks, *busy of them still ahead. To be called in every clock.
 */
bool ts_stream_finishes(int *busy, bool ends, int cycles);

#ifdef __cplusplus
}
#endif
#endif
