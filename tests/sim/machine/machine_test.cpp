// SPDX-License-Identifier: Apache-2.0
// The closed form: against the SystemC machine, against the literature, and at its limits.
#include "random_machine.h"

#include "machine/machine_module.h"

#include "tessera/mac_array.h"

#include <array>
#include <cinttypes>
#include <cstdlib>
#include <limits>
#include <map>
#include <string>

namespace
{

using namespace random_machine;

ts_operand random_operand(random_source &random, const ts_design &d, std::int64_t mode, bool is_dy)
{
    ts_operand o{};
    o.bits = ts_machine_operand_bits(&d, mode, is_dy);
    o.stored = is_dy && d.training.dy == TS_DY_REQUANTIZED ? 16 : o.bits;
    o.lowered = random.one_in(2) ? 1 : random.from_to(1, 9);
    o.unique = random.from_to(1, o.lowered);
    return o;
}

ts_gemm_job random_job(random_source &random, const ts_design &d, std::int64_t mode)
{
    ts_gemm_job job{};
    job.shape = {random.size(120), random.size(60), random.size(160)};
    const bool dy = random.one_in(2);
    job.a = random_operand(random, d, mode, mode == TS_MODE_FP4 && dy);
    job.b = random_operand(random, d, mode, mode == TS_MODE_FP4 && !dy);
    const std::int64_t stored[] = {4, 5, 8, 16, 32};
    job.stored = stored[random.from_to(0, 4)];
    job.ops = random.from_to(1, 4);
    job.count = 1;
    return job;
}

// DRAM: each operand at least once; at most both operands of every product, each result once.
void expect_traffic_bounds(const ts_gemm_job &job, const ts_plan &plan, const ts_counts &c)
{
    const ts_mnk s = job.shape;
    const auto bits = [](std::int64_t elements, const ts_operand &o) {
        return elements * o.stored * o.unique / o.lowered;
    };
    EXPECT_GE(8 * c.dram_read, bits(s.m * s.k, job.a) + bits(s.k * s.n, job.b));
    EXPECT_GE(8 * c.dram_write, s.m * s.n * job.stored);
    const std::int64_t blocks = ceiling(s.m, plan.block.m * plan.parts.m) *
                                ceiling(s.n, plan.block.n * plan.parts.n) *
                                ceiling(s.k, plan.block.k);
    const std::int64_t rounding = 16 * blocks; // to whole bytes, two operands a block
    EXPECT_LE(8 * c.dram_read, bits(c.macs, job.a) + bits(c.macs, job.b) + rounding);
    EXPECT_LE(8 * c.dram_write, s.m * s.n * job.stored + rounding);
}

long pairs()
{
    const char *text = std::getenv("TESSERA_MACHINE_PAIRS");
    return text ? std::atol(text) : 2000;
}

// What the pairs have to have had among them.
class variety
{
  public:
    void note(const ts_machine &m, const ts_gemm_job &job, const ts_plan &plan, const ts_counts &c)
    {
        for (int i = 0; i < TS_STALLS; i++)
            seen_[ts_stall_names[i]] += c.stall[i] > 0;
        const ts_mnk blocks = {ceiling(job.shape.m, plan.block.m * plan.parts.m),
                               ceiling(job.shape.n, plan.block.n * plan.parts.n),
                               ceiling(job.shape.k, plan.block.k)};
        const ts_mnk tiles = {ceiling(plan.block.m, plan.tile.m),
                              ceiling(plan.block.n, plan.tile.n),
                              ceiling(plan.block.k, plan.tile.k)};
        note_loop("blocks of m", blocks.m);
        note_loop("blocks of n", blocks.n);
        note_loop("blocks of k", blocks.k);
        note_loop("tiles of m", tiles.m);
        note_loop("tiles of n", tiles.n);
        note_loop("slices", tiles.k);
        seen_["output-stationary"] += m.output_stationary;
        seen_["overlapped"] += m.overlapped;
        seen_["ideal"] += m.ideal;
        seen_["lowered"] += job.a.unique < job.a.lowered;
        seen_["mode " + std::to_string(m.mode)]++;
        const ts_parts &parts = plan.parts;
        seen_["cores share m"] += parts.m > parts.core_m;
        seen_["cores share n"] += parts.n > parts.core_n;
        seen_["corelets share m"] += parts.core_m > 1;
        seen_["corelets share n"] += parts.core_n > 1;
    }

