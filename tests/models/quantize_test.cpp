// SPDX-License-Identifier: Apache-2.0
// The tensor quantizers against exact statements of what they round, and by their properties.
#include "oracle/dlfloat16_fast.h"
#include "oracle/exact.h"
#include "oracle/fp32.h"
#include "oracle/run.h"

#include <gtest/gtest.h>

#include <array>
#include <cfloat>
#include <cmath>
#include <limits>
#include <vector>

using oracle::Exact;

namespace
{

constexpr float INF = std::numeric_limits<float>::infinity();
constexpr float NOT_A_NUMBER = std::numeric_limits<float>::quiet_NaN();

using Codes = std::vector<std::uint16_t>;

/* All finite dlfloat16 numbers, by code; 0 for NaN-Infinity. */
std::vector<float> all_dlfloat16()
{
    std::vector<float> numbers(0x10000);
    for (unsigned code = 0; code < numbers.size(); code++) {
        double x = oracle::dlf_value(static_cast<std::uint16_t>(code));
        numbers[code] = std::isnan(x) ? 0 : static_cast<float>(x);
    }
    return numbers;
}

/* Roughly a bell, of either sign. */
float bell(ts_random &random, float scale)
{
    double sum = 0;
    for (int i = 0; i < 6; i++)
        sum += static_cast<double>(ts_random_next(&random) >> 11) * 0x1p-53 - 0.5;
    return static_cast<float>(sum) * scale;
}

std::vector<float> bells(ts_random &random, std::size_t n, float scale)
{
    std::vector<float> x(n);
    for (float &element : x)
        element = bell(random, scale);
    return x;
}

/* Any finite float. */
float any_float(ts_random &random)
{
    for (;;) {
        float x = oracle::float_of_bits(static_cast<std::uint32_t>(ts_random_next(&random)));
        if (std::isfinite(x))
            return x;
    }
}

/* The integer nearest to numerator / denominator (> 0), ties to even, within low..high. */
int nearest(const Exact &numerator, const Exact &denominator, int low, int high)
{
    for (int q = low; q < high; q++) {
        /* q is right up to the boundary q + 1/2, included if q is even. */
        Exact boundary = denominator * Exact(2 * q + 1);
        int order = numerator.scaled(1).compare(boundary);
        if (order < 0 || (order == 0 && q % 2 == 0))
            return q;
    }
    return high;
}

int signed_of(std::uint16_t code)
{
    return code < 8 ? code : code - 16;
}

Codes int4(const std::vector<float> &x, float clip)
{
    Codes codes(x.size(), 0xFFFF);
    ts_quantize_int4(x.data(), x.size(), clip, codes.data());
    return codes;
}

Codes uint4(const std::vector<float> &x, float alpha)
{
    Codes codes(x.size(), 0xFFFF);
    ts_quantize_uint4(x.data(), x.size(), alpha, codes.data());
    return codes;
}

void check_int4(const std::vector<float> &x, float clip)
{
    Codes codes = int4(x, clip);
    for (std::size_t i = 0; i < x.size(); i++) {
        ASSERT_LT(codes[i], 16);
        int want = nearest(Exact(x[i]) * Exact(7), Exact(clip), -7, 7);
        ASSERT_EQ(signed_of(codes[i]), want) << x[i] << " clip " << clip;
    }
}

/* The dlfloat16 number nearest to 15 / alpha, found without dividing. */
double scale_of(float alpha)
{
    const auto reaches = [&](const Exact &s) { return !(Exact(15) < s * Exact(alpha)); };
    unsigned code = 0; /* the largest magnitude s with s * alpha <= 15 */
    for (unsigned bit = 0x4000; bit; bit /= 2)
        if ((code | bit) < 0x7FFF && reaches(Exact(oracle::dlf_value(std::uint16_t(code | bit)))))
            code |= bit;
    double low = oracle::dlf_value(static_cast<std::uint16_t>(code));
    if (code == 0x7FFE)
        return low;
    double high = oracle::dlf_value(static_cast<std::uint16_t>(code + 1));
    if (code == 0) /* below 2^-31 * (1 + 1/1024) the result rounds to 2^-31 or below: zero */
        low = 0x1p-31;
    double rounded = reaches(oracle::midpoint(Exact(low), Exact(high))) ? high : low;
    return rounded == 0x1p-31 ? 0 : rounded;
}

void check_uint4(const std::vector<float> &x, float alpha)
{
    Codes codes = uint4(x, alpha);
    double scale = scale_of(alpha);
    for (std::size_t i = 0; i < x.size(); i++) {
        double rounded = oracle::dlf_value(oracle::dlf_round(x[i], false));
        int want = 15; /* NaN-Infinity */
        if (x[i] <= 0)
            want = 0;
        else if (!std::isnan(rounded))
            want = nearest(Exact(rounded) * Exact(scale), Exact(1), 0, 15);
        ASSERT_EQ(codes[i], want) << x[i] << " alpha " << alpha;
    }
}

/* SAWB with every operation by MPFR in 24 bits. */
class Single
{
  public:
    Single(double x = 0)
    {
        mpfr_init2(value, 24);
        mpfr_set_d(value, x, MPFR_RNDN);
    }
    Single(const Single &other) : Single()
    {
        mpfr_set(value, other.value, MPFR_RNDN);
    }
    Single &operator=(const Single &other)
    {
        mpfr_set(value, other.value, MPFR_RNDN);
        return *this;
    }
    ~Single()
    {
        mpfr_clear(value);
    }

