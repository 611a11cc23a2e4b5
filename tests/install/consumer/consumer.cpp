// SPDX-License-Identifier: Apache-2.0
// The same from C++: the headers must compile there, and the symbols link.
#include <cstdint>
#include <iostream>
#include <tessera/tessera.h>

int main()
{
    const ts_dlfloat16 one{static_cast<std::uint16_t>(ts_of_double(&ts_format_dlfloat16, 1.0))};
    const ts_dlfloat16 two = ts_dlfloat16_fma(one, one, one, TS_OVERFLOW_SPECIAL);
    std::cout << "1 * 1 + 1 = " << ts_to_double(&ts_format_dlfloat16, two.v) << '\n';
    return ts_block_find("dlfloat16_fma") ? 0 : 1;
}
