// SPDX-License-Identifier: Apache-2.0
// The SystemC machine behind an interface for C.
#include "machine/step.h"

#include "machine/machine_module.h"
#include "machine/tally.h"

#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>

namespace
{

// A waveform beside its place, to which it goes when it is whole.
class waveform
{
  public:
    explicit waveform(const char *path) : path_(path), part_(path_ + ".part")
    {
        std::FILE *file = std::fopen(written().c_str(), "w");
        if (!file)
            throw std::runtime_error(path_ + ": " + std::strerror(errno));
        std::fclose(file);
    }

    // Without the suffix, which SystemC adds.
    const std::string &part() const
    {
        return part_;
    }

    void finish() const
    {
        if (std::rename(written().c_str(), path_.c_str()) != 0)
            throw std::runtime_error(path_ + ": " + std::strerror(errno));
    }

  private:
    std::string written() const
    {
        return part_ + ".vcd";
    }

    std::string path_, part_;
};

ts_counts step(const ts_machine &machine, const ts_gemm_job &job, const ts_plan &plan,
               const ts_gemm_values *values, const waveform *to)
{
    ts_counts sum{};
    tessera::machine_simulation simulation(machine, values ? tessera::contents::values
                                                           : tessera::contents::none);
    if (to)
        simulation.trace(to->part().c_str());
    for (std::int64_t i = 0; i < job.count; i++) {
        const ts_counts one =
            values ? simulation.run(job, plan, *values) : simulation.run(job, plan);
        ts_counts_add(&sum, &one, 1);
    }
    return sum;
}

bool can_be_stepped(const ts_counts &counts, char *error, std::size_t size)
{
    if (counts.cycles <= TS_MAX_STEPPED)
        return true;
    std::snprintf(error, size, "%" PRId64 " cycles are too many to be stepped; at most %" PRId64,
                  counts.cycles, TS_MAX_STEPPED);
    return false;
}

} // namespace

bool ts_gemm_can_step_values(const ts_machine *machine, const ts_gemm_job *job, char *error,
                             std::size_t size)
{
    ts_counts counts;
    if (!ts_gemm_counts(machine, job, &counts, error, size) || !can_be_stepped(counts, error, size))
        return false;
    const ts_mnk s = job->shape;
    const double macs = static_cast<double>(counts.macs);
    const double elements = static_cast<double>(s.m) * static_cast<double>(s.k) +
                            static_cast<double>(s.k) * static_cast<double>(s.n) +
                            static_cast<double>(s.m) * static_cast<double>(s.n);
    if (macs <= TS_MAX_STEPPED_MACS && elements <= TS_MAX_STEPPED_ELEMENTS)
        return true;
    std::snprintf(error, size,
                  "%.3g multiply-accumulates of %.3g elements are too many to be stepped with "
                  "values; at most %.0e of %.0e",
                  macs, elements, static_cast<double>(TS_MAX_STEPPED_MACS),
                  static_cast<double>(TS_MAX_STEPPED_ELEMENTS));
    return false;
}

bool ts_gemm_step_values(const ts_machine *machine, const ts_gemm_job *job,
                         const ts_gemm_values *values, const char *vcd, ts_counts *counts,
                         char *error, std::size_t size)
try {
    ts_plan plan;
    if (!ts_machine_plan(machine, job, &plan, error, size) ||
        !ts_gemm_counts(machine, job, counts, error, size) || !can_be_stepped(*counts, error, size))
        return false;
    if (values && (!ts_gemm_can_step_values(machine, job, error, size) ||
                   !ts_gemm_values_check(machine, job, values, error, size)))
        return false;
    std::optional<waveform> file;
    if (vcd)
        file.emplace(vcd);
    *counts = step(*machine, *job, plan, values, file ? &*file : nullptr);
    if (file)
        file->finish();
    return true;
} catch (const std::exception &failure) {
    std::snprintf(error, size, "%s", failure.what());
    return false;
}

bool ts_gemm_step(const ts_machine *machine, const ts_gemm_job *job, ts_counts *counts, char *error,
                  std::size_t size)
{
    return ts_gemm_step_values(machine, job, nullptr, nullptr, counts, error, size);
}

bool ts_elementwise_step(const ts_machine *machine, const ts_elementwise_job *job,
                         ts_counts *counts, char *error, std::size_t size)
try {
    if (!ts_elementwise_counts(machine, job, counts, error, size) ||
        !can_be_stepped(*counts, error, size))
        return false;
    *counts = tessera::machine_simulation(*machine).run(*job);
    return true;
} catch (const std::exception &failure) {
    std::snprintf(error, size, "%s", failure.what());
    return false;
}

bool ts_allreduce_step(const ts_machine *machine, std::int64_t bytes, ts_counts *counts,
                       char *error, std::size_t size)
try {
    if (!ts_allreduce_counts(machine, bytes, counts, error, size) ||
        !can_be_stepped(*counts, error, size))
        return false;
    *counts = tessera::machine_simulation(*machine).run_allreduce(bytes);
    return true;
} catch (const std::exception &failure) {
    std::snprintf(error, size, "%s", failure.what());
    return false;
}