    mpfr_t value;
};

template <typename Operation> Single apply(Operation operation, const Single &a, const Single &b)
{
    Single result;
    operation(result.value, a.value, b.value, MPFR_RNDN);
    return result;
}

float sawb_by_mpfr(const std::vector<float> &w, std::size_t lanes)
{
    std::vector<Single> mags(lanes), squares(lanes);
    for (std::size_t i = 0; i < w.size(); i++) {
        Single x(std::fabs(w[i]));
        mags[i % lanes] = apply(mpfr_add, mags[i % lanes], x);
        squares[i % lanes] = apply(mpfr_add, squares[i % lanes], apply(mpfr_mul, x, x));
    }
    for (std::vector<Single> *sums : {&mags, &squares}) {
        while (sums->size() > 1) {
            std::vector<Single> pairs;
            for (std::size_t i = 0; i < sums->size(); i += 2)
                pairs.push_back(apply(mpfr_add, (*sums)[i], (*sums)[i + 1]));
            *sums = pairs;
        }
    }
    Single n(static_cast<double>(w.size()));
    Single root = apply(mpfr_div, squares[0], n);
    mpfr_sqrt(root.value, root.value, MPFR_RNDN);
    Single mean = apply(mpfr_div, mags[0], n);
    Single clip = apply(mpfr_add, apply(mpfr_mul, Single(12.035), root),
                        apply(mpfr_mul, Single(-12.03), mean));
    return mpfr_get_flt(clip.value, MPFR_RNDN);
}

double square_error(const std::vector<float> &x, double clip, int low, int top)
{
    double sum = 0;
    for (float element : x) {
        double q = std::nearbyint(static_cast<double>(element) * top / clip);
        q = std::min<double>(std::max<double>(q, low), top);
        sum += std::pow(q * clip / top - static_cast<double>(element), 2);
    }
    return sum;
}

/* |x| * 2^k on the grid 4^-3 * 2^phase .. 4^3 * 2^phase, by distances; code 8 is past the top. */
int radix4_code(double y, int phase, bool nearest_underflow)
{
    double smallest = std::ldexp(1, phase - 6);
    if (y < smallest)
        return nearest_underflow && y >= smallest / 2;
    int code = 1;
    while (code < 8) {
        double here = smallest * std::pow(4, code - 1);
        if (y < (here + 4 * here) / 2)
            break;
        code++;
    }
    return code;
}

} // namespace

