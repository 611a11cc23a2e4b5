// SPDX-License-Identifier: Apache-2.0
// Traces in HDF5, of Tessera's own layout and of the one that h5py has by default. HDF5 crashes on
// some damaged files: that has to stay in the reader's guard, and must not come from its own code.
#include "fuzz.h"

#include "default_layout.h"
#include "guard.h"
#include "traces/scratch.h"

#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace
{

std::uint64_t sound;
std::map<std::string, std::uint64_t> contained;

std::string contents(const std::string &name)
{
    std::ifstream file(name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// The function of HDF5 in which a sanitizer's report begins; empty: of no other's code. Without a
// sanitizer there is no telling.
std::string culprit(const std::string &report)
{
    if (report.empty())
        return "somewhere";
    const std::size_t frame = report.find("#0 ");
    const std::size_t end = report.find("\n\n", frame);
    const std::string stack = report.substr(frame == std::string::npos ? 0 : frame,
                                            end == std::string::npos ? end : end - frame);
    const std::size_t library = stack.find("libhdf5");
    if (library == std::string::npos)
        return "";
    const std::size_t line = stack.rfind('\n', library) + 1;
    const std::size_t in = stack.find(" in ", line);
    return in < library ? stack.substr(in + 4, stack.find(' ', in + 4) - in - 4) : "libhdf5";
}

} // namespace

// In the place of the reader's own: it listens to what the child says when it dies.
guard_result guard_run(bool (*work)(void *, ts_error *), void *argument, unsigned long,
                       ts_error *error)
{
    enum { SECONDS = 20, OK = 17, FAILED = 18 };
    int ends[2];
    std::FILE *report = std::tmpfile();
    fuzz::require(report && pipe(ends) == 0, "no pipe");
    const pid_t child = fork();
    fuzz::require(child >= 0, "no process");
    if (child == 0) {
        fuzz::let_die();
        const rlimit limits = {SECONDS, SECONDS};
        setrlimit(RLIMIT_CPU, &limits);
        dup2(fileno(report), STDERR_FILENO);
        ts_error why{};
        const bool ok = work(argument, &why);
        const ssize_t written = write(ends[1], &why, sizeof why);
        _exit(written != sizeof why ? 1 : ok ? OK : FAILED);
    }
    close(ends[1]);
    int status = 0;
    ts_error why{};
    const bool said = read(ends[0], &why, sizeof why) == sizeof why;
    close(ends[0]);
    waitpid(child, &status, 0);
    std::rewind(report);
    std::string text(1 << 16, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), report));
    std::fclose(report);
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    if (said && (code == OK || code == FAILED)) {
        if (code == FAILED && error)
            *error = why;
        return code == OK ? GUARD_OK : GUARD_FAILED;
    }
    const bool lost =
        WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL);
    const std::string function = lost ? "never ends" : culprit(text);
    fuzz::require(!function.empty(), "not HDF5's:\n" + text);
    if (contained[function]++ == 0) {
        std::fprintf(stderr, "HDF5 crashes (%s): %s\n", function.c_str(),
                     fuzz::keep(function).c_str());
        std::ofstream(fuzz::keep(function) + ".txt") << text;
    }
    return GUARD_CRASHED;
}

std::vector<fuzz::Bytes> fuzz::seeds()
{
    Scratch scratch;
    ts_error error{};
    std::vector<Bytes> all;
    const std::string own = scratch.path("own.h5"), other = scratch.path("other.h5");
    require(write_small(own, &error), error.text);
    require(default_layout::copy(own, other), "no trace of the default layout");
    for (const std::string &name : {own, other}) {
        const std::string bytes = contents(name);
        all.emplace_back(bytes.begin(), bytes.end());
    }
    return all;
}

void fuzz::run(const Bytes &input)
{
    const std::string line = failure(file_of(input));
    require(line.empty() || !std::strchr(line.c_str(), '\n'), "a failure without its line");
    sound += line.empty();
}

std::string fuzz::summary()
{
    std::string text = ", " + std::to_string(sound) + " sound traces; crashes of HDF5, contained:";
    for (const auto &[function, count] : contained)
        text += " " + function + " " + std::to_string(count);
    return text + (contained.empty() ? " none" : "");
}
