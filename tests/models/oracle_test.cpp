// SPDX-License-Identifier: Apache-2.0
// The oracles against each other: MPFR tables, MPFR's own IEEE range, exact doubles, the CPU.
#include "oracle/dlfloat16_fast.h"
#include "oracle/formats.h"
#include "oracle/fp32.h"
#include "oracle/hard_cases.h"
#include "oracle/run.h"

#include <gtest/gtest.h>

#include <cmath>

using oracle::Exact;
using oracle::Format;
using oracle::Number;
using oracle::Round;

TEST(oracle, fast_dlfloat16_values_are_the_exact_ones)
{
    for (uint32_t code = 0; code < 65536; code++) {
        Number x = oracle::decode(Format::dlfloat16, code);
        double fast = oracle::dlf_value(static_cast<uint16_t>(code));
        if (x.cls == oracle::Class::nan)
            ASSERT_TRUE(std::isnan(fast));
        else
            ASSERT_EQ(fast, x.value.to_double()) << code;
    }
}

TEST(oracle, fast_dlfloat16_rounding_is_the_exact_one)
{
    const auto &steps = oracle::steps_of(Format::dlfloat16, false);
    for (size_t i = 0; i + 1 < steps.size(); i++) {
        double middle = oracle::midpoint(steps[i].magnitude, steps[i + 1].magnitude).to_double();
        for (double x : {steps[i].magnitude.to_double(), std::nextafter(middle, 0), middle,
                         std::nextafter(middle, 1e300)}) {
            for (bool saturate : {false, true}) {
                Number n = oracle::number(Exact(-x));
                ASSERT_EQ(oracle::dlf_round(-x, saturate),
                          oracle::encode(Format::dlfloat16, n, Round::nearest_up, saturate))
                    << x;
            }
        }
    }
}

TEST(oracle, fast_fma_is_the_exact_one)
{
    ts_random random = {oracle::seed()};
    uint64_t count = oracle::vectors(200000);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t r = ts_random_next(&random);
        oracle::HardFma x =
            oracle::hard_fma(random, static_cast<uint16_t>(r), static_cast<uint16_t>(r >> 16));
        if (i % 4 == 0)
            x.b = static_cast<uint16_t>(r >> 32);
        Number a = oracle::decode(Format::dlfloat16, x.a);
        Number b = oracle::decode(Format::dlfloat16, x.b);
        Number c = oracle::decode(Format::dlfloat16, x.c);
        bool nan = a.cls != oracle::Class::number || b.cls != oracle::Class::number ||
                   c.cls != oracle::Class::number;
        Number sum = oracle::number(a.value * b.value + c.value);
        if (nan)
            sum.cls = oracle::Class::nan;
        bool saturate = r >> 63;
        ASSERT_EQ(oracle::dlf_fma(x.a, x.b, x.c, saturate),
                  oracle::encode(Format::dlfloat16, sum, Round::nearest_up, saturate))
            << x.a << " * " << x.b << " + " << x.c;
    }
    oracle::report("fast fma oracle", count);
}

TEST(oracle, fp32_by_neighbours_is_mpfrs_and_the_cpus)
{
    ts_random random = {oracle::seed()};
    uint64_t count = oracle::vectors(100000);
    for (uint64_t i = 0; i < count; i++) {
        auto a = static_cast<uint32_t>(ts_random_element(&random, &ts_format_fp32, 32));
        auto b = static_cast<uint32_t>(ts_random_element(&random, &ts_format_fp32, 32));
        float x = oracle::float_of_bits(a);
        float y = oracle::float_of_bits(b);
        if (!std::isfinite(x) || !std::isfinite(y))
            continue;
        Exact sum = oracle::decode_fp32(a).value + oracle::decode_fp32(b).value;
        uint32_t want = oracle::encode_fp32(oracle::number(sum), Round::nearest_even, false);
        float cpu = x + y;
        ASSERT_EQ(want, cpu == 0 ? 0 : oracle::bits_of_float(cpu)) << x << " + " << y;
        ASSERT_EQ(want, oracle::encode_fp32_mpfr(sum));
        /* A product reaches below the subnormals, a sum does not. */
        Exact product = oracle::decode_fp32(a).value * oracle::decode_fp32(b).value;
        want = oracle::encode_fp32(oracle::number(product), Round::nearest_even, false);
        cpu = x * y;
        ASSERT_EQ(want, cpu == 0 ? 0 : oracle::bits_of_float(cpu)) << x << " * " << y;
        ASSERT_EQ(want, oracle::encode_fp32_mpfr(product));
    }
    oracle::report("fp32 oracle", count);
}

/* The tables of the formats that IEEE's rules make, at and around every boundary. */
TEST(oracle, tables_of_ieee_formats_are_mpfrs)
{
    const struct {
        Format format;
        int bits;
        long least_exponent;
    } formats[] = {{Format::fp16, 11, -14}, {Format::bf16, 8, -126}, {Format::e5m2, 3, -14}};
    for (const auto &[format, bits, least_exponent] : formats) {
        const auto &steps = oracle::steps_of(format, false);
        for (size_t i = 0; i + 1 < steps.size(); i++) {
            Exact middle = oracle::midpoint(steps[i].magnitude, steps[i + 1].magnitude);
            Exact little = steps[i + 1].magnitude.scaled(-40);
            for (const Exact &x : {steps[i].magnitude, middle, middle - little, middle + little}) {
                Number n = oracle::number(-x);
                Number got =
                    oracle::decode(format, oracle::encode(format, n, Round::nearest_even, false));
                double want = oracle::round_ieee_mpfr(-x, bits, least_exponent);
                if (std::isinf(want))
                    ASSERT_TRUE(got.cls == oracle::Class::infinity && got.negative);
                else
                    ASSERT_EQ(got.value.to_double(), want) << x.to_double();
            }
        }
    }
}
