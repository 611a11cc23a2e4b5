/* SPDX-License-Identifier: Apache-2.0 */
/* A design in a report. */
#include "replay/design_json.h"

cJSON *ts_design_json(const struct ts_design *d)
{
    static const char *const modes[] = {"", "int4", "fp4", "int4+fp4", "", "", "", "", "fp16"};
    static const char *const variants[] = {"fused", "split", "integer"};
    static const char *const outers[] = {"dlfloat16", "fp32"};
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "name", d->name);
    cJSON_AddStringToObject(json, "description", d->description);
    cJSON_AddNumberToObject(json, "clock_mhz", d->clock_mhz);
    cJSON_AddStringToObject(json, "modes", modes[d->modes]);
    cJSON_AddNumberToObject(json, "rows", (double)d->array.rows);
    cJSON_AddNumberToObject(json, "cols", (double)d->array.cols);
    cJSON_AddNumberToObject(json, "simd", (double)d->array.simd);
    cJSON_AddNumberToObject(json, "lanes", (double)d->array.lanes);
    cJSON_AddNumberToObject(json, "depth", (double)d->array.depth);
    cJSON_AddNumberToObject(json, "chunk", (double)d->accumulator.chunk);
    cJSON_AddStringToObject(json, "variant", variants[d->accumulator.variant]);
    cJSON_AddStringToObject(json, "outer", outers[d->accumulator.outer]);
    cJSON_AddBoolToObject(json, "saturate", d->accumulator.saturate != 0);
    cJSON_AddNumberToObject(json, "dot_stages", (double)d->stages.dot);
    cJSON_AddNumberToObject(json, "acc_stages", (double)d->stages.acc);
    cJSON_AddNumberToObject(json, "outer_stages", (double)d->stages.outer);
    cJSON_AddNumberToObject(json, "peak_macs_per_cycle", (double)ts_design_macs_per_cycle(d));
    cJSON_AddNumberToObject(json, "peak_tops", ts_design_peak_tops(d));
    if (d->modes != TS_MODE_FP16) {
        cJSON_AddStringToObject(json, "phase_bwd", d->quantization.phase_bwd ? "odd" : "even");
        cJSON_AddStringToObject(json, "phase_grad", d->quantization.phase_grad ? "odd" : "even");
        cJSON_AddNumberToObject(json, "gradscale_target", (double)d->quantization.gradscale_target);
    }
    return json;
}
