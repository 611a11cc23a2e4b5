// SPDX-License-Identifier: Apache-2.0
// The array four times: RTL, SystemC as a whole, SystemC mpe by mpe, and the golden adders.
#include "bench_options.h"
#include "cosim/fold_driver.h"
#include "machine/mac_array.h"
#include "machine/mac_array_of_mpes.h"
#include "selected_bench.h"
#include "tessera/vectors.h"

#include <gtest/gtest.h>

#include <cinttypes>
#include <cstdio>
#include <memory>
#include <string>

namespace
{

using tessera::array_pass;
using tessera::block_bench;
using tessera::packed;

constexpr std::uint64_t kCycles = 20'000;

// One output as the definition has it: dot products, inner sums, outer sum.
class golden_output
{
  public:
    explicit golden_output(const std::int64_t *params) : p_(params)
    {
    }

    void dot(const ts_mpe_mode &mode, const std::uint64_t *stationary, const std::uint64_t *stream)
    {
        ts_overflow overflow = get("Saturate") ? TS_OVERFLOW_SATURATE : TS_OVERFLOW_SPECIAL;
        if (get("Modes") == TS_MODE_FP16) {
            inner_ = ts_dlfloat16_fma({static_cast<std::uint16_t>(*stream)},
                                      {static_cast<std::uint16_t>(*stationary)}, inner_, overflow);
            return;
        }
        bool fp4 = get("Modes") == TS_MODE_FP4 || (get("Modes") != TS_MODE_INT4 && mode.fp4);
        std::int64_t sum = 0;
        for (std::int64_t i = 0; i < get("Lanes"); i++) {
            std::uint64_t a = mode.swap ? stationary[i] : stream[i];
            std::uint64_t b = mode.swap ? stream[i] : stationary[i];
            int integer = mode.a_unsigned ? static_cast<int>(a & 0xF)
                                          : static_cast<int>(ts_sign_extend(a, 4));
            sum += ts_mac_lane(integer, static_cast<unsigned>(b), fp4);
        }
        weight_ = mode.escale + ts_product_exp(fp4);
        switch (get("Variant")) {
        case TS_VARIANT_FUSED:
            inner_ = ts_chunk_add_fused(inner_, sum, weight_, overflow);
            break;
        case TS_VARIANT_SPLIT:
            inner_ = ts_chunk_add_split(inner_, sum, weight_, overflow);
            break;
        default:
            exact_ += sum;
        }
    }

    void end_chunk()
    {
        ts_overflow overflow = get("Saturate") ? TS_OVERFLOW_SATURATE : TS_OVERFLOW_SPECIAL;
        if (get("Variant") == TS_VARIANT_INTEGER)
            inner_ = ts_dlfloat16_of_int(exact_, weight_, overflow);
        if (get("Outer") == TS_OUTER_FP32)
            outer_ = ts_outer_add_fp32({outer_}, inner_, overflow).v;
        else
            outer_ =
                ts_outer_add_dlfloat16({static_cast<std::uint16_t>(outer_)}, inner_, overflow).v;
        inner_ = {0};
        exact_ = 0;
    }

    std::uint32_t outer() const
    {
        return outer_;
    }

  private:
    std::int64_t get(const char *name) const
    {
        return p_[ts_block_param(&block_bench().block, name)];
    }

    const std::int64_t *p_;
    ts_dlfloat16 inner_{0};
    std::int64_t exact_ = 0;
    int weight_ = 0;
    std::uint32_t outer_ = 0;
};

// A random tile: some rows of the result, one or more whole chunks along k.
class tile
{
  public:
    tile(const std::int64_t *params, ts_random &random) : p_(params)
    {
        auto below = [&](std::int64_t n) {
            return static_cast<std::int64_t>(ts_random_next(&random) %
                                             static_cast<std::uint64_t>(n));
        };
        std::int64_t per_pass = get("Rows") * get("Lanes");
        std::int64_t per_chunk = std::max<std::int64_t>(get("Chunk") / per_pass, 1);
        std::int64_t passes = per_chunk * (1 + below(3));
        rows_ = 1 + below(get("Depth"));
        ts_mpe_mode mode = {below(2) != 0, below(2) != 0, below(2) != 0,
                            static_cast<int>(below(24)) - 12, false};
        for (std::int64_t i = 0; i < passes; i++) {
            array_pass pass;
            pass.fold = {mode, i % per_chunk != 0, i % per_chunk == per_chunk - 1, i < per_chunk,
                         i >= passes - per_chunk};
            fill(pass.stationary, get("Rows") * columns() * get("Lanes"), random);
            fill(pass.streamed, rows_ * per_pass, random);
            passes_.push_back(pass);
        }
    }

