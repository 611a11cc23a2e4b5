// SPDX-License-Identifier: Apache-2.0
// What a step costs: an example by hand, the systolic forms, and what holds of every network.
#include "step_of.h"

#include "training/scale_sim.h"

#include <array>
#include <cmath>
#include <cstring>
#include <numeric>

namespace
{

using step_of::shipped;
using step_of::training_of;

struct expected {
    ts_pass pass;
    ts_work_group group;
    std::int64_t cycles, busy;
    std::int64_t stall[TS_STALLS];
    std::int64_t dram_read, dram_write;
};

// Four rows of 16 values times 16 x 4 weights, in 4 bit, on `tiny`: two cores, DRAM of 10 bytes a
// cycle after 20, special functions of 2 a cycle; results have 16 bits. docs/machine.md by hand.
TEST(StepCounts, ALinearLayerByHand)
{
    const std::vector<expected> by_hand = {
        // X: 64 of 16 bits in, 4 out, 2 operations each: 32 cycles of a core's half
        {TS_FWD, TS_GROUP_QUANTIZE, 20 + 13 + 32 + 4, 32, {0, 0, 0, 0, 0, 0, 4, 13, 20}, 128, 32},
        // W: read twice, 4 operations
        {TS_FWD, TS_GROUP_QUANTIZE, 20 + 26 + 64 + 4, 64, {0, 0, 0, 0, 0, 0, 4, 26, 20}, 256, 32},
        // cores share M: fill 3, preload 4, two rows, skew 2 * 4 + 4 - 2, drain 4, 8 results
        {TS_FWD, TS_GROUP_LINEAR, 27 + 3 + 20 + 4 + 4, 2, {4, 10, 4, 0, 3, 4, 4, 7, 20}, 64, 32},
        // dY: 16, read twice, both phases written
        {TS_BWD, TS_GROUP_QUANTIZE, 20 + 7 + 8 + 2, 8, {0, 0, 0, 0, 0, 0, 2, 7, 20}, 64, 16},
        // cores share N: two tiles each of 22, then 16 results
        {TS_BWD, TS_GROUP_LINEAR, 24 + 1 + 44 + 8 + 13, 8, {8, 20, 8, 0, 1, 8, 13, 4, 20}, 40, 128},
        {TS_GRAD,
         TS_GROUP_LINEAR,
         24 + 2 + 26 + 16 + 13,
         8,
         {4, 10, 4, 0, 2, 16, 13, 4, 20},
         40,
         128},
        // 128 bytes between two chips, 10 bytes a cycle
        {TS_GRAD, TS_GROUP_ALLREDUCE, 13, 13, {0, 0, 0, 0, 0, 0, 0, 0, 0}, 0, 0},
        // six values in, three out, three AXPYs
        {TS_GRAD, TS_GROUP_UPDATE, 97 + 48 + 39, 48, {0, 0, 0, 0, 0, 0, 39, 77, 20}, 768, 384},
    };
    const ts_training tiny = training_of(shipped("tiny"));
    const step_of::workload w({step_of::linear(4, 16, 4)});
    const step_of::counted step = step_of::count(tiny, w);
    ASSERT_EQ(step.counts.size(), by_hand.size());
    for (std::size_t i = 0; i < by_hand.size(); i++) {
        SCOPED_TRACE(i);
        EXPECT_EQ(step.jobs[i].pass, by_hand[i].pass);
        EXPECT_EQ(step.jobs[i].group, by_hand[i].group);
        EXPECT_EQ(step.counts[i].cycles, by_hand[i].cycles);
        EXPECT_EQ(step.counts[i].busy, by_hand[i].busy);
        for (int s = 0; s < TS_STALLS; s++)
            EXPECT_EQ(step.counts[i].stall[s], by_hand[i].stall[s]) << ts_stall_names[s];
        EXPECT_EQ(step.counts[i].dram_read, by_hand[i].dram_read);
        EXPECT_EQ(step.counts[i].dram_write, by_hand[i].dram_write);
    }
    EXPECT_EQ(step.totals.all.counts.cycles, 69 + 114 + 58 + 37 + 90 + 81 + 13 + 184);
    EXPECT_EQ(step.totals.gemms.counts.cycles, 58 + 90 + 81);
    EXPECT_EQ(step.totals.mode[0].counts.cycles, 58); // INT4: FWD
    EXPECT_EQ(step.totals.mode[1].counts.cycles, 90 + 81);
    EXPECT_EQ(step.totals.all.counts.macs, 3 * 256);
    EXPECT_EQ(step.totals.skipped, 0);
    // 256 MACs take 2 cycles of 2 cores with 4 x 4 x 4 multipliers.
    EXPECT_DOUBLE_EQ(step.totals.all.ideal, 6);
    EXPECT_DOUBLE_EQ(ts_total_utilization(&step.totals.gemms), 6.0 / (58 + 90 + 81));
}

// The same layer as SCALE-Sim would report it.
TEST(StepCounts, ScaleSimByHand)
{
    const ts_training tiny = training_of(shipped("tiny"));
    const step_of::counted step =
        step_of::count(tiny, step_of::workload({step_of::linear(4, 16, 4)}));
    const auto report = [&](std::size_t i) {
        ts_scale_sim sum{};
        ts_scale_sim_add(&sum, ts_training_machine(&tiny, step.jobs[i].mode), &step.jobs[i].gemm,
                         &step.counts[i]);
        return sum;
    };
    const auto expect_elements = [](const double(&found)[3], std::array<double, 3> expected) {
        for (std::size_t i = 0; i < expected.size(); i++)
            EXPECT_EQ(found[i], expected[i]) << i;
    };
    const ts_scale_sim fwd = report(2);
    EXPECT_EQ(fwd.cycles, 58);
    EXPECT_EQ(fwd.prefetch, 27);
    EXPECT_EQ(fwd.stall, 3 + 4 + 4); // l1, sfu, dram_write
    EXPECT_EQ(fwd.busy, 2);
    EXPECT_EQ(fwd.macs, 256);
    expect_elements(fwd.sram, {2 * 2 * 16, 2 * 16 * 4, 2 * 2 * 4}); // B in both cores
    expect_elements(fwd.dram, {64, 64, 16});
    const ts_scale_sim bwd = report(4); // A for two tiles, and in both cores
    EXPECT_EQ(bwd.prefetch, 24);
    EXPECT_EQ(bwd.stall, 1 + 8 + 13);
    expect_elements(bwd.sram, {2 * 2 * 4 * 4, 4 * 16, 4 * 16});
    expect_elements(bwd.dram, {16, 64, 64});
}

// 2R + C + T - 2 for each fold, K + R + C - 2 for each tile, and nothing else.
TEST(StepCounts, IdealArraysMeetTheSystolicForms)
{
    const auto up = [](std::int64_t a, std::int64_t b) { return (a + b - 1) / b; };
    const ts_training ws = training_of(shipped("ideal32_ws"));
    const ts_training os = training_of(shipped("ideal32_os"));
    std::int64_t by_form[2] = {0, 0};
    const step_of::workload w({step_of::linear(256, 256, 256), step_of::linear(100, 70, 300)});
    for (const auto &[m, n, k] :
         std::vector<std::array<std::int64_t, 3>>{{256, 256, 256},
                                                  {256, 256, 256},
                                                  {256, 256, 256}, // FWD, BWD, GRAD
                                                  {100, 300, 70},
                                                  {100, 70, 300},
                                                  {70, 300, 100}}) {
        by_form[0] += up(n, 32) * up(k, 32) * (2 * 32 + 32 + m - 2);
        by_form[1] += up(m, 32) * up(n, 32) * (k + 32 + 32 - 2);
    }
    EXPECT_EQ(step_of::count(ws, w).totals.all.counts.cycles, by_form[0]);
    EXPECT_EQ(step_of::count(os, w).totals.all.counts.cycles, by_form[1]);
    EXPECT_EQ(step_of::count(ws, w).counts[0].cycles, 22400);
    EXPECT_EQ(step_of::count(os, w).counts[0].cycles, 20352);
}

void expect_causes_sum(const ts_counts &c)
{
    EXPECT_EQ(c.cycles, std::accumulate(std::begin(c.stall), std::end(c.stall), c.busy));
}

// Each operand at least once; at most both operands of every product, each result once.
void expect_traffic_bounds(const ts_gemm_job &job, const ts_counts &c)
{
    const auto bits = [](double elements, const ts_operand &o) {
        return elements * static_cast<double>(o.stored) * static_cast<double>(o.unique) /
               static_cast<double>(o.lowered);
    };
    const auto m = static_cast<double>(job.shape.m), n = static_cast<double>(job.shape.n),
               k = static_cast<double>(job.shape.k), count = static_cast<double>(job.count);
    const double least = count * (bits(m * k, job.a) + bits(k * n, job.b)) / 8;
    const double most = count * m * n * (bits(k, job.a) + bits(k, job.b)) / 8;
    const double rounding = 2 * count * m * n; // no more blocks than results
    const auto read = static_cast<double>(c.dram_read), write = static_cast<double>(c.dram_write);
    EXPECT_GE(read, std::floor(least));
    EXPECT_LE(read, most + rounding);
    EXPECT_GE(write, count * std::ceil(m * n * static_cast<double>(job.stored) / 8));
    EXPECT_LE(write, count * m * n * static_cast<double>(job.stored) / 8 + rounding);
}

// Elements of SCALE-Sim's reports are the bytes that were counted.
void expect_scale_sim_agrees(const ts_training &training, const ts_job &job, const ts_counts &c)
{
    const ts_machine *machine = ts_training_machine(&training, job.mode);
    ts_scale_sim sum{};
    ts_scale_sim_add(&sum, machine, &job.gemm, &c);
    const auto bytes = [](double elements, std::int64_t bits) {
        return elements * static_cast<double>(bits) / 8;
    };
    const double l0 = bytes(sum.sram[0], job.gemm.a.bits) + bytes(sum.sram[1], job.gemm.b.bits);
    const double dram =
        bytes(sum.dram[0], job.gemm.a.stored) + bytes(sum.dram[1], job.gemm.b.stored);
    EXPECT_GE(static_cast<double>(c.l0_read), l0 * (1 - 1e-12));
    EXPECT_GE(static_cast<double>(c.dram_read), dram * (1 - 1e-12));
    if (job.gemm.shape.m * job.gemm.shape.n * job.gemm.shape.k > 100000) {
        EXPECT_LE(static_cast<double>(c.l0_read), l0 * 1.02);
        EXPECT_LE(static_cast<double>(c.dram_read), dram * 1.02);
    }
    EXPECT_EQ(sum.dram[2] * static_cast<double>(job.gemm.stored) / 8,
              static_cast<double>(c.dram_write));
    EXPECT_GE(sum.stall, 0);
    EXPECT_LE(sum.stall + sum.prefetch, sum.cycles);
    EXPECT_LE(sum.macs, sum.busy * static_cast<double>(ts_machine_peak(machine)));
}

void expect_sound(const ts_training &training, const step_of::workload &w)
{
    const step_of::counted step = step_of::count(training, w);
    for (std::size_t i = 0; i < step.jobs.size(); i++) {
        expect_causes_sum(step.counts[i]);
        if (step.jobs[i].kind != TS_JOB_GEMM)
            continue;
        expect_traffic_bounds(step.jobs[i].gemm, step.counts[i]);
        expect_scale_sim_agrees(training, step.jobs[i], step.counts[i]);
    }
    expect_causes_sum(step.totals.all.counts);
    std::int64_t cycles = 0, macs = 0, of_modes = 0, nominal = 0;
    for (const ts_total &group : step.totals.group) {
        cycles += group.counts.cycles;
        macs += group.counts.macs;
    }
    for (const ts_total &mode : step.totals.mode)
        of_modes += mode.counts.cycles;
    for (std::size_t i = 0; i < w.get().n; i++)
        for (const ts_pass pass : {TS_FWD, TS_BWD, TS_GRAD})
            nominal += ts_work_macs(&w.get().layers[i], w.get().batch, pass);
    EXPECT_EQ(cycles, step.totals.all.counts.cycles);
    EXPECT_EQ(macs, step.totals.all.counts.macs);
    EXPECT_EQ(of_modes, step.totals.gemms.counts.cycles);
    EXPECT_EQ(macs + step.totals.skipped, nominal);
    EXPECT_EQ(step.totals.skipped != 0 && !training.design.training.skip_zeros, false);
    EXPECT_LE(ts_total_utilization(&step.totals.gemms), 1);
    EXPECT_LE(ts_total_utilization(&step.totals.all), ts_total_utilization(&step.totals.gemms));
}

TEST(StepCounts, WhatHoldsOfEveryNetworkOnEveryMachine)
{
    for (const char *name :
         {"tiny", "rapid", "rapid_fp4", "fp16_only", "hfp8_only", "ideal32_ws", "ideal32_os"}) {
        ts_design design = shipped(name);
        for (std::size_t i = 0; ts_network_name(i) && !testing::Test::HasFailure(); i++) {
            SCOPED_TRACE(std::string(name) + ", " + ts_network_name(i));
            expect_sound(training_of(design), step_of::workload(ts_network_name(i)));
            design.training.skip_zeros = !design.training.skip_zeros;
        }
    }
}

// Beside the published sustained utilization of more than 80 %.
TEST(StepCounts, RapidOnResNet50)
{
    const ts_training rapid = training_of(shipped("rapid"));
    const step_of::counted step = step_of::count(rapid, step_of::workload("resnet50"));
    EXPECT_GT(ts_total_utilization(&step.totals.gemms), 0.80);
    EXPECT_LT(ts_total_utilization(&step.totals.gemms), 0.90);
}

TEST(StepCounts, FourBitsAreFasterThanEightAreFasterThanSixteen)
{
    const step_of::workload w("resnet18");
    const auto cycles = [&](const char *precision) {
        ts_design design = shipped("rapid_fp4");
        std::snprintf(design.training.precision, sizeof design.training.precision, "%s", precision);
        return step_of::count(training_of(design), w).totals.gemms.counts.cycles;
    };
    const std::int64_t four = cycles("all -> 4bit"), eight = cycles("all -> hfp8"),
                       sixteen = cycles("all -> fp16");
    EXPECT_GT(static_cast<double>(eight), 1.5 * static_cast<double>(four));
    EXPECT_GT(static_cast<double>(sixteen), 1.5 * static_cast<double>(eight));
}

TEST(StepCounts, WhatDoesNotFitIsRefusedByLayerAndPass)
{
    // 2^58 bytes of weights, in all: at 1/20 of a byte a cycle two passes are too many.
    ts_design design = shipped("tiny");
    std::snprintf(design.training.precision, sizeof design.training.precision, "all -> fp16");
    ts_work_layer wide = step_of::linear(1, 1 << 24, 1 << 24);
    wide.repeat = 512;
    const step_of::workload too_wide({wide});
    design.dram.gb_s = 0.005;
    EXPECT_EQ(step_of::refusal(training_of(design), too_wide),
              "layers[0] 'l', bwd, linear: with it, the step is too large: its counters overflow "
              "64 bits");
    design.dram.gb_s = 0.002;
    EXPECT_EQ(step_of::refusal(training_of(design), too_wide),
              "layers[0] 'l', fwd, linear: the job is too large: its counters overflow 64 bits");
    ts_work_layer elements = ts_work_new(TS_WORK_ADD);
    elements.name[0] = 'e';
    elements.elements = std::int64_t{1} << 40;
    elements.parameters = 1;
    ts_workload w = {"", "", 2, 1, &elements};
    const ts_training tiny = training_of(design);
    ts_jobs jobs{};
    ts_error error{};
    ASSERT_TRUE(ts_jobs_make(&tiny, &w, &jobs, &error));
    EXPECT_EQ(ts_jobs_count(&tiny, &w, &jobs, &ts_closed_form, &error), nullptr);
    EXPECT_STREQ(error.text, "layers[0] 'e', fwd, elementwise: elements is 2199023255552; it must "
                             "be 1 to 1099511627776");
    ts_jobs_free(&jobs);
}

TEST(StepCounts, NoMachine)
{
    const ts_design array = shipped("int4_fp4_8x8");
    ts_training training{};
    ts_error error{};
    EXPECT_FALSE(ts_training_make(&array, &training, &error));
    EXPECT_STREQ(error.text, "chip is missing: the design is an array without a machine around");
    ts_design wrong = shipped("rapid");
    std::snprintf(wrong.training.precision, sizeof wrong.training.precision, "all -> 4bit");
    EXPECT_FALSE(ts_training_make(&wrong, &training, &error));
    EXPECT_NE(std::strstr(error.text, "training.precision, rule 1"), nullptr) << error.text;
}

} // namespace
