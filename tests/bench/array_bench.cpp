// SPDX-License-Identifier: Apache-2.0
// Array cycles per second, with values, on ROWS x COLS x SIMD x LANES = 8x8x1x8 in INT4 x FP4:
// SystemC and Verilated RTL, both dataflows. The RTL is built when the cache has none.
#include "gemm_run.h"
#include "machine/mac_array.h"
#include "mac_array_os.h"
#include "replay/tiles/port_codes.h"
#include "rtl_library/rtl_library.h"
#include "systemc/context.h"
#include "tessera/vectors.h"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

extern "C" const struct ts_block ts_block_mac_array;

namespace
{

using tessera::packed;

constexpr double kSystemcGoal = 2e5, kRtlGoal = 2e4; // cycles per second

struct array {
    const ts_block &block;
    std::int64_t params[TS_MAX_PARAMS];
};

array make_array(const ts_block &block)
{
    array made = {block, {}};
    ts_block_presets(&block, made.params);
    for (const char *each : {"Rows=8", "Cols=8", "Simd=1", "Lanes=8"})
        if (ts_block_set(&block, made.params, each))
            throw std::logic_error(each);
    if (ts_block_param(&block, "Depth") >= 0)
        ts_block_set(&block, made.params, "Depth=128");
    return made;
}

// Eight passes of 128 rows, or 16 tiles of eight chunks: most cycles have an operation.
class problem
{
  public:
    problem()
    {
        ts_random random = {1};
        pack(a_, ts_format_fp4_r4_even, kRows, random);
        pack(b_, ts_format_int4, kColumns, random);
        gemm_.a = &a_;
        gemm_.b = &b_;
        gemm_.lanes = 8;
        gemm_.chunk = 64;
        gemm_.variant = TS_VARIANT_FUSED;
        gemm_.outer = TS_OUTER_DLFLOAT16;
        if (ts_gemm_check(&gemm_) || ts_gemm_run(&gemm_, 1, results_))
            throw std::runtime_error("no GEMM");
    }

    ~problem()
    {
        ts_packed_free(&a_);
        ts_packed_free(&b_);
    }

    problem(const problem &) = delete;
    problem &operator=(const problem &) = delete;

    tessera::port_codes codes() const
    {
        return {gemm_, 0, kRows, 0, kColumns};
    }

    bool is_result(const std::vector<std::uint64_t> &shown) const
    {
        bool same = shown.size() == std::size(results_);
        for (std::size_t i = 0; same && i < shown.size(); i++)
            same = shown[i] == results_[i];
        return same;
    }

  private:
    enum { kRows = 128, kColumns = 8, kDepth = 512 };

    static void pack(ts_packed &to, const ts_format &format, std::int64_t vectors,
                     ts_random &random)
    {
        std::vector<std::uint16_t> codes;
        for (std::int64_t i = 0; i < vectors * kDepth; i++)
            codes.push_back(ts_random_next(&random) >> 60);
        if (ts_pack(&to, &format, vectors, kDepth, codes.data(), sizeof codes[0], kDepth, 1))
            throw std::runtime_error("no operands");
    }

    ts_packed a_ = {}, b_ = {};
    ts_gemm gemm_ = {};
    std::uint32_t results_[kRows * kColumns];
};

// The inputs of every cycle of the problem, one after the other.
struct stimulus {
    std::vector<std::vector<std::uint64_t>> in;
    std::vector<bool> valid;
};

stimulus record(const array &array, const tessera::gemm_codes &codes)
{
    std::unique_ptr<gemm_run> run = make_gemm_run(array.block, array.params);
    run->start(codes);
    stimulus all;
    std::vector<std::uint64_t> in(
        static_cast<std::size_t>(ts_block_words(&array.block, TS_IN, array.params)));
    for (std::int64_t cycle = 0; cycle < run->cycles(); cycle++) {
        all.valid.push_back(run->next(in.data(), false));
        all.in.push_back(in);
    }
    return all;
}

// Clocks an array over and over; the results of the first time are the GEMM's.
class systemc_player : public sc_core::sc_module
{
  public:
    SC_HAS_PROCESS(systemc_player);

    systemc_player(sc_core::sc_module_name name, const array &array,
                   std::unique_ptr<tessera::block_module> module, const stimulus &all)
        : sc_core::sc_module(name),
          out_(tessera::port_layouts(array.block, TS_OUT, array.params)[0]), valid_(all.valid),
          module_(std::move(module))
    {
        const auto layouts = tessera::port_layouts(array.block, TS_IN, array.params);
        in_ = std::vector<sc_core::sc_signal<packed>>(layouts.size());
        for (const auto &words : all.in) {
            values_.emplace_back();
            for (const tessera::port_layout &layout : layouts)
                values_.back().push_back(tessera::pack_words(layout, words.data()));
        }
        module_->clk_i(clk_);
        module_->rst_ni(rst_n_);
        module_->valid_i(valid_i_);
        module_->valid_o(valid_o_);
        (*module_->outputs()[0])(outer_o_);
        for (std::size_t i = 0; i < in_.size(); i++)
            (*module_->inputs()[i])(in_[i]);
        SC_METHOD(on_rising);
        sensitive << clk_.posedge_event();
        dont_initialize();
    }

    std::uint64_t cycles() const
    {
        return valid_.size();
    }

    // With `run` it is shown what has left since the rising edge before.
    void watch(gemm_run *run)
    {
        watcher_ = run;
    }

