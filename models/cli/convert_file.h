/* SPDX-License-Identifier: Apache-2.0 */
/* Whole files of numbers or codes, converted. */
#ifndef TESSERA_CLI_CONVERT_FILE_H
#define TESSERA_CLI_CONVERT_FILE_H

#include "cli/conversion.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Where from and where to; "-" is standard input, a NULL output standard output. */
struct ts_convert_files {
    const char *in;
    const char *out;
    bool binary; /**< codes of 1, 2 or 4 bytes, little-endian; else a line of text each */
};

/** What became of a number that came in: the first of these that holds. */
enum ts_convert_group {
    TS_CONVERT_NO_NUMBER,    /**< it came as a NaN or an infinity */
    TS_CONVERT_EXACT,        /**< it is what it was */
    TS_CONVERT_OUT_OF_RANGE, /**< it was above the format's largest number, or below its lowest */
    TS_CONVERT_BECAME_ZERO,
    TS_CONVERT_ROUNDED, /**< to another number */
    TS_CONVERT_GROUPS
};

/** What the conversion of many numbers lost. */
struct ts_convert_summary {
    uint64_t numbers, groups[TS_CONVERT_GROUPS];
    double max_ulps;
    double error2, input2; /**< sums of squares, of those that are numbers on both sides */
};

/** Converts a file; prints what goes wrong and returns an exit status. */
int ts_convert_file(const char *program, struct ts_conversion *conversion,
                    const struct ts_convert_files *files, struct ts_convert_summary *summary);

#ifdef __cplusplus
}
#endif
#endif
