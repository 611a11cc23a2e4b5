/* SPDX-License-Identifier: Apache-2.0 */
/* Formats, codes and numbers as a person types and reads them. */
#ifndef TESSERA_CLI_FORMAT_TEXT_H
#define TESSERA_CLI_FORMAT_TEXT_H

#include "tessera/format.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Room for any number's exact decimal, and for the bits of any code with their names. */
enum { TS_EXACT_TEXT = 840, TS_FIELDS_TEXT = 64 };

/** Reads a format with its overrides; else says so, with the nearest name, and returns false. */
bool ts_cli_format(const char *program, const char *text, struct ts_format *format);

/** All digits of a number: 0.00054931640625, 1.5e+300. Fills and returns `text`. */
const char *ts_exact_text(double x, char text[TS_EXACT_TEXT]);

/** The code's bits: "s=0 e=1011 m=100", or "0101" of an integer. Fills and returns `text`. */
const char *ts_fields_text(const struct ts_format *format, uint32_t code,
                           char text[TS_FIELDS_TEXT]);

/** Hexadecimal digits of a code. */
int ts_hex_digits(const struct ts_format *format);

/** Whether its codes count up with their numbers from zero on, with a sign bit above. */
bool ts_format_has_sign_bit(const struct ts_format *format);

/** Codes of the largest number, the lowest one, and the smallest above zero. */
uint32_t ts_largest_code(const struct ts_format *format);
uint32_t ts_lowest_code(const struct ts_format *format);
uint32_t ts_smallest_code(const struct ts_format *format);

#ifdef __cplusplus
}
#endif
#endif
