// SPDX-License-Identifier: Apache-2.0
// The same random GEMMs on output-stationary and on weight-stationary arrays of several shapes and
// stages, cut into their tiles: all give the sums that the oracle's adders give.
#include "oracle/dlfloat16_fast.h"
#include "oracle/fp32.h"
#include "oracle/products.h"
#include "oracle/run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <utility>

namespace
{

enum { INT4 = 1, FP4 = 2, FP16 = 8 };
enum { FUSED, SPLIT, INTEGER };

/* What the bits of a result depend on. */
struct Arithmetic {
    int64_t modes, lanes, chunk, variant, outer, saturate;
};

/* What they do not depend on; depth of a weight-stationary array alone. */
struct Shape {
    int64_t rows, cols, simd, dot_stages, acc_stages, outer_stages, depth;
};

using Matrix = std::vector<uint64_t>;

/* Operands as codes, left[m][k] and top[n][k]; the control of a whole GEMM. */
struct Gemm {
    size_t m, n, k;
    bool swap, a_unsigned, fp4;
    int escale;
    Matrix left, top;
};

Matrix draw_codes(ts_random &random, const Arithmetic &a, size_t count)
{
    Matrix codes;
    for (size_t i = 0; i < count; i++) {
        bool fp16 = a.modes == FP16;
        uint64_t code =
            ts_random_element(&random, fp16 ? &ts_format_dlfloat16 : nullptr, fp16 ? 16 : 5);
        if (fp16 && code % 0x8000 == 0x7FFF && oracle::below(random, 64))
            code = 0x3E00; /* else nothing but NaN-Infinity would be seen */
        codes.push_back(code);
    }
    return codes;
}

Gemm draw_gemm(ts_random &random, const Arithmetic &a)
{
    auto upto = [&](int64_t most) {
        return static_cast<size_t>(1 + oracle::below(random, static_cast<int>(most)));
    };
    Gemm g = {};
    g.m = upto(12);
    g.n = upto(10);
    g.k = upto(3 * a.chunk);
    g.swap = oracle::below(random, 2);
    g.a_unsigned = oracle::below(random, 2);
    g.fp4 = oracle::below(random, 2);
    g.escale = oracle::below(random, 24) - 12;
    g.left = draw_codes(random, a, g.m * g.k);
    g.top = draw_codes(random, a, g.n * g.k);
    return g;
}

/* One output by the definition: k after k. */
class Output
{
  public:
    Output(const Arithmetic &a, const Gemm &g)
        : a_(a), g_(g), exponent_(g.escale + (oracle::fp4_mode(a.modes, g.fp4) ? -6 : 0))
    {
    }

    uint64_t of(size_t m, size_t n)
    {
        const uint64_t *left = &g_.left[m * g_.k], *top = &g_.top[n * g_.k];
        auto lanes = static_cast<size_t>(a_.lanes), chunk = static_cast<size_t>(a_.chunk);
        for (size_t k = 0; k < g_.k; k += lanes) {
            add(left + k, top + k, std::min(lanes, g_.k - k));
            if ((k + lanes) % chunk == 0 || k + lanes >= g_.k)
                end_chunk();
        }
        return outer_;
    }

  private:
    void add(const uint64_t *left, const uint64_t *top, size_t count)
    {
        if (a_.modes == FP16) {
            acc_ = oracle::dlf_fma(static_cast<uint16_t>(*left), static_cast<uint16_t>(*top), acc_,
                                   a_.saturate);
            return;
        }
        int64_t sum = 0;
        for (size_t i = 0; i < count; i++) {
            uint64_t a = g_.swap ? top[i] : left[i], b = g_.swap ? left[i] : top[i];
            sum += oracle::product(static_cast<unsigned>(a % 16), g_.a_unsigned,
                                   static_cast<unsigned>(b), oracle::fp4_mode(a_.modes, g_.fp4));
        }
        exact_ += sum;
        double term = std::ldexp(static_cast<double>(sum), exponent_);
        if (a_.variant == SPLIT)
            term = oracle::dlf_value(oracle::dlf_round(term, a_.saturate));
        acc_ = oracle::dlf_add(oracle::dlf_value(acc_), term, a_.saturate);
    }

    void end_chunk()
    {
        if (a_.variant == INTEGER)
            acc_ =
                oracle::dlf_round(std::ldexp(static_cast<double>(exact_), exponent_), a_.saturate);
        double y = oracle::dlf_value(acc_);
        if (a_.outer == TS_OUTER_FP32) {
            float sum = oracle::float_of_bits(outer_) + static_cast<float>(y);
            outer_ = std::isnan(sum) ? oracle::FP32_NAN : sum == 0 ? 0 : oracle::bits_of_float(sum);
        } else {
            outer_ =
                oracle::dlf_add(oracle::dlf_value(static_cast<uint16_t>(outer_)), y, a_.saturate);
        }
        acc_ = 0;
        exact_ = 0;
    }

