/* SPDX-License-Identifier: Apache-2.0 */
/* What the integer multiply-accumulate units have in common; they differ in their operands' bits.
 */
#ifndef TESSERA_CORE_INT_MAC_H
#define TESSERA_CORE_INT_MAC_H

#include "core/block_common.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { TS_INT_MAC_LANES, TS_INT_MAC_ACC_BITS, TS_INT_MAC_SATURATE, TS_INT_MAC_STAGES };

/* The accumulator holds at least one product. */
#define TS_INT_MAC_PARAMS(operand_bits, lanes, acc_bits)                                           \
    {                                                                                              \
        [TS_INT_MAC_LANES] = {"Lanes",      1,                                                     \
                              64,           lanes,                                                 \
                              .pow2 = true, .doc = "products summed along k per cycle"},           \
        [TS_INT_MAC_ACC_BITS] = {"AccBits", 2 * (operand_bits), 60, acc_bits,                      \
                                 .doc = "width of the accumulator"},                               \
        [TS_INT_MAC_SATURATE] = TS_PARAM_SATURATE_INT, [TS_INT_MAC_STAGES] = TS_PARAM_STAGES(2),   \
    }

#define TS_INT_MAC_PORTS(operand_bits)                                                             \
    {                                                                                              \
        {"a", TS_IN, .bits = (operand_bits), .count_of = ts_int_mac_lanes,                         \
         .doc = "integers, k ascending"},                                                          \
            {"b", TS_IN, .bits = (operand_bits), .count_of = ts_int_mac_lanes, .doc = "integers"}, \
            {"acc", TS_IN, .bits_of = ts_int_mac_acc_bits, .doc = "running sum"},                  \
            {"acc", TS_OUT, .bits_of = ts_int_mac_acc_bits, .doc = "acc + sum of a * b"},          \
    }

int ts_int_mac_lanes(const int64_t *p);
int ts_int_mac_acc_bits(const int64_t *p);
int ts_int_mac_latency(const int64_t *p);
void ts_int_mac(int operand_bits, const int64_t *p, const uint64_t *in, uint64_t *out);

/* Bends acc so that the sum comes to an end of the accumulator's range, or just past it. */
void ts_int_mac_stress(int operand_bits, const int64_t *p, uint64_t random, uint64_t *in);

#ifdef __cplusplus
}
#endif
#endif
