// SPDX-License-Identifier: Apache-2.0
// mpe in every mode of every set of modes, against exact arithmetic on the packed operands.
#include "oracle/aligned.h"
#include "oracle/dlfloat16_fast.h"
#include "oracle/products.h"
#include "oracle/run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace
{

enum { INT4 = 1, FP4 = 2, HFP8 = 4, FP16 = 8, INTEGER = INT4 | FP4, FLOATING = HFP8 | FP16 };

/* The operand of one slice as a row of bits, the lowest first. */
std::string row_of_bits(const uint64_t *elements, size_t count, int bits)
{
    std::string row;
    for (size_t i = 0; i < count; i++)
        for (int b = 0; b < bits; b++)
            row += (elements[i] >> b) % 2 ? '1' : '0';
    return row;
}

uint64_t number_at(const std::string &row, size_t first, size_t bits)
{
    std::string digits = row.substr(first, bits);
    std::reverse(digits.begin(), digits.end());
    return std::stoull(digits, nullptr, 2);
}

class Mpe
{
  public:
    Mpe(int64_t modes, int64_t lanes, int64_t saturate)
        : modes_(static_cast<int>(modes)), lanes_(static_cast<size_t>(lanes)),
          saturate_(saturate != 0), dut_("mpe", {{"Modes", modes},
                                                 {"Simd", 2},
                                                 {"Lanes", lanes},
                                                 {"Saturate", saturate},
                                                 {"DotStages", modes == FP16 ? 0 : 1}})
    {
    }

    void check(ts_random &random)
    {
        dut_.draw(random);
        dut_.in[0] = 1;
        dut_.step(false);
        stationary_.assign(dut_.in.begin() + 1, dut_.in.begin() + 1 + 2 * lanes());
        dut_.draw(random);
        ASSERT_TRUE(dut_.step());
        for (size_t slice = 0; slice < 2; slice++) {
            uint64_t want = expected(slice);
            ASSERT_EQ(dut_.out[slice], want) << dut_.describe({dut_.out}) << "\nmode " << mode();
        }
    }

  private:
    std::ptrdiff_t lanes() const
    {
        return static_cast<std::ptrdiff_t>(lanes_);
    }

    uint64_t in(const char *port) const
    {
        return dut_.in[dut_.in_word(port)];
    }

    int mode() const
    {
        bool has_both = modes_ & INTEGER && modes_ & FLOATING;
        bool floating = has_both ? in("mode") / 2 != 0 : (modes_ & FLOATING) != 0;
        int part = modes_ & (floating ? FLOATING : INTEGER);
        if (part == INTEGER)
            return in("mode") % 2 ? FP4 : INT4;
        if (part == FLOATING)
            return in("mode") % 2 ? FP16 : HFP8;
        return part;
    }

    uint64_t expected(size_t slice) const
    {
        const uint64_t *stationary = &stationary_[slice * lanes_];
        const uint64_t *stream = &dut_.in[dut_.in_word("stream")];
        uint64_t acc = dut_.in[dut_.in_word("acc") + slice];
        if (mode() == INT4 || mode() == FP4)
            return integer(stationary, stream, acc);
        int bits = dut_.in_bits("stream");
        std::string x = row_of_bits(stationary, lanes_, bits);
        std::string y = row_of_bits(stream, lanes_, bits);
        if (mode() == FP16)
            return oracle::dlf_fma(static_cast<uint16_t>(number_at(x, 0, 16)),
                                   static_cast<uint16_t>(number_at(y, 0, 16)),
                                   static_cast<uint16_t>(acc), saturate_);
        std::vector<oracle::Term> products;
        for (size_t i = 0; i < (modes_ & INTEGER ? lanes_ / 4 : lanes_); i++)
            products.push_back(oracle::term(number_at(x, 9 * i, 9), 5, 3, 15, true) *
                               oracle::term(number_at(y, 9 * i, 9), 5, 3, 15, true));
        return oracle::aligned_sum(products, acc, 2, 24, saturate_);
    }

    uint64_t integer(const uint64_t *stationary, const uint64_t *stream, uint64_t acc) const
    {
        bool fp4 = mode() == FP4;
        const uint64_t *a = in("swap") ? stationary : stream;
        const uint64_t *b = in("swap") ? stream : stationary;
        int64_t sum = 0;
        for (size_t i = 0; i < lanes_; i++)
            sum += oracle::product(static_cast<unsigned>(a[i] % 16), in("a_unsigned") != 0,
                                   static_cast<unsigned>(b[i]), fp4);
        auto escale = static_cast<int>(oracle::integer_of(in("escale"), 7));
        return oracle::dlf_add(std::ldexp(static_cast<double>(sum), escale - (fp4 ? 6 : 0)),
                               oracle::dlf_value(static_cast<uint16_t>(acc)), saturate_);
    }

    int modes_;
    size_t lanes_;
    bool saturate_;
    oracle::Block dut_;
    std::vector<uint64_t> stationary_;
};

} // namespace

TEST(mpe_oracle, every_mode_of_every_set)
{
    uint64_t count = 0;
    for (int64_t modes = 1; modes <= 15; modes++) {
        for (int64_t saturate : {0, 1}) {
            int64_t lanes = modes & INTEGER ? 8 : modes == FP16 ? 1 : 2;
            Mpe mpe(modes, lanes, saturate);
            ts_random random = {oracle::seed()};
            for (uint64_t n = oracle::vectors(10000); n > 0; n--, count += 2)
                ASSERT_NO_FATAL_FAILURE(mpe.check(random)) << "Modes " << modes;
        }
    }
    oracle::report("mpe", count);
}
