// SPDX-License-Identifier: Apache-2.0
// Multiply-accumulates per second of the GEMM, golden and fast, packing included, on one thread.
#include "tessera/tessera.h"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace
{

struct kind {
    const char *name;
    const ts_format *a, *b;
    std::int64_t lanes, chunk, variant;
    int escale;
};

const kind kinds[] = {
    {"int4_fp4", &ts_format_int4, &ts_format_fp4_r4_even, 8, 64, TS_VARIANT_FUSED, 0},
    {"int4_fp4_split", &ts_format_int4, &ts_format_fp4_r4_even, 8, 64, TS_VARIANT_SPLIT, 0},
    {"int4_fp4_integer", &ts_format_int4, &ts_format_fp4_r4_even, 8, 64, TS_VARIANT_INTEGER, 0},
    {"int4_fp4_overflow", &ts_format_int4, &ts_format_fp4_r4_even, 8, 64, TS_VARIANT_FUSED, 20},
    {"int4_int4", &ts_format_int4, &ts_format_int4, 8, 64, TS_VARIANT_FUSED, 0},
    {"int4_int4_integer", &ts_format_int4, &ts_format_int4, 8, 64, TS_VARIANT_INTEGER, 0},
    {"int8", &ts_format_int8, &ts_format_int8, 4, 0, TS_VARIANT_FUSED, 0},
    {"hfp8_143_143", &ts_format_fp8_143, &ts_format_fp8_143, 2, 64, TS_VARIANT_FUSED, 0},
    {"hfp8_143_152", &ts_format_fp8_143, &ts_format_fp8_152, 2, 64, TS_VARIANT_FUSED, 0},
    {"dlfloat16", &ts_format_dlfloat16, &ts_format_dlfloat16, 1, 64, TS_VARIANT_FUSED, 0},
    {"fp16", &ts_format_fp16, &ts_format_fp16, 1, 0, TS_VARIANT_FUSED, 0},
    {"bf16", &ts_format_bf16, &ts_format_bf16, 1, 0, TS_VARIANT_FUSED, 0},
    {"fp32", &ts_format_fp32, &ts_format_fp32, 1, 0, TS_VARIANT_FUSED, 0},
};

std::vector<std::uint32_t> draw(ts_random &random, const ts_format *f, std::int64_t n)
{
    std::vector<std::uint32_t> codes(static_cast<std::size_t>(n));
    for (std::uint32_t &code : codes) {
        code = static_cast<std::uint32_t>(ts_random_next(&random));
        if (ts_format_bits(f) > 8) // of 16 bits and more: signed numbers of some binades
            code = (code & ~(((1U << f->exp_bits) - 4) << f->man_bits)) |
                   static_cast<std::uint32_t>(f->bias - 4) << f->man_bits;
    }
    return codes;
}

void run(benchmark::State &state, const kind *what, bool golden)
{
    // The definition is a few hundred times slower.
    const std::int64_t size = golden ? 32 : 512;
    ts_random random{1};
    const auto a = draw(random, what->a, size * size), b = draw(random, what->b, size * size);
    std::vector<std::uint32_t> c(static_cast<std::size_t>(size * size));
    for (auto _ : state) {
        ts_packed packed_a, packed_b;
        ts_pack(&packed_a, what->a, size, size, a.data(), sizeof a[0], size, 1);
        ts_pack(&packed_b, what->b, size, size, b.data(), sizeof b[0], 1, size);
        ts_gemm gemm{};
        gemm.a = &packed_a;
        gemm.b = &packed_b;
        gemm.lanes = what->lanes;
        gemm.chunk = what->chunk;
        gemm.variant = what->variant;
        gemm.escale = what->escale;
        gemm.align = {false, 24};
        if (golden)
            ts_gemm_golden(&gemm, c.data());
        else
            ts_gemm_run(&gemm, 1, c.data());
        benchmark::DoNotOptimize(c.data());
        benchmark::ClobberMemory();
        ts_packed_free(&packed_a);
        ts_packed_free(&packed_b);
    }
    state.counters["MAC"] = benchmark::Counter(static_cast<double>(size * size * size),
                                               benchmark::Counter::kIsIterationInvariantRate);
}

/* Added to the benchmarks of models_bench.cpp. */
const bool added = [] {
    for (const kind &each : kinds) {
        const std::string name = each.name;
        benchmark::RegisterBenchmark(("gemm_run/" + name).c_str(), run, &each, false);
        benchmark::RegisterBenchmark(("gemm_golden/" + name).c_str(), run, &each, true);
    }
    return true;
}();

} // namespace