TEST(quantize_int4, is_the_exact_quotient_rounded)
{
    ts_random random = {oracle::seed()};
    for (float clip : {1.0F, 0.7F, 3.14159F, 1e-3F, 1e4F, 7.0F, FLT_MIN, 1e-44F, FLT_MAX}) {
        std::vector<float> x = bells(random, 3000, clip);
        for (int i = -16; i <= 16;
             i++) { /* ties, where i / 14 of clip is a float, and next to it */
            auto tie = static_cast<float>(static_cast<double>(clip) * i / 14);
            x.insert(x.end(), {tie, std::nextafter(tie, INF), std::nextafter(tie, -INF)});
        }
        for (int i = 0; i < 500; i++)
            x.push_back(any_float(random));
        check_int4(x, clip);
    }
    for (int i = -20; i <= 20; i++) { /* ties exactly */
        auto x = static_cast<float>(i);
        int want = std::max(-7, std::min(7, static_cast<int>(std::nearbyint(i / 2.0))));
        EXPECT_EQ(signed_of(int4({x}, 14)[0]), want) << i;
    }
}

TEST(quantize_int4, all_dlfloat16)
{
    check_int4(all_dlfloat16(), 0.8125F);
}

TEST(quantize_int4, is_symmetric_and_monotone)
{
    std::vector<float> x;
    for (int i = -4000; i <= 4000; i++)
        x.push_back(static_cast<float>(i) / 1024);
    Codes codes = int4(x, 2.7F);
    for (std::size_t i = 0; i < x.size(); i++) {
        ASSERT_LE(std::abs(signed_of(codes[i])), 7);
        ASSERT_EQ(signed_of(codes[i]), -signed_of(codes[x.size() - 1 - i]));
        if (i) {
            ASSERT_LE(signed_of(codes[i - 1]), signed_of(codes[i]));
        }
    }
}

TEST(quantize_int4, edges)
{
    ts_quantize_int4(nullptr, 0, 1, nullptr);
    ts_quantize_int4(nullptr, 0, 0, nullptr);
    EXPECT_EQ(int4({0.0F, -0.0F}, 1), (Codes{0, 0}));
    for (float clip : {0.0F, -1.0F, INF, NOT_A_NUMBER})
        EXPECT_EQ(int4({1, -1, NOT_A_NUMBER}, clip), (Codes{0, 0, 0}));
    EXPECT_EQ(int4({INF, -INF, NOT_A_NUMBER}, 1), (Codes{7, 9, 7}));
}

TEST(quantize_uint4, is_the_product_of_two_dlfloat16)
{
    ts_random random = {oracle::seed()};
    for (float alpha : {6.0F, 1.0F, 15.0F, 0.3F, 7.7777F, 1e6F, 2e-9F, 1e-12F, 3.2e10F, 6.4e10F}) {
        std::vector<float> x = bells(random, 2000, alpha);
        for (int i = 0; i <= 32; i++) {
            auto tie = static_cast<float>(static_cast<double>(alpha) * i / 30);
            x.insert(x.end(), {tie, std::nextafter(tie, INF), std::nextafter(tie, 0.0F)});
        }
        for (int i = 0; i < 500; i++)
            x.push_back(any_float(random));
        check_uint4(x, alpha);
        check_uint4({1}, alpha);
    }
    for (int i = 0; i < 300; i++) /* only the scale matters */
        check_uint4({1e-9F, 0.01F, 1, 3, 1e8F}, std::fabs(any_float(random)));
}

TEST(quantize_uint4, all_dlfloat16)
{
    check_uint4(all_dlfloat16(), 5.5F);
}

TEST(quantize_uint4, clipping_first_changes_nothing)
{
    ts_random random = {oracle::seed()};
    for (int i = 0; i < 2000; i++) {
        float alpha = std::fabs(bell(random, 8)) + 1e-3F;
        std::vector<float> x = bells(random, 20, 2 * alpha), clipped = x;
        for (float &element : clipped)
            element = std::min(std::max(element, 0.0F), alpha);
        ASSERT_EQ(uint4(x, alpha), uint4(clipped, alpha)) << alpha;
        ASSERT_EQ(uint4({alpha}, alpha), Codes{15});
    }
}

