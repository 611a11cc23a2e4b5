// SPDX-License-Identifier: Apache-2.0
// The machine with values in it: the same cycles, and the bits of ts_gemm.
#include "random_machine.h"
#include "values_of.h"

#include "machine/machine_module.h"

#include <map>
#include <string>
#include <vector>

namespace
{

using namespace random_machine;
using tessera::contents;
using tessera::machine_simulation;

// What the pairs have to have had among them.
class variety
{
  public:
    void note(const pair &p)
    {
        const ts_mnk s = p.job.shape;
        const ts_parts &parts = p.plan.parts;
        seen_[p.machine.output_stationary ? "output-stationary"
              : p.machine.overlapped      ? "overlapped"
                                          : "serial"]++;
        seen_["mode " + std::to_string(p.machine.mode)]++;
        seen_["ideal"] += p.machine.ideal;
        seen_["blocks of k"] += p.plan.block.k < s.k;
        seen_["blocks of m"] += ceiling(s.m, p.plan.block.m * parts.m) > 2;
        seen_["blocks of n"] += ceiling(s.n, p.plan.block.n * parts.n) > 2;
        seen_["tiles of m"] += p.plan.tile.m < p.plan.block.m;
        seen_["tiles of n"] += p.plan.tile.n < p.plan.block.n;
        seen_["slices"] += p.plan.tile.k < p.plan.block.k;
        seen_["cores share m"] += parts.m > parts.core_m;
        seen_["cores share n"] += parts.n > parts.core_n;
        seen_["corelets share m"] += parts.core_m > 1;
        seen_["corelets share n"] += parts.core_n > 1;
        seen_["tail of k"] += s.k % (p.machine.rows * p.machine.lanes) != 0;
    }

    void expect_all() const
    {
        for (const auto &[what, times] : seen_)
            EXPECT_GE(times, 5) << what;
    }