    void expect_all() const
    {
        for (const auto &[what, times] : seen_)
            EXPECT_GE(times, 5) << what;
    }

  private:
    // Long enough that one index stands for several.
    void note_loop(const std::string &loop, std::int64_t n)
    {
        seen_["many " + loop] += n > 7;
    }

    std::map<std::string, long> seen_;
};

TEST(Machine, ClosedFormIsTheSystemCMachine)
{
    random_source random(20210614);
    variety seen;
    for (long pair = 0; pair < pairs() && !HasFailure();) {
        const ts_design d = random_design(random);
        const std::int64_t mode = random_mode(random, d);
        const ts_gemm_job job = random_job(random, d, mode);
        char error[512];
        ts_machine machine;
        ts_plan plan;
        ts_counts closed;
        if (!ts_machine_make(&d, mode, &machine, error, sizeof error) ||
            !ts_machine_plan(&machine, &job, &plan, error, sizeof error))
            continue;
        pair++;
        SCOPED_TRACE("pair " + std::to_string(pair));
        ASSERT_TRUE(ts_gemm_counts(&machine, &job, &closed, error, sizeof error)) << error;
        expect_equal(closed, tessera::machine_simulation(machine).run(job, plan));
        expect_traffic_bounds(job, plan, closed);
        seen.note(machine, job, plan, closed);
    }
    if (pairs() >= 2000)
        seen.expect_all();
}

TEST(Machine, ElementwiseIsTheSystemCMachine)
{
    random_source random(7);
    for (int pair = 0; pair < 300 && !HasFailure();) {
        const ts_design d = random_design(random);
        char error[512];
        ts_machine machine;
        if (!ts_machine_make(&d, random_mode(random, d), &machine, error, sizeof error))
            continue;
        pair++;
        const ts_elementwise_job job = {random.size(4000), random.from_to(0, 80),
                                        random.from_to(0, 40), random.from_to(1, 6)};
        SCOPED_TRACE("pair " + std::to_string(pair));
        ts_counts closed;
        ASSERT_TRUE(ts_elementwise_counts(&machine, &job, &closed, error, sizeof error)) << error;
        expect_equal(closed, tessera::machine_simulation(machine).run(job));
    }
}

ts_design shipped(const char *name)
{
    ts_design design;
    char error[1024];
    EXPECT_TRUE(
        ts_design_load((std::string(TESSERA_SHIPPED_DESIGNS) + "/" + name + ".yaml").c_str(),
                       &design, error, sizeof error))
        << error;
    return design;
}

ts_machine machine_of(const ts_design &design, std::int64_t mode)
{
    ts_machine machine;
    char error[512];
    EXPECT_TRUE(ts_machine_make(&design, mode, &machine, error, sizeof error)) << error;
    return machine;
}

ts_gemm_job plain_job(ts_mnk shape, std::int64_t bits)
{
    return {shape, {bits, bits, 1, 1}, {bits, bits, 1, 1}, 16, 1, 1};
}

ts_plan plan_of(const ts_machine &machine, const ts_gemm_job &job)
{
    ts_plan plan{};
    char error[512];
    EXPECT_TRUE(ts_machine_plan(&machine, &job, &plan, error, sizeof error)) << error;
    return plan;
}

ts_counts counts_of(const ts_machine &machine, const ts_gemm_job &job)
{
    ts_counts counts{};
    char error[512];
    EXPECT_TRUE(ts_gemm_counts(&machine, &job, &counts, error, sizeof error)) << error;
    return counts;
}

std::string refusal(const ts_machine &machine, const ts_gemm_job &job)
{
    ts_counts counts;
    char error[512] = "";
    EXPECT_FALSE(ts_gemm_counts(&machine, &job, &counts, error, sizeof error));
    return error;
}

// 64 folds of 2R + C + T - 2, and 64 of K + R + C - 2.
TEST(Machine, IdealArraysMeetTheSystolicForms)
{
    const ts_gemm_job job = plain_job({256, 256, 256}, 16);
    EXPECT_EQ(counts_of(machine_of(shipped("ideal32_ws"), TS_MODE_FP16), job).cycles, 22400);
    EXPECT_EQ(counts_of(machine_of(shipped("ideal32_os"), TS_MODE_FP16), job).cycles, 20352);
}

TEST(Machine, IdealArraysMeetTheSystolicFormsEverywhere)
{
    const ts_machine ws = machine_of(shipped("ideal32_ws"), TS_MODE_FP16);
    const ts_machine os = machine_of(shipped("ideal32_os"), TS_MODE_FP16);
    random_source random(3);
    for (int i = 0; i < 200; i++) {
        const ts_mnk s = {random.size(256), random.size(500), random.size(500)};
        const ts_gemm_job job = plain_job(s, 16);
        EXPECT_EQ(counts_of(ws, job).cycles,
                  ceiling(s.n, 32) * ceiling(s.k, 32) * (2 * 32 + 32 + s.m - 2));
        EXPECT_EQ(counts_of(os, job).cycles,
                  ceiling(s.m, 32) * ceiling(s.n, 32) * (s.k + 32 + 32 - 2));
    }
}

// One slice is a fold of mac_array, whose cycles are those of the RTL.
TEST(Machine, ASliceIsAFoldOfTheArray)
{
    random_source random(11);
    for (int i = 0; i < 300; i++) {
        ts_design d = random_design(random);
        d.array.depth = 20;
        d.chip = {1, 1, TS_SPLIT_M, TS_SPLIT_N, TS_MEMORIES_IDEAL, 0};
        d.dataflow = {TS_WEIGHT_STATIONARY, TS_PRELOAD_SERIAL, TS_DRAIN_COUNTED};
        d.l0.kib = d.l1.kib = 1024;
        d.l1.bytes = 64;
        const std::int64_t mode = random_mode(random, d);
        char error[512];
        ts_machine m;
        if (!ts_machine_make(&d, mode, &m, error, sizeof error))
            continue;
        std::int64_t params[TS_MAX_PARAMS];
        ts_design_params(&d, params);
        const std::int64_t rows = random.from_to(1, d.array.depth);
        const ts_gemm_job job = plain_job({rows, m.columns, m.rows * m.lanes}, 4);
        EXPECT_EQ(counts_of(m, job).cycles,
                  ts_mac_array_fold_cycles(params, static_cast<int>(rows)));
    }
}

// K + R + C - 2 and the drain, of D outputs in turn.
TEST(Machine, AnOutputStationaryTile)
{
    ts_design d = shipped("ideal32_os");
    d.dataflow.drain = TS_DRAIN_COUNTED;
    d.array.rows = 4;
    d.array.cols = 6;
    d.stages = {0, 3, 2};
    const ts_counts c = counts_of(machine_of(d, TS_MODE_FP16), plain_job({12, 6, 50}, 16));
    EXPECT_EQ(c.busy, 3 * 50);
    EXPECT_EQ(c.stall[TS_STALL_SKEW], 4 + 6 - 2);
    EXPECT_EQ(c.stall[TS_STALL_DRAIN], 2 + 2 + 1);
    EXPECT_EQ(c.cycles, 150 + 8 + 5);
}

// 8, 16 and 64 multiply-accumulates per engine and cycle.
TEST(Machine, PeakRatesOfRapid)
{
    const struct {
        const char *design;
        std::int64_t mode;
        double tops;
        std::int64_t macs;
    } rates[] = {{"rapid", TS_MODE_FP16, 13.1, 4096},     {"rapid", TS_MODE_HFP8, 26.2, 8192},
                 {"rapid", TS_MODE_INT4, 104.9, 32768},   {"rapid_fp4", TS_MODE_FP4, 104.9, 32768},
                 {"fp16_only", TS_MODE_FP16, 13.1, 4096}, {"hfp8_only", TS_MODE_HFP8, 26.2, 8192}};
    for (const auto &rate : rates) {
        const ts_design d = shipped(rate.design);
        const ts_machine machine = machine_of(d, rate.mode);
        EXPECT_NEAR(ts_design_chip_tops(&d, rate.mode), rate.tops, 0.05) << rate.design;
        EXPECT_EQ(ts_machine_peak(&machine), rate.macs) << rate.design;
    }
}

// A shape on every shipped machine, stepped.
TEST(Machine, ShippedDesignsAreTheSystemCMachine)
{
    for (const char *name :
         {"tiny", "rapid", "rapid_fp4", "fp16_only", "hfp8_only", "ideal32_ws", "ideal32_os"}) {
        const ts_design d = shipped(name);
        for (const std::int64_t mode : kModes) {
            if (!(d.modes & mode))
                continue;
            SCOPED_TRACE(std::string(name) + ", mode " + std::to_string(mode));
            const ts_machine machine = machine_of(d, mode);
            const ts_gemm_job job =
                plain_job({150, 70, 300}, ts_machine_operand_bits(&d, mode, false));
            expect_equal(counts_of(machine, job),
                         tessera::machine_simulation(machine).run(job, plan_of(machine, job)));
        }
    }
}

TEST(Machine, GroupsComeOneAfterTheOther)
{
    const ts_machine tiny = machine_of(shipped("tiny"), TS_MODE_INT4);
    ts_gemm_job job = plain_job({9, 5, 33}, 4);
    const ts_counts one = counts_of(tiny, job);
    job.count = 7;
    const ts_counts seven = counts_of(tiny, job);
    EXPECT_EQ(seven.cycles, 7 * one.cycles);
    EXPECT_EQ(seven.dram_read, 7 * one.dram_read);
    EXPECT_EQ(seven.macs, 7 * one.macs);
}

TEST(Machine, AllReduce)
{
    ts_design d = shipped("tiny"); // 1 GB/s at 100 MHz: 10 bytes a cycle
    ts_counts counts;
    char error[512];
    const auto cycles = [&](std::int64_t chips, std::int64_t bytes) {
        d.link.chips = chips;
        const ts_machine machine = machine_of(d, TS_MODE_INT4);
        EXPECT_TRUE(ts_allreduce_counts(&machine, bytes, &counts, error, sizeof error)) << error;
        EXPECT_EQ(counts.busy, counts.cycles);
        return counts.cycles;
    };
    EXPECT_EQ(cycles(1, 1000), 0);
    EXPECT_EQ(cycles(2, 1000), 100);
    EXPECT_EQ(cycles(4, 1000), 150);
    EXPECT_EQ(cycles(4, 1001), 151);
    EXPECT_EQ(cycles(4, 0), 0);
}

TEST(Machine, AbsurdJobs)
{
    const ts_machine tiny = machine_of(shipped("tiny"), TS_MODE_INT4);
    ts_gemm_job job = plain_job({1, 1, 1}, 4);
    const auto refuses = [&](auto change, const std::string &message) {
        ts_gemm_job wrong = job;
        change(wrong);
        EXPECT_EQ(refusal(tiny, wrong), message);
    };
    const std::string range = "; it must be 1 to 1099511627776";
    refuses([](auto &j) { j.shape.m = 0; }, "m is 0" + range);
    refuses([](auto &j) { j.shape.n = -1; }, "n is -1" + range);
    refuses([](auto &j) { j.shape.k = TS_MAX_DIMENSION + 1; }, "k is 1099511627777" + range);
    refuses([](auto &j) { j.count = 0; }, "count is 0" + range);
    refuses([](auto &j) { j.ops = 0; }, "ops is 0; it must be 1 to 1000");
    refuses([](auto &j) { j.a.unique = 2; }, "a's unique elements is 2; it must be 1 to 1");
    refuses([](auto &j) { j.b.stored = 33; }, "b's stored bits is 33; it must be 1 to 32");
}

// Counters that would wrap are no counts.
TEST(Machine, Overflow)
{
    const std::string message = "the job is too large: its counters overflow 64 bits";
    for (const char *name : {"tiny", "rapid", "ideal32_ws", "ideal32_os"}) {
        SCOPED_TRACE(name);
        const ts_design d = shipped(name);
        const std::int64_t mode = d.modes & TS_MODE_INT4 ? TS_MODE_INT4 : TS_MODE_FP16;
        const ts_machine machine = machine_of(d, mode);
        const std::int64_t most = TS_MAX_DIMENSION;
        EXPECT_EQ(refusal(machine, plain_job({most, most, most}, 16)), message);
        ts_gemm_job job = plain_job({1 << 20, 1 << 20, 1 << 20}, 16);
        EXPECT_EQ(counts_of(machine, job).macs, std::int64_t{1} << 60);
        job.count = 8;
        EXPECT_EQ(refusal(machine, job), message);
    }
}

// One that nearly overflows is right: its folds are alike.
TEST(Machine, LargestCounts)
{
    const ts_machine ws = machine_of(shipped("ideal32_ws"), TS_MODE_FP16);
    const std::int64_t n = std::int64_t{1} << 25, k = std::int64_t{1} << 25;
    const ts_counts c = counts_of(ws, plain_job({256, n, k}, 16));
    EXPECT_EQ(c.cycles, (n / 32) * (k / 32) * 350);
    EXPECT_EQ(c.cycles, sum_of_causes(c));
}

} // namespace
