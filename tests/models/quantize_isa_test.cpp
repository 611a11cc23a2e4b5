// SPDX-License-Identifier: Apache-2.0
// The tensor quantizers on every instruction set against the golden functions of single elements.
#include "oracle/dlfloat16_fast.h"
#include "oracle/fp32.h"
#include "oracle/run.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

namespace
{

using Codes = std::vector<std::uint16_t>;

constexpr std::uint16_t UNWRITTEN = 0xEEEE;
constexpr float INF = std::numeric_limits<float>::infinity();

/* Once for each instruction set of this processor, and for a name that is none. */
template <typename Check> void on_each_isa(Check check)
{
    std::vector<std::string> names = {"abacus"};
    for (const char *const *name = ts_gemm_isas; *name; name++)
        if (ts_gemm_has_isa(*name))
            names.emplace_back(*name);
    for (const std::string &name : names) {
        SCOPED_TRACE(name);
        setenv("TESSERA_ISA", name.c_str(), 1);
        check();
        unsetenv("TESSERA_ISA");
        if (::testing::Test::HasFatalFailure())
            return;
    }
}

/* The first that differs says more than two tensors. */
template <typename Element, typename Describe>
void expect_equal(const std::vector<Element> &got, const std::vector<Element> &want,
                  Describe describe)
{
    for (std::size_t i = 0; i < want.size(); i++)
        ASSERT_EQ(got[i], want[i]) << i << ": " << describe(i);
}

Codes every_code()
{
    Codes codes(0x10000);
    for (unsigned code = 0; code < codes.size(); code++)
        codes[code] = static_cast<std::uint16_t>(code);
    return codes;
}

float any_float(ts_random &random)
{
    return oracle::float_of_bits(static_cast<std::uint32_t>(ts_random_next(&random)));
}

void add_neighbours(std::vector<float> &x, float centre)
{
    for (float each : {centre, std::nextafter(centre, INF), std::nextafter(centre, -INF)})
        x.insert(x.end(), {each, -each});
}

/* Each number of dlfloat16, each midpoint, and what is next to them; any other; what is special. */
std::vector<float> around_dlfloat16(ts_random &random)
{
    std::vector<float> x;
    for (unsigned code = 0; code < 0x7FFF; code++) {
        auto number = static_cast<float>(oracle::dlf_value(static_cast<std::uint16_t>(code)));
        add_neighbours(x, number);
        int exponent = 0;
        std::frexp(number, &exponent);
        add_neighbours(x, number + std::ldexp(1.0F, exponent - 11));
    }
    for (float each :
         {0x1p-31F, 0x1.004p-31F, 0x1.FFEp32F, 0x1p33F, 0x1p127F, 0x1p-126F, 0x1p-149F, INF})
        add_neighbours(x, each);
    for (std::uint32_t nan : {0x7F800001U, 0x7FC00000U, 0x7FFFFFFFU})
        for (std::uint32_t sign : {0U, 0x80000000U})
            x.push_back(oracle::float_of_bits(nan | sign));
    for (int i = 0; i < 100000; i++)
        x.push_back(any_float(random));
    return x;
}

ts_dlfloat16 dlfloat16(double x)
{
    return {static_cast<std::uint16_t>(ts_of_double(&ts_format_dlfloat16, x))};
}

/* The int4 code from exact products: |x| * 14 against odd multiples of the clip. */
std::uint16_t int4_code(float x, float clip)
{
    double scaled = std::fabs(static_cast<double>(x)) * 14;
    int code = 0;
    while (code < 7) {
        double boundary = (2 * code + 1) * static_cast<double>(clip);
        if (code % 2 ? scaled < boundary : scaled <= boundary)
            break;
        code++;
    }
    return static_cast<std::uint16_t>((x < 0 ? -code : code) & 15);
}

} // namespace

