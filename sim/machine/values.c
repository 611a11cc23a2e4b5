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
    if (wrong)
        snprintf(error, size, "%s", wrong);
    return !wrong;
}
