// SPDX-License-Identifier: Apache-2.0
// The exact GEMM, packing included, beside OpenBLAS, the core's peaks and a plain emulation.
#include "peaks.h"
#include "plain.h"
#include "tessera/tessera.h"

#include <benchmark/benchmark.h>
#include <cblas.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <unistd.h>
#include <vector>

namespace
{

struct shape {
    const char *name;
    std::int64_t m, n, k;
};

const shape shapes[] = {
    {"512", 512, 512, 512},
    {"1024", 1024, 1024, 1024},
    {"2048", 2048, 2048, 2048},
    {"resnet50_conv2", 12544, 64, 576}, // 4 images, 3x3
    {"resnet50_conv3", 3136, 128, 1152},
    {"resnet50_conv4", 784, 256, 2304},
    {"resnet50_1x1", 784, 1024, 256},
    {"transformer_qkv", 512, 2304, 768},
    {"transformer_ffn", 512, 768, 3072},
};

struct kind {
    const char *name;
    const ts_format *a, *b;
    std::int64_t lanes, chunk, variant;
    int escale;
    bool narrow; // numbers of some binades about one: over all of them, sums would overflow
    bool apart;  // a shortcut or a detour that depends on parameters: one shape is enough
};

const kind kinds[] = {
    {"int4_fp4", &ts_format_int4, &ts_format_fp4_r4_even, 8, 64, TS_VARIANT_FUSED, 0, false, false},
    {"int4_int4", &ts_format_int4, &ts_format_int4, 8, 64, TS_VARIANT_FUSED, 0, false, false},
    {"int4_int4_integer", &ts_format_int4, &ts_format_int4, 8, 64, TS_VARIANT_INTEGER, 0, false,
     false},
    {"int4_fp4_integer", &ts_format_int4, &ts_format_fp4_r4_even, 8, 64, TS_VARIANT_INTEGER, 0,
     false, false},
    {"int4_fp4_split", &ts_format_int4, &ts_format_fp4_r4_even, 8, 64, TS_VARIANT_SPLIT, 0, false,
     true},
    {"int4_fp4_overflow", &ts_format_int4, &ts_format_fp4_r4_even, 8, 64, TS_VARIANT_FUSED, 20,
     false, true},
    {"int4_fp4_chunk1024", &ts_format_int4, &ts_format_fp4_r4_even, 8, 1024, TS_VARIANT_FUSED, 0,
     false, true},
    {"hfp8_143_143", &ts_format_fp8_143, &ts_format_fp8_143, 2, 64, TS_VARIANT_FUSED, 0, false,
     false},
    {"hfp8_143_152", &ts_format_fp8_143, &ts_format_fp8_152, 2, 64, TS_VARIANT_FUSED, 0, false,
     true},
    {"dlfloat16", &ts_format_dlfloat16, &ts_format_dlfloat16, 1, 64, TS_VARIANT_FUSED, 0, true,
     false},
    {"dlfloat16_all_binades", &ts_format_dlfloat16, &ts_format_dlfloat16, 1, 64, TS_VARIANT_FUSED,
     0, false, true},
    {"int8", &ts_format_int8, &ts_format_int8, 4, 0, TS_VARIANT_FUSED, 0, false, true},
    {"fp16", &ts_format_fp16, &ts_format_fp16, 1, 0, TS_VARIANT_FUSED, 0, true, true},
    {"bf16", &ts_format_bf16, &ts_format_bf16, 1, 0, TS_VARIANT_FUSED, 0, true, true},
    {"fp32", &ts_format_fp32, &ts_format_fp32, 1, 0, TS_VARIANT_FUSED, 0, true, true},
};

void set_rate(benchmark::State &state, double macs)
{
    state.counters["MAC"] = benchmark::Counter(macs, benchmark::Counter::kIsIterationInvariantRate);
}

double macs_of(const shape &s)
{
    return static_cast<double>(s.m) * static_cast<double>(s.n) * static_cast<double>(s.k);
}

/* Uniform codes. */
template <typename Element> std::vector<Element> draw(const kind &what, bool is_b, std::int64_t n)
{
    const ts_format &f = is_b ? *what.b : *what.a;
    ts_random random{is_b ? 2U : 1U};
    std::vector<Element> codes(static_cast<std::size_t>(n));
    for (Element &code : codes) {
        auto bits = static_cast<std::uint32_t>(ts_random_next(&random));
        if (what.narrow)
            bits = (bits & ~(((1U << f.exp_bits) - 4) << f.man_bits)) |
                   static_cast<std::uint32_t>((f.bias - 2) & ~3) << f.man_bits;
        else if (f.specials != TS_SPECIALS_NONE && f.kind == TS_KIND_FLOAT && bits % 128 == 127)
            bits = 0; // NaN-Infinity would be all there is
        code = static_cast<Element>(bits);
    }
    return codes;
}

template <typename Element>
void run(benchmark::State &state, const kind *what, const shape *s, int threads, bool golden)
{
    const auto a = draw<Element>(*what, false, s->m * s->k);
    const auto b = draw<Element>(*what, true, s->k * s->n);
    std::vector<std::uint32_t> c(static_cast<std::size_t>(s->m * s->n));
    for (auto _ : state) {
        ts_packed packed_a, packed_b;
        ts_pack(&packed_a, what->a, s->m, s->k, a.data(), sizeof a[0], s->k, 1);
        ts_pack(&packed_b, what->b, s->n, s->k, b.data(), sizeof b[0], 1, s->n);
        ts_gemm gemm{};
        gemm.a = &packed_a;
        gemm.b = &packed_b;
        gemm.lanes = what->lanes;
        gemm.chunk = what->chunk;
        gemm.variant = what->variant;
        gemm.escale = what->escale;
        gemm.align = {false, 24};
        const char *error = ts_gemm_check(&gemm);
        if (!error && golden)
            ts_gemm_golden(&gemm, c.data());
        else if (!error)
            error = ts_gemm_run(&gemm, threads, c.data());
        if (error)
            state.SkipWithError(error);
        benchmark::ClobberMemory();
        ts_packed_free(&packed_a);
        ts_packed_free(&packed_b);
    }
    set_rate(state, macs_of(*s));
}

void sgemm(benchmark::State &state, const shape *s, int threads)
{
    const auto size = [](std::int64_t n) { return static_cast<std::size_t>(n); };
    ts_random random{3};
    std::vector<float> a(size(s->m * s->k)), b(size(s->k * s->n)), c(size(s->m * s->n));
    for (auto *matrix : {&a, &b})
        for (float &x : *matrix)
            x = static_cast<float>(ts_random_next(&random) >> 40) * 0x1p-23F - 1;
    const int m = static_cast<int>(s->m), n = static_cast<int>(s->n), k = static_cast<int>(s->k);
    openblas_set_num_threads(threads);
    for (auto _ : state) {
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1, a.data(), k, b.data(), n,
                    0, c.data(), n);
        benchmark::ClobberMemory();
    }
    openblas_set_num_threads(1);
    set_rate(state, macs_of(*s));
}