TEST(quantize_isa, int4_is_the_rounded_quotient)
{
    ts_random random = {oracle::seed()};
    std::vector<float> clips = {1, 7, 14, 0x1p-149F, 3e-45F, 0x1p-126F, 0x1.fffffep127F, 0x1p-140F};
    for (int i = 0; i < 200; i++)
        clips.push_back(std::ldexp(1 + std::fabs(std::fmod(any_float(random), 1.0F)), i - 100));
    for (float clip : clips) {
        if (std::isnan(clip))
            continue;
        std::vector<float> x;
        for (int i = 0; i <= 16; i++)
            for (float factor : {1.0F, 0.999F, 1.001F})
                add_neighbours(x, static_cast<float>(clip * (i / 14.0)) * factor);
        for (int i = 0; i < 200; i++)
            x.insert(x.end(), {any_float(random), clip * static_cast<float>(i - 100) / 90});
        Codes want(x.size());
        for (std::size_t i = 0; i < x.size(); i++)
            want[i] = int4_code(x[i], clip);
        on_each_isa([&] {
            Codes got(x.size(), UNWRITTEN);
            ts_quantize_int4(x.data(), x.size(), clip, got.data());
            expect_equal(got, want, [&](std::size_t i) {
                return std::to_string(x[i]) + " clip " + std::to_string(clip);
            });
        });
    }
}

TEST(quantize_isa, uint4_is_pact_of_every_float_near_dlfloat16)
{
    ts_random random = {oracle::seed()};
    const std::vector<float> x = around_dlfloat16(random);
    Codes rounded(x.size()), want(x.size());
    for (std::size_t i = 0; i < x.size(); i++)
        rounded[i] = dlfloat16(static_cast<double>(x[i])).v;
    for (float alpha : {6.0F, 0.3F, 15.0F, 1e-12F, 2e9F, 3.2e10F, 6.4e10F, 1e38F}) {
        ts_dlfloat16 scale = {oracle::dlf_round(15 / static_cast<double>(alpha), true)};
        for (std::size_t i = 0; i < x.size(); i++)
            want[i] = static_cast<std::uint16_t>(ts_pact({rounded[i]}, scale));
        for (std::size_t i = 0; i < x.size(); i++)
            if (x[i] < 0) /* past the range it is NaN-Infinity there, which has no sign */
                want[i] = 0;
        on_each_isa([&] {
            Codes got(x.size(), UNWRITTEN);
            ts_quantize_uint4(x.data(), x.size(), alpha, got.data());
            expect_equal(got, want, [&](std::size_t i) {
                return std::to_string(x[i]) + " alpha " + std::to_string(alpha);
            });
        });
    }
}

/*
 * All numbers with all scales, or with as many as there are to be vectors. The golden function is
 * monotone, being the rounded exact product, so its code of each number follows from the numbers
 * where it changes.
 */
TEST(quantize_isa, uint4_is_pact_of_all_numbers_and_scales)
{
    std::vector<float> x(0x7FFF);
    for (unsigned code = 0; code < x.size(); code++)
        x[code] = static_cast<float>(oracle::dlf_value(static_cast<std::uint16_t>(code)));
    Codes want(x.size());
    const std::uint64_t all = 0x7FFE, n = oracle::vectors(all * x.size());
    const std::uint64_t scales = std::max<std::uint64_t>(n / x.size(), 1);
    for (std::uint64_t scale = 1; scale <= all; scale += all / scales) {
        auto code = static_cast<std::uint16_t>(scale);
        for (unsigned from = 0, level = 0; from < want.size();) {
            level = ts_pact({static_cast<std::uint16_t>(from)}, {code});
            unsigned to = 0x7FFF, inside = from; /* the last one of this level */
            while (to - inside > 1) {
                unsigned middle = (inside + to) / 2;
                (ts_pact({static_cast<std::uint16_t>(middle)}, {code}) == level ? inside : to) =
                    middle;
            }
            std::fill(want.begin() + from, want.begin() + to, static_cast<std::uint16_t>(level));
            from = to;
        }
        auto alpha = static_cast<float>(15 / oracle::dlf_value(code));
        on_each_isa([&] {
            Codes got(x.size(), UNWRITTEN);
            ts_quantize_uint4(x.data(), x.size(), alpha, got.data());
            if (got != want)
                expect_equal(got, want,
                             [&](std::size_t) { return "scale " + std::to_string(scale); });
        });
        if (HasFatalFailure())
            return;
    }
    oracle::report("pact, tensors", n);
}

