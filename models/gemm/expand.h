/* SPDX-License-Identifier: Apache-2.0 */
/* Codes to the panels of kernels. */
#ifndef TESSERA_GEMM_EXPAND_H
#define TESSERA_GEMM_EXPAND_H

#include "gemm/kernel.h"

/* Two 4-bit codes: two integers of 16 bits. An element is a word, of two codes. */
void ts_tabulate_int16_pairs(const struct ts_format *format, bool is_b, union ts_tables *tables);
void ts_expand_pairs(const struct ts_expansion *expansion);

/* The same as bfloat16 numbers. */
void ts_tabulate_bf16_pairs(const struct ts_format *format, bool is_b, union ts_tables *tables);

/*
 * Four 4-bit codes: four integers of 8 bits. Those of B have no sign: TS_QUAD_BIAS is added to
 * signed ones, and before each dot product of A is what takes that away again. Or all are signed.
 */
enum { TS_QUAD_BIAS = 8 };
void ts_tabulate_int8_quads(const struct ts_format *format, bool is_b, union ts_tables *tables);
void ts_tabulate_signed_quads(const struct ts_format *format, bool is_b, union ts_tables *tables);
void ts_expand_quads(const struct ts_expansion *expansion);

/* Codes of 4 or 8 bits, by table, and of 16 and 32: one float or double. */
void ts_tabulate_floats(const struct ts_format *format, bool is_b, union ts_tables *tables);
void ts_expand_floats(const struct ts_expansion *expansion);
void ts_tabulate_doubles(const struct ts_format *format, bool is_b, union ts_tables *tables);
void ts_expand_doubles(const struct ts_expansion *expansion);

/* The value of a 4-bit code as an integer: of fp4_r4 in units of its smallest number. */
int ts_four_bit_value(const struct ts_format *format, uint32_t code);

#endif
