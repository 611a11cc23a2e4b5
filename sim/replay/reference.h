/* SPDX-License-Identifier: Apache-2.0 */
/** @file C = A * B in double, from the FP32 tensors: what a result is held against. */
#ifndef TESSERA_SIM_REFERENCE_H
#define TESSERA_SIM_REFERENCE_H

#include "tessera/conv.h"

struct ts_reference {
    struct ts_view a, b;
    const float *real_a, *real_b; /**< the tensors */
    int64_t k;
};

enum { TS_REFERENCE_ROWS = 128 };

/** Memory for up to TS_REFERENCE_ROWS rows of so many columns; NULL: there is none. Free it. */
struct ts_reference_panel *ts_reference_panel_new(int64_t cols);

/** Computes the panel's rows and columns from these on: [rows][cols], the panel's own. */
const double *ts_reference_run(const struct ts_reference *reference, int64_t row, int64_t rows,
                               int64_t col, int64_t cols, struct ts_reference_panel *panel);

#endif