TEST(quantize_isa, dlfloat16_is_rounded_once)
{
    ts_random random = {oracle::seed()};
    const std::vector<float> x = around_dlfloat16(random);
    Codes want(x.size());
    const std::vector<float> scales = {1,    -1,   0x1p127F, 0x1p-149F,  0,
                                       1024, 0.1F, 3,        0x1.8p-20F, -0x1.fffffep100F};
    for (float scale : scales) {
        std::size_t want_flushed = 0;
        for (std::size_t i = 0; i < x.size(); i++) {
            want[i] = dlfloat16(static_cast<double>(x[i]) * static_cast<double>(scale)).v;
            want_flushed += want[i] == 0 && x[i] != 0;
        }
        on_each_isa([&] {
            Codes got(x.size(), UNWRITTEN);
            std::size_t flushed = 1;
            ts_round_dlfloat16(x.data(), x.size(), scale, got.data(), &flushed);
            EXPECT_EQ(flushed, want_flushed);
            expect_equal(got, want, [&](std::size_t i) {
                return std::to_string(x[i]) + " scale " + std::to_string(scale);
            });
        });
    }
}

TEST(quantize_isa, tpr_of_all_codes_and_scales)
{
    const Codes x = every_code();
    Codes want[2] = {x, x}, got[2] = {x, x};
    for (int k = INT8_MIN; k <= INT8_MAX; k++)
        for (ts_underflow underflow : {TS_UNDERFLOW_NEAREST, TS_UNDERFLOW_FLUSH}) {
            ts_tpr_stats stats = {};
            for (std::uint16_t code : x) {
                ts_tpr q = ts_tpr_quantize({code}, k, underflow);
                want[0][code] = q.even.v;
                want[1][code] = q.odd.v;
                stats.invalid += q.invalid;
                if (q.invalid || code % 0x8000 == 0)
                    continue;
                double size = std::ldexp(std::fabs(oracle::dlf_value(code)), k);
                for (int phase = 0; phase < 2; phase++) {
                    stats.zeros[phase] += want[phase][code] == 0;
                    stats.saturated[phase] += size >= 2.5 * (64 << phase);
                }
            }
            on_each_isa([&] {
                for (Codes &codes : got)
                    std::fill(codes.begin(), codes.end(), UNWRITTEN);
                ts_tpr_stats found = {};
                ts_quantize_tpr(x.data(), x.size(), k, underflow, got[0].data(), got[1].data(),
                                &found);
                for (int phase = 0; phase < 2; phase++) {
                    EXPECT_EQ(found.zeros[phase], stats.zeros[phase]) << k;
                    EXPECT_EQ(found.saturated[phase], stats.saturated[phase]) << k;
                    if (got[phase] != want[phase])
                        expect_equal(got[phase], want[phase],
                                     [&](std::size_t) { return "k " + std::to_string(k); });
                }
                EXPECT_EQ(found.invalid, stats.invalid);
            });
            if (HasFatalFailure())
                return;
        }
}

