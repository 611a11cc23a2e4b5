// SPDX-License-Identifier: Apache-2.0
// tpr_datapath against the numbers that went in: gradients are kept as they are, rounded to a grid
// when they are read, multiplied as reals and summed by the oracle's adders.
#include "oracle/dlfloat16_fast.h"
#include "oracle/fp32.h"
#include "oracle/products.h"
#include "oracle/run.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

namespace
{

enum { FUSED, SPLIT, INTEGER };

struct Setting {
    int64_t underflow, depth, simd, lanes, chunk, variant, outer, saturate, quantizer_stages,
        acc_stages;
};

/* |y| on the grid unit * {4^-3 .. 4^3}, ties up; below it, half the first number decides or all. */
double on_grid(double y, bool odd, bool flush)
{
    if (std::isnan(y))
        return odd ? 128 : 64;
    double magnitude = std::fabs(y) / (odd ? 2 : 1), rounded = 1 / 64.0;
    if (magnitude < (flush ? rounded : rounded / 2))
        return 0;
    while (rounded < 64 && magnitude >= rounded * 2.5)
        rounded *= 4;
    return std::copysign(rounded * (odd ? 2 : 1), y);
}

struct Sum {
    uint16_t acc = 0;
    int64_t exact = 0;
    uint32_t outer = 0;
};

class Reference
{
  public:
    explicit Reference(const Setting &s) : s_(s), sums_(static_cast<size_t>(s.acc_stages * s.simd))
    {
    }

    /* A word of gradients, scaled, that operations see from a clock on. */
    void write(uint64_t clock, uint64_t address, const std::vector<double> &word)
    {
        memory_[address][clock + static_cast<uint64_t>(s_.quantizer_stages) + 1] = word;
    }

    Sum &sum(uint64_t clock, int64_t slice)
    {
        return sums_[clock % static_cast<uint64_t>(s_.acc_stages) * static_cast<uint64_t>(s_.simd) +
                     static_cast<uint64_t>(slice)];
    }

    /* The dot product in units of 2^-6. */
    int64_t dot(uint64_t clock, uint64_t address, bool odd, const std::vector<double> &a)
    {
        auto &history = memory_[address];
        auto seen = history.upper_bound(clock);
        if (seen == history.begin())
            return 0;
        history.erase(history.begin(), --seen);
        double sum = 0;
        for (size_t i = 0; i < a.size(); i++)
            sum += a[i] * on_grid(seen->second[i], odd, s_.underflow != 0);
        return static_cast<int64_t>(sum * 64);
    }

    void add(Sum &sum, int64_t p, int escale) const
    {
        double term = std::ldexp(static_cast<double>(p), escale - 6);
        sum.exact += p;
        if (s_.variant == SPLIT)
            term = oracle::dlf_value(oracle::dlf_round(term, s_.saturate));
        sum.acc = oracle::dlf_add(oracle::dlf_value(sum.acc), term, s_.saturate);
    }

    void end_chunk(Sum &sum, int escale) const
    {
        if (s_.variant == INTEGER) {
            int bits = oracle::product_bits(2) + std::ilogb(s_.chunk);
            int64_t wrapped = oracle::integer_of(oracle::word_of(sum.exact, bits), bits);
            sum.acc = oracle::dlf_round(std::ldexp(static_cast<double>(wrapped), escale - 6),
                                        s_.saturate);
        }
        double y = oracle::dlf_value(sum.acc);
        if (s_.outer) {
            float total = oracle::float_of_bits(sum.outer) + static_cast<float>(y);
            sum.outer = std::isnan(total) ? oracle::FP32_NAN
                        : total == 0      ? 0
                                          : oracle::bits_of_float(total);
        } else {
            sum.outer = oracle::dlf_add(oracle::dlf_value(static_cast<uint16_t>(sum.outer)), y,
                                        s_.saturate);
        }
        sum.acc = 0;
        sum.exact = 0;
    }

