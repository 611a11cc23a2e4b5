/* SPDX-License-Identifier: Apache-2.0 */
#include "gemm_plan.h"

#include "gemm/kernel.h"

struct gemm_plan gemm_plan_of(const struct ts_gemm *g)
{
    struct ts_plan plan;
    if (ts_plan_make(g, &plan))
        return (struct gemm_plan){0};
    const struct ts_sums *s = &plan.sums;
    return (struct gemm_plan){
        .kernel = plan.kernel,
        .min_lanes = plan.kernel ? plan.kernel->min_lanes : 0,
        .kernel_in_fp16 = plan.kernel && plan.kernel->in_fp16,
        .in_fp16 = plan.in_fp16,
        .whole = s->whole,
        .lanes = plan.lanes,
        .chunk = plan.chunk,
        .repair = plan.repair,
        .is_int = plan.is_int,
        .split = s->split,
        .outer_fp32 = s->outer_fp32,
        .plain = s->plain,
        .unchunked = s->unchunked,
        .bounded = s->bounded,
        .limited = s->limited,
        .windowed = s->windowed,
        .width = s->width,
    };
}

uint16_t gemm_table_begins(const struct ts_kernel *kernel, const struct ts_format *format)
{
    union ts_tables tables;
    memset(&tables, UINT8_MAX, sizeof tables);
    kernel->tabulate(format, false, &tables);
    return tables.halves[0];
}