TEST(quantize_uint4, edges)
{
    ts_quantize_uint4(nullptr, 0, 1, nullptr);
    EXPECT_EQ(uint4({0.0F, -0.0F, -3}, 1), (Codes{0, 0, 0}));
    for (float alpha : {0.0F, -1.0F, INF, NOT_A_NUMBER})
        EXPECT_EQ(uint4({1, -1, NOT_A_NUMBER}, alpha), (Codes{0, 0, 0}));
    EXPECT_EQ(uint4({INF, -INF, NOT_A_NUMBER, FLT_MAX}, 1), (Codes{15, 0, 15, 15}));
    /* 15 / 30 = 1/2: ties to even. */
    EXPECT_EQ(uint4({1, 3, 5, 29, 30, 31}, 30), (Codes{0, 2, 2, 14, 15, 15}));
}

TEST(sawb, is_mpfr_in_24_bits)
{
    ts_random random = {oracle::seed()};
    int inside = 0;
    for (int i = 0; i < 400; i++) {
        std::size_t n = 1 + ts_random_next(&random) % 1500;
        std::vector<float> w = bells(random, n, std::ldexp(1.0F, oracle::below(random, 40) - 20));
        int lanes = 1 << oracle::below(random, 7);
        float want = sawb_by_mpfr(w, static_cast<std::size_t>(lanes));
        float max = 0;
        for (float x : w)
            max = std::max(max, std::fabs(x));
        bool fell_back = false;
        float clip = ts_sawb_clip_lanes(w.data(), n, lanes, &fell_back);
        ASSERT_EQ(fell_back, !(want > 0 && want <= max));
        ASSERT_EQ(clip, fell_back ? max : want);
        inside += !fell_back;
        if (lanes == TS_SAWB_LANES) {
            ASSERT_EQ(ts_sawb_clip(w.data(), n, nullptr), clip);
        }
    }
    EXPECT_GT(inside, 200);
}

TEST(sawb, by_hand)
{
    bool fell_back = false;
    /* E|w| = 1/2, E[w^2] = 1: 12.035 - 6.015 = 6.02 is past the maximum. */
    const float peak[] = {2, 0, 0, 0};
    EXPECT_EQ(ts_sawb_clip(peak, 4, &fell_back), 2);
    EXPECT_TRUE(fell_back);
    /* E|w| = 2, E[w^2] = 5: 12.035 * sqrt(5) - 24.06 = 2.8511. */
    const float two[] = {1, -3, 3, -1};
    EXPECT_NEAR(ts_sawb_clip(two, 4, &fell_back), 2.8511, 1e-4);
    EXPECT_FALSE(fell_back);
    const float just[] = {691, 839, 166}; /* the clip is the maximum */
    EXPECT_EQ(ts_sawb_clip_lanes(just, 3, 1, &fell_back), 839);
    EXPECT_FALSE(fell_back);
}

TEST(sawb, edges)
{
    bool fell_back = false;
    EXPECT_EQ(ts_sawb_clip(nullptr, 0, &fell_back), 0);
    EXPECT_TRUE(fell_back);
    const float zeros[] = {0, -0.0F, 0};
    fell_back = false;
    EXPECT_EQ(ts_sawb_clip(zeros, 3, &fell_back), 0);
    EXPECT_TRUE(fell_back);
    const float huge[] = {FLT_MAX, 1, -2}; /* the squares overflow */
    fell_back = false;
    EXPECT_EQ(ts_sawb_clip(huge, 3, &fell_back), FLT_MAX);
    EXPECT_TRUE(fell_back);
}

