// SPDX-License-Identifier: Apache-2.0
// What a workload's jobs become on a design: modes, bits, quantizers, holes.
#include "step_of.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <set>

namespace
{

using step_of::shipped;
using step_of::training_of;

ts_design with_precision(ts_design design, const char *precision)
{
    std::snprintf(design.training.precision, sizeof design.training.precision, "%s", precision);
    return design;
}

std::vector<ts_job> of_group(const std::vector<ts_job> &jobs, ts_work_group group)
{
    std::vector<ts_job> some;
    std::copy_if(jobs.begin(), jobs.end(), std::back_inserter(some),
                 [&](const ts_job &job) { return job.group == group; });
    return some;
}

// The GEMM of the only layer in a pass.
ts_job gemm(const std::vector<ts_job> &jobs, ts_pass pass)
{
    for (const ts_job &job : jobs)
        if (job.kind == TS_JOB_GEMM && job.pass == pass)
            return job;
    ADD_FAILURE() << "no GEMM";
    return {};
}

void expect_bits(const ts_operand &operand, std::int64_t stored, std::int64_t bits)
{
    EXPECT_EQ(operand.stored, stored);
    EXPECT_EQ(operand.bits, bits);
}

// X, W, dY; each {reads, written bits, operations}, or nothing.
using copy = std::vector<std::int64_t>;

void expect_quantizers(const std::vector<ts_job> &jobs, const copy &x, const copy &w,
                       const copy &dy)
{
    std::map<ts_tensor, copy> found;
    for (const ts_job &job : of_group(jobs, TS_GROUP_QUANTIZE))
        found[job.tensor] = {job.elementwise.in / 16, job.elementwise.out, job.elementwise.ops};
    EXPECT_EQ(found[TS_TENSOR_X], x);
    EXPECT_EQ(found[TS_TENSOR_W], w);
    EXPECT_EQ(found[TS_TENSOR_DY], dy);
}

class LinearJobs : public testing::Test
{
  protected:
    std::vector<ts_job> jobs(const char *precision)
    {
        return step_of::jobs_of(training_of(with_precision(design_, precision)), workload_);
    }

