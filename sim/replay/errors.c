/* SPDX-License-Identifier: Apache-2.0 */
/* Error measures of a matrix against its reference. */
#include "replay/errors.h"

#include <math.h>

void ts_errors_add(struct ts_error_sums *s, const double *y, const double *r, size_t column,
                   size_t columns)
{
    for (size_t i = 0; i < columns; i++) {
        if (!isfinite(y[i])) {
            s->not_finite++;
            continue;
        }
        double e = y[i] - r[i];
        s->noise += e * e;
        s->power += r[i] * r[i];
        s->product += y[i] * r[i];
        s->magnitude += fabs(y[i]);
        s->reference += fabs(r[i]);
        s->y[column + i] += y[i];
        s->r[column + i] += r[i];
    }
}

void ts_errors_merge(struct ts_error_sums *s, const struct ts_error_sums *other, size_t column,
                     size_t columns)
{
    s->noise += other->noise;
    s->power += other->power;
    s->product += other->product;
    s->magnitude += other->magnitude;
    s->reference += other->reference;
    s->not_finite += other->not_finite;
    for (size_t i = 0; i < columns; i++) {
        s->y[column + i] += other->y[i];
        s->r[column + i] += other->r[i];
    }
}

struct ts_errors ts_errors_of(const struct ts_error_sums *s, size_t columns)
{
    double mean_noise = 0, mean_power = 0;
    for (size_t i = 0; i < columns; i++) {
        mean_noise += (s->y[i] - s->r[i]) * (s->y[i] - s->r[i]);
        mean_power += s->r[i] * s->r[i];
    }
    double nmse = s->power > 0 ? s->noise / s->power : NAN;
    return (struct ts_errors){
        .nmse = nmse,
        .snr_db = -10 * log10(nmse),
        .slope = s->power > 0 ? s->product / s->power - 1 : NAN,
        .magnitude_bias = s->reference > 0 ? s->magnitude / s->reference - 1 : NAN,
        .channel_mean = mean_power > 0 ? mean_noise / mean_power : NAN,
        .not_finite = s->not_finite,
    };
}