/* Below 2^-63 a weight is a zero of the sums, and may still be the largest one. */
TEST(sawb, weights_with_subnormal_squares)
{
    const float least = 0x1p-63F, below = std::nextafter(least, 0.0F);
    bool fell_back = false;
    const float counted[] = {least, -3 * least, 3 * least, -least};
    EXPECT_NEAR(ts_sawb_clip(counted, 4, &fell_back) / least, 2.8511, 1e-4);
    EXPECT_FALSE(fell_back);
    const float left_out[] = {below, -3 * least, 3 * least, -below};
    EXPECT_EQ(ts_sawb_clip(left_out, 4, &fell_back), 3 * least);
    EXPECT_TRUE(fell_back);
    const float none[] = {below, -below, below, below};
    fell_back = false;
    EXPECT_EQ(ts_sawb_clip(none, 4, &fell_back), below);
    EXPECT_TRUE(fell_back);
    /* Nor is there a mean square below 2^-126. */
    for (float lone : {least, 0x1p-59F}) {
        std::vector<float> w(200);
        w[0] = lone;
        ts_sawb_clip(w.data(), w.size(), &fell_back);
        EXPECT_EQ(fell_back, lone == least);
    }
}

TEST(least_mse, no_candidate_is_better)
{
    ts_random random = {oracle::seed()};
    for (int i = 0; i < 40; i++) {
        bool is_signed = i % 2;
        int low = is_signed ? -7 : 0, top = is_signed ? 7 : 15;
        std::vector<float> x = bells(random, 200, std::ldexp(1.0F, i - 20));
        float max = 0;
        for (float element : x)
            max = std::max(max, is_signed ? std::fabs(element) : element);
        float clip = ts_least_mse_clip(x.data(), x.size(), is_signed);
        ASSERT_GT(clip, 0);
        ASSERT_LE(clip, max);
        double error = square_error(x, clip, low, top) * (1 - 1e-12);
        for (int step = 1; step <= 64; step++)
            ASSERT_LE(error, square_error(x, static_cast<float>(max * step / 64.0), low, top));
        ASSERT_LE(error, square_error(x, clip + max / 2048, low, top));
        ASSERT_LE(error, square_error(x, clip - max / 2048, low, top));
    }
}

/* The search again, as models/README.md has it: 64 clips, then those between the neighbours. */
float least_mse_of_candidates(const std::vector<float> &x, int low, int top)
{
    float max = 0;
    for (float element : x)
        max = std::max(max, low ? std::fabs(element) : element);
    auto clip = [&](int step) {
        return static_cast<float>(static_cast<double>(max) * step / 2048);
    };
    auto better = [&](int step, int than) {
        return square_error(x, static_cast<double>(clip(step)), low, top) <
               square_error(x, static_cast<double>(clip(than)), low, top);
    };
    int coarse = 32;
    for (int step = 64; step <= 2048; step += 32)
        if (better(step, coarse))
            coarse = step;
    int fine = std::max(coarse - 31, 1);
    for (int step = fine + 1; step < coarse + 32 && step <= 2048; step++)
        if (better(step, fine))
            fine = step;
    return clip(fine);
}

