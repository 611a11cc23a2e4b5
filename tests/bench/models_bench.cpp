// SPDX-License-Identifier: Apache-2.0
// Operations per second of every block's golden arithmetic, with its preset parameters.
#include "tessera/tessera.h"

#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace
{

// Few enough to stay in cache, many enough that branches are not learned by heart.
constexpr std::size_t n_operations = 1024;

void golden(benchmark::State &state, const ts_block *block)
{
    std::array<std::int64_t, TS_MAX_PARAMS> params{};
    ts_block_presets(block, params.data());
    const auto in_words = static_cast<std::size_t>(ts_block_words(block, TS_IN, params.data()));
    const auto out_words = static_cast<std::size_t>(ts_block_words(block, TS_OUT, params.data()));
    std::vector<std::uint64_t> in(in_words * n_operations);
    std::vector<std::uint64_t> out(out_words);
    ts_random random{1};
    for (std::size_t i = 0; i < n_operations; i++)
        ts_random_inputs(&random, block, params.data(), &in[i * in_words]);

    const std::size_t bytes = block->state_bytes ? block->state_bytes(params.data()) : 0;
    std::vector<std::max_align_t> memory(bytes / sizeof(std::max_align_t) + 1);
    void *block_state = bytes ? memory.data() : nullptr;
    if (bytes)
        block->reset(params.data(), block_state);

    for (auto _ : state) {
        for (std::size_t i = 0; i < n_operations; i++)
            block->step(params.data(), block_state, true, &in[i * in_words], out.data());
        benchmark::DoNotOptimize(out.data());
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(n_operations));
}

} // namespace

int main(int argc, char **argv)
{
    for (const ts_block *const *block = ts_blocks; *block; block++)
        benchmark::RegisterBenchmark((std::string("golden/") + (*block)->name).c_str(), golden,
                                     *block);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 1;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