/* Ends of blocks and of vectors; in place; past the end nothing is written. */
TEST(quantize_isa, tensors_of_any_length)
{
    ts_random random = {oracle::seed()};
    for (std::size_t n = 0; n < 600; n = n < 70 ? n + 1 : n + 61) {
        std::vector<float> reals(n);
        for (float &each : reals)
            each = static_cast<float>(oracle::below(random, 4001) - 2000) / 1000;
        Codes want(n + 1, UNWRITTEN), codes(n);
        for (std::size_t i = 0; i < n; i++)
            codes[i] = dlfloat16(static_cast<double>(reals[i])).v;
        on_each_isa([&] {
            Codes got(n + 1, UNWRITTEN), even = got, odd = got;
            ts_quantize_int4(reals.data(), n, 1.7F, got.data());
            for (std::size_t i = 0; i < n; i++)
                want[i] = int4_code(reals[i], 1.7F);
            EXPECT_EQ(got, want);
            ts_quantize_uint4(reals.data(), n, 1.5F, got.data());
            for (std::size_t i = 0; i < n; i++)
                want[i] = reals[i] > 0
                              ? static_cast<std::uint16_t>(ts_pact({codes[i]}, dlfloat16(10)))
                              : 0;
            EXPECT_EQ(got, want);
            std::size_t flushed = 1;
            ts_round_dlfloat16(reals.data(), n, 1, got.data(), &flushed);
            EXPECT_EQ(flushed, 0U);
            for (std::size_t i = 0; i < n; i++)
                want[i] = codes[i];
            EXPECT_EQ(got, want);
            ts_quantize_tpr(got.data(), n, 3, TS_UNDERFLOW_NEAREST, got.data(), odd.data(),
                            nullptr);
            for (std::size_t i = 0; i < n; i++)
                want[i] = ts_tpr_quantize({codes[i]}, 3, TS_UNDERFLOW_NEAREST).even.v;
            EXPECT_EQ(got, want);
            ts_quantize_tpr(codes.data(), n, 3, TS_UNDERFLOW_NEAREST, even.data(), nullptr,
                            nullptr);
            EXPECT_EQ(even, want);
            for (std::size_t i = 0; i < n; i++)
                want[i] = ts_tpr_quantize({codes[i]}, 3, TS_UNDERFLOW_NEAREST).odd.v;
            EXPECT_EQ(odd, want);
        });
        ASSERT_FALSE(HasFailure()) << n;
    }
}

/* The statistics of SAWB are the block's, also of what overflows and is not a number. */
TEST(quantize_isa, sawb_is_the_block)
{
    ts_random random = {oracle::seed()};
    for (int i = 0; i < 150; i++) {
        std::vector<float> w(static_cast<std::size_t>(1 + oracle::below(random, 130)));
        for (float &each : w) {
            double sum = -3;
            for (int term = 0; term < 6; term++)
                sum += oracle::below(random, 65536) * 0x1p-16;
            each =
                std::ldexp(static_cast<float>(sum), i % 3 ? 0 : oracle::below(random, 270) - 140);
        }
        if (i % 8 == 0)
            w[ts_random_next(&random) % w.size()] = any_float(random);
        if (i % 16 == 1)
            w[0] = i % 32 == 1 ? INF : std::nanf("");
        const int lanes = i % 4 ? TS_SAWB_LANES : 1 << oracle::below(random, 7);
        const auto width = static_cast<std::size_t>(lanes);
        oracle::Block dut("sawb", {{"Input", 1}, {"Lanes", lanes}});
        for (std::size_t from = 0; from < w.size(); from += width) {
            for (std::size_t lane = 0; lane < width; lane++)
                dut.in[lane] = from + lane < w.size() ? oracle::bits_of_float(w[from + lane]) : 0;
            dut.in[width] = from == 0;
            dut.in[width + 1] = from + width >= w.size();
            dut.in[width + 2] = w.size();
            dut.step();
        }
        on_each_isa([&] {
            bool fell_back = false;
            float clip = ts_sawb_clip_lanes(w.data(), w.size(), lanes, &fell_back);
            ASSERT_EQ(oracle::bits_of_float(clip), dut.out[0]) << i;
            ASSERT_EQ(fell_back, dut.out[1]) << i;
        });
    }
}