    ts_design design_ = shipped("rapid_fp4");
    step_of::workload workload_{{step_of::linear(8, 32, 16)}};
};

TEST_F(LinearJobs, FourBitInTwoCopies)
{
    const std::vector<ts_job> j = jobs("all -> 4bit");
    expect_quantizers(j, {1, 4, 2}, {2, 4, 4}, {2, 8, 2}); // even and odd
    EXPECT_EQ(gemm(j, TS_FWD).mode, TS_MODE_INT4);
    EXPECT_EQ(gemm(j, TS_BWD).mode, TS_MODE_FP4);
    EXPECT_EQ(gemm(j, TS_GRAD).mode, TS_MODE_FP4);
    for (const ts_pass pass : {TS_FWD, TS_BWD, TS_GRAD}) {
        expect_bits(gemm(j, pass).gemm.a, 4, 4);
        expect_bits(gemm(j, pass).gemm.b, 4, 4);
        EXPECT_EQ(gemm(j, pass).gemm.stored, 16);
        EXPECT_EQ(gemm(j, pass).gemm.ops, 1);
    }
    EXPECT_EQ(gemm(j, TS_BWD).gemm.shape.n, 32);
    EXPECT_EQ(gemm(j, TS_GRAD).gemm.shape.k, 8);
}

TEST_F(LinearJobs, OnePhaseForBothIsOneCopy)
{
    design_.quantization.phase_grad = design_.quantization.phase_bwd;
    expect_quantizers(jobs("all -> 4bit"), {1, 4, 2}, {2, 4, 4}, {2, 4, 2});
}

TEST_F(LinearJobs, RequantizedOnTheWay)
{
    design_.training.dy = TS_DY_REQUANTIZED;
    const std::vector<ts_job> j = jobs("all -> 4bit");
    expect_quantizers(j, {1, 4, 2}, {2, 4, 4}, {1, 0, 1}); // its scale
    expect_bits(gemm(j, TS_BWD).gemm.a, 16, 4);
    expect_bits(gemm(j, TS_BWD).gemm.b, 4, 4);
    expect_bits(gemm(j, TS_GRAD).gemm.a, 4, 4);
    expect_bits(gemm(j, TS_GRAD).gemm.b, 16, 4);
}

TEST_F(LinearJobs, FiveBits)
{
    design_.training.dy = TS_DY_ONE_5BIT;
    const std::vector<ts_job> j = jobs("all -> 4bit");
    expect_quantizers(j, {1, 4, 2}, {2, 4, 4}, {2, 5, 2});
    expect_bits(gemm(j, TS_BWD).gemm.a, 5, 5);
    expect_bits(gemm(j, TS_GRAD).gemm.b, 5, 5);
    expect_bits(gemm(j, TS_FWD).gemm.a, 4, 4);
}

TEST_F(LinearJobs, EightBitsConvert)
{
    const std::vector<ts_job> j = jobs("all -> hfp8");
    expect_quantizers(j, {1, 8, 1}, {1, 8, 1}, {1, 8, 1});
    EXPECT_EQ(gemm(j, TS_GRAD).mode, TS_MODE_HFP8);
    expect_bits(gemm(j, TS_GRAD).gemm.b, 8, 8);
}

TEST_F(LinearJobs, SixteenBitsAreThere)
{
    const std::vector<ts_job> j = jobs("all -> fp16");
    expect_quantizers(j, {}, {}, {});
    expect_bits(gemm(j, TS_BWD).gemm.a, 16, 16);
}

// Results of 32 bits are rounded for the arrays, and all traffic of values is twice that.
TEST_F(LinearJobs, WideResults)
{
    design_.accumulator.outer = TS_OUTER_FP32;
    const std::vector<ts_job> j = jobs("all -> fp16");
    expect_quantizers(j, {2, 16, 1}, {2, 16, 1}, {2, 16, 1}); // one value of 32 bits
    EXPECT_EQ(gemm(j, TS_FWD).gemm.stored, 32);
    EXPECT_EQ(of_group(j, TS_GROUP_UPDATE).at(0).elementwise.in, 6 * 32);
    design_.training.dy = TS_DY_REQUANTIZED;
    expect_quantizers(jobs("all -> 4bit"), {2, 4, 2}, {4, 4, 4}, {4, 16, 2});
}

// What two passes read in two precisions is written in both.
TEST_F(LinearJobs, PassesOfTheirOwnPrecision)
{
    expect_quantizers(jobs("all grad -> hfp8\nall -> 4bit"), {1, 12, 3}, {2, 4, 4}, {2, 12, 3});
    expect_quantizers(jobs("all grad -> fp16\nall -> 4bit"), {1, 4, 2}, {2, 4, 4}, {2, 4, 2});
    expect_quantizers(jobs("all bwd -> hfp8\nall -> fp16"), {}, {1, 8, 1}, {1, 8, 1});
}

// Without a BWD only GRAD reads dY, and only FWD reads W.
TEST(Jobs, TheFirstLayer)
{
    ts_work_layer layer = step_of::linear(8, 32, 16);
    layer.first = 1;
    const step_of::workload w({layer});
    const auto jobs = [&](const char *precision) {
        return step_of::jobs_of(training_of(with_precision(shipped("rapid_fp4"), precision)), w);
    };
    const std::vector<ts_job> four = jobs("all -> 4bit");
    expect_quantizers(four, {1, 4, 2}, {2, 4, 4}, {2, 4, 2});
    for (const ts_job &job : four)
        EXPECT_TRUE(job.kind != TS_JOB_GEMM || job.pass != TS_BWD);
    expect_quantizers(jobs("all bwd -> hfp8\nall -> fp16"), {}, {}, {});
    expect_quantizers(jobs("first -> fp16\nall -> 4bit"), {}, {}, {});
}

TEST(Jobs, BothOperandsOfAMatmulAreActivations)
{
    ts_work_layer layer = ts_work_new(TS_WORK_MATMUL);
    layer.name[0] = 'm';
    layer.rows = 4;
    layer.in_channels = 8;
    layer.out_channels = 6;
    layer.groups = 3;
    const std::vector<ts_job> j =
        step_of::jobs_of(training_of(shipped("rapid_fp4")), step_of::workload({layer}));
    expect_quantizers(j, {1, 4, 2}, {1, 4, 2}, {2, 8, 2});
    EXPECT_EQ(gemm(j, TS_FWD).mode, TS_MODE_INT4);
    EXPECT_EQ(gemm(j, TS_FWD).gemm.count, 3);
    EXPECT_EQ(gemm(j, TS_FWD).group, TS_GROUP_MATMUL);
    EXPECT_TRUE(of_group(j, TS_GROUP_UPDATE).empty());
}

TEST(Jobs, KindsOfWorkAndTheirPolicy)
{
    ts_work_layer point = step_of::conv(8, 8, 4, 1, 1, 0), full = step_of::conv(8, 8, 4, 3, 1, 1);
    ts_work_layer depthwise = full, grouped = full, pointwise_depthwise = point;
    depthwise.groups = pointwise_depthwise.groups = 8;
    grouped.groups = 4;
    const ts_training training = training_of(
        with_precision(shipped("rapid_fp4"), "conv 1x1 -> hfp8\ndepthwise -> fp16\nall -> 4bit"));
    const std::vector<ts_job> jobs = step_of::jobs_of(
        training, step_of::workload({point, full, depthwise, grouped, pointwise_depthwise}));
    const std::pair<ts_work_group, std::int64_t> expected[] = {
        {TS_GROUP_CONV1X1, TS_MODE_HFP8},   {TS_GROUP_CONV, TS_MODE_INT4},
        {TS_GROUP_DEPTHWISE, TS_MODE_FP16}, {TS_GROUP_CONV, TS_MODE_INT4},
        {TS_GROUP_DEPTHWISE, TS_MODE_FP16},
    };
    int found = 0;
    for (const ts_job &job : jobs) {
        if (job.kind != TS_JOB_GEMM || job.pass != TS_FWD)
            continue;
        EXPECT_EQ(job.group, expected[job.layer].first) << job.layer;
        EXPECT_EQ(job.mode, expected[job.layer].second) << job.layer;
        found++;
    }
    EXPECT_EQ(found, 5);
}

// dY is what a transposed convolution's gradient is lowered from.
TEST(Jobs, TransposedGradient)
{
    ts_work_layer layer = step_of::conv(8, 4, 6, 3, 2, 1);
    layer.transposed = 1;
    ts_design design = with_precision(shipped("rapid_fp4"), "all -> 4bit");
    design.training.dy = TS_DY_ONE_5BIT;
    const std::vector<ts_job> j = step_of::jobs_of(training_of(design), step_of::workload({layer}));
    expect_bits(gemm(j, TS_GRAD).gemm.a, 5, 5);
    expect_bits(gemm(j, TS_GRAD).gemm.b, 4, 4);
    EXPECT_EQ(gemm(j, TS_GRAD).gemm.shape.m, 4 * 3 * 3);
    EXPECT_EQ(gemm(j, TS_GRAD).gemm.shape.n, 8);
}

TEST(Jobs, AllreduceStandsBeforeTheFirstUpdate)
{
    ts_work_layer layer = step_of::linear(8, 32, 16);
    layer.bias = 1;
    const step_of::workload w({layer, layer});
    ts_design design = shipped("rapid");
    EXPECT_TRUE(of_group(step_of::jobs_of(training_of(design), w), TS_GROUP_ALLREDUCE).empty());
    design.link.chips = 4;
    const std::vector<ts_job> jobs = step_of::jobs_of(training_of(design), w);
    const ts_job all = of_group(jobs, TS_GROUP_ALLREDUCE).at(0);
    EXPECT_EQ(all.bytes, 2 * (2 * (32 * 16 + 16)));
    ASSERT_EQ(jobs[jobs.size() - 3].group, TS_GROUP_ALLREDUCE);
    EXPECT_EQ(jobs[jobs.size() - 2].group, TS_GROUP_UPDATE);
    EXPECT_NE(jobs[jobs.size() - 4].group, TS_GROUP_UPDATE);
}

// ---- Holes ----

// Products without a structural zero, by looking at each element: rows of the same taps are what a
// job may have in common, and all of them together are all rows.
struct alive {
    std::int64_t rows = 0, products = 0, taps = 0, none = 0;
};

alive look_at(const ts_work_layer &layer, ts_pass pass)
{
    ts_conv_pass conv_pass{};
    const ts_conv conv = ts_work_conv(&layer, 1, pass, &conv_pass);
    const ts_view view = ts_conv_view(&conv, conv_pass, TS_CONV_A);
    std::int64_t m = 0, n = 0, k = 0;
    ts_conv_shape(&conv, conv_pass, &m, &n, &k);
    const std::int64_t channels = conv.out_channels / conv.groups;
    std::map<std::pair<std::int64_t, std::int64_t>, std::pair<std::int64_t, std::set<std::int64_t>>>
        classes;
    for (std::int64_t row = 0; row < m; row++) {
        const std::int64_t h = row / conv.in_width % conv.in_height, w = row % conv.in_width;
        auto &[rows, taps] = classes[{h % conv.stride_height, w % conv.stride_width}];
        rows++;
        for (std::int64_t tap = 0; tap < k / channels; tap++)
            if (ts_view_index(&view, row, tap * channels) >= 0)
                taps.insert(tap);
    }
    alive sum;
    for (const auto &[residue, of] : classes) {
        const auto taps = static_cast<std::int64_t>(of.second.size());
        sum.rows += of.first;
        sum.products += of.first * n * taps * channels * conv.groups;
        sum.none += taps ? 0 : of.first * n * conv.groups;
    }
    return sum;
}

TEST(Holes, OnlyLivingTapsAreWalked)
{
    ts_design design = shipped("ideal32_os"); // a granule is one k
    design.training.skip_zeros = 1;
    const ts_training training = training_of(design);
    int checked = 0;
    for (std::int64_t kernel = 1; kernel <= 4; kernel++)
        for (std::int64_t stride = 1; stride <= 3; stride++)
            for (std::int64_t dilation = 1; dilation <= 2; dilation++)
                for (const bool transposed : {false, true}) {
                    ts_work_layer layer = step_of::conv(4, 6, 12, kernel, stride, kernel / 2);
                    layer.dilation_height = dilation;
                    layer.stride_width = 2;
                    layer.groups = 2;
                    layer.transposed = transposed;
                    const ts_pass pass = transposed ? TS_FWD : TS_BWD;
                    const step_of::workload w({layer});
                    const step_of::counted step = step_of::count(training, w);
                    const alive expected = look_at(layer, pass);
                    std::int64_t products = 0, rows = 0, zeros = 0, groups = layer.groups;
                    std::int64_t columns = 0;
                    for (std::size_t i = 0; i < step.jobs.size(); i++) {
                        const ts_job &job = step.jobs[i];
                        if (job.pass != pass || job.group != step.jobs[0].group)
                            continue;
                        if (job.kind == TS_JOB_GEMM) {
                            EXPECT_LE(job.gemm.a.unique, job.gemm.a.lowered);
                            products += step.counts[i].macs;
                            rows += job.gemm.shape.m;
                            columns = job.gemm.shape.n;
                        } else {
                            EXPECT_EQ(job.elementwise.in, 0);
                            EXPECT_EQ(job.elementwise.out, 16);
                            zeros += job.elementwise.elements;
                        }
                    }
                    SCOPED_TRACE("kernel " + std::to_string(kernel) + ", stride " +
                                 std::to_string(stride) + ", dilation " + std::to_string(dilation) +
                                 (transposed ? ", transposed" : ""));
                    EXPECT_EQ(products, expected.products);
                    EXPECT_EQ(zeros, expected.none);
                    EXPECT_EQ(rows + zeros / (groups * columns), expected.rows);
                    EXPECT_EQ(step.totals.skipped,
                              ts_work_macs(&layer, 1, pass) - expected.products);
                    checked++;
                }
    EXPECT_EQ(checked, 48);
}

TEST(Holes, AreWalkedUnlessTheDesignSkipsThem)
{
    ts_design design = shipped("rapid");
    const ts_work_layer layer = step_of::conv(64, 64, 16, 3, 2, 1);
    const step_of::workload w({layer});
    EXPECT_EQ(of_group(step_of::jobs_of(training_of(design), w), TS_GROUP_CONV).size(), 3U);
    design.training.skip_zeros = 1;
    const std::vector<ts_job> jobs =
        of_group(step_of::jobs_of(training_of(design), w), TS_GROUP_CONV);
    ASSERT_EQ(jobs.size(), 6U);
    // 9 taps of 64 k's: residues have 1, 2, 2 and 4 of them; HFP8 walks 16 together.
    const std::int64_t taps[] = {1, 2, 2, 4};
    for (std::size_t i = 0; i < 4; i++) {
        EXPECT_EQ(jobs[i + 1].part, static_cast<int>(i));
        EXPECT_EQ(jobs[i + 1].gemm.shape.k, taps[i] * 64);
        EXPECT_EQ(jobs[i + 1].gemm.shape.m, 64);
    }
}

TEST(Holes, AbsurdStrides)
{
    ts_design design = shipped("rapid_fp4");
    const ts_work_layer layer = step_of::conv(1, 1, 1 << 12, 1 << 6, 1 << 8, 0);
    EXPECT_EQ(step_of::refusal(training_of(design), step_of::workload({layer})),
              "layers[0] 'c', bwd: kernel and stride are too large for training.skip_zeros: the "
              "product of their extents is above 16777216");
}

} // namespace
