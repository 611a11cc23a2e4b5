/* SPDX-License-Identifier: Apache-2.0 */
#include "quantize/quantizers.h"

#include "core/isa.h"

const struct ts_quantizers *ts_quantizers_wanted(void)
{
    const struct ts_isa *const *isa = ts_isa_wanted(ts_isas);
    if (!isa)
        isa = ts_isas;
    while (!(*isa)->quantizers || !(*isa)->present())
        isa++;
    return (*isa)->quantizers;
}