/* Small tensors on small grids: ties of codes, and of errors. */
TEST(quantize_isa, least_error_is_that_of_the_definition)
{
    ts_random random = {oracle::seed()};
    auto error = [](const std::vector<float> &x, double clip, double low, double top) {
        double sum = 0;
        for (float each : x) {
            if (!std::isfinite(each))
                continue;
            double q = std::nearbyint(static_cast<double>(each) * top / clip);
            q = std::min(std::max(q, low), top);
            double off = q * clip / top - static_cast<double>(each);
            sum += off * off;
        }
        return sum;
    };
    for (int i = 0; i < 1000; i++) {
        const bool is_signed = i % 2;
        const double low = is_signed ? -7 : 0, top = is_signed ? 7 : 15;
        std::vector<float> x(static_cast<std::size_t>(1 + oracle::below(random, 12)));
        float max = 0;
        for (float &each : x) {
            if (i % 10 == 0 && &each != x.data() && oracle::below(random, 4) == 0) {
                each = oracle::below(random, 2) ? -INF : std::nanf("");
                continue; /* counts for nothing */
            }
            each = static_cast<float>(oracle::below(random, i % 3 ? 1 << 20 : 64));
            each = std::ldexp(is_signed && oracle::below(random, 2) ? -each : each, i % 200 - 100);
            max = std::max(max, std::fabs(each));
        }
        auto search = [&](int first, int last, int stride) {
            int best = 0;
            double least = 0;
            for (int step = first; step <= last; step += stride) {
                auto clip = static_cast<float>(static_cast<double>(max) * step / 2048);
                double here = error(x, static_cast<double>(clip), low, top);
                if (clip > 0 && (best == 0 || here < least)) {
                    best = step;
                    least = here;
                }
            }
            return best;
        };
        int coarse = search(32, 2048, 32);
        int fine = search(coarse - 31, std::min(coarse + 31, 2048), 1);
        auto want = static_cast<float>(static_cast<double>(max) * fine / 2048);
        on_each_isa(
            [&] { ASSERT_EQ(ts_least_mse_clip(x.data(), x.size(), is_signed), want) << i; });
    }
}

/* Whole tensors by the functions of single elements; then the next one, from where these ended. */
TEST(quantize_isa, axpy_sr_is_the_sum_of_each_element_and_word)
{
    ts_random random = {oracle::seed()};
    for (int i = 0; i < 300; i++) {
        ts_axpy_sr_unit unit = ts_axpy_sr_preset();
        if (i % 3) {
            const int width = 2 + oracle::below(random, 31);
            unit.lanes = 1 << oracle::below(random, 7);
            unit.random_bits = 1 + oracle::below(random, 16);
            unit.overflow = oracle::below(random, 2) ? TS_OVERFLOW_SATURATE : TS_OVERFLOW_SPECIAL;
            unit.polynomial =
                static_cast<std::uint32_t>(ts_random_next(&random) | 1ULL << 63) >> (32 - width);
            unit.polynomial |= 1U << (width - 1);
            for (int lane = 0; lane < unit.lanes; lane++)
                unit.state[lane] =
                    ts_axpy_sr_seed(1 + static_cast<std::uint32_t>(i) % 3, width, lane);
        }
        const ts_axpy_sr_unit start = unit;
        const auto lanes = static_cast<std::size_t>(unit.lanes);
        std::vector<ts_lfsr> lfsr;
        for (std::size_t lane = 0; lane < lanes; lane++)
            lfsr.push_back({unit.polynomial, unit.state[lane]});
        const std::size_t lengths[] = {ts_random_next(&random) % 700, ts_random_next(&random) % 90};
        std::vector<Codes> dw, w, want;
        /* Products near the weights: few of them would meet among all exponents. */
        const ts_dlfloat16 lr = {static_cast<std::uint16_t>(
            i % 20 ? (31 - oracle::below(random, 12)) << 9 | oracle::below(random, 512)
                   : oracle::below(random, 0x10000))};
        for (std::size_t n : lengths) {
            dw.emplace_back(n);
            w.emplace_back(n);
            want.emplace_back(n);
            for (std::size_t e = 0; e < n; e++) {
                auto bits = ts_random_next(&random);
                dw.back()[e] = static_cast<std::uint16_t>(bits);
                w.back()[e] = static_cast<std::uint16_t>(bits >> 16);
                if (bits >> 32 & 3) {
                    auto p = ts_dlfloat16_fma(lr, {dw.back()[e]}, {0}, TS_OVERFLOW_SATURATE);
                    auto near = static_cast<std::uint16_t>((p.v ^ (bits >> 40 & 0x8000)) +
                                                           (bits >> 56 & 7) * 0x40 - 0x80);
                    w.back()[e] = near;
                }
            }
            for (std::size_t e = 0; e < (n + lanes - 1) / lanes * lanes; e++) {
                std::uint32_t word = ts_lfsr_word(&lfsr[e % lanes], unit.random_bits);
                if (e < n)
                    want.back()[e] = ts_axpy_sr(lr, {dw.back()[e]}, {w.back()[e]}, word,
                                                unit.random_bits, unit.overflow)
                                         .v;
            }
        }
        on_each_isa([&] {
            unit = start;
            for (std::size_t t = 0; t < 2; t++) {
                Codes got = w[t];
                ts_axpy_sr_tensor(&unit, lr, dw[t].data(), got.data(), got.size());
                expect_equal(got, want[t], [&](std::size_t e) {
                    return std::to_string(lr.v) + " * " + std::to_string(dw[t][e]) + " + " +
                           std::to_string(w[t][e]) + " in " + std::to_string(unit.lanes) + " lanes";
                });
            }
            for (std::size_t lane = 0; lane < lanes; lane++)
                ASSERT_EQ(unit.state[lane], lfsr[lane].state);
        });
        if (HasFatalFailure())
            return;
    }
}

