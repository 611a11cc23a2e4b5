/* SPDX-License-Identifier: Apache-2.0 */
/* Whether values fit a machine and a job. */
#include "machine/values.h"

#include "gemm/pairing.h"

#include <inttypes.h>
#include <stdio.h>

/* The mode in which arrays multiply operands of these formats; 0: in none. */
static int64_t mode_of(const struct ts_gemm *gemm)
{
    struct ts_pairing pairing = ts_pairing_of(&gemm->a->format, &gemm->b->format);
    switch (pairing.kind) {
    case TS_PAIRING_FOUR_BIT:
        return pairing.fp4 ? TS_MODE_FP4 : TS_MODE_INT4;
    case TS_PAIRING_HFP8:
        return TS_MODE_HFP8;
    case TS_PAIRING_DLFLOAT16:
        return TS_MODE_FP16;
    default:
        return 0;
    }
}

bool ts_gemm_values_check(const struct ts_machine *machine, const struct ts_gemm_job *job,
                          const struct ts_gemm_values *values, char *error, size_t size)
{
    const struct ts_gemm *g = values->gemm;
    const struct ts_mnk *shape = &job->shape;
    const char *wrong = ts_gemm_check(g);
    if (!wrong && mode_of(g) != machine->mode)
        wrong = "the operands' formats are not those of the machine's mode";
    if (!wrong && (g->a->vectors != shape->m || g->b->vectors != shape->n || g->a->k != shape->k))
        wrong = "the operands are not of the job's shape";
    if (!wrong && g->lanes != machine->lanes)
        wrong = "lanes are not the machine's";
    if (!wrong && values->dy && machine->mode != TS_MODE_FP4)
        wrong = "only radix-4 operands are requantized";
    if (wrong)
        snprintf(error, size, "%s", wrong);
    return !wrong;
}

int ts_special_inputs(enum ts_special special)
{
    return special == TS_SPECIAL_AXPY_SR ? 2 : 1;
}

int ts_special_outputs(enum ts_special special)
{
    if (special == TS_SPECIAL_LARGEST || special == TS_SPECIAL_SAWB)
        return 0;
    return special == TS_SPECIAL_TPR ? 2 : 1;
}

static bool is_power_of_two(int n, int most)
{
    return n >= 1 && n <= most && (n & (n - 1)) == 0;
}

bool ts_elementwise_values_check(const struct ts_machine *machine,
                                 const struct ts_elementwise_values *values, char *error,
                                 size_t size)
{
    enum ts_special special = values->special;
    bool dlfloat16 = ts_is_format(values->value, &ts_format_dlfloat16);
    bool only_dlfloat16 =
        special == TS_SPECIAL_TPR || special == TS_SPECIAL_AXPY_SR || special == TS_SPECIAL_LARGEST;
    const char *wrong = NULL;
    if (!dlfloat16 && (only_dlfloat16 || !ts_is_format(values->value, &ts_format_fp32)))
        wrong = only_dlfloat16 ? "values must be dlfloat16" : "values must be dlfloat16 or fp32";
    else if (special == TS_SPECIAL_SAWB && machine->cores * machine->corelets != 1)
        wrong = "the sums of sawb depend on their order, so there must be one corelet";
    else if (special == TS_SPECIAL_SAWB && !is_power_of_two(values->lanes, TS_AXPY_SR_MAX_LANES))
        wrong = "lanes must be a power of two from 1 to 64";
    if (wrong)
        snprintf(error, size, "%s", wrong);
    return !wrong;
}
