// SPDX-License-Identifier: Apache-2.0
// Build, run, minimize, record.
#include "foreign_rtl/session.h"

#include "foreign_rtl/clocks.h"

#include <algorithm>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <stdexcept>
#include <unistd.h>

namespace fs = std::filesystem;

namespace tessera
{

namespace
{

constexpr std::size_t kHistory = 4096;       // clocks kept of a block without state
constexpr std::uint64_t kProbeClocks = 4096; // in which a latency must show
constexpr std::uint64_t kMargin = 16;        // cycles of the waveform before and after
constexpr int kLatencies = 32;               // tried for a hint
constexpr std::uint64_t kLatencyClocks = 400;
constexpr std::uint64_t kProgressMask = (1 << 16) - 1;
constexpr double kProgressSeconds = 5;

class stopwatch
{
  public:
    double seconds() const
    {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    }

  private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

ts_layout layout_of(const cosim_options &options)
{
    ts_layout layout;
    ts_layout_init(&layout, options.block, options.params);
    return layout;
}

connections mapped(const ts_layout &layout, const std::vector<std::string> &maps)
{
    connections pins(layout);
    for (const std::string &each : maps)
        pins.map(each);
    return pins;
}

foreign_module resolved(const foreign_rtl &rtl, connections &pins)
{
    foreign_module module = inspect(rtl);
    pins.resolve(module);
    return module;
}

std::uint64_t rows_of(const cosim_options &options, const ts_layout &layout)
{
    if (!options.exhaustive)
        return options.cycles;
    ts_error error;
    std::uint64_t rows = ts_exhaustive_rows(&layout, &error);
    if (!rows)
        throw std::runtime_error(error.text);
    return rows;
}

// Before the run: what it finds must not be lost.
fs::path checked_directory(const cosim_options &options)
{
    fs::path directory =
        options.directory.empty() ? std::string(options.block->name) + ".cosim" : options.directory;
    fs::path there = fs::absolute(directory);
    while (!fs::exists(there))
        there = there.parent_path();
    if (!fs::is_directory(there) || access(there.c_str(), W_OK | X_OK) != 0)
        throw std::runtime_error("-o " + directory.string() + ": no files can be written into " +
                                 there.string() + "; name another directory");
    return directory;
}

// A waveform takes its name when it is whole.
class waveform
{
  public:
    waveform(foreign_model &model, fs::path path)
        : path_(std::move(path)), temporary_(path_.string() + ".part")
    {
        model.record(temporary_.c_str());
    }

    void finish(std::unique_ptr<foreign_model> model)
    {
        model.reset();
        fs::rename(temporary_, path_);
    }

