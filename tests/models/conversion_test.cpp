// SPDX-License-Identifier: Apache-2.0
// Conversions between formats: any two of up to 16 bits over all codes, fp32 by strata, the CPU's.
#include "oracle/fp32.h"
#include "oracle/from_fp32.h"
#include "oracle/run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#if defined __x86_64__ || defined __i386__
#include <immintrin.h>
#endif

using oracle::Format;
using oracle::FromFp32;
using oracle::Overflow;
using oracle::Round;

namespace
{

constexpr std::pair<Round, ts_rounding> ROUNDINGS[] = {
    {Round::nearest_even, TS_NEAREST_EVEN},
    {Round::nearest_up, TS_NEAREST_UP},
    {Round::toward_zero, TS_TOWARD_ZERO},
};

constexpr std::pair<Overflow, ts_overflow> OVERFLOWS[] = {
    {Overflow::special, TS_OVERFLOW_SPECIAL},
    {Overflow::saturate, TS_OVERFLOW_SATURATE},
    {Overflow::saturate_infinity, TS_OVERFLOW_SATURATE_INFINITY},
};

constexpr Format NARROWED_TO[] = {Format::dlfloat16, Format::fp16, Format::bf16, Format::fp8_143,
                                  Format::fp8_152,   Format::e4m3, Format::e5m2, Format::fp9_153};

const ts_format *format_of(Format format)
{
    return ts_format_find(oracle::name_of(format));
}

/* The oracle's meaning of a code as an fp32 code; there is one for every code of 16 bits. */
uint32_t fp32_of(Format format, uint32_t code)
{
    oracle::Number x = oracle::decode(format, code);
    if (x.cls == oracle::Class::nan)
        return oracle::FP32_NAN;
    if (x.cls == oracle::Class::infinity)
        return oracle::FP32_INFINITY | static_cast<uint32_t>(x.negative) << 31;
    return oracle::bits_of_float(x.value.to_float());
}

/* One rounding and overflow policy of a target, in both arithmetics. */
struct Way {
    Way(Format target, std::pair<Round, ts_rounding> round, std::pair<Overflow, ts_overflow> beyond)
        : oracle(target, round.first, beyond.first), format(format_of(target)),
          rounding(round.second), overflow(beyond.second)
    {
    }

    bool is_own() const
    {
        return rounding == format->rounding && overflow == format->overflow;
    }

    void expect(uint32_t fp32) const
    {
        uint32_t got = ts_encode(format, ts_decode(&ts_format_fp32, fp32), rounding, overflow);
        ASSERT_EQ(got, oracle(fp32)) << std::hex << "fp32 " << fp32 << " to " << format->name
                                     << ", rounding " << rounding << ", overflow " << overflow;
    }

    FromFp32 oracle;
    const ts_format *format;
    ts_rounding rounding;
    ts_overflow overflow;
};

std::vector<Way> ways_to(Format target)
{
    std::vector<Way> ways;
    for (auto round : ROUNDINGS)
        for (auto beyond : OVERFLOWS)
            ways.emplace_back(target, round, beyond);
    return ways;
}

} // namespace

TEST(conversion, fast_oracle_is_the_slow_one)
{
    for (Format target : oracle::TABLE_FORMATS)
        for (const Way &way : ways_to(target))
            ASSERT_TRUE(way.oracle.agrees_with_slow_oracle()) << way.format->name;
}

TEST(conversion, any_two_formats_over_all_codes)
{
    std::vector<std::pair<Format, std::vector<uint32_t>>> sources;
    for (Format source : oracle::TABLE_FORMATS) {
        std::vector<uint32_t> fp32;
        for (uint32_t code = 0; code < 1U << oracle::bits_of(source); code++)
            fp32.push_back(fp32_of(source, code));
        sources.emplace_back(source, std::move(fp32));
    }
    uint64_t count = 0;
    for (Format target : oracle::TABLE_FORMATS) {
        std::vector<Way> ways = ways_to(target);
        for (const auto &[source, fp32] : sources) {
            const ts_format *from = format_of(source);
            for (uint32_t code = 0; code < fp32.size(); code++) {
                ts_value value = ts_decode(from, code);
                for (const Way &way : ways)
                    ASSERT_EQ(ts_encode(way.format, value, way.rounding, way.overflow),
                              way.oracle(fp32[code]))
                        << from->name << " " << code << " to " << way.format->name;
            }
            count += fp32.size() * ways.size();
        }
    }
    oracle::report("conversions", count);
}

