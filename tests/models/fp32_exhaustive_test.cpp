// SPDX-License-Identifier: Apache-2.0
// Every fp32 code into the formats that training narrows to, against MPFR's steps and the CPU.
#include "oracle/fp32.h"
#include "oracle/from_fp32.h"
#include "oracle/run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cinttypes>
#include <cstdio>
#include <thread>

#if defined __x86_64__ || defined __i386__
#include <immintrin.h>
#endif

using oracle::Format;
using oracle::FromFp32;
using oracle::Overflow;
using oracle::Round;

namespace
{

enum : uint32_t { BATCH = 4096, BATCHES = 1U << 20 };

/* A target in the rounding that is its own, and in the overflow policy that it has by itself. */
struct Target {
    Target(Format f, Round round, Overflow overflow)
        : format(ts_format_find(oracle::name_of(f))), oracle(f, round, overflow)
    {
    }

    const ts_format *format;
    FromFp32 oracle;
    std::atomic<uint64_t> compared{0};
    std::atomic<uint64_t> wrong{0};
    std::atomic<uint32_t> first_wrong{0};
};

/* Codes from `begin` on, all of one sign: run by run, each with one expected result. */
void compare(Target &target, uint32_t begin, const std::array<ts_value, BATCH> &values)
{
    const ts_format *f = target.format;
    const std::vector<oracle::Run> &runs = target.oracle.runs(begin >> 31 != 0);
    uint32_t magnitude = begin & 0x7FFFFFFF;
    auto run = std::upper_bound(runs.begin(), runs.end(), magnitude,
                                [](uint32_t m, const oracle::Run &r) { return m < r.first; }) -
               1;
    for (uint32_t i = 0; i < BATCH;) {
        bool last = run + 1 == runs.end();
        uint32_t end = last ? BATCH : std::min<uint32_t>((run + 1)->first - magnitude, BATCH);
        for (; i < end; i++) {
            if (ts_encode(f, values[i], f->rounding, f->overflow) == run->code)
                continue;
            if (target.wrong++ == 0)
                target.first_wrong = begin + i;
        }
        ++run;
    }
    target.compared += BATCH;
}

#if defined __x86_64__ || defined __i386__

std::atomic<uint64_t> cpu_compared{0};
std::atomic<uint64_t> cpu_wrong{0};

/* The CPU keeps a NaN's payload and the sign of zero; the machine does not. */
__attribute__((target("f16c"))) void compare_with_cpu(uint32_t begin,
                                                      const std::array<ts_value, BATCH> &values)
{
    const ts_format *f = &ts_format_fp16;
    for (uint32_t i = 0; i < BATCH; i++) {
        auto code = static_cast<uint32_t>(
            _cvtss_sh(oracle::float_of_bits(begin + i), _MM_FROUND_TO_NEAREST_INT));
        if ((code & 0x7FFF) > 0x7C00)
            code = 0x7E00;
        cpu_wrong +=
            ts_encode(f, values[i], f->rounding, f->overflow) != (code == 0x8000 ? 0 : code);
    }
    cpu_compared += BATCH;
}

/* clang's builtin knows no f16c; AVX2 came after it. */
bool cpu_converts()
{
    return __builtin_cpu_supports("avx2");
}

#else

std::atomic<uint64_t> cpu_compared{0};
std::atomic<uint64_t> cpu_wrong{0};

void compare_with_cpu(uint32_t, const std::array<ts_value, BATCH> &)
{
}

bool cpu_converts()
{
    return false;
}

#endif

} // namespace

TEST(fp32_exhaustive, converts_as_the_oracle)
{
    Target targets[] = {{Format::dlfloat16, Round::nearest_up, Overflow::special},
                        {Format::fp16, Round::nearest_even, Overflow::special},
                        {Format::bf16, Round::nearest_even, Overflow::special},
                        {Format::fp8_143, Round::nearest_up, Overflow::saturate},
                        {Format::fp8_152, Round::nearest_up, Overflow::special},
                        {Format::fp9_153, Round::nearest_up, Overflow::special},
                        {Format::e4m3, Round::nearest_even, Overflow::special},
                        {Format::e5m2, Round::nearest_even, Overflow::special}};
    for (const Target &target : targets)
        ASSERT_TRUE(target.oracle.agrees_with_slow_oracle()) << target.format->name;

    uint64_t wanted = oracle::vectors(uint64_t{BATCH} * BATCHES);
    uint32_t batches = std::max(static_cast<uint32_t>(wanted / BATCH), 1U);
    uint32_t stride = BATCHES / batches; /* of a smaller run, every so many-th batch */
    std::atomic<uint32_t> next{0};
    auto work = [&targets, &next, batches, stride] {
        static thread_local std::array<ts_value, BATCH> values;
        for (uint32_t batch = next++; batch < batches; batch = next++) {
            uint32_t begin = batch * stride * BATCH;
            for (uint32_t i = 0; i < BATCH; i++)
                values[i] = ts_decode(&ts_format_fp32, begin + i);
            for (Target &target : targets)
                compare(target, begin, values);
            if (cpu_converts())
                compare_with_cpu(begin, values);
        }
    };
    std::thread other(work);
    work();
    other.join();

    for (const Target &target : targets) {
        std::printf("%-10s %" PRIu64 " of 2^32 codes, %" PRIu64 " mismatches\n",
                    target.format->name, target.compared.load(), target.wrong.load());
        EXPECT_EQ(target.compared, uint64_t{batches} * BATCH);
        EXPECT_EQ(target.wrong, 0U) << "first at 0x" << std::hex << target.first_wrong;
    }
    std::printf("%-10s %" PRIu64 " of 2^32 codes, %" PRIu64 " mismatches\n", "F16C",
                cpu_compared.load(), cpu_wrong.load());
    EXPECT_EQ(cpu_wrong, 0U);
}