/* The tensor function is what the block does, cycle by cycle. */
TEST(quantize_isa, axpy_sr_is_the_block)
{
    oracle::Block dut("axpy_sr", {});
    ts_axpy_sr_unit unit = ts_axpy_sr_preset();
    const auto lanes = static_cast<std::size_t>(dut.param("Lanes"));
    ASSERT_EQ(static_cast<std::size_t>(unit.lanes), lanes);
    EXPECT_EQ(unit.state[lanes], 0U);
    ts_random random = {oracle::seed()};
    for (int i = 0; i < 500; i++) {
        dut.draw(random);
        std::fill(dut.in.begin() + 1 + 2 * static_cast<std::ptrdiff_t>(lanes), dut.in.end(), 0);
        dut.step();
        const Codes in(dut.in.begin() + 1, dut.in.end());
        Codes w(in.begin() + static_cast<std::ptrdiff_t>(lanes),
                in.begin() + 2 * static_cast<std::ptrdiff_t>(lanes));
        ts_axpy_sr_tensor(&unit, {static_cast<std::uint16_t>(dut.in[0])}, in.data(), w.data(),
                          lanes);
        for (std::size_t lane = 0; lane < lanes; lane++)
            ASSERT_EQ(w[lane], dut.out[lane]) << i;
    }
}

TEST(quantize_isa, gradscale_is_the_block)
{
    ts_random random = {oracle::seed()};
    for (int i = 0; i < 2000; i++) {
        const int target = 5 + oracle::below(random, 4);
        Codes x(static_cast<std::size_t>(8 * (1 + oracle::below(random, 12))));
        for (std::uint16_t &each : x)
            each = static_cast<std::uint16_t>(ts_random_next(&random)) >> (i % 9) &
                   (i % 50 ? 0xBFFF : 0x8000);
        if (i % 16 == 0)
            x[ts_random_next(&random) % x.size()] = i % 32 ? 0x7FFF : 1;
        oracle::Block dut("gradscale", {{"Target", target}});
        for (std::size_t from = 0; from < x.size(); from += 8) {
            for (std::size_t lane = 0; lane < 8; lane++)
                dut.in[lane] = x[from + lane];
            dut.in[8] = from == 0;
            dut.in[9] = from + 8 == x.size();
            dut.step();
        }
        on_each_isa([&] {
            ASSERT_EQ(ts_gradscale_align(x.data(), x.size(), target),
                      static_cast<std::int8_t>(dut.out[0]));
        });
    }
    EXPECT_EQ(ts_gradscale_align(nullptr, 0, 6), 0);
    const std::uint16_t one = 31 << 9;
    EXPECT_EQ(ts_gradscale_align(&one, 1, 1000), 127);
    EXPECT_EQ(ts_gradscale_align(&one, 1, -1000), -128);
}
