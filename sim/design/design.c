/* SPDX-License-Identifier: Apache-2.0 */
/* What follows from a design: the parameters of its array and its peak rate. */
#include "design/design.h"
#include "design/fields.h"

#include <string.h>

extern const struct ts_block ts_block_mac_array;

void ts_design_params(const struct ts_design *design, int64_t *params)
{
    const struct ts_block *block = &ts_block_mac_array;
    ts_block_presets(block, params);
    for (int i = 0; i < block->n_params; i++) {
        const struct ts_design_field *field = ts_design_field_of_param(block->params[i].name);
        if (field)
            memcpy(&params[i], (const char *)design + field->offset, sizeof params[i]);
    }
}

int64_t ts_design_lanes(const struct ts_design *design, int64_t mode)
{
    enum { HFP8_OF_INTEGER = 4 }; /* products of 4-bit integers where one of HFP8 is */
    int64_t lanes = design->array.lanes;
    if (mode == TS_MODE_FP16)
        return 1;
    if (mode == TS_MODE_HFP8 && (design->modes & (TS_MODE_INT4 | TS_MODE_FP4)))
        return lanes / HFP8_OF_INTEGER;
    return lanes;
}

int64_t ts_design_arrays(const struct ts_design *design)
{
    return design->is_machine ? design->chip.cores * design->chip.corelets : 1;
}

double ts_design_chip_tops(const struct ts_design *design, int64_t mode)
{
    int64_t slices = design->array.rows * design->array.cols * design->array.simd;
    int64_t macs = slices * ts_design_lanes(design, mode) * ts_design_arrays(design);
    return (double)(2 * macs) * design->clock_mhz * 1e6 / 1e12;
}

int64_t ts_design_macs_per_cycle(const struct ts_design *design)
{
    return design->array.rows * design->array.cols * design->array.simd * design->array.lanes;
}

double ts_design_peak_tops(const struct ts_design *design)
{
    return (double)(2 * ts_design_macs_per_cycle(design)) * design->clock_mhz * 1e6 / 1e12;
}
