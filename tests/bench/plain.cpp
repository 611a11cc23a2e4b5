// SPDX-License-Identifier: Apache-2.0
#include "plain.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

__attribute__((noinline)) float plain_round(float x, const plain_format &format)
{
    if (x == 0)
        return 0;
    int exponent = 0;
    float fraction = std::frexp(x, &exponent); // 0.5 to 1
    const int least = 1 - format.bias, most = (1 << format.exp_bits) - 1 - format.bias;
    if (exponent - 1 < least)
        return 0;
    float rounded = std::round(std::ldexp(fraction, format.man_bits + 1));
    float value = std::ldexp(rounded, exponent - format.man_bits - 1);
    float largest = std::ldexp(2 - std::ldexp(1.0F, -format.man_bits), most);
    return std::clamp(value, -largest, largest);
}

void plain_gemm(const std::vector<float> &a, const std::vector<float> &b, std::vector<float> &c,
                std::int64_t size, std::int64_t lanes, std::int64_t chunk,
                const plain_format &format)
{
    for (std::int64_t i = 0; i < size; i++)
        for (std::int64_t j = 0; j < size; j++) {
            float outer = 0;
            for (std::int64_t start = 0; start < size; start += chunk) {
                float acc = 0;
                for (std::int64_t k = start; k < std::min(start + chunk, size); k += lanes) {
                    float p = 0;
                    for (std::int64_t l = k; l < std::min(k + lanes, size); l++)
                        p += a[static_cast<std::size_t>(i * size + l)] *
                             b[static_cast<std::size_t>(l * size + j)];
                    acc = plain_round(acc + p, format);
                }
                outer = plain_round(outer + acc, format);
            }
            c[static_cast<std::size_t>(i * size + j)] = outer;
        }
}
