/* SPDX-License-Identifier: Apache-2.0 */
/* Error measures of a matrix against its reference. */
#include "replay/errors.h"

#include <math.h>

struct sums {
    double noise, power, product, magnitude, reference;
};

struct ts_errors ts_errors_of(const double *y, const double *r, size_t rows, size_t columns)
{
    struct sums s = {0};
    double mean_noise = 0, mean_power = 0;
    size_t not_finite = 0;
    for (size_t c = 0; c < columns; c++) {
        double sum_y = 0, sum_r = 0;
        for (size_t i = c; i < rows * columns; i += columns) {
            if (!isfinite(y[i])) {
                not_finite++;
                continue;
            }
            double e = y[i] - r[i];
            s.noise += e * e;
            s.power += r[i] * r[i];
            s.product += y[i] * r[i];
            s.magnitude += fabs(y[i]);
            s.reference += fabs(r[i]);
            sum_y += y[i];
            sum_r += r[i];
        }
        mean_noise += (sum_y - sum_r) * (sum_y - sum_r);
        mean_power += sum_r * sum_r;
    }
    double nmse = s.power > 0 ? s.noise / s.power : NAN;
    return (struct ts_errors){
        .nmse = nmse,
        .snr_db = -10 * log10(nmse),
        .slope = s.power > 0 ? s.product / s.power - 1 : NAN,
        .magnitude_bias = s.reference > 0 ? s.magnitude / s.reference - 1 : NAN,
        .channel_mean = mean_power > 0 ? mean_noise / mean_power : NAN,
        .not_finite = not_finite,
    };
}