    const std::vector<array_pass> &passes() const
    {
        return passes_;
    }

    std::int64_t rows() const
    {
        return rows_;
    }

    std::vector<std::uint64_t> expected() const
    {
        std::vector<std::uint64_t> all;
        for (std::int64_t t = 0; t < rows_; t++)
            for (std::int64_t n = 0; n < columns(); n++)
                all.push_back(output(t, n));
        return all;
    }

  private:
    std::int64_t get(const char *name) const
    {
        return p_[ts_block_param(&block_bench().block, name)];
    }

    std::int64_t columns() const
    {
        return get("Cols") * get("Simd");
    }

    void fill(std::vector<std::uint64_t> &words, std::int64_t n, ts_random &random) const
    {
        bool fp16 = get("Modes") == TS_MODE_FP16;
        for (std::int64_t i = 0; i < n; i++) {
            std::uint64_t word = ts_random_element(
                &random, fp16 ? &ts_format_dlfloat16 : &ts_format_fp5_r2, fp16 ? 16 : 5);
            // NaN-Infinity stays now and then, or nothing else would be seen.
            if (fp16 && (word & 0x7FFF) == 0x7FFF && ts_random_next(&random) % 64)
                word = 0x3E00;
            words.push_back(word);
        }
    }

    std::uint64_t output(std::int64_t t, std::int64_t n) const
    {
        golden_output sum(p_);
        std::int64_t lanes = get("Lanes"), rows = get("Rows"), in_chunk = 0;
        for (const array_pass &pass : passes_) {
            for (std::int64_t r = 0; r < rows; r++) {
                sum.dot(pass.fold.mode,
                        &pass.stationary[static_cast<std::size_t>((r * columns() + n) * lanes)],
                        &pass.streamed[static_cast<std::size_t>((t * rows + r) * lanes)]);
                in_chunk += lanes;
                if (in_chunk == get("Chunk")) {
                    sum.end_chunk();
                    in_chunk = 0;
                }
            }
        }
        return sum.outer();
    }

    const std::int64_t *p_;
    std::int64_t rows_;
    std::vector<array_pass> passes_;
};

// One SystemC body and its output signals.
struct body {
    std::unique_ptr<tessera::mac_array_module> module;
    sc_core::sc_signal<bool> valid_o;
    sc_core::sc_signal<packed> outer_o;
    std::vector<std::uint64_t> outer;
};

class channel
{
  public:
    channel(int config, std::uint64_t seed, sc_core::sc_clock &clk, sc_core::sc_signal<bool> &rst_n)
        : config_(config),
          params_(block_bench().configs[config].params), random_{seed + static_cast<std::uint64_t>(
                                                                            config)},
          driver_(params_), results_(params_),
          in_layouts_(tessera::port_layouts(block_bench().block, TS_IN, params_)),
          out_layout_(tessera::port_layouts(block_bench().block, TS_OUT, params_)[0]),
          in_(static_cast<std::size_t>(ts_block_words(&block_bench().block, TS_IN, params_))),
          outer_(static_cast<std::size_t>(out_layout_.count)), in_signals_(in_layouts_.size())
    {
        std::string label = block_bench().configs[config].label;
        whole_.module = std::make_unique<tessera::mac_array>((label + "_whole").c_str(), params_);
        of_mpes_.module =
            std::make_unique<tessera::mac_array_of_mpes>((label + "_of_mpes").c_str(), params_);
        for (body *each : {&whole_, &of_mpes_}) {
            each->outer.resize(outer_.size());
            each->module->clk_i(clk);
            each->module->rst_ni(rst_n);
            each->module->valid_i(valid_i_);
            each->module->valid_o(each->valid_o);
            each->module->outer_o(each->outer_o);
            for (std::size_t i = 0; i < in_signals_.size(); i++)
                (*each->module->inputs()[i])(in_signals_[i]);
        }
        start_tile();
    }

