/* SPDX-License-Identifier: Apache-2.0 */
#include "core/int_mac.h"

int ts_int_mac_lanes(const int64_t *p)
{
    return (int)p[TS_INT_MAC_LANES];
}

int ts_int_mac_acc_bits(const int64_t *p)
{
    return (int)p[TS_INT_MAC_ACC_BITS];
}

int ts_int_mac_latency(const int64_t *p)
{
    return (int)p[TS_INT_MAC_STAGES];
}

static int64_t dot_product(int operand_bits, int lanes, const uint64_t *in)
{
    int64_t sum = 0;
    for (int i = 0; i < lanes; i++)
        sum += ts_sign_extend(in[i], operand_bits) * ts_sign_extend(in[lanes + i], operand_bits);
    return sum;
}

void ts_int_mac(int operand_bits, const int64_t *p, const uint64_t *in, uint64_t *out)
{
    int lanes = ts_int_mac_lanes(p);
    int acc_bits = ts_int_mac_acc_bits(p);
    int64_t acc = ts_sign_extend(in[2 * lanes], acc_bits);
    out[0] =
        ts_fit_int(acc + dot_product(operand_bits, lanes, in), acc_bits, p[TS_INT_MAC_SATURATE]);
}

void ts_int_mac_stress(int operand_bits, const int64_t *p, uint64_t random, uint64_t *in)
{
    enum { KINDS = 3, NUDGE = 7 };
    if (random & KINDS)
        return;
    int lanes = ts_int_mac_lanes(p);
    int acc_bits = ts_int_mac_acc_bits(p);
    int64_t end = 1LL << (acc_bits - 1);
    int64_t sum = (random >> 8 & 1 ? end : -end) + (int64_t)(random >> 16 & NUDGE) - 4;
    in[2 * lanes] = ts_low_bits(sum - dot_product(operand_bits, lanes, in), acc_bits);
}
