// SPDX-License-Identifier: Apache-2.0
// Elements per second of the quantizers: whole tensors on each instruction set, beside the golden
// functions and blocks that define them, one element (or cycle) after the other.
#include "tessera/tessera.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

namespace
{

constexpr std::size_t size = 1 << 16; // a layer's tensor that stays in the second-level cache
constexpr std::size_t lanes = 8;
constexpr float clip = 0.7F;
constexpr int k = 5;

/* Like weights, activations and gradients: of either sign, one element in eight larger. */
struct tensors {
    std::vector<float> reals;
    std::vector<std::uint16_t> codes, even, odd;

    tensors() : reals(size), codes(size), even(size), odd(size)
    {
        ts_random random{1};
        for (float &x : reals) {
            const std::uint64_t bits = ts_random_next(&random);
            x = static_cast<float>(bits >> 40) * 0x1p-24F - 0.5F;
            x *= bits & 7 ? 1 : 4;
        }
        ts_round_dlfloat16(reals.data(), size, 1, codes.data(), nullptr);
    }
};

/* A block that takes `lanes` elements of one or two tensors a cycle, and control. */
class streamed
{
  public:
    streamed(const char *name, std::int64_t input) : block_(ts_block_find(name))
    {
        ts_block_presets(block_, params_.data());
        if (input)
            params_[0] = input;
        state_.resize(block_->state_bytes(params_.data()) / sizeof(std::max_align_t) + 1);
        block_->reset(params_.data(), state_.data());
    }

    std::uint64_t step(const std::uint64_t *in)
    {
        block_->step(params_.data(), state_.data(), true, in, out_.data());
        return out_[0];
    }

