// SPDX-License-Identifier: Apache-2.0
// A whole training step on a machine by closed form: of every network, on rapid and rapid_fp4. That
// of ResNet-50, batch 128, is to take less than 100 ms on one core.
#include "training/count.h"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace
{

constexpr double kMostMilliseconds = 100;

ts_training training_of(const char *design)
{
    ts_design loaded{};
    ts_training training{};
    ts_error error{};
    char text[1024] = "";
    const std::string path = std::string(TESSERA_SHIPPED_DESIGNS) + "/" + design + ".yaml";
    if (!ts_design_load(path.c_str(), &loaded, text, sizeof text) ||
        !ts_training_make(&loaded, &training, &error)) {
        std::fprintf(stderr, "%s: %s%s\n", design, text, error.text);
        std::exit(1);
    }
    return training;
}

// Jobs made and counted anew each time; nothing is kept in between.
void step(benchmark::State &state, const char *design, const char *network)
{
    const ts_training training = training_of(design);
    ts_workload workload{};
    ts_error error{};
    if (!ts_network_make(network, 0, &workload, &error)) {
        state.SkipWithError(error.text);
        return;
    }
    double cycles = 0;
    for (auto _ : state) {
        ts_jobs jobs{};
        std::unique_ptr<ts_counts, decltype(&std::free)> counts(nullptr, std::free);
        if (ts_jobs_make(&training, &workload, &jobs, &error))
            counts.reset(ts_jobs_count(&training, &workload, &jobs, &ts_closed_form, &error));
        if (!counts) {
            state.SkipWithError(error.text);
            break;
        }
        const ts_totals totals = ts_jobs_totals(&training, &workload, &jobs, counts.get());
        cycles = static_cast<double>(totals.all.counts.cycles);
        ts_jobs_free(&jobs);
    }
    ts_workload_free(&workload);
    state.counters["modelled_cycles"] = cycles;
}

class reporter : public benchmark::ConsoleReporter
{
  public:
    void ReportRuns(const std::vector<Run> &runs) override
    {
        ConsoleReporter::ReportRuns(runs);
        for (const Run &run : runs) {
            failed_ = failed_ || run.error_occurred;
            if (run.benchmark_name().find("/resnet50") != std::string::npos)
                failed_ = failed_ || run.GetAdjustedCPUTime() > kMostMilliseconds;
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

int main(int argc, char **argv)
{
    for (const char *design : {"rapid", "rapid_fp4"})
        for (std::size_t i = 0; ts_network_name(i); i++) {
            const char *network = ts_network_name(i);
            benchmark::RegisterBenchmark((std::string(design) + "/" + network).c_str(), step,
                                         design, network)
                ->Unit(benchmark::kMillisecond);
        }
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 1;
    reporter console;
    benchmark::RunSpecifiedBenchmarks(&console);
    if (console.failed())
        std::fprintf(stderr, "step_bench: ResNet-50 takes more than %g ms, or something failed\n",
                     kMostMilliseconds);
    return console.failed() ? 1 : 0;
}