TEST(least_mse, takes_the_best_of_its_candidates)
{
    ts_random random = {oracle::seed()};
    for (std::size_t i = 0; i < 100; i++) {
        bool is_signed = i % 2;
        std::vector<float> x = bells(random, 1 + i, 1);
        EXPECT_EQ(ts_least_mse_clip(x.data(), x.size(), is_signed),
                  least_mse_of_candidates(x, is_signed ? -7 : 0, is_signed ? 7 : 15));
    }
    for (std::size_t i = 0; i < 3000; i++) { /* few elements: more than one least error */
        std::vector<float> x(1 + i % 6);
        for (float &element : x)
            element = static_cast<float>(oracle::below(random, 64));
        if (*std::max_element(x.begin(), x.end()) > 0) {
            ASSERT_EQ(ts_least_mse_clip(x.data(), x.size(), true),
                      least_mse_of_candidates(x, -7, 7));
        }
    }
    const float rough[] = {18, 11, 3, 31}; /* 30.5 is better, but just past the neighbour of 31 */
    EXPECT_EQ(ts_least_mse_clip(rough, 4, true), 31);
    const float other[] = {13, 5, 25, 62}; /* and here, just past the neighbour on the other side */
    EXPECT_EQ(ts_least_mse_clip(other, 4, true), static_cast<float>(62 * 1982.0 / 2048));
    /* As near to a neighbour as a clip can be: many of a few magnitudes, on its own grid. */
    auto many = [](std::initializer_list<std::pair<int, float>> groups) {
        std::vector<float> all;
        for (const auto &group : groups)
            all.insert(all.end(), static_cast<std::size_t>(group.first), group.second);
        return ts_least_mse_clip(all.data(), all.size(), true);
    };
    EXPECT_EQ(many({{1, 64.0F}, {40, 5.390625F}, {10240, 5.03125F}, {24576, 4.3125F}}),
              64 * 161 / 2048.0F);
    EXPECT_EQ(many({{1, 64.0F}, {2048, 2.984375F}, {14336, 5.11607122F}, {65536, 4.26339293F}}),
              64 * 191 / 2048.0F);
    /* A little more than the largest magnitude would be better. */
    std::vector<float> x(100, 3.0F / 7 * 1.01F);
    x.push_back(1);
    EXPECT_EQ(ts_least_mse_clip(x.data(), x.size(), true), 1);
}

TEST(least_mse, by_hand)
{
    const float grid[] = {-7, -6, -3, 0, 1, 2, 4, 5, 7};
    EXPECT_EQ(ts_least_mse_clip(grid, 9, true), 7); /* without any error */
    const float upper[] = {0, 1, 2, 3, 5, 8, 13, 14, 15};
    EXPECT_EQ(ts_least_mse_clip(upper, 9, false), 15);
    std::vector<float> outlier(1000, 1); /* clipped rather than followed */
    outlier.push_back(10);
    EXPECT_LT(ts_least_mse_clip(outlier.data(), outlier.size(), true), 9.0F);
    outlier = {64}; /* against so many that the least of the 64 clips is best */
    for (int i = 0; i < 28000; i++)
        outlier.push_back(static_cast<float>(1 + i % 7) / 7);
    EXPECT_LT(ts_least_mse_clip(outlier.data(), outlier.size(), true), 1.1F);
}

TEST(least_mse, edges)
{
    EXPECT_EQ(ts_least_mse_clip(nullptr, 0, true), 0);
    const float zeros[] = {0, -0.0F};
    EXPECT_EQ(ts_least_mse_clip(zeros, 2, true), 0);
    const float negative[] = {-1, -2};
    EXPECT_EQ(ts_least_mse_clip(negative, 2, false), 0);
    const float odd[] = {NOT_A_NUMBER, INF, 7, -INF, 1};
    EXPECT_EQ(ts_least_mse_clip(odd, 5, true), 7);
    const float least[] = {0, 1e-45F};
    EXPECT_EQ(ts_least_mse_clip(least, 2, true), 1e-45F);
    /* Beside this error no other counts: the smallest clip that there is. */
    EXPECT_EQ(ts_least_mse_clip(std::array{-1e20F, 1.0F}.data(), 2, false), 1.0F / 2048);
    EXPECT_EQ(ts_least_mse_clip(std::array{-1e20F, 1e-45F}.data(), 2, false), 1e-45F);
}

TEST(round_dlfloat16, every_number_is_itself)
{
    std::vector<float> x = all_dlfloat16();
    Codes codes(x.size());
    std::size_t flushed = 1;
    ts_round_dlfloat16(x.data(), x.size(), 1, codes.data(), &flushed);
    EXPECT_EQ(flushed, 0U);
    for (unsigned code = 0; code < codes.size(); code++)
        if ((code & 0x7FFF) != 0x7FFF && (code & 0x7FFF) != 0) {
            ASSERT_EQ(codes[code], code);
        }
}

