// SPDX-License-Identifier: Apache-2.0
// RTL and SystemC get the same inputs, and have to show the same.
#include "replay/tiles/lockstep.h"

#include <cinttypes>
#include <cstdarg>
#include <cstdio>

extern "C" const struct ts_block ts_block_mac_array;

namespace tessera
{

namespace
{

constexpr int kResetCycles = 2;

std::size_t words(ts_port_dir dir, const std::int64_t *params)
{
    return static_cast<std::size_t>(ts_block_words(&ts_block_mac_array, dir, params));
}

} // namespace

void add_mismatch(ts_tile_report &report, const char *format, ...)
{
    if (report.mismatches++ > 0)
        return;
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(report.first, sizeof report.first, format, arguments);
    va_end(arguments);
}

lockstep::lockstep(rtl_block &rtl, systemc_arrays &arrays, const std::int64_t *params)
    : rtl_(rtl), arrays_(arrays), params_(params), driver_(params), results_(params),
      simd_(static_cast<std::size_t>(params[ts_block_param(&ts_block_mac_array, "Simd")])),
      out_bits_(port_layouts(ts_block_mac_array, TS_OUT, params)[0].bits),
      in_(words(TS_IN, params)), rtl_outer_(words(TS_OUT, params)), outer_(rtl_outer_.size())
{
}

void lockstep::run(const gemm_tile &tile, mpe_recorder *recorder, ts_tile_report &report)
{
    report_ = &report;
    reset(recorder != nullptr);
    auto rows = static_cast<std::size_t>(tile.rows);
    std::uint64_t complete = 0; // cycles until the last result has left
    for (const array_pass &pass : tile.passes) {
        driver_.start(pass);
        for (report.folds++; !driver_.done();) {
            cycle(driver_.next(in_.data()), recorder);
            if (!complete && results_.rows() == rows)
                complete = report.cycles;
        }
    }
    std::uint64_t formula = tile.passes.size() * static_cast<std::uint64_t>(
                                                     ts_mac_array_fold_cycles(params_, tile.rows));
    if (results_.rows() != rows)
        add_mismatch(report, "%zu of %zu rows have left the array in RTL", results_.rows(), rows);
    else if (complete != formula)
        add_mismatch(report, "the tile took %" PRIu64 " cycles, the closed form says %" PRIu64,
                     complete, formula);
}

// No rows of the tile before are left in the pipelines.
void lockstep::reset(bool with_mpes)
{
    std::fill(in_.begin(), in_.end(), 0);
    for (int i = 0; i < kResetCycles; i++) {
        rtl_.reset(true);
        rtl_.drive(0, false, in_.data());
        rtl_.clock();
        arrays_.step(true, false, in_.data(), with_mpes);
    }
    rtl_.reset(false);
}

void lockstep::cycle(bool valid, mpe_recorder *recorder)
{
    rtl_.drive(0, valid, in_.data());
    rtl_.clock();
    arrays_.step(false, valid, in_.data(), recorder != nullptr);
    bool leaving = rtl_.observe(0, rtl_outer_.data());
    results_.observe(leaving, rtl_outer_.data());
    compare(arrays_.whole(), "SystemC", leaving);
    if (recorder) {
        compare(arrays_.of_mpes(), "SystemC mpe by mpe", leaving);
        recorder->record();
    }
    report_->cycles++;
}

void lockstep::compare(const systemc_array &array, const char *name, bool valid)
{
    bool shown = array.observe(outer_.data());
    if (shown != valid)
        add_mismatch(*report_, "cycle %" PRIu64 ": valid_o is %d in RTL and %d in %s",
                     report_->cycles, valid, shown, name);
    for (std::size_t n = 0; n < outer_.size(); n++) {
        if (!results_.counts(n / simd_))
            continue;
        report_->bits += static_cast<std::uint64_t>(out_bits_);
        if (outer_[n] != rtl_outer_[n])
            add_mismatch(*report_,
                         "cycle %" PRIu64 ": outer_o[%zu] is 0x%" PRIx64 " in RTL and 0x%" PRIx64
                         " in %s",
                         report_->cycles, n, rtl_outer_[n], outer_[n], name);
    }
}

} // namespace tessera
