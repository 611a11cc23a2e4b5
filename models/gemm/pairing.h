/* SPDX-License-Identifier: Apache-2.0 */
/* Which arithmetic a pair of operand formats asks for. */
#ifndef TESSERA_GEMM_PAIRING_H
#define TESSERA_GEMM_PAIRING_H

#include "tessera/gemm.h"

enum ts_pairing_kind {
    TS_PAIRING_NONE,
    TS_PAIRING_FOUR_BIT,
    TS_PAIRING_INT8,
    TS_PAIRING_HFP8,
    TS_PAIRING_DLFLOAT16,
    TS_PAIRING_FP16,
    TS_PAIRING_BF16,
    TS_PAIRING_FP32
};

struct ts_pairing {
    enum ts_pairing_kind kind;
    /* Of 4-bit operands: what enters port a of mac_lane, and how. */
    bool b_is_port_a, port_a_unsigned, fp4, odd;
};

struct ts_pairing ts_pairing_of(const struct ts_format *a, const struct ts_format *b);

/* The format of that name: its bias may be another. */
bool ts_is_format(const struct ts_format *format, const struct ts_format *named);

#endif
