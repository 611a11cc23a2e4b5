// SPDX-License-Identifier: Apache-2.0
// Every job of the tiny workloads: closed form = SystemC, in each counter.
#include "step_of.h"

#include "machine/step.h"
#include "tessera/vectors.h"

#include <cstring>
#include <set>
#include <vector>

namespace
{

const ts_counting by_systemc = {"SystemC", ts_gemm_step, ts_elementwise_step, ts_allreduce_step};

class Stepped : public testing::TestWithParam<const char *>
{
};

std::string name_of(const ts_workload &w, const ts_job &job)
{
    const char *layer = job.layer < w.n ? w.layers[job.layer].name : "";
    return std::string(layer) + ", " + ts_pass_name(job.pass) + ", " + ts_group_name(job.group) +
           ", part " + std::to_string(job.part);
}

void expect_equal(const ts_counts &closed, const ts_counts &stepped)
{
    EXPECT_EQ(closed.cycles, stepped.cycles);
    EXPECT_EQ(closed.busy, stepped.busy);
    for (int i = 0; i < TS_STALLS; i++)
        EXPECT_EQ(closed.stall[i], stepped.stall[i]) << ts_stall_names[i];
    EXPECT_EQ(closed.dram_read, stepped.dram_read);
    EXPECT_EQ(closed.dram_write, stepped.dram_write);
    EXPECT_EQ(closed.l1_read, stepped.l1_read);
    EXPECT_EQ(closed.l1_write, stepped.l1_write);
    EXPECT_EQ(closed.l0_read, stepped.l0_read);
    EXPECT_EQ(closed.l0_write, stepped.l0_write);
    EXPECT_EQ(closed.macs, stepped.macs);
}

void expect_same_steps(const ts_design &design)
{
    const ts_training training = step_of::training_of(design);
    for (const char *network : {"tiny_conv", "tiny_text"}) {
        SCOPED_TRACE(network);
        const step_of::workload w(network);
        const step_of::counted closed = step_of::count(training, w);
        const step_of::counted stepped = step_of::count(training, w, by_systemc);
        ASSERT_EQ(closed.counts.size(), stepped.counts.size());
        ASSERT_GT(closed.counts.size(), 100U);
        for (std::size_t i = 0; i < closed.counts.size(); i++) {
            SCOPED_TRACE(name_of(w.get(), closed.jobs[i]));
            expect_equal(closed.counts[i], stepped.counts[i]);
        }
    }
}

TEST_P(Stepped, EveryLayerOfTheTinyWorkloads)
{
    expect_same_steps(step_of::shipped(GetParam()));
}

// With what those designs do not have.
TEST_P(Stepped, OnSeveralChipsWithHolesSkipped)
{
    ts_design design = step_of::shipped(GetParam());
    design.link.chips = 3;
    design.training.skip_zeros = !design.training.skip_zeros;
    design.training.dy = TS_DY_ONE_5BIT;
    expect_same_steps(design);
}

// Codes at random, no results but those of the GEMM engine.
void expect_same_values(const ts_machine &machine, const ts_gemm_job &job, std::uint64_t seed)
{
    const ts_format *of_b = machine.mode == TS_MODE_INT4   ? &ts_format_int4
                            : machine.mode == TS_MODE_FP4  ? &ts_format_fp4_r4_odd
                            : machine.mode == TS_MODE_HFP8 ? &ts_format_fp8_143
                                                           : &ts_format_dlfloat16;
    const ts_format *of_a = machine.mode == TS_MODE_FP4 ? &ts_format_int4 : of_b;
    const bool dlfloat16 = machine.mode == TS_MODE_FP16; // magnitudes about 2^-4
    ts_random random{seed};
    const auto pack = [&](const ts_format *format, std::int64_t vectors, ts_packed &packed) {
        std::vector<std::uint16_t> codes(static_cast<std::size_t>(vectors * job.shape.k));
        for (std::uint16_t &code : codes) {
            code = static_cast<std::uint16_t>(ts_random_next(&random));
            if (dlfloat16)
                code = static_cast<std::uint16_t>((code & 0x8FFF) + 0x3000);
        }
        EXPECT_EQ(ts_pack(&packed, format, vectors, job.shape.k, codes.data(), sizeof codes[0],
                          job.shape.k, 1),
                  nullptr);
    };
    ts_packed a{}, b{};
    pack(of_a, job.shape.m, a);
    pack(of_b, job.shape.n, b);
    ts_gemm gemm{};
    gemm.a = &a;
    gemm.b = &b;
    gemm.lanes = machine.lanes;
    gemm.chunk = 64;
    gemm.align = {false, 24};
    const auto results = static_cast<std::size_t>(job.shape.m * job.shape.n);
    std::vector<std::uint32_t> c(results, ~0U), golden(results);
    EXPECT_EQ(ts_gemm_run(&gemm, 1, golden.data()), nullptr);
    const ts_gemm_values values = {&gemm, 1, c.data(), nullptr, 0, TS_UNDERFLOW_NEAREST};
    ts_counts closed{}, stepped{};
    char error[512] = "";
    EXPECT_TRUE(ts_gemm_counts(&machine, &job, &closed, error, sizeof error)) << error;
    EXPECT_TRUE(
        ts_gemm_step_values(&machine, &job, &values, nullptr, &stepped, error, sizeof error))
        << error;
    expect_equal(closed, stepped);
    EXPECT_EQ(c, golden);
    ts_packed_free(&a);
    ts_packed_free(&b);
}

// Once each, however often there are jobs that are alike.
TEST_P(Stepped, EveryGemmOfTheTinyWorkloadsWithValues)
{
    const ts_training training = step_of::training_of(step_of::shipped(GetParam()));
    std::set<std::vector<std::int64_t>> done;
    for (const char *network : {"tiny_conv", "tiny_text"}) {
        const step_of::workload w(network);
        for (const ts_job &job : step_of::count(training, w).jobs) {
            ts_gemm_job gemm = job.gemm;
            gemm.count = 1;
            if (job.kind != TS_JOB_GEMM ||
                !done.insert({job.mode, gemm.shape.m, gemm.shape.n, gemm.shape.k}).second)
                continue;
            SCOPED_TRACE(name_of(w.get(), job));
            expect_same_values(*ts_training_machine(&training, job.mode), gemm, done.size());
        }
    }
    EXPECT_GT(done.size(), 20U);
}

INSTANTIATE_TEST_SUITE_P(Designs, Stepped,
                         testing::Values("tiny", "rapid", "rapid_fp4", "fp16_only", "hfp8_only",
                                         "ideal32_ws", "ideal32_os"),
                         [](const auto &design) { return std::string(design.param); });

TEST(SteppedJobs, AllreduceOfAnyBytes)
{
    ts_design design = step_of::shipped("tiny");
    for (std::int64_t chips = 1; chips <= 5; chips++)
        for (const double rate : {0.7, 1.0, 3.3})
            for (const std::int64_t bytes : {0, 1, 999, 4096}) {
                design.link = {chips, rate};
                const ts_training training = step_of::training_of(design);
                const ts_machine *machine = ts_training_machine(&training, 0);
                char error[256];
                ts_counts closed{}, stepped{};
                ASSERT_TRUE(ts_allreduce_counts(machine, bytes, &closed, error, sizeof error));
                ASSERT_TRUE(ts_allreduce_step(machine, bytes, &stepped, error, sizeof error));
                expect_equal(closed, stepped);
            }
}

TEST(SteppedJobs, TooManyCyclesAreRefused)
{
    const ts_training training = step_of::training_of(step_of::shipped("tiny"));
    const ts_machine *machine = ts_training_machine(&training, 0);
    char error[256] = "";
    ts_counts counts{};
    const ts_elementwise_job job = {std::int64_t{1} << 40, 16, 16, 1};
    EXPECT_FALSE(ts_elementwise_step(machine, &job, &counts, error, sizeof error));
    EXPECT_NE(std::strstr(error, "too many to be stepped"), nullptr) << error;
    EXPECT_FALSE(ts_allreduce_step(machine, job.elements, &counts, error, sizeof error));
    EXPECT_NE(std::strstr(error, "too many to be stepped"), nullptr) << error;
}

} // namespace
