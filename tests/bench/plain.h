// SPDX-License-Identifier: Apache-2.0
// Low precision as it is usually emulated: float arithmetic, and a rounding after every step.
#ifndef TESSERA_TESTS_BENCH_PLAIN_H
#define TESSERA_TESTS_BENCH_PLAIN_H

#include <cstdint>
#include <vector>

/** A format of any widths. */
struct plain_format {
    int exp_bits, man_bits, bias;
};

/** The nearest number of the format, ties away from zero; saturates, and has no subnormals. */
float plain_round(float x, const plain_format &format);

/** C = A * B: `lanes` products are summed and rounded, chunks of `chunk` summed and rounded. */
void plain_gemm(const std::vector<float> &a, const std::vector<float> &b, std::vector<float> &c,
                std::int64_t size, std::int64_t lanes, std::int64_t chunk,
                const plain_format &format);

#endif