    void drive(bool reset)
    {
        // Rows are held back in half of the tiles; in the others the cycles are counted.
        bool gap = gaps_ && ts_random_next(&random_) % 4 == 0;
        valid_i_ = !reset && driver_.next(in_.data(), gap);
        in_[0] = in_[0] && !reset;
        for (std::size_t i = 0; i < in_signals_.size(); i++)
            in_signals_[i] = tessera::pack_words(in_layouts_[i], in_.data());
    }

    // The end of a cycle: the RTL sees what the modules saw, and all show what they have.
    std::string compare(tessera::rtl_block &rtl)
    {
        bool valid = rtl.observe(config_, outer_.data());
        results_.observe(valid, outer_.data());
        for (body *each : {&whole_, &of_mpes_}) {
            if (valid != each->valid_o)
                return describe(*each, "valid_o", valid, each->valid_o);
            if (each->outer_o.read().bits())
                tessera::unpack_words(out_layout_, each->outer_o.read(), each->outer.data());
            std::size_t simd = static_cast<std::size_t>(get("Simd"));
            for (std::size_t n = 0; n < outer_.size(); n++) {
                if (!results_.counts(n / simd))
                    continue;
                if (outer_[n] != each->outer[n])
                    return describe(*each, "outer_o[" + std::to_string(n) + "]", outer_[n],
                                    each->outer[n]);
                bits_ += static_cast<std::uint64_t>(out_layout_.bits);
            }
        }
        cycle_of_tile_++;
        return results_.rows() == static_cast<std::size_t>(tile_->rows()) ? end_tile() : "";
    }

    // Called after a drive-compare pair: the next fold, once this one has drained.
    void advance()
    {
        if (driver_.done() && ++pass_ < tile_->passes().size())
            driver_.start(tile_->passes()[pass_]);
        else if (driver_.done())
            start_tile();
    }

    void show_to(tessera::rtl_block &rtl)
    {
        rtl.drive(config_, valid_i_, in_.data());
    }

    std::uint64_t bits() const
    {
        return bits_;
    }

    std::uint64_t tiles() const
    {
        return tiles_;
    }

    std::uint64_t timed() const
    {
        return timed_;
    }

  private:
    std::int64_t get(const char *name) const
    {
        return params_[ts_block_param(&block_bench().block, name)];
    }

    void start_tile()
    {
        tile_ = std::make_unique<tile>(params_, random_);
        expected_ = tile_->expected();
        results_.clear();
        gaps_ = ts_random_next(&random_) % 2;
        pass_ = 0;
        cycle_of_tile_ = 0;
        driver_.start(tile_->passes()[0]);
    }

    // The last result: right as a GEMM, and in the cycle that the formula says.
    std::string end_tile()
    {
        for (std::size_t i = 0; i < expected_.size(); i++)
            if (results_.results()[i] != expected_[i])
                return std::string(block_bench().configs[config_].label) + ": result " +
                       std::to_string(i) + " of a tile is " + hex(results_.results()[i]) +
                       ", the golden adders say " + hex(expected_[i]);
        std::uint64_t formula =
            tile_->passes().size() * static_cast<std::uint64_t>(ts_mac_array_fold_cycles(
                                         params_, static_cast<int>(tile_->rows())));
        if (!gaps_ && formula != cycle_of_tile_)
            return std::string(block_bench().configs[config_].label) + ": a tile took " +
                   std::to_string(cycle_of_tile_) + " cycles, the formula says " +
                   std::to_string(formula);
        tiles_++;
        timed_ += !gaps_;
        results_.clear();
        return "";
    }

    static std::string hex(std::uint64_t value)
    {
        char text[20];
        std::snprintf(text, sizeof text, "%" PRIx64, value);
        return text;
    }

