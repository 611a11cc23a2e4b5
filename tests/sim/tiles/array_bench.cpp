// SPDX-License-Identifier: Apache-2.0
// Every array sees the inputs of its own job; both its bodies see the same, and must show the same.
#include "array_bench.h"

#include "make_module.h"
#include "systemc/context.h"

#include <cinttypes>
#include <cstdio>

using tessera::rtl_block;

namespace
{

std::string hex(std::uint64_t value)
{
    char text[20];
    std::snprintf(text, sizeof text, "0x%" PRIx64, value);
    return text;
}

std::size_t words(const ts_block &block, ts_port_dir dir, const std::int64_t *params)
{
    return static_cast<std::size_t>(ts_block_words(&block, dir, params));
}

} // namespace

array_lane::array_lane(const ts_block &block, const tessera::configuration &config,
                       std::uint64_t seed)
    : block_(block), config_(config), random_{seed},
      array_(tessera::make_module(block, (block.name + std::string("_") + config.label).c_str(),
                                  config.params),
             block, config.params),
      run_(make_gemm_run(block, config.params)), in_(words(block, TS_IN, config.params)),
      systemc_(words(block, TS_OUT, config.params)), rtl_out_(systemc_.size())
{
    const ts_port &outer = block.ports[block.n_ports - 1];
    const int latency = block.latency(config.params);
    int last = 0;
    for (std::size_t n = 0; n < systemc_.size(); n++) {
        last = ts_port_cycle(&outer, config.params, static_cast<int>(n), latency) - latency;
        after_valid_.push_back(last);
    }
    valid_.assign(static_cast<std::size_t>(last) + 1, false);
    out_bits_ = ts_port_bits(&outer, config.params);
}

void array_lane::hold_against(rtl_block &rtl, int index)
{
    rtl_ = &rtl;
    index_ = index;
}

void array_lane::give(std::unique_ptr<gemm_job> job, bool gaps)
{
    job_ = std::move(job);
    gaps_ = gaps;
    clocks_ = 0;
    run_->start(job_->codes());
    count_.tiles += static_cast<std::uint64_t>(run_->tiles());
}

void array_lane::rise()
{
    array_.rise();
}

// What does not count is random.
void array_lane::drive(bool reset)
{
    ts_random_inputs(&random_, &block_, config_.params, in_.data());
    bool valid = !reset && run_->next(in_.data(), gaps_ && random_below(random_, 4) == 0);
    array_.drive(reset, valid, in_.data());
    if (rtl_)
        rtl_->drive(index_, valid, in_.data());
}

void array_lane::compare()
{
    bool valid = array_.observe(systemc_.data());
    const std::vector<std::uint64_t> *shown = &systemc_;
    if (rtl_) {
        bool expected = rtl_->observe(index_, rtl_out_.data());
        if (valid != expected)
            fail("valid_o is " + std::to_string(expected) + " in RTL and " + std::to_string(valid) +
                 " in SystemC");
        valid = expected;
        shown = &rtl_out_;
    }
    compare_outputs(valid);
    run_->observe(valid, shown->data());
    clocks_++;
    count_.clocks++;
    if (job_ && (run_->done() || !mismatch_.empty()))
        end_job();
}

void array_lane::compare_outputs(bool valid)
{
    valid_.push_front(valid);
    valid_.pop_back();
    for (std::size_t n = 0; rtl_ && n < systemc_.size(); n++) {
        if (!valid_[static_cast<std::size_t>(after_valid_[n])])
            continue;
        count_.bits += static_cast<std::uint64_t>(out_bits_);
        if (systemc_[n] != rtl_out_[n])
            fail("outer_o[" + std::to_string(n) + "] is " + hex(rtl_out_[n]) + " in RTL and " +
                 hex(systemc_[n]) + " in SystemC");
    }
}

// All results have left: those of the engine, in the cycles of the closed form.
void array_lane::end_job()
{
    for (std::size_t i = 0; i < run_->results().size(); i++)
        if (run_->results()[i] != job_->expected()[i])
            fail("result " + std::to_string(i) + " is " + hex(run_->results()[i]) +
                 ", the engine has " + hex(job_->expected()[i]));
    if (!gaps_ && clocks_ != run_->cycles())
        fail("took " + std::to_string(clocks_) + " cycles, the closed form says " +
             std::to_string(run_->cycles()));
    count_.gemms++;
    count_.timed += !gaps_;
    job_.reset();
}

void array_lane::fail(const std::string &what)
{
    if (mismatch_.empty())
        mismatch_ = std::string(block_.name) + " " + config_.label + ", GEMM " +
                    std::to_string(count_.gemms) + ", cycle " + std::to_string(clocks_) + ": " +
                    what;
}

array_bench::array_bench() : context_(std::make_unique<sc_core::sc_simcontext>())
{
}

array_bench::~array_bench()
{
    tessera::in_context here(context_.get());
    lanes_.clear();
}

array_lane &array_bench::add(const ts_block &block, const tessera::configuration &config,
                             std::uint64_t seed)
{
    tessera::in_context here(context_.get());
    lanes_.push_back(std::make_unique<array_lane>(block, config, seed));
    return *lanes_.back();
}

void array_bench::add_all(const tessera::bench &bench, bool faulty, std::uint64_t seed)
{
    rtl_.push_back(faulty ? bench.make_faulty_rtl() : bench.make_rtl());
    for (int i = 0; i < bench.n_configs; i++)
        add(bench.block, bench.configs[i], seed + static_cast<std::uint64_t>(i))
            .hold_against(*rtl_.back(), i);
}

void array_bench::run(const source &next)
{
    enum { RESET_CLOCKS = 2 };
    tessera::in_context here(context_.get());
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
    for (int i = 0; i < RESET_CLOCKS; i++)
        clock(true);
    for (bool busy = true; busy;) {
        busy = false;
        for (auto &lane : lanes_) {
            bool gaps = false;
            std::unique_ptr<gemm_job> job;
            if (lane->is_idle() && lane->mismatch().empty() && (job = next(*lane, gaps)))
                lane->give(std::move(job), gaps);
            busy = busy || !lane->is_idle();
        }
        if (busy)
            clock(false);
    }
}

void array_bench::clock(bool reset)
{
    auto is_clocked = [&](const auto &lane) { return reset || !lane->is_idle(); };
    for (auto &lane : lanes_)
        if (is_clocked(lane))
            lane->rise();
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
    for (auto &rtl : rtl_)
        rtl->reset(reset);
    for (auto &lane : lanes_)
        if (is_clocked(lane))
            lane->drive(reset);
    sc_core::sc_start(1, sc_core::SC_NS);
    for (auto &rtl : rtl_)
        rtl->clock();
    for (auto &lane : lanes_)
        if (!reset && is_clocked(lane))
            lane->compare();
}
