// SPDX-License-Identifier: Apache-2.0
// The SystemC machine behind an interface for C.
#include "machine/step.h"

#include "machine/machine_module.h"
#include "machine/tally.h"

#include <array>
#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include <unistd.h>

namespace
{

// SystemC opens a waveform by a name that ends with .vcd, and does not tell what it could not
// write: the name leads to a pipe, and what comes out of that goes to a stream.
class waveform
{
  public:
    explicit waveform(std::FILE *to) : to_(to)
    {
        if (!mkdtemp(directory_.data()))
            throw std::runtime_error(directory_ + ": " + std::strerror(errno));
        int ends[2] = {-1, -1};
        const bool good = pipe(ends) == 0 && symlink(("/dev/fd/" + std::to_string(ends[1])).c_str(),
                                                     link().c_str()) == 0;
        out_ = ends[0];
        in_ = ends[1];
        if (good) {
            pump_ = std::thread(&waveform::pump, this);
            return;
        }
        const std::string why = std::strerror(errno);
        close_all();
        throw std::runtime_error(directory_ + ": " + why);
    }

    ~waveform()
    {
        finish();
    }

    waveform(const waveform &) = delete;
    waveform &operator=(const waveform &) = delete;

    // Without the suffix, which SystemC adds.
    std::string name() const
    {
        return directory_ + "/waveform";
    }

    // When SystemC has closed it. What failed is in the stream, and why in errno.
    void finish()
    {
        close_all();
        if (failure_)
            errno = failure_;
    }

  private:
    std::string link() const
    {
        return name() + ".vcd";
    }

    void close_all()
    {
        if (in_ >= 0)
            close(in_);
        in_ = -1;
        if (pump_.joinable())
            pump_.join();
        if (out_ >= 0)
            close(out_);
        out_ = -1;
        forget();
    }

    void forget() const
    {
        unlink(link().c_str());
        rmdir(directory_.c_str());
    }

    void pump()
    {
        std::array<char, 1 << 16> buffer;
        for (ssize_t n = 0; (n = read(out_, buffer.data(), buffer.size())) > 0;) {
            const auto size = static_cast<std::size_t>(n);
            forget(); // it is open; who ends us finds nothing left
            if (!failure_ && std::fwrite(buffer.data(), 1, size, to_) != size)
                failure_ = errno;
        }
    }

    std::FILE *to_;
    std::string directory_ = std::filesystem::temp_directory_path() / "tessera_XXXXXX";
    int in_ = -1, out_ = -1;
    int failure_ = 0;
    std::thread pump_;
};

ts_counts step(const ts_machine &machine, const ts_gemm_job &job, const ts_plan &plan,
               const ts_gemm_values *values, const waveform *to)
{
    ts_counts sum{};
    tessera::machine_simulation simulation(machine, values ? tessera::contents::values
                                                           : tessera::contents::none);
    if (to)
        simulation.trace(to->name().c_str());
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
                         const ts_gemm_values *values, std::FILE *vcd, ts_counts *counts,
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
