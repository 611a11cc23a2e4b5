// SPDX-License-Identifier: Apache-2.0
// Elementwise jobs with values: golden functions of whole tensors.
#include "random_machine.h"

#include "machine/machine_module.h"

#include <string>
#include <vector>

namespace
{

using namespace random_machine;
using tessera::contents;
using tessera::machine_simulation;
using codes = std::vector<std::uint32_t>;

// What is done with how many elements on which machine, and what comes of it.
struct elements_run {
    ts_machine machine{};
    ts_elementwise_job job{};
    ts_elementwise_values values{};
    codes in[2], out[2];

    // On a design that has the corelets for it.
    elements_run(random_source &random, ts_special special, const ts_format &value, int out_bits)
    {
        char error[512];
        ts_design d{};
        do {
            d = random_design(random);
            if (special == TS_SPECIAL_SAWB)
                d.chip.cores = d.chip.corelets = 1;
        } while (!ts_machine_make(&d, random_mode(random, d), &machine, error, sizeof error));
        values.special = special;
        values.value = &value;
        const int inputs = ts_special_inputs(special), outputs = ts_special_outputs(special);
        job = {random.size(3000), inputs * ts_format_bits(&value), outputs * out_bits,
               random.from_to(1, 5)};
        for (int i = 0; i < inputs; i++) {
            in[i] = draw(random, value);
            values.in[i] = in[i].data();
        }
        for (int i = 0; i < outputs; i++) {
            out[i].assign(in[0].size(), ~0U);
            values.out[i] = out[i].data();
        }
    }

    void run()
    {
        char error[512] = "";
        ts_counts closed{};
        ASSERT_TRUE(ts_elementwise_values_check(&machine, &values, error, sizeof error)) << error;
        ASSERT_TRUE(ts_elementwise_counts(&machine, &job, &closed, error, sizeof error)) << error;
        expect_equal(closed, machine_simulation(machine, contents::values).run(job, values));
    }

    std::vector<float> numbers() const
    {
        std::vector<float> x;
        for (const std::uint32_t code : in[0])
            x.push_back(static_cast<float>(ts_to_double(values.value, code)));
        return x;
    }

    std::vector<std::uint16_t> words(int tensor) const
    {
        return {in[tensor].begin(), in[tensor].end()};
    }