  private:
    void on_rising()
    {
        if (watcher_ && outer_o_.read().bits()) {
            std::vector<std::uint64_t> words(static_cast<std::size_t>(out_.count));
            tessera::unpack_words(out_, outer_o_.read(), words.data());
            watcher_->observe(valid_o_, words.data());
        }
        if (clock_ < 2) { // of reset
            clock_++;
            return;
        }
        rst_n_ = true;
        valid_i_ = valid_[next_];
        for (std::size_t i = 0; i < in_.size(); i++)
            in_[i] = values_[next_][i];
        next_ = next_ + 1 < valid_.size() ? next_ + 1 : 0;
    }

    tessera::port_layout out_;
    std::vector<bool> valid_;
    std::vector<std::vector<packed>> values_;
    sc_core::sc_clock clk_{"clk", 1, sc_core::SC_NS};
    sc_core::sc_signal<bool> rst_n_{"rst_n"}, valid_i_{"valid_i"}, valid_o_{"valid_o"};
    sc_core::sc_signal<packed> outer_o_{"outer_o"};
    std::vector<sc_core::sc_signal<packed>> in_;
    std::unique_ptr<tessera::block_module> module_;
    gemm_run *watcher_ = nullptr;
    std::size_t next_ = 0;
    int clock_ = 0;
};

void count(benchmark::State &state, std::uint64_t cycles, double goal)
{
    const double all = static_cast<double>(cycles) * static_cast<double>(state.iterations());
    state.counters["cycles_per_second"] = benchmark::Counter(all, benchmark::Counter::kIsRate);
    state.counters["goal"] = goal;
}

template <typename Module> void systemc(benchmark::State &state, const ts_block &block)
{
    const array array = make_array(block);
    const problem problem;
    const tessera::port_codes codes = problem.codes();
    sc_core::sc_simcontext context;
    tessera::in_context here(&context);
    {
        systemc_player player("player", array, std::make_unique<Module>("array", array.params),
                              record(array, codes.gemm()));
        std::unique_ptr<gemm_run> run = make_gemm_run(block, array.params);
        run->start(codes.gemm());
        player.watch(run.get());
        const sc_core::sc_time once(static_cast<double>(player.cycles()), sc_core::SC_NS);
        sc_core::sc_start(once + sc_core::sc_time(4, sc_core::SC_NS));
        player.watch(nullptr);
        if (!problem.is_result(run->results()))
            state.SkipWithError("the results are not those of the GEMM");
        for (auto _ : state)
            sc_core::sc_start(once);
        count(state, player.cycles(), kSystemcGoal);
    }
}

void rtl(benchmark::State &state, const ts_block &block)
try {
    const array array = make_array(block);
    const problem problem;
    const tessera::port_codes codes = problem.codes();
    const stimulus all = record(array, codes.gemm());
    const tessera::rtl_library library(block, array.params);
    std::unique_ptr<tessera::rtl_block> rtl = library.make();
    std::vector<std::uint64_t> out(
        static_cast<std::size_t>(ts_block_words(&block, TS_OUT, array.params)));
    auto play = [&](gemm_run *watcher) {
        for (std::size_t i = 0; i < all.in.size(); i++) {
            rtl->drive(0, all.valid[i], all.in[i].data());
            rtl->clock();
            const bool valid = rtl->observe(0, out.data());
            if (watcher)
                watcher->observe(valid, out.data());
        }
    };
    for (bool reset : {true, true, false}) {
        rtl->reset(reset);
        rtl->drive(0, false, all.in[0].data());
        if (reset)
            rtl->clock();
    }
    std::unique_ptr<gemm_run> run = make_gemm_run(block, array.params);
    run->start(codes.gemm());
    play(run.get());
    if (!problem.is_result(run->results()))
        state.SkipWithError("the results are not those of the GEMM");
    for (auto _ : state)
        play(nullptr);
    count(state, all.in.size(), kRtlGoal);
} catch (const std::exception &failure) {
    state.SkipWithError(failure.what());
}

// Of repeated runs their median counts, as in the table.
class reporter : public benchmark::ConsoleReporter
{
  public:
    void ReportRuns(const std::vector<Run> &runs) override
    {
        ConsoleReporter::ReportRuns(runs);
        for (const Run &run : runs) {
            const bool counts = run.repetitions <= 1 || run.aggregate_name == "median";
            failed_ = failed_ || run.error_occurred ||
                      (counts && run.counters.at("cycles_per_second") < run.counters.at("goal"));
        }
    }

    bool failed() const
    {
        return failed_;
    }

  private:
    bool failed_ = false;
};

} // namespace

int sc_main(int argc, char **argv)
{
    benchmark::RegisterBenchmark("systemc/mac_array", systemc<tessera::mac_array>,
                                 ts_block_mac_array);
    benchmark::RegisterBenchmark("systemc/mac_array_os", systemc<tessera::mac_array_os>,
                                 ts_block_mac_array_os);
    benchmark::RegisterBenchmark("rtl/mac_array", rtl, ts_block_mac_array);
    benchmark::RegisterBenchmark("rtl/mac_array_os", rtl, ts_block_mac_array_os);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 1;
    reporter console;
    benchmark::RunSpecifiedBenchmarks(&console);
    if (console.failed())
        std::fprintf(stderr, "array_bench: an array misses its goal, or something failed\n");
    return console.failed() ? 1 : 0;
}
