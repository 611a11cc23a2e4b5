/* SPDX-License-Identifier: Apache-2.0 */
/* Computes 1 * 1 + 1 with an installed libtessera. */
#include <stdio.h>
#include <tessera/tessera.h>

int main(void)
{
    ts_dlfloat16 one = {(uint16_t)ts_of_double(&ts_format_dlfloat16, 1.0)};
    ts_dlfloat16 two = ts_dlfloat16_fma(one, one, one, TS_OVERFLOW_SPECIAL);
    printf("1 * 1 + 1 = %g\n", ts_to_double(&ts_format_dlfloat16, two.v));
    return ts_block_find("dlfloat16_fma") ? 0 : 1;
}
