/* SPDX-License-Identifier: Apache-2.0 */
/** @file One GEMM on a machine. */
#ifndef TESSERA_SIM_CYCLES_GEMM_H
#define TESSERA_SIM_CYCLES_GEMM_H

#include "cycles/options.h"
#include "design/design.h"

/** Whether a word is meant as MxNxK: digits and x, nothing else. */
bool is_shape(const char *word);

/** Prints what the options ask for. Returns an exit status. */
int run_gemm(const struct options *options, const struct ts_design *design);

#endif
