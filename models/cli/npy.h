/* SPDX-License-Identifier: Apache-2.0 */
/* Matrices of float32 in NumPy's .npy files. */
#ifndef TESSERA_CLI_NPY_H
#define TESSERA_CLI_NPY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ts_npy {
    int64_t rows, cols;
    float *data; /**< row-major */
};

/**
 * Reads a matrix in either order, format versions 1 to 3; free data. Returns NULL, or one line that
 * says what is wrong.
 */
const char *ts_npy_read(FILE *stream, struct ts_npy *npy);

/** Writes a matrix; what fails, the stream keeps as its error. */
void ts_npy_write(FILE *stream, const struct ts_npy *npy);

#ifdef __cplusplus
}
#endif
#endif
