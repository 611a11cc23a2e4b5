// SPDX-License-Identifier: Apache-2.0
// Random inputs for a target: mutations of sound ones, until the seconds are over or one fails.
#include "fuzz.h"

#include "tessera/vectors.h"
#include "traces/scratch.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <unistd.h>

extern "C" {
// A request for more memory than there is fails, as it does without a sanitizer. HDF5 1.10 leaks
// where it fails; that is not what is tested.
const char *__asan_default_options()
{
    return "allocator_may_return_null=1:max_allocation_size_mb=1024:allow_user_segv_handler=0";
}

// A library of its own, which does not call back: its signal is caught.
const char *__ubsan_default_options()
{
    return "abort_on_error=1:print_stacktrace=1";
}

const char *__lsan_default_suppressions()
{
    return "leak:libhdf5";
}

__attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());
}

namespace
{

enum { MAX_SECONDS_EACH = 120, MAX_BYTES = 1 << 17 };

fuzz::Bytes current;
char failed_name[256] = "fuzz-failure";

// From a signal's handler: system calls alone.
void save(const char *name)
{
    const int file = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (file < 0)
        return;
    const ssize_t written = write(file, current.data(), current.size());
    static_cast<void>(written);
    close(file);
}

void say(const char *text)
{
    const ssize_t written = write(STDERR_FILENO, text, std::strlen(text));
    static_cast<void>(written);
}

void on_death()
{
    save(failed_name);
    say("the input is in ");
    say(failed_name);
    say("\n");
}

void on_signal(int number)
{
    say(number == SIGALRM ? "an input takes too long\n" : "crashed\n");
    on_death();
    _exit(1);
}

// A sanitizer has its own for most signals.
void set_handlers(void (*of_signals)(int), void (*of_death)())
{
    if (__sanitizer_set_death_callback)
        __sanitizer_set_death_callback(of_death);
    for (int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT})
        if (!__sanitizer_set_death_callback || number == SIGABRT)
            std::signal(number, of_signals);
}

class Mutator
{
  public:
    Mutator(std::uint64_t seed, std::vector<fuzz::Bytes> corpus)
        : random_{seed}, corpus_(std::move(corpus))
    {
    }

    fuzz::Bytes next()
    {
        fuzz::Bytes bytes = pick();
        for (std::uint64_t n = below(8); n > 0; n--)
            mutate(bytes);
        if (bytes.size() > MAX_BYTES)
            bytes.resize(MAX_BYTES);
        return bytes;
    }

  private:
    std::uint64_t below(std::uint64_t end)
    {
        return ts_random_next(&random_) % end;
    }

    const fuzz::Bytes &pick()
    {
        return corpus_[below(corpus_.size())];
    }

    std::size_t place(const fuzz::Bytes &bytes)
    {
        return static_cast<std::size_t>(below(bytes.size() + 1));
    }

    // A number where one may be: little-endian, of 1 to 8 bytes.
    void put_number(fuzz::Bytes &bytes)
    {
        static const std::uint64_t numbers[] = {
            0,          1,          2,         7,          0x7F,       0x80,       0xFF,
            0x100,      0x7FFF,     0xFFFF,    0x10000,    0x7FFFFFFF, 0x80000000, 0xFFFFFFFF,
            1ULL << 32, 1ULL << 62, INT64_MAX, 1ULL << 63, UINT64_MAX};
        std::uint64_t number = numbers[below(std::size(numbers))] + below(3) - 1;
        const std::size_t size = std::size_t{1} << below(4), at = place(bytes);
        for (std::size_t i = 0; i < size && at + i < bytes.size(); i++, number >>= 8)
            bytes[at + i] = static_cast<std::uint8_t>(number);
    }

    // A piece of an input in the place of another, or between.
    void splice(fuzz::Bytes &bytes, bool insert)
    {
        const fuzz::Bytes other = below(2) ? bytes : pick();
        const std::size_t from = place(other);
        const std::size_t length = std::min<std::size_t>(other.size() - from, below(64) + 1);
        const std::size_t at = place(bytes);
        const std::size_t old = insert ? 0 : std::min(length, bytes.size() - at);
        const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(at);
        bytes.insert(bytes.erase(begin, begin + static_cast<std::ptrdiff_t>(old)),
                     other.begin() + static_cast<std::ptrdiff_t>(from),
                     other.begin() + static_cast<std::ptrdiff_t>(from + length));
    }

