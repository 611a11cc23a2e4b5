// SPDX-License-Identifier: Apache-2.0
#include "netlist/run.h"

#include "netlist/model.h"
#include "netlist/vectors.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <dlfcn.h>
#include <stdexcept>
#include <string>

namespace tessera
{

namespace
{

// Most mutants die at once; those that live get longer runs. Each begins with a reset, which has
// mutants too. Where a protocol makes sequences, one in so many is long enough for the longest.
constexpr std::size_t kFirstCycles = 256, kMostCycles = 4096, kGrowth = 4;
constexpr std::size_t kLongCycles = 65536, kLongEvery = 16;

// Cycles without a single operation: something stands still.
constexpr std::uint64_t kStuck = 1'000'000;

netlist_run *load(const char *library)
{
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    void *symbol = handle ? dlsym(handle, "run") : nullptr;
    if (!symbol)
        throw std::runtime_error(dlerror());
    return reinterpret_cast<netlist_run *>(symbol);
}

class mutants
{
  public:
    mutants(const bench &bench, const run_options &options)
        : options_(options), has_sequences_(bench.block.protocol), run_(load(options.library)),
          vectors_(make_vectors(bench, options.seed)), alive_(options.mutants)
    {
    }

    void run()
    {
        std::size_t cycles = kFirstCycles;
        std::size_t batches = 0;
        do {
            bool is_long = has_sequences_ && ++batches % kLongEvery == 0;
            next(is_long ? kLongCycles : cycles);
            cycles = std::min(cycles * kGrowth, kMostCycles);
            if (cycles_ > kStuck && vectors_->count() == 0)
                throw std::runtime_error("no operation ever ends");
        } while (vectors_->count() < options_.vectors &&
                 (options_.mutants.empty() || !alive_.empty()));
    }

    void print() const
    {
        std::printf("{\"vectors\": %" PRIu64 ", \"cycles\": %" PRIu64 ", \"alive\": [",
                    vectors_->count(), cycles_);
        for (std::size_t i = 0; i < alive_.size(); i++)
            std::printf("%s%u", i ? ", " : "", alive_[i]);
        std::printf("]}\n");
    }

  private:
    void next(std::size_t cycles)
    {
        const batch &batch = vectors_->next(cycles);
        std::size_t reached = first_difference(batch, 0);
        if (reached != batch.cycles)
            throw std::runtime_error("the netlist differs from C in cycle " +
                                     std::to_string(cycles_ + reached));
        std::vector<unsigned> left;
        for (unsigned mutant : alive_)
            if (first_difference(batch, mutant) == batch.cycles)
                left.push_back(mutant);
        alive_ = left;
        cycles_ += batch.cycles;
    }

    std::size_t first_difference(const batch &batch, unsigned mutant) const
    {
        return run_(mutant, batch.cycles, batch.in.data(), batch.expected.data(),
                    batch.mask.data());
    }

    const run_options &options_;
    bool has_sequences_;
    netlist_run *run_;
    std::unique_ptr<vectors> vectors_;
    std::vector<unsigned> alive_;
    std::uint64_t cycles_ = 0;
};

} // namespace

void run_netlist(const bench &bench, const run_options &options)
{
    mutants all(bench, options);
    all.run();
    all.print();
}

} // namespace tessera
