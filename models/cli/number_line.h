/* SPDX-License-Identifier: Apache-2.0 */
/* A format's numbers drawn on a line of characters. */
#ifndef TESSERA_CLI_NUMBER_LINE_H
#define TESSERA_CLI_NUMBER_LINE_H

#include "tessera/format.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Prints the line, and for a float one more by powers of two. */
void ts_print_number_lines(const struct ts_format *format);

#ifdef __cplusplus
}
#endif
#endif
