/* SPDX-License-Identifier: Apache-2.0 */
/* Granules of K that are not all zeros. */
#include "machine/zeros.h"

#include "machine/saturate.h"

int64_t ts_machine_granule(const struct ts_machine *machine)
{
    return machine->output_stationary ? machine->lanes : machine->rows * machine->lanes;
}

int64_t ts_live_k(int64_t channels, const bool *live, int64_t taps, int64_t granule)
{
    int64_t sum = 0, walked = 0; /* all below `walked` has been looked at */
    for (int64_t tap = 0; tap < taps; tap++) {
        int64_t begin = tap * channels, end = begin + channels;
        if (!live[tap])
            continue;
        begin = ts_most(walked, begin / granule * granule);
        end = ts_least(taps * channels, ts_sat_ceil(end, granule) * granule);
        sum += ts_most(0, end - begin);
        walked = ts_most(walked, end);
    }
    return sum;
}
