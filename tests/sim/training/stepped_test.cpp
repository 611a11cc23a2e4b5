// SPDX-License-Identifier: Apache-2.0
// Every job of the tiny workloads: closed form = SystemC, in each counter.
#include "step_of.h"

#include "machine/step.h"

#include <cstring>

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