  private:
    const ts_block *block_;
    std::array<std::int64_t, TS_MAX_PARAMS> params_{};
    std::vector<std::max_align_t> state_;
    std::array<std::uint64_t, 2 * lanes> out_{};
};

ts_dlfloat16 dlfloat16(double x)
{
    return {static_cast<std::uint16_t>(ts_of_double(&ts_format_dlfloat16, x))};
}

void golden_int4(tensors &t)
{
    const ts_format &f = ts_format_int4;
    for (std::size_t i = 0; i < size; i++) {
        const double quotient = static_cast<double>(t.reals[i]) * 7 / static_cast<double>(clip);
        t.even[i] = static_cast<std::uint16_t>(ts_of_double(&f, std::max(quotient, -7.0)));
    }
}

void golden_uint4(tensors &t)
{
    const ts_dlfloat16 scale = dlfloat16(15 / static_cast<double>(clip));
    for (std::size_t i = 0; i < size; i++)
        t.even[i] =
            static_cast<std::uint16_t>(ts_pact(dlfloat16(static_cast<double>(t.reals[i])), scale));
}

void golden_dlfloat16(tensors &t)
{
    for (std::size_t i = 0; i < size; i++)
        t.even[i] = dlfloat16(static_cast<double>(t.reals[i])).v;
}

void golden_tpr(tensors &t)
{
    for (std::size_t i = 0; i < size; i++) {
        const ts_tpr q = ts_tpr_quantize({t.codes[i]}, k, TS_UNDERFLOW_NEAREST);
        t.even[i] = q.even.v;
        t.odd[i] = q.odd.v;
    }
}

void golden_sawb(tensors &t)
{
    streamed sawb("sawb", TS_OUTER_FP32);
    std::array<std::uint64_t, lanes + 3> in{};
    in[lanes + 2] = size;
    for (std::size_t i = 0; i < size; i += lanes) {
        for (std::size_t lane = 0; lane < lanes; lane++) {
            std::uint32_t code = 0;
            std::memcpy(&code, &t.reals[i + lane], sizeof code);
            in[lane] = code;
        }
        in[lanes] = i == 0;
        in[lanes + 1] = i + lanes == size;
        benchmark::DoNotOptimize(sawb.step(in.data()));
    }
}

void golden_gradscale(tensors &t)
{
    streamed gradscale("gradscale", 0);
    std::array<std::uint64_t, lanes + 2> in{};
    for (std::size_t i = 0; i < size; i += lanes) {
        std::copy_n(&t.codes[i], lanes, in.begin());
        in[lanes] = i == 0;
        in[lanes + 1] = i + lanes == size;
        benchmark::DoNotOptimize(gradscale.step(in.data()));
    }
}

void golden_axpy_sr(tensors &t)
{
    streamed axpy_sr("axpy_sr", 0);
    std::array<std::uint64_t, 1 + 3 * lanes> in{};
    in[0] = dlfloat16(0.01).v;
    for (std::size_t i = 0; i < size; i += lanes) {
        std::copy_n(&t.codes[i], lanes, in.begin() + 1);
        std::copy_n(&t.codes[size - lanes - i], lanes, in.begin() + 1 + lanes);
        benchmark::DoNotOptimize(axpy_sr.step(in.data()));
    }
}

double square_error(const tensors &t, double range)
{
    double sum = 0;
    for (float x : t.reals) {
        const double real = static_cast<double>(x);
        const double q = std::max(-7.0, std::min(std::nearbyint(real * 7 / range), 7.0));
        const double error = q * range / 7 - real;
        sum += error * error;
    }
    return sum;
}

/* As many clips as the search tries. */
void golden_least_mse(tensors &t)
{
    double least = std::numeric_limits<double>::infinity();
    for (int i = 1; i <= 127; i++)
        least = std::min(least, square_error(t, i / 64.0));
    benchmark::DoNotOptimize(least);
}

struct quantizer {
    const char *name;
    void (*golden)(tensors &t);
    void (*array)(tensors &t);
};

const quantizer quantizers[] = {
    {"int4", golden_int4,
     [](tensors &t) { ts_quantize_int4(t.reals.data(), size, clip, t.even.data()); }},
    {"uint4_pact", golden_uint4,
     [](tensors &t) { ts_quantize_uint4(t.reals.data(), size, clip, t.even.data()); }},
    {"dlfloat16", golden_dlfloat16,
     [](tensors &t) { ts_round_dlfloat16(t.reals.data(), size, 1, t.even.data(), nullptr); }},
    {"tpr_both_phases", golden_tpr,
     [](tensors &t) {
         ts_quantize_tpr(t.codes.data(), size, k, TS_UNDERFLOW_NEAREST, t.even.data(), t.odd.data(),
                         nullptr);
     }},
    {"sawb_clip", golden_sawb,
     [](tensors &t) { benchmark::DoNotOptimize(ts_sawb_clip(t.reals.data(), size, nullptr)); }},
    {"gradscale", golden_gradscale,
     [](tensors &t) {
         benchmark::DoNotOptimize(ts_gradscale_align(t.codes.data(), size, TS_GRADSCALE_TARGET));
     }},
    {"axpy_sr", golden_axpy_sr,
     [](tensors &t) {
         ts_axpy_sr_unit unit = ts_axpy_sr_preset();
         t.even = t.codes;
         ts_axpy_sr_tensor(&unit, dlfloat16(0.01), t.codes.data(), t.even.data(), size);
     }},
    {"least_mse_clip", golden_least_mse,
     [](tensors &t) { benchmark::DoNotOptimize(ts_least_mse_clip(t.reals.data(), size, true)); }},
};

void run(benchmark::State &state, void (*function)(tensors &t), const char *isa)
{
    tensors t;
    if (isa)
        setenv("TESSERA_ISA", isa, 1);
    for (auto _ : state) {
        function(t);
        benchmark::ClobberMemory();
    }
    unsetenv("TESSERA_ISA");
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(size));
}

} // namespace

int main(int argc, char **argv)
{
    for (const quantizer &each : quantizers) {
        const std::string name = each.name;
        benchmark::RegisterBenchmark((name + "/golden").c_str(), run, each.golden, nullptr);
        for (const char *isa : {"avx512vnni", "avx2", "portable"})
            if (ts_gemm_has_isa(isa))
                benchmark::RegisterBenchmark((name + "/" + isa).c_str(), run, each.array, isa);
    }
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 1;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
