// SPDX-License-Identifier: Apache-2.0
// Multiply-accumulates per second of the GEMM, golden and fast, on one thread.
#include "tessera/tessera.h"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace
{

using gemm_function = void(const ts_gemm *gemm, std::uint32_t *c);

void fast(const ts_gemm *gemm, std::uint32_t *c)
{
    ts_gemm_run(gemm, 1, c);
}

std::vector<std::uint16_t> draw(ts_random &random, std::int64_t n, std::int64_t modes)
{
    std::vector<std::uint16_t> codes(static_cast<std::size_t>(n));
    for (std::uint16_t &code : codes) {
        code = static_cast<std::uint16_t>(ts_random_next(&random));
        if (modes == TS_MODE_FP16) // signed numbers around one, as tensors are
            code = static_cast<std::uint16_t>((code & 0x87FF) | 27 << 9);
    }
    return codes;
}

struct shape {
    const char *name;
    std::int64_t modes, lanes, variant, chunk;
    int escale;
};

void run(benchmark::State &state, shape s, gemm_function *function)
{
    // The definition is a few hundred times slower.
    const std::int64_t size = function == fast ? 256 : 32;
    ts_gemm gemm{};
    gemm.m = gemm.n = size;
    gemm.k = 1024;
    gemm.modes = s.modes;
    gemm.lanes = s.lanes;
    gemm.chunk = s.chunk;
    gemm.variant = s.variant;
    gemm.escale = s.escale;
    ts_random random{1};
    const std::vector<std::uint16_t> a = draw(random, gemm.m * gemm.k, s.modes);
    const std::vector<std::uint16_t> b = draw(random, gemm.k * gemm.n, s.modes);
    std::vector<std::uint32_t> c(static_cast<std::size_t>(gemm.m * gemm.n));
    gemm.a = a.data();
    gemm.b = b.data();
    for (auto _ : state) {
        function(&gemm, c.data());
        benchmark::DoNotOptimize(c.data());
        benchmark::ClobberMemory();
    }
    state.counters["MAC"] = benchmark::Counter(static_cast<double>(gemm.m * gemm.n * gemm.k),
                                               benchmark::Counter::kIsIterationInvariantRate);
}

/* Added to the benchmarks of models_bench.cpp. */
const bool added = [] {
    const shape shapes[] = {
        {"int4xint4", TS_MODE_INT4, 8, TS_VARIANT_FUSED, 64, 0},
        {"int4xfp4", TS_MODE_FP4, 8, TS_VARIANT_FUSED, 64, 0},
        {"int4xfp4_split", TS_MODE_FP4, 8, TS_VARIANT_SPLIT, 64, 0},
        {"int4xfp4_integer", TS_MODE_FP4, 8, TS_VARIANT_INTEGER, 64, 0},
        {"int4xfp4_chunk1024", TS_MODE_FP4, 8, TS_VARIANT_FUSED, 1024, 0},
        {"int4xfp4_overflow", TS_MODE_FP4, 8, TS_VARIANT_FUSED, 64, 20},
        {"fp16", TS_MODE_FP16, 1, TS_VARIANT_FUSED, 64, 0},
    };
    for (const shape &s : shapes) {
        const std::string name = s.name;
        benchmark::RegisterBenchmark(("gemm_run/" + name).c_str(), run, s, fast);
        benchmark::RegisterBenchmark(("gemm_golden/" + name).c_str(), run, s, ts_gemm_golden);
    }
    return true;
}();

} // namespace
