// SPDX-License-Identifier: Apache-2.0
// int16_mac against exact sums: any number of lanes, narrow and wide accumulators, both overflows.
#include "oracle/int_mac.h"

#include <gtest/gtest.h>

TEST(int16_mac_oracle, special_weighted)
{
    uint64_t n = oracle::vectors(60000);
    for (int64_t saturate : {0, 1})
        for (int64_t lanes : {1, 2, 64})
            for (int64_t acc_bits : {32, 35, 48, 60})
                ASSERT_NO_FATAL_FAILURE(oracle::check_int_mac(
                    "int16_mac", 16,
                    {{"Lanes", lanes}, {"AccBits", acc_bits}, {"Saturate", saturate}}, n));
    oracle::report("int16_mac", 24 * n);
}