  private:
    std::map<std::string, long> seen_;
};

// Bytes in a half of a memory, as far as it was ever written.
std::int64_t used(tessera::memory &memory, const ts_gemm_job &job, int half)
{
    const auto bytes = [&](tessera::operand_index operand, std::int64_t bits) {
        return ceiling(static_cast<std::int64_t>(memory[operand].half(half).size()) * bits, 8);
    };
    return bytes(tessera::OPERAND_A, job.a.stored) + bytes(tessera::OPERAND_B, job.b.stored) +
           bytes(tessera::OPERAND_C, job.stored);
}

void expect_fits(machine_simulation &simulation, const pair &p)
{
    for (const auto &core : simulation.machine().values().parts.cores)
        for (int half = 0; half < 2; half++) {
            EXPECT_LE(used(core->l1, p.job, half), p.machine.l1_size / 2);
            for (const auto &corelet : core->corelets)
                EXPECT_LE(used(corelet->l0, p.job, half), p.machine.l0_half);
        }
}

TEST(MachineValues, ResultsAreThoseOfTheGemm)
{
    random_source random(54321);
    variety seen;
    std::map<std::uint32_t, long> results;
    for (int i = 0; i < 400 && !HasFailure();) {
        pair p;
        if (!make_pair(random, p))
            continue;
        i++;
        SCOPED_TRACE("pair " + std::to_string(i));
        const random_gemm g(random, p.machine, p.job.shape);
        machine_simulation simulation(p.machine, contents::values);
        const std::vector<std::uint32_t> golden = g.golden();
        EXPECT_EQ(run(p, g, simulation), golden);
        expect_fits(simulation, p);
        seen.note(p);
        for (const std::uint32_t c : golden)
            results[c]++;
    }
    seen.expect_all();
    EXPECT_GT(results.size(), 10000U);
}

// A job after another finds nothing of it.
TEST(MachineValues, OneJobAfterTheOther)
{
    random_source random(99);
    pair p;
    while (!make_pair(random, p)) {
    }
    machine_simulation simulation(p.machine, contents::values);
    for (int i = 0; i < 5; i++) {
        char error[512];
        p.job.shape = {random.size(40), random.size(40), random.size(80)};
        ASSERT_TRUE(ts_machine_plan(&p.machine, &p.job, &p.plan, error, sizeof error)) << error;
        const random_gemm g(random, p.machine, p.job.shape);
        EXPECT_EQ(run(p, g, simulation), g.golden());
    }
}

// The quantizers' factor: once, in fp32, then the result's format.
TEST(MachineValues, Factor)
{
    random_source random(5);
    for (int i = 0; i < 20;) {
        pair p;
        if (!make_pair(random, p))
            continue;
        i++;
        const random_gemm g(random, p.machine, p.job.shape);
        const float factor = 0.7F / static_cast<float>(i);
        const ts_format *format = ts_gemm_result(&g.gemm);
        std::vector<std::uint32_t> expected = g.golden();
        for (std::uint32_t &c : expected) {
            const auto value = static_cast<float>(ts_to_double(format, c));
            c = ts_of_double(format, value * factor);
        }
        machine_simulation simulation(p.machine, contents::values);
        EXPECT_EQ(run(p, g, simulation, factor), expected);
    }
}

// dY as dlfloat16 in DRAM and L1, quantized on its way to L0.
TEST(MachineValues, RequantizedGradients)
{
    random_source random(41);
    for (int i = 0; i < 30;) {
        pair p;
        if (!make_pair(random, p) || p.machine.mode != TS_MODE_FP4)
            continue;
        i++;
        random_gemm g(random, p.machine, p.job.shape);
        const bool is_a = g.a->format.radix_log2 == 2;
        ts_packed &of = is_a ? *g.a : *g.b;
        const bool odd = of.format.name == std::string(ts_format_fp4_r4_odd.name);
        std::vector<std::uint16_t> dy(static_cast<std::size_t>(of.vectors * of.k)), quantized(dy);
        for (std::uint16_t &value : dy)
            value = static_cast<std::uint16_t>(random.from_to(0, 0xFFFF) & 0x8FFF) + 0x3000;
        ts_quantize_tpr(dy.data(), dy.size(), 3, TS_UNDERFLOW_NEAREST,
                        odd ? nullptr : quantized.data(), odd ? quantized.data() : nullptr,
                        nullptr);
        const ts_format format = of.format;
        const std::int64_t vectors = of.vectors, k = of.k;
        ts_packed_free(&of);
        ASSERT_EQ(ts_pack(&of, &format, vectors, k, quantized.data(), sizeof quantized[0],
                          is_a ? k : 1, is_a ? 1 : vectors),
                  nullptr);

        char error[512] = "";
        (is_a ? p.job.a : p.job.b).stored = 16;
        if (!ts_machine_plan(&p.machine, &p.job, &p.plan, error, sizeof error))
            continue;
        const std::vector<std::uint32_t> golden = g.golden();
        std::vector<std::uint32_t> c(golden.size(), ~0U);
        const ts_gemm_values values = {&g.gemm, 1, c.data(), dy.data(), 3, TS_UNDERFLOW_NEAREST};
        ASSERT_TRUE(ts_gemm_values_check(&p.machine, &p.job, &values, error, sizeof error));
        machine_simulation simulation(p.machine, contents::values);
        simulation.run(p.job, p.plan, values);
        EXPECT_EQ(c, golden);
        expect_fits(simulation, p);
    }
}

// What would be wrong in hardware is wrong here, in as many cycles.
TEST(MachineValues, FaultsAreSeen)
{
    for (const tessera::fault fault : {tessera::fault::stride, tessera::fault::half}) {
        random_source random(17);
        int seen = 0, tried = 0;
        while (tried < 20) {
            pair p;
            if (!make_pair(random, p) || p.plan.block.k <= 2 * p.plan.tile.k ||
                p.job.shape.m < 10 || p.job.shape.n < 10)
                continue;
            tried++;
            const random_gemm g(random, p.machine, p.job.shape);
            machine_simulation simulation(p.machine, contents::values);
            simulation.machine().control().inject(fault);
            seen += run(p, g, simulation) != g.golden();
        }
        EXPECT_GE(seen, 18) << static_cast<int>(fault);
    }
}

TEST(MachineValues, ValuesThatDoNotFit)
{
    random_source random(23);
    pair p;
    while (!make_pair(random, p) || p.machine.mode != TS_MODE_INT4 || p.machine.lanes < 2) {
    }
    const random_gemm g(random, p.machine, p.job.shape);
    bool wants_dy = false;
    const auto refusal = [&](auto change) {
        ts_gemm gemm = g.gemm;
        ts_gemm_job job = p.job;
        ts_machine machine = p.machine;
        change(gemm, job, machine);
        const std::uint16_t dy = 0;
        const ts_gemm_values values = {
            &gemm, 1, nullptr, wants_dy ? &dy : nullptr, 0, TS_UNDERFLOW_NEAREST};
        char error[512] = "";
        EXPECT_FALSE(ts_gemm_values_check(&machine, &job, &values, error, sizeof error));
        return std::string(error);
    };
    EXPECT_EQ(refusal([](auto &, auto &, auto &m) { m.mode = TS_MODE_FP4; }),
              "the operands' formats are not those of the machine's mode");
    EXPECT_EQ(refusal([](auto &, auto &j, auto &) { j.shape.n++; }),
              "the operands are not of the job's shape");
    EXPECT_EQ(refusal([](auto &x, auto &, auto &) { x.lanes /= 2; }),
              "lanes are not the machine's");
    EXPECT_EQ(refusal([](auto &x, auto &, auto &) { x.escale = 64; }),
              "escale must be from -64 to 63");
    wants_dy = true;
    EXPECT_EQ(refusal([](auto &, auto &, auto &) {}), "only radix-4 operands are requantized");
}

} // namespace