  private:
    fs::path path_;
    std::string temporary_;
};

} // namespace

session::session(const cosim_options &options)
    : options_(options), directory_(checked_directory(options)), layout_(layout_of(options)),
      rows_(rows_of(options, layout_)), pins_(mapped(layout_, options.maps)),
      module_(resolved(options.rtl, pins_)),
      library_(options.rtl, module_, pins_), what_{layout_, pins_, {layout_, 0}}
{
    find_latency();
}

std::unique_ptr<foreign_model> session::make(const subject &what) const
{
    auto model = library_.make(static_cast<int>(options_.seed & 0x3FFFFFFF) + 1);
    if (what.when.is_aligned())
        return model;
    return std::make_unique<aligned_model>(std::move(model), what.when);
}

ts_source_options session::source() const
{
    return {options_.exhaustive, options_.trace.empty() ? nullptr : options_.trace.c_str(), rows_,
            options_.seed};
}

// -1: no valid_o after the first result, or one in reset too.
int session::measured_latency()
{
    std::unique_ptr<foreign_model> model = make(what_);
    lockstep pair(what_, *model);
    clocks input(what_, source());
    std::optional<std::uint64_t> began;
    for (std::uint64_t cycle = 0; cycle < kProbeClocks; cycle++) {
        const clock_in &now = input.next();
        pair.clock(now);
        if (cycle + 1 == reset_clocks(what_).size() && pair.got_valid())
            return -1;
        if (!began && pair.result().valid)
            began = cycle;
        if (!now.reset && pair.got_valid()) {
            int delayed = what_.latency() - what_.when.valid_out; // by make()
            int latency = began ? static_cast<int>(cycle - *began) - delayed : -1;
            return std::max(latency, -1);
        }
    }
    return -1;
}

void session::find_latency()
{
    bool clocked = pins_.has(pin_kind::clock);
    int latency = clocked ? options_.block->latency(options_.params) : 0;
    what_.when = timing(layout_, latency);
    latency_from_ = clocked ? "the block's own; --latency N sets another" : "no clock";
    if (options_.latency) {
        if (!clocked && *options_.latency)
            throw std::runtime_error(
                "a module without a clock has no latency; leave out --latency");
        latency = *options_.latency;
        latency_from_ = "--latency";
    } else if (clocked && pins_.has(pin_kind::valid_out)) {
        int measured = measured_latency();
        if (measured >= 0)
            latency = measured;
        latency_from_ = measured >= 0 ? "measured by valid_o"
                                      : "the block's own, as valid_o does not tell; --latency N "
                                        "sets another";
    }
    what_.when = timing(layout_, latency);
}

// A wrong latency looks like a wrong result.
std::string session::other_latency()
{
    if (!pins_.has(pin_kind::clock))
        return "";
    for (int latency = 0; latency <= kLatencies; latency++) {
        const subject other = {layout_, pins_, {layout_, latency}};
        std::unique_ptr<foreign_model> model = make(other);
        lockstep pair(other, *model);
        clocks input(other, source());
        bool good = true;
        for (std::uint64_t i = 0; good && i < kLatencyClocks; i++)
            good = pair.clock(input.next());
        if (good && pair.compared() && latency != what_.when.valid_out)
            return "with --latency " + std::to_string(latency) + " the first " +
                   std::to_string(pair.compared()) + " outputs agree";
    }
    return "";
}

void session::drive(outcome &result)
{
    std::unique_ptr<foreign_model> model = make(what_);
    lockstep pair(what_, *model);
    clocks input(what_, source());
    model->speak();
    const stopwatch watch;
    double told = 0;
    bool has_state = options_.block->state_bytes != nullptr;
    while (options_.exhaustive ? pair.compared() < rows_ : result.cycles < options_.cycles) {
        const clock_in &now = input.next();
        if (now.reset || input.begins())
            history_.clear();
        if (!now.reset)
            history_.push_back(now);
        sequence_ = input.sequence();
        if (!has_state && history_.size() >= 2 * kHistory)
            history_.erase(history_.begin(), history_.end() - kHistory);
        bool good = pair.clock(now);
        input.result(pair.result());
        result.cycles++;
        if (!good) {
            result.difference = pair.found();
            break;
        }
        if ((result.cycles & kProgressMask) == 0 && watch.seconds() - told > kProgressSeconds) {
            told = watch.seconds();
            std::fprintf(stderr, "tessera cosim: %" PRIu64 " cycles, %.3g cycles/s\n",
                         result.cycles, static_cast<double>(result.cycles) / told);
        }
    }
    result.seconds = watch.seconds();
    result.compared = pair.compared();
}

// The same run again, with the cycles around the difference recorded.
void session::record(const divergence &difference, const fs::path &path)
{
    std::unique_ptr<foreign_model> model = make(what_);
    lockstep pair(what_, *model);
    clocks input(what_, source());
    std::uint64_t before = static_cast<std::uint64_t>(what_.latency()) + kMargin;
    std::uint64_t from = difference.cycle > before ? difference.cycle - before : 0;
    std::optional<waveform> wave;
    for (std::uint64_t cycle = 0; cycle <= difference.cycle + kMargin; cycle++) {
        if (cycle == from) {
            wave.emplace(*model, path);
            pair.annotate(true);
        }
        pair.clock(input.next());
        input.result(pair.result());
    }
    wave->finish(std::move(model));
}

void session::record_minimal(const std::vector<clock_in> &sequence, const fs::path &path)
{
    std::unique_ptr<foreign_model> model = make(what_);
    lockstep pair(what_, *model);
    waveform wave(*model, path);
    pair.annotate(true);
    for (const clock_in &each : reset_clocks(what_))
        pair.clock(each);
    for (const clock_in &each : sequence)
        pair.clock(each);
    // What a protocol asks for after these is not known.
    std::uint64_t after =
        layout_.block->protocol ? 0 : static_cast<std::uint64_t>(what_.latency()) + kMargin;
    const clock_in idle = {false, false,
                           std::vector<std::uint64_t>(static_cast<std::size_t>(layout_.in_words))};
    for (std::uint64_t i = 0; i < after; i++)
        pair.clock(idle);
    wave.finish(std::move(model));
}

void session::explain(outcome &result)
{
    std::error_code failed;
    fs::create_directories(directory_, failed);
    if (failed)
        throw std::runtime_error(directory_.string() + ": cannot be made: " + failed.message());
    const protocol rules(what_, sequence_);
    bool stops = !result.difference->stop.empty();
    if (!stops)
        result.hint = other_latency();
    result.history = history_.size();
    if (result.history)
        result.minimal = minimizer(
                             what_, rules, [this] { return make(what_); }, stops)
                             .run(history_);
    result.waveform = (directory_ / "difference.fst").string();
    record(*result.difference, result.waveform);
    if (!result.minimal)
        return;
    result.minimal_waveform = (directory_ / "minimal.fst").string();
    record_minimal(result.minimal->clocks, result.minimal_waveform);
    result.rows = (directory_ / "minimal.rows").string();
    write_rows(what_, result.minimal->clocks, result.rows);
}

outcome session::run()
{
    outcome result{what_};
    result.module = module_.name;
    result.rtl = module_.file;
    result.latency_from = latency_from_;
    result.seed = options_.seed;
    drive(result);
    if (result.difference)
        explain(result);
    else if (result.compared == 0)
        throw std::runtime_error("no output was compared in " + std::to_string(result.cycles) +
                                 " cycles; run more: --cycles N");
    return result;
}

} // namespace tessera
