// SPDX-License-Identifier: Apache-2.0
// lfsr against the linear recurrence of its polynomial, with idle clocks and reseeding.
#include "oracle/run.h"
#include "oracle/shift_register.h"

#include <gtest/gtest.h>

#include <set>

namespace
{

struct Register {
    int width;
    int64_t polynomial, seed;
};

/* Primitive polynomials, by their taps. */
const Register registers[] = {
    {32, 0x80200003, 1},  {32, 0x80200003, 0xFFFFFFFF},
    {31, 0x48000000, 99}, {16, 0xB400, 0xACE1},
    {7, 0x60, 5},         {3, 0x6, 7},
    {2, 0x3, 1},
};

oracle::Block make(const Register &r, int64_t bits)
{
    return {"lfsr",
            {{"Width", r.width}, {"Polynomial", r.polynomial}, {"Seed", r.seed}, {"Bits", bits}}};
}

oracle::BitSequence sequence(const Register &r)
{
    return {r.width, static_cast<uint64_t>(r.polynomial), static_cast<uint64_t>(r.seed)};
}

} // namespace

TEST(lfsr_oracle, words_are_bits_of_the_recurrence)
{
    uint64_t n = oracle::vectors(20000), count = 0;
    ts_random random = {oracle::seed()};
    for (const Register &r : registers)
        for (int bits : {1, 5, 14, 32}) {
            oracle::Block dut = make(r, bits);
            oracle::BitSequence reference = sequence(r);
            for (uint64_t i = 0; i < n; i++, count++) {
                bool valid = oracle::below(random, 8) != 0;
                dut.in[0] = oracle::below(random, 50) == 0;
                ASSERT_EQ(dut.step(valid), valid) << "a word for each operation, none for others";
                if (!valid)
                    continue;
                if (dut.in[0])
                    reference = sequence(r);
                std::vector<uint64_t> want = {reference.word(bits)};
                ASSERT_EQ(dut.out, want) << dut.describe(want) << ", word " << i;
            }
        }
    oracle::report("lfsr", count);
}

TEST(lfsr_oracle, a_primitive_polynomial_gives_the_full_period)
{
    for (const Register &r : registers) {
        if (r.width > 16)
            continue;
        oracle::Block dut = make(r, 1);
        uint64_t window = 0, period = (uint64_t{1} << r.width) - 1;
        std::set<uint64_t> seen;
        for (uint64_t i = 0; i < period + static_cast<uint64_t>(r.width) - 1; i++) {
            dut.step();
            window = (window << 1 | dut.out[0]) & period;
            if (i + 1 >= static_cast<uint64_t>(r.width))
                seen.insert(window);
        }
        EXPECT_EQ(seen.size(), period) << r.width << " bits: every word but zero once a period";
        EXPECT_EQ(seen.count(0), 0U);
    }
}

TEST(lfsr_oracle, parameters_that_make_no_register_are_refused)
{
    EXPECT_THROW(make({8, 0xB400, 1}, 8), std::runtime_error) << "a polynomial past the width";
    EXPECT_THROW(make({16, 0x3400, 1}, 8), std::runtime_error) << "one that is too short";
    EXPECT_THROW(make({7, 0x60, 128}, 8), std::runtime_error) << "a seed past the width";
}
