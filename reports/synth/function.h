/* SPDX-License-Identifier: Apache-2.0 */
/** @file Boolean functions as Liberty writes them. */
#ifndef TESSERA_REPORTS_FUNCTION_H
#define TESSERA_REPORTS_FUNCTION_H

enum { TS_FUNCTION_INPUTS = 2 };

/**
 * The truth table of a function of `n` (at most TS_FUNCTION_INPUTS) inputs: bit i is its value
 * where input j has the value of bit j of i. -1 if it is of anything else.
 */
int ts_function_table(const char *function, const char *const *inputs, int n);

#endif
