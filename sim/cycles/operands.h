/* SPDX-License-Identifier: Apache-2.0 */
/** @file A GEMM's operands at random, and the results that it must have. */
#ifndef TESSERA_SIM_CYCLES_OPERANDS_H
#define TESSERA_SIM_CYCLES_OPERANDS_H

#include "design/design.h"
#include "machine/values.h"

struct operands {
    struct ts_packed a, b;
    struct ts_gemm gemm;
    uint32_t *c, *golden; /**< of the machine, of ts_gemm_run() */
};

/**
 * Codes of the formats of a machine's mode, as in training: activations and weights or gradients.
 * NULL, or one line that says what is wrong; operands_free() in either case.
 */
const char *operands_draw(const struct ts_design *design, const struct ts_machine *machine,
                          const struct ts_mnk *shape, uint64_t seed, struct operands *operands);

void operands_free(struct operands *operands);

/** Results that are not those of ts_gemm; the first is at *index. */
int64_t operands_compare(const struct operands *operands, int64_t *index);

#endif