TEST(round_dlfloat16, is_rounded_once)
{
    ts_random random = {oracle::seed()};
    for (int exponent : {0, -20, 7, 100, -126}) {
        float scale = std::ldexp(1.0F, exponent);
        std::vector<float> x;
        for (int i = 0; i < 20000; i++) { /* numbers, boundaries between them, and next to both */
            auto code = static_cast<std::uint16_t>(ts_random_next(&random));
            double value = oracle::dlf_value(code);
            if (std::isnan(value))
                continue;
            value *= i % 2 ? 1 : 1 + 0x1p-10;
            auto near = static_cast<float>(std::ldexp(value, -exponent));
            x.insert(x.end(), {near, std::nextafter(near, INF), std::nextafter(near, -INF)});
            x.push_back(any_float(random));
        }
        Codes codes(x.size());
        std::size_t flushed = 0, want_flushed = 0;
        ts_round_dlfloat16(x.data(), x.size(), scale, codes.data(), &flushed);
        for (std::size_t i = 0; i < x.size(); i++) {
            double product = std::ldexp(static_cast<double>(x[i]), exponent);
            ASSERT_EQ(codes[i], oracle::dlf_round(product, false)) << x[i];
            want_flushed += codes[i] == 0 && product != 0;
        }
        EXPECT_EQ(flushed, want_flushed);
        EXPECT_GT(flushed, 0U);
    }
}

TEST(round_dlfloat16, edges)
{
    std::size_t flushed = 1;
    ts_round_dlfloat16(nullptr, 0, 1, nullptr, &flushed);
    EXPECT_EQ(flushed, 0U);
    const float x[] = {0, -0.0F, 0x1p-31F, 1e-30F, -1e-30F, 1e12F, INF, -INF, NOT_A_NUMBER};
    Codes codes(9);
    ts_round_dlfloat16(x, 9, 1, codes.data(), &flushed);
    EXPECT_EQ(codes, (Codes{0, 0, 0, 0, 0, 0x7FFF, 0x7FFF, 0x7FFF, 0x7FFF}));
    EXPECT_EQ(flushed, 3U);
    ts_round_dlfloat16(x, 9, 1, codes.data(), nullptr);
}

TEST(gradscale, puts_the_largest_exponent_at_the_target)
{
    ts_random random = {oracle::seed()};
    for (int i = 0; i < 100000; i++) {
        float max = std::fabs(any_float(random));
        int target = oracle::below(random, 4) + 5;
        int k = ts_gradscale_exponent(max, target);
        double scaled = std::ldexp(static_cast<double>(max), k);
        if (max == 0) {
            ASSERT_EQ(k, 0);
            continue;
        }
        ASSERT_LT(scaled, std::ldexp(1, target + 1));
        if (k < 127) { /* not clamped */
            ASSERT_GE(scaled, std::ldexp(1, target));
        }
    }
    EXPECT_EQ(ts_gradscale_exponent(1, TS_GRADSCALE_TARGET), 6);
    EXPECT_EQ(ts_gradscale_exponent(1.999F, 6), 6);
    EXPECT_EQ(ts_gradscale_exponent(-2, 6), 5);
    EXPECT_EQ(ts_gradscale_exponent(0x1p127F, 6), -121);
    EXPECT_EQ(ts_gradscale_exponent(0x1p127F, -6), -128);
    EXPECT_EQ(ts_gradscale_exponent(0x1p-149F, 6), 127);
    EXPECT_EQ(ts_gradscale_exponent(0, 6), 0);
    EXPECT_EQ(ts_gradscale_exponent(INF, 6), 0);
    EXPECT_EQ(ts_gradscale_exponent(NOT_A_NUMBER, 6), 0);
}