  private:
    // Within some binades of one, zeros now and then.
    codes draw(random_source &random, const ts_format &value) const
    {
        codes drawn(static_cast<std::size_t>(job.elements));
        for (std::uint32_t &code : drawn)
            if (!random.one_in(8))
                code = ts_of_double(&value, static_cast<double>(random.from_to(-4096, 4096)) /
                                                static_cast<double>(64 << random.from_to(0, 9)));
        return drawn;
    }
};

template <class Word> codes wide(const std::vector<Word> &words)
{
    return {words.begin(), words.end()};
}

const ts_format &random_value(random_source &random)
{
    return random.one_in(2) ? ts_format_dlfloat16 : ts_format_fp32;
}

constexpr int kRuns = 25;

TEST(MachineElements, Integers)
{
    random_source random(31);
    for (int i = 0; i < 2 * kRuns; i++) {
        const bool is_signed = random.one_in(2);
        elements_run r(random, is_signed ? TS_SPECIAL_INT4 : TS_SPECIAL_UINT4, random_value(random),
                       4);
        r.values.clip = static_cast<float>(random.from_to(1, 100)) / 16;
        r.run();
        const std::vector<float> x = r.numbers();
        std::vector<std::uint16_t> expected(x.size());
        (is_signed ? ts_quantize_int4 : ts_quantize_uint4)(x.data(), x.size(), r.values.clip,
                                                           expected.data());
        EXPECT_EQ(r.out[0], wide(expected));
    }
}

// Both phases in one pass, with GradScale's factor from a pass before.
TEST(MachineElements, Gradients)
{
    random_source random(32);
    for (int i = 0; i < kRuns; i++) {
        elements_run largest(random, TS_SPECIAL_LARGEST, ts_format_dlfloat16, 0);
        largest.values.target = static_cast<int>(random.from_to(5, 8));
        largest.run();
        std::vector<std::uint16_t> x = largest.words(0);
        EXPECT_EQ(largest.values.k, ts_gradscale_align(x.data(), x.size(), largest.values.target));

        elements_run r(random, TS_SPECIAL_TPR, ts_format_dlfloat16, 4);
        r.values.k = largest.values.k;
        r.values.underflow = random.one_in(2) ? TS_UNDERFLOW_FLUSH : TS_UNDERFLOW_NEAREST;
        r.run();
        x = r.words(0);
        std::vector<std::uint16_t> even(x.size()), odd(x.size());
        ts_quantize_tpr(x.data(), x.size(), r.values.k, r.values.underflow, even.data(), odd.data(),
                        nullptr);
        EXPECT_EQ(r.out[0], wide(even));
        EXPECT_EQ(r.out[1], wide(odd));
    }
}

TEST(MachineElements, Conversions)
{
    random_source random(33);
    const ts_format *formats[] = {&ts_format_fp8_143, &ts_format_fp8_152, &ts_format_dlfloat16};
    for (int i = 0; i < kRuns; i++) {
        const ts_format *to = formats[random.from_to(0, 2)];
        elements_run r(random, TS_SPECIAL_CONVERT, random_value(random), ts_format_bits(to));
        r.values.to = to;
        r.run();
        codes expected;
        for (const float x : r.numbers())
            expected.push_back(ts_of_double(to, x));
        EXPECT_EQ(r.out[0], expected);
    }
}

TEST(MachineElements, ClipOfWeights)
{
    random_source random(34);
    for (int i = 0; i < kRuns; i++) {
        elements_run r(random, TS_SPECIAL_SAWB, random_value(random), 0);
        r.values.lanes = static_cast<int>(random.pow2(6));
        r.run();
        const std::vector<float> x = r.numbers();
        bool fell_back = false;
        const float clip = ts_sawb_clip_lanes(x.data(), x.size(), r.values.lanes, &fell_back);
        EXPECT_EQ(r.values.clip, clip);
        EXPECT_EQ(r.values.fell_back, fell_back);
    }
}

// As few blocks as fit all L1s, evenly; each corelet has a part of each, and registers of its own.
std::int64_t update(const elements_run &r, std::vector<ts_axpy_sr_unit> &units,
                    const std::vector<std::uint16_t> &dw, std::vector<std::uint16_t> &w)
{
    const std::int64_t n = r.machine.corelets, corelets = r.machine.cores * n;
    const std::int64_t share = ceiling(r.job.elements, corelets);
    std::int64_t blocks = 1;
    while (2 * (ceiling(n * ceiling(share, blocks) * r.job.in, 8) +
                ceiling(n * ceiling(share, blocks) * r.job.out, 8)) >
           r.machine.l1_size)
        blocks++;
    const std::int64_t block = ceiling(share, blocks) * corelets;
    for (std::int64_t at = 0; at < r.job.elements; at += block) {
        const std::int64_t end = std::min(at + block, r.job.elements);
        const std::int64_t each = ceiling(end - at, corelets);
        for (std::int64_t i = 0; i < corelets; i++) {
            const std::int64_t first = std::min(at + i * each, end);
            const auto elements = static_cast<std::size_t>(std::min(first + each, end) - first);
            ts_axpy_sr_tensor(&units[static_cast<std::size_t>(i)], r.values.lr, dw.data() + first,
                              w.data() + first, elements);
        }
    }
    return blocks;
}

TEST(MachineElements, Updates)
{
    random_source random(35);
    std::int64_t most = 0; // blocks
    for (int i = 0; i < kRuns; i++) {
        elements_run r(random, TS_SPECIAL_AXPY_SR, ts_format_dlfloat16, 16);
        r.values.lr = {static_cast<std::uint16_t>(ts_of_double(
            &ts_format_dlfloat16, -0.01 * static_cast<double>(random.from_to(1, 99))))};
        std::vector<ts_axpy_sr_unit> units;
        for (std::int64_t u = 0; u < r.machine.cores * r.machine.corelets; u++) {
            units.push_back(ts_axpy_sr_preset());
            units.back().lanes = static_cast<int>(random.pow2(3));
            for (int lane = 0; lane < units.back().lanes; lane++)
                units.back().state[lane] =
                    ts_axpy_sr_seed(static_cast<std::uint32_t>(u + 1), TS_LFSR_WIDTH, lane);
        }
        std::vector<ts_axpy_sr_unit> golden = units;
        r.values.units = units.data();
        r.run();
        std::vector<std::uint16_t> w = r.words(1);
        most = std::max(most, update(r, golden, r.words(0), w));
        EXPECT_EQ(r.out[0], wide(w));
        for (std::size_t u = 0; u < units.size(); u++)
            EXPECT_TRUE(
                std::equal(units[u].state, units[u].state + units[u].lanes, golden[u].state));
    }
}

TEST(MachineElements, ValuesThatDoNotFit)
{
    random_source random(36);
    elements_run r(random, TS_SPECIAL_TPR, ts_format_dlfloat16, 4);
    r.machine.cores = 2;
    const auto refusal = [&](ts_special special, const ts_format &value) {
        r.values.special = special;
        r.values.value = &value;
        char error[512] = "";
        EXPECT_FALSE(ts_elementwise_values_check(&r.machine, &r.values, error, sizeof error));
        return std::string(error);
    };
    EXPECT_EQ(refusal(TS_SPECIAL_TPR, ts_format_fp32), "values must be dlfloat16");
    EXPECT_EQ(refusal(TS_SPECIAL_INT4, ts_format_bf16), "values must be dlfloat16 or fp32");
    EXPECT_EQ(refusal(TS_SPECIAL_SAWB, ts_format_fp32),
              "the sums of sawb depend on their order, so there must be one corelet");
    r.machine.cores = r.machine.corelets = 1;
    r.values.lanes = 3;
    EXPECT_EQ(refusal(TS_SPECIAL_SAWB, ts_format_fp32),
              "lanes must be a power of two from 1 to 64");
}

} // namespace
