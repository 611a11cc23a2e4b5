/* SPDX-License-Identifier: Apache-2.0 */
/** @file The fields of a row in words: codes with the values that they stand for. */
#ifndef TESSERA_VECTORS_TEXT_H
#define TESSERA_VECTORS_TEXT_H

#include "vectors/layout.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Prints a field such as "3e00 (1)" or "[1 -2 0 7]", given its elements. */
void ts_field_print(FILE *out, const struct ts_layout *layout, const struct ts_field *field,
                    const uint64_t *elements);

#ifdef __cplusplus
}
#endif
#endif
