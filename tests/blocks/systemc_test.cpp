// SPDX-License-Identifier: Apache-2.0
// SystemC = RTL in lock step: both see the same signals, and must show the same in every cycle.
#include "bench_options.h"
#include "cosim/mismatch.h"
#include "cosim/stimulus.h"
#include "make_module.h"
#include "selected_bench.h"

#include <gtest/gtest.h>

#include <cinttypes>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace
{

using tessera::block_bench;
using tessera::packed;

constexpr std::uint64_t kCycles = 60'000;
constexpr std::uint64_t kCyclesBetweenResets = 9'973;

// A SystemC module of one configuration and its signals.
class channel
{
  public:
    channel(int config, std::uint64_t seed, sc_core::sc_clock &clk, sc_core::sc_signal<bool> &rst_n)
        : config_(config), params_(block_bench().configs[config].params),
          stimulus_(block_bench(), config, seed),
          in_layouts_(tessera::port_layouts(block_bench().block, TS_IN, params_)),
          out_layouts_(tessera::port_layouts(block_bench().block, TS_OUT, params_)),
          next_in_(words(TS_IN)), module_out_(words(TS_OUT)), rtl_out_(words(TS_OUT)),
          seen_(static_cast<std::size_t>(block_bench().block.latency(params_)) + 1, words(TS_IN)),
          in_signals_(in_layouts_.size()), out_signals_(out_layouts_.size()),
          module_(tessera::make_module(block_bench().block, block_bench().configs[config].label,
                                       params_))
    {
        module_->clk_i(clk);
        module_->rst_ni(rst_n);
        module_->valid_i(valid_i_);
        module_->valid_o(valid_o_);
        for (std::size_t i = 0; i < in_signals_.size(); i++)
            (*module_->inputs()[i])(in_signals_[i]);
        for (std::size_t i = 0; i < out_signals_.size(); i++)
            (*module_->outputs()[i])(out_signals_[i]);
    }

    void drive()
    {
        valid_i_ = stimulus_.next(next_in_.data());
        for (std::size_t i = 0; i < in_signals_.size(); i++)
            in_signals_[i] = tessera::pack_words(in_layouts_[i], next_in_.data());
    }

    void restart()
    {
        stimulus_.restart(0);
    }

    void show_to(tessera::rtl_block &rtl, std::uint64_t cycle)
    {
        std::vector<std::uint64_t> &in = seen_[cycle % seen_.size()];
        for (std::size_t i = 0; i < in_signals_.size(); i++)
            tessera::unpack_words(in_layouts_[i], in_signals_[i].read(), in.data());
        rtl.drive(config_, valid_i_, in.data());
    }

    bool compare(const tessera::rtl_block &rtl)
    {
        rtl_valid_ = rtl.sample(config_, rtl_out_.data());
        for (std::size_t i = 0; valid_o_ && i < out_signals_.size(); i++)
            tessera::unpack_words(out_layouts_[i], out_signals_[i].read(), module_out_.data());
        outputs_ += valid_o_;
        return tessera::agree({"", valid_o_, module_out_.data()}, {"", rtl_valid_, rtl_out_.data()},
                              static_cast<int>(rtl_out_.size()));
    }

    std::uint64_t outputs() const
    {
        return outputs_;
    }

    std::string mismatch(std::uint64_t cycle) const
    {
        const std::vector<std::uint64_t> &in = seen_[(cycle + 1) % seen_.size()];
        return tessera::describe_mismatch(block_bench(), config_, cycle, in.data(),
                                          {"SystemC", valid_o_, module_out_.data()},
                                          {"RTL", rtl_valid_, rtl_out_.data()});
    }

  private:
    std::vector<std::uint64_t> words(ts_port_dir dir) const
    {
        return std::vector<std::uint64_t>(
            static_cast<std::size_t>(ts_block_words(&block_bench().block, dir, params_)));
    }

    int config_;
    const std::int64_t *params_;
    tessera::stimulus stimulus_;
    std::vector<tessera::port_layout> in_layouts_, out_layouts_;
    std::vector<std::uint64_t> next_in_, module_out_, rtl_out_;
    std::vector<std::vector<std::uint64_t>> seen_; ///< inputs of the last `latency` cycles and now
    sc_core::sc_signal<bool> valid_i_, valid_o_;
    std::vector<sc_core::sc_signal<packed>> in_signals_, out_signals_;
    std::unique_ptr<tessera::block_module> module_;
    bool rtl_valid_ = false;
    std::uint64_t outputs_ = 0;
};

// Signals change after the rising edge; both sides are compared at the falling one.
class lockstep : public sc_core::sc_module
{
  public:
    SC_HAS_PROCESS(lockstep);

    lockstep(sc_core::sc_module_name name, std::uint64_t seed, std::uint64_t cycles)
        : sc_core::sc_module(name), cycles_(cycles), rtl_(block_bench().make_rtl())
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

    std::uint64_t cycle() const
    {
        return cycle_;
    }

    std::uint64_t outputs() const
    {
        std::uint64_t sum = 0;
        for (const auto &channel : channels_)
            sum += channel->outputs();
        return sum;
    }

    const std::string &mismatch() const
    {
        return mismatch_;
    }

  private:
    void on_rising()
    {
        // Two cycles of reset at the start, and now and then.
        bool reset = cycle_ % kCyclesBetweenResets < 2;
        rst_n_ = !reset;
        for (auto &channel : channels_) {
            if (reset)
                channel->restart();
            channel->drive();
        }
    }

    void on_falling()
    {
        rtl_->reset(!rst_n_);
        for (auto &channel : channels_)
            channel->show_to(*rtl_, cycle_);
        rtl_->clock();
        for (auto &channel : channels_)
            if (cycle_ > 0 && !channel->compare(*rtl_) && mismatch_.empty())
                mismatch_ = channel->mismatch(cycle_);
        if (++cycle_ == cycles_ || !mismatch_.empty())
            sc_core::sc_stop();
    }

    std::uint64_t cycles_;
    std::uint64_t cycle_ = 0;
    sc_core::sc_clock clk_{"clk", 1, sc_core::SC_NS};
    sc_core::sc_signal<bool> rst_n_{"rst_n"};
    std::unique_ptr<tessera::rtl_block> rtl_;
    std::vector<std::unique_ptr<channel>> channels_;
    std::string mismatch_;
};

TEST(SystemC, EqualsRtlInLockStep)
{
    std::uint64_t seed = tessera::seed_option();
    lockstep bench("lockstep", seed, kCycles);
    sc_core::sc_start();
    EXPECT_EQ(bench.mismatch(), "") << "seed " << seed;
    EXPECT_GT(bench.outputs(), 0U);
    std::printf("%s: SystemC = RTL in %d configurations, %" PRIu64 " cycles each, %" PRIu64
                " outputs, seed %" PRIu64 "\n",
                block_bench().block.name, block_bench().n_configs, bench.cycle(), bench.outputs(),
                seed);
}

} // namespace