    const Arithmetic &a_;
    const Gemm &g_;
    int exponent_;
    uint16_t acc_ = 0;
    int64_t exact_ = 0;
    uint32_t outer_ = 0;
};

Matrix by_definition(const Arithmetic &a, const Gemm &g)
{
    Matrix c;
    for (size_t m = 0; m < g.m; m++)
        for (size_t n = 0; n < g.n; n++)
            c.push_back(Output(a, g).of(m, n));
    return c;
}

/* A golden array and one GEMM, whose result it gives tile by tile. */
class Array
{
  public:
    Array(const Arithmetic &a, const Shape &s, const Gemm &g, oracle::Block dut)
        : s_(s), g_(g), dut_(std::move(dut)), lanes_(static_cast<size_t>(a.lanes)),
          rows_(static_cast<size_t>(s.rows)), columns_(static_cast<size_t>(s.cols * s.simd)),
          c_(g.m * g.n)
    {
    }

  protected:
    uint64_t &port(const char *name)
    {
        return dut_.in[dut_.in_word(name)];
    }

    void set_mode()
    {
        port("swap") = g_.swap;
        port("a_unsigned") = g_.a_unsigned;
        port("fp4") = g_.fp4;
        port("escale") = oracle::word_of(g_.escale, 7);
    }

    /* Lanes codes of a vector from k on, with zeros past its ends. */
    void put(uint64_t *to, const Matrix &from, size_t vectors, size_t vector, size_t k) const
    {
        for (size_t i = 0; i < lanes_; i++, k++)
            to[i] = vector < vectors && k < g_.k ? from[vector * g_.k + k] : 0;
    }

    void take_row(size_t m, size_t n0)
    {
        for (size_t n = n0; m < g_.m && n < std::min(g_.n, n0 + columns_); n++)
            c_[m * g_.n + n] = dut_.out[n - n0];
    }

    const Shape &s_;
    const Gemm &g_;
    oracle::Block dut_;
    size_t lanes_, rows_, columns_;
    Matrix c_;
};

class OutputStationary : Array
{
  public:
    OutputStationary(const Arithmetic &a, const Shape &s, const Gemm &g)
        : Array(a, s, g,
                {"mac_array_os",
                 {{"Rows", s.rows},
                  {"Cols", s.cols},
                  {"Simd", s.simd},
                  {"DotStages", s.dot_stages},
                  {"AccStages", s.acc_stages},
                  {"OuterStages", s.outer_stages},
                  {"Modes", a.modes},
                  {"Lanes", a.lanes},
                  {"Chunk", a.chunk},
                  {"Variant", a.variant},
                  {"Outer", a.outer},
                  {"Saturate", a.saturate}}}),
          slots_(static_cast<size_t>(s.acc_stages)), chunk_(static_cast<size_t>(a.chunk))
    {
    }

    Matrix run(ts_random &random)
    {
        for (size_t n0 = 0; n0 < g_.n; n0 += columns_)
            for (size_t m0 = 0; m0 < g_.m; m0 += rows_ * slots_)
                tile(random, m0, n0);
        return c_;
    }

  private:
    /* Each slot has its operation when its clock comes; now and then a clock has none. */
    void tile(ts_random &random, size_t m0, size_t n0)
    {
        bool gaps = oracle::below(random, 2);
        for (size_t k = 0; k < g_.k; k += lanes_) {
            std::vector<bool> done(slots_);
            for (size_t left = slots_; left > 0;) {
                size_t slot = clock_++ % slots_;
                dut_.draw(random);
                bool valid = !done[slot] && !(gaps && oracle::below(random, 4) == 0);
                if (valid) {
                    done[slot] = true;
                    left--;
                    put_operands(slot, m0, n0, k);
                    bool ends = k + lanes_ >= g_.k;
                    port("close") = ends || (k + lanes_) % chunk_ == 0;
                    port("first") = k < chunk_;
                    port("drain") = ends && left == 0;
                }
                ASSERT_EQ(dut_.step(valid), valid && port("drain"));
            }
        }
        drain(m0, n0);
    }

    void put_operands(size_t slot, size_t m0, size_t n0, size_t k)
    {
        for (size_t r = 0; r < rows_; r++)
            put(&port("left") + r * lanes_, g_.left, g_.m, m0 + r * slots_ + slot, k);
        for (size_t n = 0; n < columns_; n++)
            put(&port("top") + n * lanes_, g_.top, g_.n, n0 + n, k);
        set_mode();
    }

    void drain(size_t m0, size_t n0)
    {
        for (size_t row = rows_ * slots_; row-- > 0;) {
            take_row(m0 + row, n0);
            clock_++;
            ASSERT_EQ(dut_.step(false), row > 0);
        }
    }