    std::string describe(const body &side, const std::string &what, std::uint64_t rtl,
                         std::uint64_t systemc) const
    {
        return std::string(side.module->name()) + ", cycle " + std::to_string(cycle_of_tile_) +
               " of tile " + std::to_string(tiles_) + ": " + what + " is " + hex(rtl) +
               " in RTL and " + hex(systemc) + " in SystemC";
    }

    int config_;
    const std::int64_t *params_;
    ts_random random_;
    tessera::fold_driver driver_;
    tessera::fold_results results_;
    std::vector<tessera::port_layout> in_layouts_;
    tessera::port_layout out_layout_;
    std::vector<std::uint64_t> in_, outer_, expected_;
    sc_core::sc_signal<bool> valid_i_;
    std::vector<sc_core::sc_signal<packed>> in_signals_;
    body whole_, of_mpes_;
    std::unique_ptr<tile> tile_;
    std::size_t pass_ = 0;
    bool gaps_ = false;
    std::uint64_t cycle_of_tile_ = 0, bits_ = 0, tiles_ = 0, timed_ = 0;
};

class lockstep : public sc_core::sc_module
{
  public:
    SC_HAS_PROCESS(lockstep);

    lockstep(sc_core::sc_module_name name, std::uint64_t seed)
        : sc_core::sc_module(name), rtl_(block_bench().make_rtl())
    {
        for (int i = 0; i < block_bench().n_configs; i++)
            channels_.push_back(std::make_unique<channel>(i, seed, clk_, rst_n_));
        SC_METHOD(on_rising);
        sensitive << clk_.posedge_event();
        dont_initialize();
        SC_METHOD(on_falling);
        sensitive << clk_.negedge_event();
        dont_initialize();
    }

    const std::string &mismatch() const
    {
        return mismatch_;
    }

    std::uint64_t cycle() const
    {
        return cycle_;
    }

    const std::vector<std::unique_ptr<channel>> &channels() const
    {
        return channels_;
    }

  private:
    void on_rising()
    {
        rst_n_ = cycle_ >= 2;
        for (auto &each : channels_)
            each->drive(cycle_ < 2);
    }

    // Inputs are steady: what all sides show belongs to the cycle that these inputs begin.
    void on_falling()
    {
        rtl_->reset(!rst_n_);
        for (auto &each : channels_)
            each->show_to(*rtl_);
        rtl_->clock();
        for (auto &each : channels_) {
            std::string difference = cycle_ >= 2 ? each->compare(*rtl_) : "";
            if (mismatch_.empty())
                mismatch_ = difference;
            if (cycle_ >= 2)
                each->advance();
        }
        if (++cycle_ == kCycles || !mismatch_.empty())
            sc_core::sc_stop();
    }

    std::uint64_t cycle_ = 0;
    sc_core::sc_clock clk_{"clk", 1, sc_core::SC_NS};
    sc_core::sc_signal<bool> rst_n_{"rst_n"};
    std::unique_ptr<tessera::rtl_block> rtl_;
    std::vector<std::unique_ptr<channel>> channels_;
    std::string mismatch_;
};

TEST(MacArray, WholeAndMpeByMpeEqualRtlInLockStepAndTheGoldenAdders)
{
    std::uint64_t seed = tessera::seed_option();
    lockstep bench("lockstep", seed);
    sc_core::sc_start();
    EXPECT_EQ(bench.mismatch(), "") << "seed " << seed;
    for (std::size_t i = 0; i < bench.channels().size(); i++) {
        const channel &each = *bench.channels()[i];
        EXPECT_GT(each.tiles(), 3U);
        EXPECT_GT(each.timed(), 0U);
        std::printf("mac_array %s: %" PRIu64 " cycles, %" PRIu64 " tiles (%" PRIu64
                    " timed against the formula), %" PRIu64 " output bits compared, seed %" PRIu64
                    "\n",
                    block_bench().configs[i].label, bench.cycle(), each.tiles(), each.timed(),
                    each.bits(), seed);
    }
}

} // namespace
