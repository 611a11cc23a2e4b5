/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Words for error: how far a result is from its reference.
 *
 * The signed mean error says nothing, as rounding is symmetric. These do:
 * noise power, shrinkage, magnitude, and what batch norm sees of it.
 */
#ifndef TESSERA_SIM_ERRORS_H
#define TESSERA_SIM_ERRORS_H

#include <stddef.h>

/** Of a matrix y against its reference r. NAN where the reference is all zeros. */
struct ts_errors {
    double nmse;           /**< sum (y - r)^2 / sum r^2 */
    double snr_db;         /**< -10 log10(nmse) */
    double slope;          /**< sum y*r / sum r^2 - 1: shrinkage */
    double magnitude_bias; /**< sum |y| / sum |r| - 1 */
    double channel_mean;   /**< nmse of the columns' means over the rows */
    size_t not_finite;     /**< results that are NaN or infinite; left out of the rest */
};

/** The sums from which they follow, so that no matrix need be there whole. Starts as zeros. */
struct ts_error_sums {
    double noise, power, product, magnitude, reference;
    size_t not_finite;
    double *y, *r; /**< of each column, a channel: the caller's */
};

/** Adds a row: columns from `column` on. */
void ts_errors_add(struct ts_error_sums *sums, const double *y, const double *r, size_t column,
                   size_t columns);

/** Adds the sums of other rows, whose column 0 is `column` here. */
void ts_errors_merge(struct ts_error_sums *sums, const struct ts_error_sums *other, size_t column,
                     size_t columns);

struct ts_errors ts_errors_of(const struct ts_error_sums *sums, size_t columns);

#endif