    void mutate(fuzz::Bytes &bytes)
    {
        const std::size_t at = bytes.empty() ? 0 : static_cast<std::size_t>(below(bytes.size()));
        switch (bytes.empty() ? 5 : below(8)) {
        case 0:
            bytes[at] ^= static_cast<std::uint8_t>(1U << below(8));
            break;
        case 1:
            bytes[at] = static_cast<std::uint8_t>(below(256));
            break;
        case 2:
            bytes[at] = static_cast<std::uint8_t>(bytes[at] + below(33) - 16);
            break;
        case 3:
            put_number(bytes);
            break;
        case 4:
            if (below(8) == 0) // files that break off
                bytes.resize(at);
            else
                bytes[at] = 0;
            break;
        case 5:
            splice(bytes, true);
            break;
        case 6:
            splice(bytes, false);
            break;
        default:
            bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                        bytes.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(
                                            bytes.size(), at + 1 + below(16))));
            break;
        }
    }

    ts_random random_;
    std::vector<fuzz::Bytes> corpus_;
};

void run_one(const fuzz::Bytes &input)
{
    current = input;
    alarm(MAX_SECONDS_EACH);
    fuzz::run(current);
    alarm(0);
}

fuzz::Bytes contents(const char *name)
{
    std::ifstream file(name, std::ios::binary);
    if (!file) {
        std::fprintf(stderr, "%s: cannot be read\n", name);
        std::exit(2);
    }
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

int run_mutations(const char *program, double seconds, std::uint64_t seed)
{
    using clock = std::chrono::steady_clock;
    const auto begin = clock::now();
    const auto passed = [&] { return std::chrono::duration<double>(clock::now() - begin).count(); };
    std::fprintf(stderr, "%s: seed %llu\n", program, static_cast<unsigned long long>(seed));
    std::vector<fuzz::Bytes> seeds = fuzz::seeds();
    for (const fuzz::Bytes &input : seeds)
        run_one(input);
    Mutator mutator(seed, std::move(seeds));
    std::uint64_t inputs = 0;
    for (double said = 0; passed() < seconds; inputs++) {
        run_one(mutator.next());
        if (passed() > said + 60) {
            said = passed();
            std::fprintf(stderr, "%s: %.0f of %.0f s, %llu inputs\n", program, said, seconds,
                         static_cast<unsigned long long>(inputs));
        }
    }
    std::printf("%s: %llu inputs in %.0f s, seed %llu, no failure%s\n", program,
                static_cast<unsigned long long>(inputs), passed(),
                static_cast<unsigned long long>(seed), fuzz::summary().c_str());
    return 0;
}

} // namespace

void fuzz::require(bool holds, const std::string &what)
{
    if (holds)
        return;
    std::fprintf(stderr, "wrong: %s\n", what.c_str());
    std::abort();
}

const std::string &fuzz::file_of(const Bytes &input)
{
    static const Scratch scratch;
    static const std::string name = scratch.path("input");
    std::ofstream file(name, std::ios::binary | std::ios::trunc);
    file.write(reinterpret_cast<const char *>(input.data()),
               static_cast<std::streamsize>(input.size()));
    file.close();
    require(!file.fail(), name + " cannot be written");
    return name;
}

void fuzz::let_die()
{
    set_handlers(SIG_DFL, nullptr);
}

std::string fuzz::keep(const std::string &why)
{
    std::string name = std::string(failed_name) + "-" + why;
    save(name.c_str());
    return name;
}

int main(int argc, char **argv)
{
    double seconds = 10;
    auto seed =
        static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
    int option = 0;
    while ((option = getopt(argc, argv, "t:s:o:")) != -1) {
        if (option == 't')
            seconds = std::atof(optarg);
        else if (option == 's')
            seed = std::strtoull(optarg, nullptr, 10);
        else if (option == 'o')
            std::snprintf(failed_name, sizeof failed_name, "%s", optarg);
        else {
            std::fprintf(stderr, "usage: %s [-t SECONDS] [-s SEED] [-o FILE] [INPUT...]\n",
                         argv[0]);
            return 2;
        }
    }
    std::signal(SIGALRM, on_signal);
    set_handlers(on_signal, on_death);
    if (optind == argc)
        return run_mutations(argv[0], seconds, seed);
    for (int i = optind; i < argc; i++)
        run_one(contents(argv[i]));
    std::printf("%s: no failure%s\n", argv[0], fuzz::summary().c_str());
    return 0;
}
