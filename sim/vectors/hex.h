/* SPDX-License-Identifier: Apache-2.0 */
/** @file Hexadecimal digits of a packed vector, to and from its elements. */
#ifndef TESSERA_VECTORS_HEX_H
#define TESSERA_VECTORS_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Writes the digits of `count` elements of `bits` bits, element 0 lowest; returns the end. */
char *ts_hex_write(char *to, const uint64_t *elements, int bits, int count);

/** Digits of so many bits. */
int ts_hex_length(int bits);

/**
 * Reads them from `length` digits, of either case, with or without leading zeros; false if these
 * are not digits, or do not fit.
 */
bool ts_hex_read(const char *digits, size_t length, uint64_t *elements, int bits, int count);

#ifdef __cplusplus
}
#endif
#endif
