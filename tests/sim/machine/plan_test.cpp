// SPDX-License-Identifier: Apache-2.0
// How a GEMM is cut: by hand, and that parts fit, are as large as fits, and even.
#include "machine/plan.h"

#include "tessera/vectors.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace
{

// 4 x 8 mpes of one lane, one corelet.
ts_machine small_machine()
{
    ts_machine m{};
    m.mode = TS_MODE_FP16;
    m.rows = 4;
    m.columns = 8;
    m.lanes = m.add = m.cores = m.corelets = 1;
    m.depth = 100;
    m.l0_half = 2 * (4 * 8 + 30 * 4); // a stationary slice and 30 rows, 16 bits each
    m.l1_size = 1 << 20;
    return m;
}

ts_gemm_job job_of(std::int64_t m, std::int64_t n, std::int64_t k)
{
    return {{m, n, k}, {16, 16, 1, 1}, {16, 16, 1, 1}, 16, 1, 1};
}

ts_plan plan_of(const ts_machine &machine, const ts_gemm_job &job)
{
    ts_plan plan{};
    char error[512] = "";
    EXPECT_TRUE(ts_machine_plan(&machine, &job, &plan, error, sizeof error)) << error;
    return plan;
}

void expect_mnk(ts_mnk got, ts_mnk expected)
{
    EXPECT_EQ(got.m, expected.m);
    EXPECT_EQ(got.n, expected.n);
    EXPECT_EQ(got.k, expected.k);
}

TEST(Plan, TilesOfRowsThatFit)
{
    ts_machine m = small_machine();
    expect_mnk(plan_of(m, job_of(5, 3, 2)).tile, {5, 8, 4});
    expect_mnk(plan_of(m, job_of(30, 8, 4)).tile, {30, 8, 4});
    expect_mnk(plan_of(m, job_of(31, 8, 4)).tile, {16, 8, 4}); // two, evenly
    expect_mnk(plan_of(m, job_of(100, 8, 4)).tile, {25, 8, 4});
    m.depth = 20;
    expect_mnk(plan_of(m, job_of(100, 8, 4)).tile, {20, 8, 4});
}

TEST(Plan, SlicesOfStepsThatFit)
{
    ts_machine m = small_machine();
    m.output_stationary = true;
    m.add = 2;
    m.lanes = 2;
    // A step: 8 rows and 8 columns of 2 lanes, 64 bytes; 4 of them in 304 bytes.
    expect_mnk(plan_of(m, job_of(100, 100, 7)).tile, {8, 8, 8});
    expect_mnk(plan_of(m, job_of(100, 100, 8)).tile, {8, 8, 8});
    expect_mnk(plan_of(m, job_of(100, 100, 9)).tile, {8, 8, 6}); // two of 3 steps
}

TEST(Plan, BlocksKeepColumnsThenRows)
{
    ts_machine m = small_machine();
    const ts_gemm_job job = job_of(60, 40, 10); // tiles of 30 x 8
    m.l1_size = 1 << 20;
    expect_mnk(plan_of(m, job).block, {60, 40, 10}); // all there is
    // Half: one tile of rows, all columns: 600 + 800 + 2400 bytes.
    m.l1_size = 2 * 3800;
    expect_mnk(plan_of(m, job).block, {30, 40, 10});
    m.l1_size = 2 * 3799; // 4 of 5 tiles of columns fit: two blocks, of 3 at most
    expect_mnk(plan_of(m, job).block, {30, 24, 10});
    m.l1_size = 2 * (600 + 160 + 480);
    expect_mnk(plan_of(m, job).block, {30, 8, 10});
}

TEST(Plan, SlicesOfKWhereNothingElseFits)
{
    ts_machine m = small_machine();
    const ts_gemm_job job = job_of(60, 40, 24);
    // A tile: 480 bytes of results; a slice of 4: 240 + 64 bytes of operands.
    m.l1_size = 2 * (480 + 5 * 304);
    expect_mnk(plan_of(m, job).block, {30, 8, 12}); // 5 of 6 fit: two of 3
    m.l1_size = 2 * (480 + 304);
    expect_mnk(plan_of(m, job).block, {30, 8, 4});
    m.l1_size -= 2;
    ts_plan plan;
    char error[512];
    EXPECT_FALSE(ts_machine_plan(&m, &job, &plan, error, sizeof error));
    EXPECT_STREQ(error, "l1.kib is too small: its half, 783 bytes, must hold the operands of a "
                        "slice of 30 x 8 x 4 (M, N, K) in each corelet, and the results");
}

TEST(Plan, ABufferForLessThanARow)
{
    ts_machine m = small_machine();
    ts_plan plan;
    char error[512];
    const ts_gemm_job job = job_of(60, 40, 24);
    m.l0_half = 2 * (4 * 8 + 4) - 1;
    EXPECT_FALSE(ts_machine_plan(&m, &job, &plan, error, sizeof error));
    EXPECT_STREQ(error, "l0.kib is too small: its half, 71 bytes, must hold the operands of one "
                        "streamed row");
    m.output_stationary = true;
    m.l0_half = 2 * (4 + 8) - 1;
    EXPECT_FALSE(ts_machine_plan(&m, &job, &plan, error, sizeof error));
    EXPECT_STREQ(error, "l0.kib is too small: its half, 23 bytes, must hold the operands of one "
                        "step of the array");
}

void expect_parts(const ts_machine &machine, std::int64_t n, ts_parts expected)
{
    const ts_parts got = plan_of(machine, job_of(1000, n, 10)).parts;
    EXPECT_EQ(got.m, expected.m) << n;
    EXPECT_EQ(got.n, expected.n) << n;
    EXPECT_EQ(got.core_m, expected.core_m) << n;
    EXPECT_EQ(got.core_n, expected.core_n) << n;
}

TEST(Plan, WhoSharesWhat)
{
    ts_machine m = small_machine();
    m.cores = 3;
    m.corelets = 2;
    m.cores_split = TS_SPLIT_M;
    m.corelets_split = TS_SPLIT_N;
    expect_parts(m, 1, {3, 2, 1, 2});
    m.cores_split = TS_SPLIT_N;
    m.corelets_split = TS_SPLIT_M;
    expect_parts(m, 1, {2, 3, 2, 1});
    m.cores_split = m.corelets_split = TS_SPLIT_AUTO;
    expect_parts(m, 15, {6, 1, 2, 1});
    expect_parts(m, 16, {3, 2, 1, 2});
    expect_parts(m, 47, {3, 2, 1, 2});
    expect_parts(m, 48, {1, 6, 1, 2});
}

// Half a tensor's elements exist before lowering: twice as much fits.
TEST(Plan, LoweredOperandsAreNotStored)
{
    ts_machine m = small_machine();
    ts_gemm_job job = job_of(60, 8, 64);
    m.l1_size = 2 * (480 + 1024 + 30 * 64);
    expect_mnk(plan_of(m, job).block, {30, 8, 32});
    job.a.unique = 1;
    job.a.lowered = 2;
    expect_mnk(plan_of(m, job).block, {30, 8, 64});
}

} // namespace