void peak_rate(benchmark::State &state, const peak *what)
{
    for (auto _ : state)
        what->run();
    set_rate(state, static_cast<double>(what->macs) * PEAK_INSTRUCTIONS);
}

void plain(benchmark::State &state, std::int64_t lanes)
{
    const std::int64_t size = 64;
    ts_random random{4};
    std::vector<float> a(size * size), b(size * size), c(size * size);
    for (float &x : a)
        x = static_cast<float>(ts_random_next(&random) % 15) - 7;
    for (float &x : b)
        x = static_cast<float>(1 << 2 * (ts_random_next(&random) % 7)) / 64;
    for (auto _ : state) {
        plain_gemm(a, b, c, size, lanes, size, {6, 9, 31});
        benchmark::ClobberMemory();
    }
    set_rate(state, static_cast<double>(size * size * size));
}

const shape small = {"32x32x1024", 32, 32, 1024};

template <typename... Arguments> void add(const std::string &name, Arguments... arguments)
{
    benchmark::RegisterBenchmark(name.c_str(), arguments...)
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
}

void add_kind(const kind &each)
{
    const auto function = ts_format_bits(each.a) > 16 ? run<std::uint32_t> : run<std::uint16_t>;
    const std::string name = each.name;
    for (const shape &s : shapes)
        for (int threads : {1, 2})
            if (!each.apart || (std::string(s.name) == "1024" && threads == 1))
                add(name + "/" + s.name + "/" + std::to_string(threads), function, &each, &s,
                    threads, false);
    add("golden/" + name, function, &each, &small, 1, true);
}

/* An OpenBLAS older than the processor may take it for one without AVX: tell it what to be. */
void choose_core(char **argv)
{
    const std::string core = openblas_get_corename();
    const char *better = __builtin_cpu_supports("avx512bw") ? "SkylakeX"
                         : __builtin_cpu_supports("avx2")   ? "Haswell"
                                                            : nullptr;
    if (core != "Prescott" || !better || std::getenv("OPENBLAS_CORETYPE"))
        return;
    setenv("OPENBLAS_CORETYPE", better, 1);
    execv("/proc/self/exe", argv);
}

} // namespace

int main(int argc, char **argv)
{
    choose_core(argv);
    openblas_set_num_threads(1);
    for (const shape &s : shapes)
        for (int threads : {1, 2})
            add(std::string("sgemm/") + s.name + "/" + std::to_string(threads), sgemm, &s, threads);
    for (int i = 0; i < n_peaks; i++)
        if (peaks[i].present())
            add(std::string("peak/") + peaks[i].name, peak_rate, &peaks[i]);
    for (const kind &each : kinds)
        add_kind(each);
    add("plain/int4_fp4", plain, 8);
    add("plain/dlfloat16", plain, 1);
    benchmark::AddCustomContext("openblas", openblas_get_corename());
    const char *isa = std::getenv("TESSERA_ISA");
    benchmark::AddCustomContext("tessera_isa", isa ? isa : "as preferred");
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 1;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
