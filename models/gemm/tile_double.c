/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The four-bit kernel in double: always right, because acc + P (or acc + RN(P)) is exact, or
 * rounding it is without effect.
 * - Without saturation acc is an integer in units of 2^s. In a chunk sum |P| is at most
 *   4096 * 15 * 2^13 < 2^29, and 4096 roundings, by a factor of up to 1 + 2^-10 each (twice that
 *   for split), leave it below 2^29 * e^8 < 2^41. Integers up to 2^53 are doubles.
 * - The largest number, to which acc may saturate, is 1022 * 2^23 in value. With s <= 23 it is an
 *   integer in units of 2^s, and if acc can reach it, it is below 2^41 of them. With
 *   23 < s <= 33 acc and P are multiples of 2^23 below 2^33 and 2^56. With s >= 34 and P not zero
 *   |acc + P| is above 2^34 - 2^33, past the range; rounding to double is monotone and leaves it
 *   there. RN(P) in turn is the largest number then, a multiple of 2^23 again.
 * - NaN-Infinity is a NaN, which every addition keeps.
 */
#define REAL double
#define ROUND10 ts_round10
#define LIMIT ts_limit
#define TILE ts_tile_double
#include "gemm/four_bit.h"