    size_t slots_, chunk_, clock_ = 0;
};

class WeightStationary : Array
{
  public:
    WeightStationary(const Arithmetic &a, const Shape &s, const Gemm &g)
        : Array(a, s, g,
                {"mac_array",
                 {{"Rows", s.rows},
                  {"Cols", s.cols},
                  {"Simd", s.simd},
                  {"DotStages", s.dot_stages},
                  {"AccStages", s.acc_stages},
                  {"OuterStages", s.outer_stages},
                  {"Depth", s.depth},
                  {"Modes", a.modes},
                  {"Lanes", a.lanes},
                  {"Chunk", a.chunk},
                  {"Variant", a.variant},
                  {"Outer", a.outer},
                  {"Saturate", a.saturate}}}),
          pass_(rows_ * lanes_), chunk_(static_cast<size_t>(a.chunk))
    {
    }

    Matrix run()
    {
        auto depth = static_cast<size_t>(s_.depth);
        for (size_t n0 = 0; n0 < g_.n; n0 += columns_)
            for (size_t m0 = 0; m0 < g_.m; m0 += depth)
                for (size_t k0 = 0; k0 < g_.k; k0 += pass_)
                    fold(m0, std::min(g_.m, m0 + depth), n0, k0);
        return c_;
    }

  private:
    void fold(size_t m0, size_t m1, size_t n0, size_t k0)
    {
        bool taller = pass_ >= chunk_, ends = k0 + pass_ >= g_.k;
        port("load") = 1;
        for (size_t row = rows_; row-- > 0;) {
            for (size_t n = 0; n < columns_; n++)
                put(&port("weight") + n * lanes_, g_.top, g_.n, n0 + n, k0 + row * lanes_);
            dut_.step(false);
        }
        port("load") = 0;
        set_mode();
        port("open") = !taller && k0 % chunk_ != 0;
        port("close") = taller || ends || (k0 + pass_) % chunk_ == 0;
        port("first") = k0 < std::max(chunk_, pass_);
        port("last") = ends;
        for (size_t m = m0; m < m1; m++) {
            for (size_t row = 0; row < rows_; row++)
                put(&port("stream") + row * lanes_, g_.left, g_.m, m, k0 + row * lanes_);
            ASSERT_EQ(dut_.step(), ends);
            if (ends)
                take_row(m, n0);
        }
    }

    size_t pass_, chunk_;
};

const Shape kOutputStationary[] = {
    {2, 2, 2, 0, 1, 1, 0}, {1, 3, 1, 0, 3, 2, 0}, {4, 1, 2, 0, 2, 2, 0},
    {3, 5, 1, 0, 1, 1, 0}, {8, 2, 3, 0, 2, 1, 0}, {1, 1, 1, 0, 1, 1, 0},
};

const Shape kWeightStationary[] = {
    {1, 2, 2, 0, 1, 1, 5},
    {2, 3, 1, 0, 3, 2, 4},
    {4, 1, 3, 0, 2, 1, 16},
    {8, 2, 2, 0, 1, 1, 3},
};

/* The sums do not depend on dataflow, tiles, array, or stages. */
void run(const Arithmetic &a)
{
    ts_random random = {oracle::seed()};
    uint64_t count = oracle::vectors(100), outputs = 0;
    for (uint64_t i = 0; i < std::min<uint64_t>(count, 100); i++) {
        Gemm g = draw_gemm(random, a);
        Matrix want = by_definition(a, g);
        outputs += want.size();
        auto staged = [&](Shape s) {
            s.dot_stages = a.modes == FP16 ? 0 : oracle::below(random, 3);
            return s;
        };
        for (const Shape &each : kOutputStationary) {
            Shape s = staged(each);
            ASSERT_EQ(OutputStationary(a, s, g).run(random), want)
                << "output-stationary " << s.rows << " x " << s.cols << ", GEMM " << i;
        }
        for (const Shape &each : kWeightStationary) {
            Shape s = staged(each);
            ASSERT_EQ(WeightStationary(a, s, g).run(), want)
                << "weight-stationary " << s.rows << " x " << s.cols << ", GEMM " << i;
        }
    }
    std::printf("dataflows: %d GEMMs, %d outputs on %d arrays each\n",
                static_cast<int>(std::min<uint64_t>(count, 100)), static_cast<int>(outputs),
                static_cast<int>(std::size(kOutputStationary) + std::size(kWeightStationary)));
}

} // namespace

TEST(mac_array_os_oracle, any_dataflow_gives_the_same_bits_fused)
{
    run({INT4 | FP4, 4, 16, FUSED, TS_OUTER_DLFLOAT16, 0});
}

