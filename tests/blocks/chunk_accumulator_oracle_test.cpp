// SPDX-License-Identifier: Apache-2.0
// chunk_accumulator over random sequences, against sums recomputed from the list of all operands.
#include "oracle/dlfloat16_fast.h"
#include "oracle/fp32.h"
#include "oracle/products.h"
#include "oracle/run.h"

#include <gtest/gtest.h>

#include <cmath>

namespace
{

enum { P, ESCALE, FP4, FIRST, LAST };

struct Setting {
    int64_t modes, lanes, chunk, variant, outer, saturate, stages;
};

struct Operand {
    int64_t p;
    int exponent; /**< of P's value: escale + L */
    bool ends_chunk;
};

/* All that belongs to one output since its first operand. */
using History = std::vector<Operand>;

class Reference
{
  public:
    explicit Reference(const Setting &s)
        : s_(s), acc_bits_(oracle::product_bits(s.modes) + std::ilogb(s.chunk)),
          slots_(static_cast<size_t>(s.stages))
    {
    }

    /* The output that this clock's operation belongs to; clocks count from reset. */
    History &slot(uint64_t clock)
    {
        return slots_[clock % slots_.size()];
    }

    uint64_t outer_sum(const History &history) const
    {
        uint32_t outer = 0;
        size_t begin = 0;
        for (size_t i = 0; i < history.size(); i++) {
            if (!history[i].ends_chunk)
                continue;
            outer = add_outer(outer, inner_sum(history, begin, i));
            begin = i + 1;
        }
        return outer;
    }

  private:
    uint16_t inner_sum(const History &history, size_t begin, size_t end) const
    {
        if (s_.variant == TS_VARIANT_INTEGER) {
            int64_t sum = 0;
            for (size_t i = begin; i <= end; i++)
                sum += history[i].p;
            int64_t wrapped = oracle::integer_of(oracle::word_of(sum, acc_bits_), acc_bits_);
            return oracle::dlf_round(
                std::ldexp(static_cast<double>(wrapped), history[end].exponent), s_.saturate);
        }
        uint16_t acc = 0;
        for (size_t i = begin; i <= end; i++) {
            double term = std::ldexp(static_cast<double>(history[i].p), history[i].exponent);
            if (s_.variant == TS_VARIANT_SPLIT)
                term = oracle::dlf_value(oracle::dlf_round(term, s_.saturate));
            acc = oracle::dlf_add(oracle::dlf_value(acc), term, s_.saturate);
        }
        return acc;
    }

    uint32_t add_outer(uint32_t outer, uint16_t acc) const
    {
        double y = oracle::dlf_value(acc);
        if (s_.outer == TS_OUTER_DLFLOAT16)
            return oracle::dlf_add(oracle::dlf_value(static_cast<uint16_t>(outer)), y, s_.saturate);
        float sum = oracle::float_of_bits(outer) + static_cast<float>(y);
        if (std::isnan(sum))
            return oracle::FP32_NAN;
        return sum == 0 ? 0 : oracle::bits_of_float(sum);
    }

    Setting s_;
    int acc_bits_;
    std::vector<History> slots_;
};

/* Sometimes the exponents stay together, so that sums interact; at times they run over the range.
 */
void draw_exponent(ts_random &random, oracle::Block &dut, int centre)
{
    int choice = oracle::below(random, 8);
    if (choice < 7)
        dut.in[ESCALE] =
            oracle::word_of(centre + (choice < 3 ? 0 : oracle::below(random, 9) - 4), 7);
}

void run(const Setting &s, uint64_t count)
{
    oracle::Block dut("chunk_accumulator", {{"Modes", s.modes},
                                            {"Lanes", s.lanes},
                                            {"Chunk", s.chunk},
                                            {"Variant", s.variant},
                                            {"Outer", s.outer},
                                            {"Saturate", s.saturate},
                                            {"Stages", s.stages}});
    Reference reference(s);
    int p_bits = oracle::product_bits(s.modes) + std::ilogb(s.lanes);
    ts_random random = {oracle::seed()};
    int centre = 0;
    int per_output = 8;
    for (uint64_t clock = 0; clock < count; clock++) {
        if (clock % 256 == 0) {
            centre = oracle::below(random, 112) - 56;
            per_output = 1 + oracle::below(random, 48);
        }
        dut.draw(random); /* also when not valid: what stands at the ports must not matter */
        draw_exponent(random, dut, centre);
        bool valid = oracle::below(random, 8) != 0;
        History &history = reference.slot(clock);
        dut.in[FIRST] = history.empty() || oracle::below(random, per_output) == 0;
        dut.in[LAST] = oracle::below(random, 4) == 0;
        if (!valid) {
            ASSERT_FALSE(dut.step(false)) << "clock " << clock;
            continue;
        }
        if (dut.in[FIRST])
            history.clear();
        bool fp4 = oracle::fp4_mode(s.modes, dut.in[FP4]);
        int exponent = static_cast<int>(oracle::integer_of(dut.in[ESCALE], 7)) + (fp4 ? -6 : 0);
        history.push_back({oracle::integer_of(dut.in[P], p_bits), exponent, dut.in[LAST] == 1});

        bool yields = dut.step();
        ASSERT_EQ(yields, dut.in[LAST] == 1) << "clock " << clock;
        if (!yields)
            continue;
        uint64_t want = reference.outer_sum(history);
        if (dut.out[0] != want)
            FAIL() << dut.describe({want}) << ", clock " << clock << ", operand " << history.size()
                   << " of its output";
    }
}

} // namespace

TEST(chunk_accumulator_oracle, random_sequences)
{
    uint64_t count = 0;
    uint64_t n = oracle::vectors(85000);
    for (int64_t variant : {0, 1, 2})
        for (int64_t outer : {0, 1})
            for (int64_t saturate : {0, 1})
                for (int64_t stages : {1, 2, 3}) {
                    int64_t modes = 1 + (variant + stages) % 3;
                    int64_t lanes = stages == 2 ? 64 : 8;
                    ASSERT_NO_FATAL_FAILURE(
                        run({modes, lanes, 64, variant, outer, saturate, stages}, n));
                    count += n;
                }
    oracle::report("chunk_accumulator", count);
}
