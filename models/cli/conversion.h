/* SPDX-License-Identifier: Apache-2.0 */
/* One number after another from text or codes to a format, with what that loses. */
#ifndef TESSERA_CLI_CONVERSION_H
#define TESSERA_CLI_CONVERSION_H

#include "tessera/format.h"
#include "tessera/lfsr.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ts_conversion {
    const struct ts_format *from; /**< of the codes that come in; NULL: they are numbers */
    struct ts_format to;
    struct ts_lfsr lfsr; /**< steps for every number, also where nothing is rounded */
    int random_bits;
};

/** What became of one number. */
struct ts_converted {
    struct ts_value value; /**< what came in, exactly */
    uint32_t from_code;    /**< if it was a code */
    uint32_t code;
    double input, output; /**< as doubles; the input, if sticky, a little below what it was */
    bool exact;
    bool has_error; /**< whether both are numbers, so that the following are defined */
    double error;   /**< output - input */
    bool has_ulps;  /**< whether the input lies between two numbers of the format */
    double ulps;    /**< of the distance between these */
};

/**
 * Reads a number, exactly, or a code in hexadecimal. Returns NULL, or one line
 * that says what is wrong, in static storage of the calling thread.
 */
const char *ts_conversion_read(const struct ts_conversion *conversion, const char *text,
                               struct ts_converted *number);

/** Takes a code as if it had been read. */
void ts_conversion_take(const struct ts_conversion *conversion, uint32_t code,
                        struct ts_converted *number);

/** Rounds what has been read. */
void ts_conversion_round(struct ts_conversion *conversion, struct ts_converted *number);

#ifdef __cplusplus
}
#endif
#endif
