// SPDX-License-Identifier: Apache-2.0
// Whole GEMMs on the SystemC array: every output as the golden GEMM, every cycle as the closed
// form.
#include "array_counts.h"
#include "bench_options.h"
#include "design/design.h"
#include "design/tile.h"
#include "machine/mac_array.h"
#include "tessera/gemm.h"
#include "tessera/vectors.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace
{

using tessera::packed;

std::int64_t parameter(const std::int64_t *params, const char *name)
{
    return params[ts_block_param(&ts_block_mac_array, name)];
}

// A GEMM of random shape and codes, with its golden result.
class random_gemm
{
  public:
    random_gemm(const std::int64_t *params, std::uint64_t seed, int largest)
        : params_(params), random_{seed}
    {
        ts_mnk tile = ts_array_tile(params);
        shape_.m = size(tile.m, largest);
        shape_.n = size(tile.n, largest);
        shape_.k = size(std::max(tile.k, parameter(params, "Chunk") / 2), largest);
        mode_ = {flip(), flip(), flip(), static_cast<int>(below(24)) - 12, false};
        odd_ = flip();
        a_ = codes(shape_.m * shape_.k, mode_.swap);
        b_ = codes(shape_.k * shape_.n, !mode_.swap);
        set_golden();
    }

    ts_mnk shape() const
    {
        return shape_;
    }

    tessera::gemm_tile tile(std::int64_t m0, std::int64_t n0) const
    {
        return tessera::make_tile(params_, {shape_, a_.data(), b_.data(), mode_}, m0, n0);
    }

    std::uint32_t golden(std::int64_t m, std::int64_t n) const
    {
        return golden_[static_cast<std::size_t>(m * shape_.n + n)];
    }

  private:
    std::int64_t below(std::int64_t n)
    {
        return static_cast<std::int64_t>(ts_random_next(&random_) % static_cast<std::uint64_t>(n));
    }

    bool flip()
    {
        return below(2) != 0;
    }

    // Whole tiles in a third of the cases, else with a tail, or with nothing else.
    std::int64_t size(std::int64_t tile, int largest)
    {
        return below(3) ? 1 + below(largest * tile) : tile * (1 + below(largest));
    }

    // Radix-4 codes of port b have all the same phase.
    std::vector<std::uint16_t> codes(std::int64_t n, bool port_b)
    {
        bool fp16 = parameter(params_, "Modes") == TS_MODE_FP16;
        std::vector<std::uint16_t> all(static_cast<std::size_t>(n));
        for (std::uint16_t &code : all) {
            code = static_cast<std::uint16_t>(ts_random_element(
                &random_, fp16 ? &ts_format_dlfloat16 : &ts_format_fp5_r2, fp16 ? 16 : 5));
            // NaN-Infinity and exponents whose sums overflow would hide everything else.
            if (fp16 && below(256))
                code = static_cast<std::uint16_t>((code & 0x9FFF) | 0x2000);
            if (port_b && mode() == TS_MODE_FP4)
                code = static_cast<std::uint16_t>((code & 0x1E) | odd_);
        }
        return all;
    }

    std::int64_t mode() const
    {
        std::int64_t modes = parameter(params_, "Modes");
        if (modes == (TS_MODE_INT4 | TS_MODE_FP4))
            return mode_.fp4 ? TS_MODE_FP4 : TS_MODE_INT4;
        return modes;
    }

    // What is on a port.
    const ts_format *format(bool port_b) const
    {
        if (mode() == TS_MODE_FP16)
            return &ts_format_dlfloat16;
        if (!port_b)
            return mode_.a_unsigned ? &ts_format_uint4 : &ts_format_int4;
        if (mode() == TS_MODE_INT4)
            return &ts_format_int4;
        return odd_ ? &ts_format_fp4_r4_odd : &ts_format_fp4_r4_even;
    }

    ts_packed packed_codes(const std::vector<std::uint16_t> &codes, bool port_b,
                           std::int64_t vectors, std::int64_t vector_step, std::int64_t k_step)
    {
        std::vector<std::uint16_t> own = codes;
        if (port_b && mode() == TS_MODE_FP4)
            for (std::uint16_t &code : own)
                code = code >> 1; // without the phase
        ts_packed result;
        EXPECT_EQ(ts_pack(&result, format(port_b), vectors, shape_.k, own.data(), sizeof own[0],
                          vector_step, k_step),
                  nullptr);
        return result;
    }

    void set_golden()
    {
        ts_packed a = packed_codes(a_, mode_.swap, shape_.m, shape_.k, 1);
        ts_packed b = packed_codes(b_, !mode_.swap, shape_.n, 1, shape_.n);
        ts_gemm gemm = {};
        gemm.a = &a;
        gemm.b = &b;
        gemm.lanes = parameter(params_, "Lanes");
        gemm.chunk = parameter(params_, "Chunk");
        gemm.variant = parameter(params_, "Variant");
        gemm.outer = parameter(params_, "Outer");
        gemm.saturate = parameter(params_, "Saturate");
        gemm.escale = mode() == TS_MODE_FP16 ? 0 : mode_.escale;
        const char *error = ts_gemm_check(&gemm);
        ASSERT_EQ(error, nullptr) << error;
        golden_.resize(static_cast<std::size_t>(shape_.m * shape_.n));
        ts_gemm_golden(&gemm, golden_.data());
        ts_packed_free(&a);
        ts_packed_free(&b);
    }

    const std::int64_t *params_;
    ts_random random_;
    ts_mnk shape_{};
    ts_mpe_mode mode_{};
    bool odd_ = false;
    std::vector<std::uint16_t> a_, b_;
    std::vector<std::uint32_t> golden_;
};

struct config {
    std::string label;
    int gemms, largest; // how many, and the largest in tiles
    std::vector<std::int64_t> params = std::vector<std::int64_t>(TS_MAX_PARAMS);
};

// An array that runs one GEMM after the other.
class machine
{
  public:
    machine(const config &c, std::uint64_t seed, sc_core::sc_clock &clk,
            sc_core::sc_signal<bool> &rst_n)
        : config_(c), params_(config_.params.data()), seed_(seed * 1000), driver_(params_),
          results_(params_), in_layouts_(tessera::port_layouts(ts_block_mac_array, TS_IN, params_)),
          out_layout_(tessera::port_layouts(ts_block_mac_array, TS_OUT, params_)[0]),
          in_(static_cast<std::size_t>(ts_block_words(&ts_block_mac_array, TS_IN, params_))),
          outer_(static_cast<std::size_t>(out_layout_.count)),
          array_(config_.label.c_str(), params_), in_signals_(in_layouts_.size())
    {
        array_.clk_i(clk);
        array_.rst_ni(rst_n);
        array_.valid_i(valid_i_);
        array_.valid_o(valid_o_);
        array_.outer_o(outer_o_);
        for (std::size_t i = 0; i < in_signals_.size(); i++)
            (*array_.inputs()[i])(in_signals_[i]);
        start_gemm();
    }

    bool done() const
    {
        return run_ == config_.gemms || !error_.empty();
    }

    void drive(bool reset)
    {
        if (done() || reset)
            return;
        bool valid = driver_.next(in_.data());
        valid_i_ = valid;
        for (std::size_t i = 0; i < in_signals_.size(); i++)
            in_signals_[i] = tessera::pack_words(in_layouts_[i], in_.data());
        loads_ += static_cast<std::int64_t>(in_[0]);
        streamed_ += valid;
    }

    // The end of a cycle.
    void observe()
    {
        if (done())
            return;
        cycles_++;
        if (outer_o_.read().bits())
            tessera::unpack_words(out_layout_, outer_o_.read(), outer_.data());
        results_.observe(valid_o_, outer_.data());
        if (results_.rows() == static_cast<std::size_t>(tile_.rows))
            end_tile();
        else if (driver_.done() && pass_ + 1 < tile_.passes.size())
            driver_.start(tile_.passes[++pass_]);
        else if (driver_.done())
            error_ = "the last fold of " + place() + " ended before its last result";
    }

    std::string report() const
    {
        return error_.empty() ? "" : config_.label + ": " + error_;
    }

    void print() const
    {
        std::printf("%s: %d GEMMs, %" PRId64 " folds, %" PRId64 " cycles, %" PRId64
                    " outputs equal, %" PRId64 " of them ordinary\n",
                    config_.label.c_str(), run_, all_folds_, all_cycles_, outputs_, ordinary_);
    }

    // Most outputs must be neither zero nor NaN-Infinity, or equality would say little.
    bool tells() const
    {
        return ordinary_ * 2 > outputs_;
    }

  private:
    std::string place() const
    {
        ts_mnk s = gemm_->shape();
        return "GEMM " + std::to_string(run_) + " (" + std::to_string(s.m) + " x " +
               std::to_string(s.n) + " x " + std::to_string(s.k) + ")";
    }

    const ts_format *outer_format() const
    {
        return ts_port_format(&ts_block_mac_array.ports[ts_block_mac_array.n_ports - 1], params_);
    }

    void start_gemm()
    {
        gemm_ = std::make_unique<random_gemm>(params_, seed_ + static_cast<std::uint64_t>(run_),
                                              config_.largest);
        cycles_ = loads_ = streamed_ = folds_ = 0;
        start_tile(0, 0);
    }

    void start_tile(std::int64_t m0, std::int64_t n0)
    {
        tile_ = gemm_->tile(m0, n0);
        results_.clear();
        pass_ = 0;
        driver_.start(tile_.passes[0]);
    }

    void end_tile()
    {
        std::size_t width = outer_.size();
        for (int m = 0; m < tile_.rows; m++) {
            for (int n = 0; n < tile_.columns; n++) {
                std::uint64_t got = results_.results()[static_cast<std::size_t>(m) * width +
                                                       static_cast<std::size_t>(n)];
                ts_class kind = ts_decode(outer_format(), static_cast<std::uint32_t>(got)).cls;
                ordinary_ += kind == TS_FINITE;
                if (got != gemm_->golden(tile_.m0 + m, tile_.n0 + n) && error_.empty())
                    error_ = "output " + std::to_string(tile_.m0 + m) + ", " +
                             std::to_string(tile_.n0 + n) + " of " + place() + " differs";
            }
        }
        outputs_ += static_cast<std::int64_t>(tile_.rows) * tile_.columns;
        folds_ += static_cast<std::int64_t>(tile_.passes.size());
        if (!driver_.done())
            error_ = "a fold of " + place() + " went on after its last result";

        ts_mnk cut = ts_array_tile(params_), shape = gemm_->shape();
        if (tile_.m0 + cut.m < shape.m)
            start_tile(tile_.m0 + cut.m, tile_.n0);
        else if (tile_.n0 + cut.n < shape.n)
            start_tile(0, tile_.n0 + cut.n);
        else
            end_gemm();
    }

    void end_gemm()
    {
        const ts_counts c = array_counts(params_, gemm_->shape());
        const std::int64_t counted[] = {cycles_, loads_, streamed_, cycles_ - loads_ - streamed_};
        const std::int64_t formula[] = {c.cycles, c.stall[TS_STALL_PRELOAD], c.busy,
                                        c.stall[TS_STALL_SKEW] + c.stall[TS_STALL_DRAIN]};
        const char *const what[] = {"cycles", "preload", "busy", "skew and drain"};
        for (int i = 0; i < 4; i++)
            if (counted[i] != formula[i] && error_.empty())
                error_ = std::string(what[i]) + " of " + place() + ": " +
                         std::to_string(counted[i]) + " counted, " + std::to_string(formula[i]) +
                         " by the formula";
        all_folds_ += folds_;
        all_cycles_ += cycles_;
        if (++run_ < config_.gemms)
            start_gemm();
    }

    config config_;
    const std::int64_t *params_;
    std::uint64_t seed_;
    tessera::fold_driver driver_;
    tessera::fold_results results_;
    std::vector<tessera::port_layout> in_layouts_;
    tessera::port_layout out_layout_;
    std::vector<std::uint64_t> in_, outer_;
    tessera::mac_array array_;
    sc_core::sc_signal<bool> valid_i_, valid_o_;
    std::vector<sc_core::sc_signal<packed>> in_signals_;
    sc_core::sc_signal<packed> outer_o_;
    std::unique_ptr<random_gemm> gemm_;
    tessera::gemm_tile tile_;
    std::size_t pass_ = 0;
    int run_ = 0;
    std::int64_t cycles_ = 0, loads_ = 0, streamed_ = 0, folds_ = 0;
    std::int64_t all_folds_ = 0, all_cycles_ = 0, outputs_ = 0, ordinary_ = 0;
    std::string error_;
};

class hall : public sc_core::sc_module
{
  public:
    SC_HAS_PROCESS(hall);

    hall(sc_core::sc_module_name name, const std::vector<config> &configs, std::uint64_t seed)
        : sc_core::sc_module(name)
    {
        for (const config &each : configs)
            machines_.push_back(std::make_unique<machine>(each, seed++, clk_, rst_n_));
        SC_METHOD(on_rising);
        sensitive << clk_.posedge_event();
        dont_initialize();
        SC_METHOD(on_falling);
        sensitive << clk_.negedge_event();
        dont_initialize();
    }

    const std::vector<std::unique_ptr<machine>> &machines() const
    {
        return machines_;
    }

  private:
    void on_rising()
    {
        rst_n_ = cycle_ >= 2;
        for (auto &each : machines_)
            each->drive(cycle_ < 2);
    }

    void on_falling()
    {
        bool all_done = true;
        for (auto &each : machines_) {
            if (cycle_ >= 2)
                each->observe();
            all_done &= each->done();
        }
        cycle_++;
        if (all_done)
            sc_core::sc_stop();
    }

    std::uint64_t cycle_ = 0;
    sc_core::sc_clock clk_{"clk", 1, sc_core::SC_NS};
    sc_core::sc_signal<bool> rst_n_{"rst_n"};
    std::vector<std::unique_ptr<machine>> machines_;
};

config small(const char *label, std::initializer_list<const char *> assignments)
{
    config c = {label, 50, 4};
    ts_block_presets(&ts_block_mac_array, c.params.data());
    for (const char *each : assignments)
        EXPECT_EQ(ts_block_set(&ts_block_mac_array, c.params.data(), each), nullptr);
    const char *error = ts_block_check(&ts_block_mac_array, c.params.data());
    EXPECT_EQ(error, nullptr) << error;
    return c;
}

config shipped(const char *name)
{
    config c = {name, 5, 2};
    ts_design design;
    char error[1024];
    EXPECT_TRUE(ts_design_load(name, &design, error, sizeof error)) << error;
    ts_design_params(&design, c.params.data());
    return c;
}

// Rows * Lanes below, at and above Chunk.
TEST(DesignCycles, ClosedFormEqualsSystemC)
{
    const std::vector<config> configs = {
        small("below", {"Rows=2", "Cols=3", "Simd=2", "Lanes=4", "Chunk=32", "Depth=6"}),
        small("below_integer", {"Rows=2", "Cols=2", "Simd=2", "Lanes=2", "Chunk=16",
                                "Variant=integer", "Saturate=1", "Depth=8"}),
        small("equal", {"Rows=4", "Cols=2", "Simd=1", "Lanes=8", "Chunk=32", "DotStages=2",
                        "AccStages=2", "OuterStages=2", "Depth=8"}),
        small("equal_one_row", {"Rows=1", "Cols=1", "Simd=2", "Lanes=8", "Chunk=8", "DotStages=0",
                                "OuterStages=3", "Depth=1"}),
        small("above", {"Rows=8", "Cols=2", "Simd=2", "Lanes=4", "Chunk=8", "OuterStages=2",
                        "Outer=fp32", "Depth=5"}),
        small("above_fp4", {"Rows=4", "Cols=3", "Simd=3", "Lanes=8", "Chunk=16", "Modes=fp4",
                            "Variant=split", "AccStages=3", "Depth=7"}),
        small("int4", {"Rows=2", "Cols=1", "Simd=4", "Lanes=2", "Chunk=8", "Modes=int4"}),
        small("fp16_below", {"Rows=4", "Cols=2", "Simd=2", "Lanes=1", "Chunk=16", "Modes=fp16",
                             "DotStages=0", "AccStages=3", "OuterStages=2", "Depth=9"}),
        small("fp16_above", {"Rows=8", "Cols=1", "Simd=3", "Lanes=1", "Chunk=2", "Modes=fp16",
                             "DotStages=0", "Depth=4"}),
        shipped("int4_fp4_8x8"),
        shipped("fp16_8x8"),
    };
    std::uint64_t seed = tessera::seed_option();
    hall all("hall", configs, seed);
    sc_core::sc_start();
    for (const auto &each : all.machines()) {
        EXPECT_EQ(each->report(), "") << "seed " << seed;
        EXPECT_TRUE(each->tells());
        each->print();
    }
}

} // namespace
