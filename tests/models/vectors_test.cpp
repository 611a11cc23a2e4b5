// SPDX-License-Identifier: Apache-2.0
// Random inputs.
#include "core/block_common.h"
#include "models/made_up_block.h"
#include "tessera/vectors.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace
{

using namespace made_up;

TEST(vectors, generator_is_splitmix64)
{
    // The first numbers for seed 1234567 that the generator's authors give.
    ts_random random{1234567};
    EXPECT_EQ(ts_random_next(&random), 6457827717110365317U);
    EXPECT_EQ(ts_random_next(&random), 3203168211198807973U);
    EXPECT_EQ(ts_random_next(&random), 9817491932198370423U);
}

std::set<std::uint64_t> draws(const ts_format *format, int bits, int n)
{
    ts_random random{1};
    std::set<std::uint64_t> seen;
    for (int i = 0; i < n; i++)
        seen.insert(ts_random_element(&random, format, bits));
    return seen;
}

TEST(vectors, integers_come_from_the_corners)
{
    std::set<std::uint64_t> seen = draws(nullptr, 40, 100000);
    for (int i = 0; i < 40; i++)
        for (std::int64_t near = -1; near <= 2; near++)
            for (std::int64_t sign : {-1, 1})
                EXPECT_TRUE(seen.count(ts_low_bits(sign * ((std::int64_t{1} << i) + near), 40)))
                    << i << " " << near << " " << sign;
    EXPECT_LT(*seen.rbegin(), std::uint64_t{1} << 40);
}

TEST(vectors, floats_come_from_the_corners)
{
    std::set<std::uint64_t> seen = draws(&ts_format_fp32, 32, 200000);
    for (std::uint64_t sign : {0, 1})
        for (std::uint64_t exp : {0, 1, 127, 254, 255})
            for (std::uint64_t man : {0x0, 0x1, 0x400000, 0x7FFFFE, 0x7FFFFF})
                EXPECT_TRUE(seen.count(sign << 31 | exp << 23 | man)) << exp << " " << man;
}

// FNV-1a over words.
std::uint64_t hashed(std::uint64_t hash, std::uint64_t word)
{
    for (int i = 0; i < 8; i++, word >>= 8)
        hash = (hash ^ (word & 0xFF)) * 0x100000001B3U;
    return hash;
}

constexpr std::uint64_t kHash = 0xCBF29CE484222325U;

// Reported failures name a seed, which must mean the same vectors later. Who changes on purpose
// what is drawn writes down the new sums.
TEST(vectors, seed_means_the_same_elements_in_every_release)
{
    ts_random random{1};
    std::uint64_t hash = kHash;
    for (int i = 0; i < 20000; i++) {
        hash = hashed(hash, ts_random_element(&random, nullptr, 24));
        hash = hashed(hash, ts_random_element(&random, nullptr, 64));
        hash = hashed(hash, ts_random_element(&random, &ts_format_dlfloat16, 16));
        hash = hashed(hash, ts_random_element(&random, &ts_format_fp32, 32));
        hash = hashed(hash, ts_random_element(&random, &ts_format_uint4, 4));
        hash = hashed(hash, ts_random_element(&random, &ts_format_e3m2, 6));
    }
    EXPECT_EQ(hash, 0xEFCFF5B33691A906U);
}

TEST(vectors, seed_means_the_same_inputs_in_every_release)
{
    ts_block block = kBlock;
    std::vector<std::int64_t> p = presets();
    p[LANES] = 16;
    p[KIND] = 2;
    ts_random random{1};
    std::vector<std::uint64_t> in(
        static_cast<std::size_t>(ts_block_words(&block, TS_IN, p.data())));
    std::uint64_t hash = kHash;
    for (int i = 0; i < 5000; i++) {
        ts_random_inputs(&random, &block, p.data(), in.data());
        for (std::uint64_t word : in)
            hash = hashed(hash, word);
    }
    EXPECT_EQ(hash, 0x81995695C25F76C6U);
}

// The first word lacks the three bits that say whether all elements are alike.
TEST(vectors, narrow_inputs_use_every_bit)
{
    constexpr int kFirst = 64 - 3, kCount = kFirst + 64 + 1;
    ts_port port{};
    port.bits = 1;
    port.count_of = [](const int64_t *) { return kCount; };
    ts_block block{};
    block.ports = &port;
    block.n_ports = 1;
    ts_random random{1}, again{1};
    std::vector<std::uint64_t> in(kCount);
    for (int i = 0; i < 100; i++) {
        ts_random_inputs(&random, &block, nullptr, in.data());
        std::uint64_t word = ts_random_next(&again);
        bool alike = (word & 7) == 0;
        word >>= 3;
        for (int n = 0; n < kCount; n++, word >>= !alike) {
            if (!alike && (n == kFirst || n == kFirst + 64))
                word = ts_random_next(&again);
            ASSERT_EQ(in[static_cast<std::size_t>(n)], word & 1) << n;
        }
    }
}

TEST(vectors, inputs_keep_to_their_bits_and_narrow_ones_are_often_alike)
{
    std::vector<std::int64_t> p = presets();
    p[LANES] = 16;
    ts_random random{1};
    std::vector<std::uint64_t> in(
        static_cast<std::size_t>(ts_block_words(&kBlock, TS_IN, p.data())));
    int alike = 0;
    for (int i = 0; i < 8000; i++) {
        ts_random_inputs(&random, &kBlock, p.data(), in.data());
        std::set<std::uint64_t> lanes(in.begin() + 2, in.begin() + 18);
        alike += lanes.size() == 1;
        EXPECT_LT(*lanes.rbegin(), 32U);
        EXPECT_LT(in[0], 2U);
        EXPECT_LT(in[1], 0x10000U);
        EXPECT_LT(in[18], 1U << 20);
        EXPECT_LT(in[19], 0x1000U);
    }
    EXPECT_NEAR(alike, 1000, 150);
}

TEST(vectors, stress_bends_them)
{
    ts_block block = kBlock;
    block.stress = [](const int64_t *, std::uint64_t random, std::uint64_t *in) {
        in[0] = random & 1 ? 7 : 5;
    };
    std::vector<std::int64_t> p = presets();
    ts_random random{1};
    std::vector<std::uint64_t> in(
        static_cast<std::size_t>(ts_block_words(&block, TS_IN, p.data())));
    int sevens = 0;
    for (int i = 0; i < 1000; i++) {
        ts_random_inputs(&random, &block, p.data(), in.data());
        ASSERT_TRUE(in[0] == 5 || in[0] == 7);
        sevens += in[0] == 7;
    }
    EXPECT_NEAR(sevens, 500, 100);
}

// What a hard second operand must be, by its kind.
TEST(stress, hard_cases_are_near_cancellations_and_ties)
{
    constexpr int kEps = 9;
    ts_random random{1};
    int kinds[4] = {0};
    for (int i = 0; i < 20000; i++) {
        ts_dlfloat16 first = {static_cast<std::uint16_t>(ts_random_next(&random))};
        ts_dlfloat16 other = {static_cast<std::uint16_t>(ts_random_next(&random))};
        std::uint64_t r = ts_random_next(&random);
        std::uint16_t got = ts_stress_dlfloat16(first, r, other).v;
        int exp = first.v >> kEps & 63, got_exp = got >> kEps & 63;
        auto kind = r & TS_STRESS_MASK;
        EXPECT_EQ(ts_stresses(r), kind < 3);
        kinds[kind < 3 ? kind : 3]++;
        if (kind == 0) { // minus first, up to three or four ulps away
            int ulps = static_cast<std::int16_t>(got - (first.v ^ 0x8000));
            EXPECT_EQ(ulps, static_cast<int>(r >> 8 & 7) - 3);
        } else if (kind == 1 && exp >= 13) { // about half an ulp
            EXPECT_NEAR(got_exp, exp - 10, 2);
            EXPECT_LE(got & 511, 1);
        } else if (kind == 1 && exp < 8) { // too small to have one
            EXPECT_EQ(got, other.v);
        } else if (kind == 2 && exp > 1 && exp < 61) { // about as large
            EXPECT_NEAR(got_exp, exp, 2);
            EXPECT_EQ(got & 0x81FF, other.v & 0x81FF);
        } else if (kind > 2) {
            EXPECT_EQ(got, other.v);
        }
    }
    for (int n : kinds)
        EXPECT_GT(n, 2000);
}

} // namespace