TEST(mac_array_os_oracle, any_dataflow_gives_the_same_bits_fp32)
{
    run({FP4, 2, 8, FUSED, TS_OUTER_FP32, 0});
}

TEST(mac_array_os_oracle, any_dataflow_gives_the_same_bits_split)
{
    run({INT4 | FP4, 8, 32, SPLIT, TS_OUTER_DLFLOAT16, 1});
}

TEST(mac_array_os_oracle, any_dataflow_gives_the_same_bits_integer)
{
    run({INT4 | FP4, 4, 16, INTEGER, TS_OUTER_DLFLOAT16, 0});
}

TEST(mac_array_os_oracle, any_dataflow_gives_the_same_bits_fp16)
{
    run({FP16, 1, 8, FUSED, TS_OUTER_DLFLOAT16, 0});
}

namespace
{

/* From the first operation to the last sum, and then a cycle for each row. */
void expect_time(int64_t rows, int64_t cols, int64_t acc)
{
    const int64_t dot = 2, outer = 1, steps = 5;
    oracle::Block dut("mac_array_os", {{"Rows", rows},
                                       {"Cols", cols},
                                       {"DotStages", dot},
                                       {"AccStages", acc},
                                       {"OuterStages", outer}});
    int64_t params[TS_MAX_PARAMS];
    const ts_block *block = ts_block_find("mac_array_os");
    for (int i = 0; i < block->n_params; i++)
        params[i] = dut.param(block->params[i].name);
    int64_t cycles = steps * acc + (rows + cols - 2) + (dot + acc - 1 + outer + 1);
    EXPECT_EQ(ts_mac_array_os_tile_cycles(params, steps), cycles);
    /* Cycle 0 has the first operation; a row is there in the one after the tile's last. */
    EXPECT_EQ(steps * acc - 1 + block->latency(params), cycles);
    int64_t leaving = 0;
    for (int64_t t = 0; t < steps * acc + 2 * rows * acc; t++) {
        bool last = t == steps * acc - 1;
        dut.in[dut.in_word("close")] = last;
        dut.in[dut.in_word("drain")] = last;
        bool leaves = dut.step(t < steps * acc);
        EXPECT_EQ(leaves, last || (leaving > 0 && leaving < rows * acc)) << "clock " << t;
        leaving += leaves;
    }
    EXPECT_EQ(leaving, rows * acc);
}

} // namespace

TEST(mac_array_os_oracle, a_tile_takes_the_cycles_of_the_formula)
{
    for (int64_t rows : {1, 3, 8})
        for (int64_t cols : {1, 4})
            for (int64_t acc : {1, 2, 3})
                expect_time(rows, cols, acc);
}

/* K + R + C - 2 for each of the 64 tiles of 256 x 256 x 256 on 32 x 32, drain aside. */
TEST(mac_array_os_oracle, the_systolic_form_is_met)
{
    const ts_block *block = ts_block_find("mac_array_os");
    int64_t params[TS_MAX_PARAMS];
    ts_block_presets(block, params);
    for (const char *each : {"Rows=32", "Cols=32", "Simd=1", "Lanes=1", "AccStages=1"})
        ASSERT_EQ(ts_block_set(block, params, each), nullptr) << each;
    const int drain = 1 + 1 + 1; /* dot product, outer sum, the cycle at the port */
    EXPECT_EQ(64 * (ts_mac_array_os_tile_cycles(params, 256) - drain), 20352);
}

TEST(mac_array_os_oracle, says_which_parameters_do_not_fit)
{
    const ts_block *block = ts_block_find("mac_array_os");
    auto check = [&](std::initializer_list<const char *> assignments) {
        int64_t params[TS_MAX_PARAMS];
        ts_block_presets(block, params);
        for (const char *each : assignments)
            EXPECT_EQ(ts_block_set(block, params, each), nullptr) << each;
        const char *why_not = ts_block_check(block, params);
        return std::string(why_not ? why_not : "");
    };
    EXPECT_EQ(check({}), "");
    int64_t params[TS_MAX_PARAMS];
    ts_block_presets(block, params);
    for (const char *none : {"Modes=hfp8", "Modes=int4+hfp8", "Modes=7", "Modes="})
        EXPECT_STREQ(ts_block_set(block, params, none),
                     "mac_array_os: Modes must be 1 to 8: int4, fp4, int4+fp4, fp16")
            << none;
    EXPECT_EQ(check({"Lanes=64", "Chunk=16"}), "Chunk must be a multiple of Lanes");
    EXPECT_EQ(check({"AccStages=2", "OuterStages=2"}), "");
    EXPECT_EQ(check({"AccStages=2", "OuterStages=3"}), "OuterStages must not exceed AccStages");
    EXPECT_EQ(check({"Modes=fp16", "Lanes=1", "DotStages=0", "ZeroGate=1"}), "");
}