  private:
    Setting s_;
    std::vector<Sum> sums_;
    std::map<uint64_t, std::map<uint64_t, std::vector<double>>> memory_; ///< [address][from clock]
};

class Datapath
{
  public:
    explicit Datapath(const Setting &s)
        : s_(s), reference_(s), dut_("tpr_datapath", {{"Underflow", s.underflow},
                                                      {"Depth", s.depth},
                                                      {"Simd", s.simd},
                                                      {"Lanes", s.lanes},
                                                      {"Chunk", s.chunk},
                                                      {"Variant", s.variant},
                                                      {"Outer", s.outer},
                                                      {"Saturate", s.saturate},
                                                      {"QuantizerStages", s.quantizer_stages},
                                                      {"AccStages", s.acc_stages}})
    {
    }

    void check(ts_random &random)
    {
        dut_.draw(random);
        draw_exponent(random);
        bool valid = oracle::below(random, 8) != 0;
        bool yields = dut_.step(valid);
        ASSERT_EQ(yields, valid && port("last")) << "clock " << clock_;
        for (int64_t slice = 0; valid && slice < s_.simd; slice++) {
            Sum &sum = reference_.sum(clock_, slice);
            operate(sum, slice);
            if (yields && dut_.out[static_cast<size_t>(slice)] != sum.outer)
                FAIL() << dut_.describe({sum.outer}) << ", slice " << slice << ", clock " << clock_;
        }
        write();
        clock_++;
        results_ += yields;
    }

    uint64_t results() const
    {
        return results_;
    }

  private:
    uint64_t &port(const char *name, int64_t element = 0)
    {
        return dut_.in[dut_.in_word(name) + static_cast<size_t>(element)];
    }

    void draw_exponent(ts_random &random)
    {
        if (oracle::below(random, 8))
            port("escale") = oracle::word_of(oracle::below(random, 9) - 4, 7);
    }

    void operate(Sum &sum, int64_t slice)
    {
        std::vector<double> a;
        for (int64_t i = 0; i < s_.lanes; i++) {
            uint64_t code = port("a", slice * s_.lanes + i);
            a.push_back(static_cast<double>(port("a_unsigned") ? static_cast<int64_t>(code)
                                                               : oracle::integer_of(code, 4)));
        }
        if (port("first"))
            sum = {};
        int escale = static_cast<int>(oracle::integer_of(port("escale"), 7));
        reference_.add(sum, reference_.dot(clock_, port("raddr"), port("phase") == 1, a), escale);
        if (port("last"))
            reference_.end_chunk(sum, escale);
    }

    void write()
    {
        std::vector<double> word;
        double scale = std::ldexp(1.0, static_cast<int>(oracle::integer_of(port("k"), 8)));
        for (int64_t i = 0; i < s_.lanes; i++)
            word.push_back(oracle::dlf_value(static_cast<uint16_t>(port("x", i))) * scale);
        if (port("write"))
            reference_.write(clock_, port("waddr"), word);
    }

    Setting s_;
    Reference reference_;
    oracle::Block dut_;
    uint64_t clock_ = 0, results_ = 0;
};

void run(const Setting &s)
{
    Datapath datapath(s);
    ts_random random = {oracle::seed()};
    uint64_t count = oracle::vectors(100000);
    for (uint64_t i = 0; i < count; i++)
        ASSERT_NO_FATAL_FAILURE(datapath.check(random));
    EXPECT_GT(datapath.results(), count / 16);
    oracle::report("tpr_datapath", count);
}

} // namespace

TEST(tpr_datapath_oracle, fused)
{
    run({0, 8, 2, 8, 64, FUSED, TS_OUTER_DLFLOAT16, 0, 1, 1});
}

TEST(tpr_datapath_oracle, flushed_to_zero_and_fp32)
{
    run({1, 4, 3, 4, 16, FUSED, TS_OUTER_FP32, 0, 2, 2});
}

TEST(tpr_datapath_oracle, split_and_saturating)
{
    run({0, 16, 2, 4, 32, SPLIT, TS_OUTER_DLFLOAT16, 1, 0, 3});
}

TEST(tpr_datapath_oracle, integer)
{
    run({0, 2, 1, 2, 16, INTEGER, TS_OUTER_DLFLOAT16, 0, 1, 2});
}