TEST(conversion, every_number_of_16_bits_is_an_fp32_number)
{
    for (Format source : oracle::TABLE_FORMATS) {
        for (uint32_t code = 0; code < 1U << oracle::bits_of(source); code++) {
            uint32_t fp32 = ts_encode(&ts_format_fp32, ts_decode(format_of(source), code),
                                      TS_TOWARD_ZERO, TS_OVERFLOW_SPECIAL);
            uint32_t want = fp32_of(source, code);
            ASSERT_EQ(fp32, want == 0x80000000 ? 0 : want) << oracle::name_of(source) << code;
        }
    }
}

class fp32_by_strata : public testing::TestWithParam<Format>
{
};

/* Every sign and exponent, every value of the 15 high mantissa bits, random below. */
TEST_P(fp32_by_strata, as_the_format_rounds)
{
    ts_random random = {oracle::seed()};
    std::vector<Way> ways = ways_to(GetParam());
    auto own = std::find_if(ways.begin(), ways.end(), [](const Way &way) { return way.is_own(); });
    ASSERT_NE(own, ways.end());
    uint64_t count = oracle::vectors(1U << 24);
    for (uint64_t i = 0; i < count; i++) {
        auto code = static_cast<uint32_t>(i << 8 | (ts_random_next(&random) & 0xFF));
        ASSERT_NO_FATAL_FAILURE(own->expect(code));
    }
    oracle::report(own->format->name, count);
}

/* Three numbers on each side of every boundary. */
TEST_P(fp32_by_strata, any_way_at_its_boundaries)
{
    uint64_t count = 0;
    for (const Way &way : ways_to(GetParam())) {
        for (uint32_t sign : {0U, 0x80000000U}) {
            for (const oracle::Run &run : way.oracle.runs(sign != 0)) {
                for (uint32_t near = 0; near < 6; near++, count++)
                    ASSERT_NO_FATAL_FAILURE(way.expect((run.first + near - 3) ^ sign));
            }
        }
    }
    oracle::report(oracle::name_of(GetParam()), count);
}

INSTANTIATE_TEST_SUITE_P(conversion, fp32_by_strata, testing::ValuesIn(NARROWED_TO),
                         [](const auto &test) { return oracle::name_of(test.param); });

#if defined __x86_64__ || defined __i386__

namespace
{

/* The CPU keeps a NaN's payload and the sign of zero; the machine does not. */
uint32_t canonical_fp16(uint32_t code)
{
    if ((code & 0x7FFF) > 0x7C00)
        return 0x7E00;
    return code == 0x8000 ? 0 : code;
}

__attribute__((target("f16c"))) void expect_cpus(uint32_t fp32)
{
    float x = oracle::float_of_bits(fp32);
    ts_value v = ts_decode(&ts_format_fp32, fp32);
    ASSERT_EQ(ts_encode(&ts_format_fp16, v, TS_NEAREST_EVEN, TS_OVERFLOW_SPECIAL),
              canonical_fp16(_cvtss_sh(x, _MM_FROUND_TO_NEAREST_INT)))
        << std::hex << fp32;
    ASSERT_EQ(ts_encode(&ts_format_fp16, v, TS_TOWARD_ZERO, TS_OVERFLOW_SPECIAL),
              canonical_fp16(_cvtss_sh(x, _MM_FROUND_TO_ZERO)))
        << std::hex << fp32;
}

__attribute__((target("f16c"))) float cpus_value(uint32_t fp16)
{
    return _cvtsh_ss(static_cast<uint16_t>(fp16));
}

} // namespace

TEST(conversion, fp16_is_the_cpus_f16c)
{
    if (!__builtin_cpu_supports("avx2")) /* clang's builtin knows no f16c; AVX2 came after it */
        GTEST_SKIP() << "this CPU is too old to be sure of F16C";
    for (uint32_t code = 0; code < 65536; code++) {
        auto want = static_cast<double>(cpus_value(code));
        double got = ts_to_double(&ts_format_fp16, code);
        ASSERT_TRUE(got == want || (std::isnan(got) && std::isnan(want))) << code;
    }
    ts_random random = {oracle::seed()};
    uint64_t count = oracle::vectors(1U << 22);
    for (uint64_t i = 0; i < count; i++) {
        auto code = static_cast<uint32_t>(i << 10 | (ts_random_next(&random) & 0x3FF));
        ASSERT_NO_FATAL_FAILURE(expect_cpus(code));
    }
    for (uint32_t code = 0; code < 0x7C00; code++) { /* next to every midpoint */
        float middle = static_cast<float>(
            (ts_to_double(&ts_format_fp16, code) + ts_to_double(&ts_format_fp16, code + 1)) / 2);
        for (float x : {middle, std::nextafter(middle, 0.0F), std::nextafter(middle, 1e9F)})
            ASSERT_NO_FATAL_FAILURE(expect_cpus(oracle::bits_of_float(-x)));
    }
    oracle::report("F16C", count);
}

#endif