TEST(quantize_tpr, all_dlfloat16_in_both_phases)
{
    Codes x(0x10000), even(x.size()), odd(x.size());
    for (unsigned code = 0; code < x.size(); code++)
        x[code] = static_cast<std::uint16_t>(code);
    for (int k : {0, 6, -5, 26, -26, 127, -128}) {
        for (ts_underflow underflow : {TS_UNDERFLOW_NEAREST, TS_UNDERFLOW_FLUSH}) {
            ts_tpr_stats stats{}, want{};
            ts_quantize_tpr(x.data(), x.size(), k, underflow, even.data(), odd.data(), &stats);
            for (unsigned code = 0; code < x.size(); code++) {
                double value = oracle::dlf_value(static_cast<std::uint16_t>(code));
                if (std::isnan(value)) {
                    want.invalid++;
                    ASSERT_EQ(even[code], 7);
                    ASSERT_EQ(odd[code], 7);
                    continue;
                }
                for (int phase = 0; phase < 2; phase++) {
                    int exact = radix4_code(std::ldexp(std::fabs(value), k), phase,
                                            underflow == TS_UNDERFLOW_NEAREST);
                    want.zeros[phase] += exact == 0 && value != 0;
                    want.saturated[phase] += exact == 8;
                    int mag = std::min(exact, 7);
                    int sign = mag && value < 0 ? 8 : 0;
                    ASSERT_EQ((phase ? odd : even)[code], sign | mag) << code << " phase " << phase;
                }
            }
            for (int phase = 0; phase < 2; phase++) {
                ASSERT_EQ(stats.zeros[phase], want.zeros[phase]) << k;
                ASSERT_EQ(stats.saturated[phase], want.saturated[phase]) << k;
            }
            ASSERT_EQ(stats.invalid, want.invalid);
        }
    }
}

TEST(quantize_tpr, edges)
{
    ts_tpr_stats stats{{1, 1}, {1, 1}, 1};
    ts_quantize_tpr(nullptr, 0, 0, TS_UNDERFLOW_NEAREST, nullptr, nullptr, &stats);
    EXPECT_EQ(stats.zeros[0] + stats.zeros[1] + stats.saturated[0] + stats.saturated[1], 0U);
    EXPECT_EQ(stats.invalid, 0U);
    const Codes zeros = {0, 0x8000};
    Codes even(2, 9);
    ts_quantize_tpr(zeros.data(), 2, 6, TS_UNDERFLOW_NEAREST, even.data(), nullptr, &stats);
    EXPECT_EQ(even, (Codes{0, 0}));
    EXPECT_EQ(stats.zeros[0], 0U); /* they were zeros before */
    ts_quantize_tpr(zeros.data(), 2, 6, TS_UNDERFLOW_NEAREST, nullptr, even.data(), nullptr);
}

TEST(quantize_tpr, counts_of_what_saturates)
{
    const Codes top(100, 0x7FFE); /* the largest number */
    ts_tpr_stats stats{};
    ts_quantize_tpr(top.data(), top.size(), 127, TS_UNDERFLOW_NEAREST, nullptr, nullptr, &stats);
    EXPECT_EQ(stats.saturated[0], 100U);
    EXPECT_EQ(stats.saturated[1], 100U);
    EXPECT_EQ(stats.invalid, 0U);
}

TEST(append_phase, of_as_many_as_there_are)
{
    Codes codes = {1, 2, 3, 4, 5};
    ts_append_phase(codes.data(), 4, true, codes.data());
    EXPECT_EQ(codes, (Codes{3, 5, 7, 9, 5}));
}

TEST(append_phase, keeps_the_value)
{
    for (int phase = 0; phase < 2; phase++) {
        const ts_format *grid = phase ? &ts_format_fp4_r4_odd : &ts_format_fp4_r4_even;
        for (std::uint16_t code = 0; code < 16; code++) {
            std::uint16_t fp5 = code;
            ts_append_phase(&fp5, 1, phase, &fp5);
            EXPECT_EQ(std::fabs(ts_to_double(&ts_format_fp5_r2, fp5)),
                      std::fabs(ts_to_double(grid, code)));
            if (code & 7) {
                EXPECT_EQ(ts_to_double(&ts_format_fp5_r2, fp5), ts_to_double(grid, code));
            }
        }
    }
}
