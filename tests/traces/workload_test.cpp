/* SPDX-License-Identifier: Apache-2.0 */
/* Workloads: the shipped networks against what is published, GEMMs and jobs of layers, and files.
 */
#include "scratch.h"
#include "tessera/workload.h"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <sstream>

namespace
{

class Workload
{
  public:
    Workload() = default;
    Workload(const Workload &) = delete;
    Workload &operator=(const Workload &) = delete;
    ~Workload()
    {
        ts_workload_free(&w);
    }
    void add(const ts_work_layer &layer)
    {
        ASSERT_TRUE(ts_workload_add(&w, &layer));
    }
    ts_workload w = {};
};

int64_t parameters(const ts_workload &w)
{
    int64_t sum = 0;
    for (size_t i = 0; i < w.n; i++)
        sum += ts_work_parameters(&w.layers[i]);
    return sum;
}

int64_t macs(const ts_workload &w, ts_pass pass)
{
    int64_t sum = 0;
    for (size_t i = 0; i < w.n; i++)
        sum += ts_work_macs(&w.layers[i], w.batch, pass);
    return sum;
}

std::unique_ptr<Workload> network(const std::string &name, int64_t batch)
{
    auto result = std::make_unique<Workload>();
    ts_error error = {};
    EXPECT_TRUE(ts_network_make(name.c_str(), batch, &result->w, &error)) << error.text;
    return result;
}

ts_work_layer conv(int64_t in, int64_t out, int64_t extent, int64_t kernel, int64_t stride,
                   int64_t pad)
{
    ts_work_layer l = ts_work_new(TS_WORK_CONV);
    snprintf(l.name, sizeof l.name, "conv");
    l.in_channels = in;
    l.out_channels = out;
    l.in_height = l.in_width = extent;
    l.kernel_height = l.kernel_width = kernel;
    l.stride_height = l.stride_width = stride;
    l.pad_height = l.pad_width = pad;
    return l;
}

void expect_gemm(const ts_work_layer &l, int64_t batch, ts_pass pass, int64_t m, int64_t n,
                 int64_t k, int64_t count)
{
    ts_work_gemm g = ts_work_gemm_of(&l, batch, pass);
    EXPECT_EQ(g.m, m) << ts_pass_name(pass);
    EXPECT_EQ(g.n, n) << ts_pass_name(pass);
    EXPECT_EQ(g.k, k) << ts_pass_name(pass);
    EXPECT_EQ(g.count, count) << ts_pass_name(pass);
    EXPECT_LE(g.unique, g.lowered);
}

} // namespace

/* ---- published counts ---- */

struct Published {
    const char *name;
    int64_t parameters;
    double macs, tolerance; /* forward, a sample, of that share */
};

class Network : public testing::TestWithParam<Published>
{
};

/*
 * Convolutional networks: torchvision's num_params and _ops (their GMACs to three digits).
 * BERT-base: 109 482 240 parameters with pooler; 22.5 GFLOPs at 128 tokens (TinyBERT, table 1).
 * LSTM and Transformer: see below.
 */
INSTANTIATE_TEST_SUITE_P(Published, Network,
                         testing::Values(Published{"resnet18", 11689512, 1.814e9, 5e-4},
                                         Published{"resnet50", 25557032, 4.089e9, 5e-4},
                                         Published{"mobilenet_v2", 3504872, 0.301e9, 5e-3},
                                         Published{"densenet121", 7978856, 2.834e9, 5e-4},
                                         Published{"bert_base", 109482240, 11.25e9, 1e-2}),
                         [](const testing::TestParamInfo<Published> &p) { return p.param.name; });

TEST_P(Network, HasPublishedCounts)
{
    auto one = network(GetParam().name, 1);
    EXPECT_EQ(parameters(one->w), GetParam().parameters);
    double forward = static_cast<double>(macs(one->w, TS_FWD));
    EXPECT_NEAR(forward, GetParam().macs, GetParam().macs * GetParam().tolerance);
}

/* Vaswani 2017: 65 M with 37000 tokens in one matrix. Wu 2020 (Lite Transformer): 44 M and 1.3 G
 * for a sentence of 30 tokens, both without embeddings and output. */
TEST(NetworkText, TransformerBase)
{
    auto one = network("transformer_base", 1);
    const int64_t matrix = 37000 * 512;
    EXPECT_NEAR(static_cast<double>(parameters(one->w)), 65e6, 0.03 * 65e6);
    EXPECT_NEAR(static_cast<double>(parameters(one->w) - matrix), 44e6, 0.01 * 44e6);
    EXPECT_NEAR(static_cast<double>(macs(one->w, TS_FWD) - 30 * matrix), 1.3e9, 0.03 * 1.3e9);
}

/* Zaremba 2014, medium: 20 M parameters; each but the embedding's works once a word. */
TEST(NetworkText, LstmPtb)
{
    auto one = network("lstm_ptb", 1);
    EXPECT_NEAR(static_cast<double>(parameters(one->w)), 20e6, 0.02 * 20e6);
    const int64_t biases = 2 * 2600 + 10000;
    EXPECT_EQ(macs(one->w, TS_FWD), 35 * (parameters(one->w) - 10000 * 650 - biases));
}

TEST(Networks, BatchesScaleAndFirstLayersNeedNoGradientOfTheirInput)
{
    for (size_t i = 0; ts_network_name(i); i++) {
        auto one = network(ts_network_name(i), 1);
        auto seven = network(ts_network_name(i), 7);
        EXPECT_EQ(parameters(seven->w), parameters(one->w));
        EXPECT_EQ(macs(seven->w, TS_FWD), 7 * macs(one->w, TS_FWD));
        int firsts = 0;
        int lasts = 0;
        for (size_t l = 0; l < one->w.n; l++) {
            const ts_work_layer *layer = &one->w.layers[l];
            if (!layer->transposed) { /* there FWD has the holes of the stride */
                EXPECT_EQ(ts_work_macs(layer, 7, TS_GRAD), ts_work_macs(layer, 7, TS_FWD));
            }
            firsts += static_cast<int>(one->w.layers[l].first);
            lasts += static_cast<int>(one->w.layers[l].last);
        }
        EXPECT_EQ(firsts, one->w.layers[0].kind == TS_WORK_CONV ? 1 : 0);
        EXPECT_EQ(lasts, 1);
        EXPECT_STRNE(ts_network_description(i), "");
    }
}

/* Small enough to be stepped cycle by cycle. */
TEST(Networks, TinyOnesHaveEveryKindOfGemm)
{
    auto conv = network("tiny_conv", 0);
    auto text = network("tiny_text", 0);
    int groups = 0, depthwise = 0, dilated = 0, strided = 0, transposed = 0, matmul = 0,
        repeated = 0;
    for (const Workload *net : {conv.get(), text.get()}) {
        EXPECT_LT(macs(net->w, TS_FWD), 1000000);
        for (size_t i = 0; i < net->w.n; i++) {
            const ts_work_layer &l = net->w.layers[i];
            bool is_conv = l.kind == TS_WORK_CONV;
            groups += is_conv && l.groups > 1 && l.groups < l.in_channels;
            depthwise += is_conv && l.groups > 1 && l.groups == l.in_channels;
            dilated += is_conv && l.dilation_height > 1;
            strided += is_conv && l.stride_height > 1 && !l.transposed;
            transposed += is_conv && l.transposed;
            matmul += l.kind == TS_WORK_MATMUL;
            repeated += l.repeat > 1;
        }
    }
    for (int count : {groups, depthwise, dilated, strided, transposed, matmul, repeated})
        EXPECT_GT(count, 0);
}

TEST(Networks, UnknownNameGivesTheNamesThereAre)
{
    ts_workload w;
    ts_error error;
    EXPECT_FALSE(ts_network_make("resnet19", 0, &w, &error));
    EXPECT_NE(std::string(error.text).find("resnet18, resnet50, tiny_conv"), std::string::npos)
        << error.text;
}

/* ---- GEMMs ---- */

TEST(WorkloadGemm, ConvolutionWithStrideGroupsAndDilation)
{
    ts_work_layer l = conv(8, 12, 16, 3, 2, 2);
    l.dilation_height = l.dilation_width = 2;
    l.groups = 4; /* out: (16 + 4 - 4 - 1) / 2 + 1 = 8 */
    expect_gemm(l, 5, TS_FWD, 5 * 8 * 8, 3, 9 * 2, 4);
    expect_gemm(l, 5, TS_BWD, 5 * 16 * 16, 2, 9 * 3, 4);
    expect_gemm(l, 5, TS_GRAD, 2 * 9, 3, 5 * 8 * 8, 4);
    EXPECT_EQ(ts_work_parameters(&l), 12 * 2 * 9);
    EXPECT_EQ(ts_work_elements(&l, 5, TS_TENSOR_X), 5 * 8 * 16 * 16);
    EXPECT_EQ(ts_work_elements(&l, 5, TS_TENSOR_W), 12 * 2 * 9);
    EXPECT_EQ(ts_work_elements(&l, 5, TS_TENSOR_DY), 5 * 12 * 8 * 8);
    ts_work_gemm g = ts_work_gemm_of(&l, 5, TS_BWD);
    EXPECT_EQ(g.unique, 5 * 3 * 8 * 8);
    EXPECT_EQ(g.lowered, g.m * g.k);
}

/* Its forward pass is the backward pass of the convolution from its output to its input. */
TEST(WorkloadGemm, TransposedConvolution)
{
    ts_work_layer l = conv(12, 6, 8, 4, 3, 1);
    l.transposed = 1;
    l.output_pad_height = 2;
    l.output_pad_width = 0;
    l.bias = 1;
    int64_t height;
    int64_t width;
    ts_work_out(&l, &height, &width);
    EXPECT_EQ(height, 7 * 3 - 2 + 3 + 2 + 1);
    EXPECT_EQ(width, 7 * 3 - 2 + 3 + 0 + 1);
    expect_gemm(l, 2, TS_FWD, 2 * height * width, 6, 16 * 12, 1);
    expect_gemm(l, 2, TS_BWD, 2 * 8 * 8, 12, 16 * 6, 1);
    expect_gemm(l, 2, TS_GRAD, 16 * 6, 12, 2 * 8 * 8, 1);
    EXPECT_EQ(ts_work_parameters(&l), 12 * 6 * 16 + 6);
    EXPECT_EQ(ts_work_elements(&l, 2, TS_TENSOR_X), 2 * 12 * 8 * 8);
    EXPECT_EQ(ts_work_elements(&l, 2, TS_TENSOR_DY), 2 * 6 * height * width);
    EXPECT_EQ(ts_work_gemm_of(&l, 2, TS_FWD).unique, 2 * 12 * 8 * 8);
}

TEST(WorkloadGemm, BatchedProductHasNoWeights)
{
    ts_work_layer l = ts_work_new(TS_WORK_MATMUL);
    l.rows = 10;
    l.in_channels = 64;
    l.out_channels = 20;
    l.groups = 8;
    expect_gemm(l, 3, TS_FWD, 10, 20, 64, 24);
    expect_gemm(l, 3, TS_BWD, 10, 64, 20, 24);
    expect_gemm(l, 3, TS_GRAD, 64, 20, 10, 24);
    EXPECT_EQ(ts_work_parameters(&l), 0);
    EXPECT_EQ(ts_work_elements(&l, 3, TS_TENSOR_X), 24 * 10 * 64);
    EXPECT_EQ(ts_work_elements(&l, 3, TS_TENSOR_W), 24 * 64 * 20);
    EXPECT_EQ(ts_work_elements(&l, 3, TS_TENSOR_DY), 24 * 10 * 20);
}

/* Steps of a recurrent layer come one after another; their dW is one sum. */
TEST(WorkloadGemm, RepeatedLinearLayer)
{
    ts_work_layer l = ts_work_new(TS_WORK_LINEAR);
    l.rows = 1;
    l.in_channels = 30;
    l.out_channels = 40;
    l.repeat = 35;
    expect_gemm(l, 20, TS_FWD, 20, 40, 30, 35);
    expect_gemm(l, 20, TS_BWD, 20, 30, 40, 35);
    expect_gemm(l, 20, TS_GRAD, 30, 40, 700, 1);
    EXPECT_EQ(ts_work_elements(&l, 20, TS_TENSOR_X), 700 * 30);
    EXPECT_EQ(ts_work_elements(&l, 20, TS_TENSOR_W), 1200);
    l.shared = 1;
    EXPECT_EQ(ts_work_parameters(&l), 0);
}

/* ---- jobs of a step ---- */

TEST(WorkloadStep, GoesForwardThenBackwardThenUpdates)
{
    Workload net;
    net.w.batch = 2;
    ts_work_layer first = conv(3, 4, 8, 3, 1, 1);
    first.first = 1;
    ts_work_layer relu = ts_work_new(TS_WORK_ACTIVATION);
    relu.elements = 256;
    ts_work_layer fc = ts_work_new(TS_WORK_LINEAR);
    fc.rows = 1;
    fc.in_channels = 256;
    fc.out_channels = 10;
    fc.bias = fc.last = 1;
    net.add(first);
    net.add(relu);
    net.add(fc);
    size_t n = 0;
    std::unique_ptr<ts_work_job, decltype(&free)> jobs(ts_workload_step(&net.w, &n), free);
    std::ostringstream order;
    for (size_t i = 0; i < n; i++)
        order << jobs.get()[i].layer << ts_work_job_name(jobs.get()[i].kind)[0]
              << ts_pass_name(jobs.get()[i].pass)[0] << ' ';
    EXPECT_EQ(order.str(), "0qf 0qf 0gf 1ef 2qf 2qf 2gf " /* forward */
                           "2qb 2gb 2gg 2eg 1eb 0qb 0gg " /* backward: no dX of the input */
                           "0ug 2ug ");                   /* what has parameters */
    EXPECT_EQ(jobs.get()[3].elements, 512);
    EXPECT_EQ(jobs.get()[10].elements, 20); /* the gradient of the bias sums dY up */
}

TEST(WorkloadStep, CountsOfAllNetworksAddUp)
{
    for (size_t i = 0; ts_network_name(i); i++) {
        auto net = network(ts_network_name(i), 0);
        size_t n = 0;
        std::unique_ptr<ts_work_job, decltype(&free)> jobs(ts_workload_step(&net->w, &n), free);
        ASSERT_NE(jobs, nullptr);
        std::map<ts_pass, int64_t> by_pass;
        std::map<size_t, int> quantized;
        int64_t updated = 0;
        for (size_t j = 0; j < n; j++) {
            const ts_work_job &job = jobs.get()[j];
            by_pass[job.pass] += job.kind == TS_WORK_GEMM
                                     ? job.gemm.m * job.gemm.n * job.gemm.k * job.gemm.count
                                     : 0;
            updated += job.kind == TS_WORK_UPDATE ? job.elements : 0;
            if (job.kind == TS_WORK_QUANTIZE)
                quantized[job.layer] |= 1 << job.tensor;
            if (job.kind != TS_WORK_GEMM) {
                EXPECT_GT(job.elements * job.reads * job.operations, 0);
            }
        }
        for (ts_pass pass : {TS_FWD, TS_BWD, TS_GRAD})
            EXPECT_EQ(by_pass[pass], macs(net->w, pass));
        EXPECT_EQ(updated, parameters(net->w));
        for (size_t l = 0; l < net->w.n; l++)
            EXPECT_EQ(quantized[l], ts_work_is_gemm(&net->w.layers[l]) ? 7 : 0);
    }
}

/* ---- files ---- */

namespace
{

std::string written(const ts_workload &w)
{
    char *text = nullptr;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    EXPECT_TRUE(ts_workload_write(&w, stream));
    fclose(stream);
    std::string result(text, size);
    free(text);
    return result;
}

/* The line with which reading that file fails; empty if it does not. */
std::string refusal(const std::string &text)
{
    Scratch scratch;
    std::string path = scratch.path("net.json");
    std::ofstream(path, std::ios::binary) << text;
    Workload net;
    ts_error error = {};
    if (ts_workload_read(path.c_str(), &net.w, &error))
        return "";
    std::string line = error.text;
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_EQ(line.rfind(path + ": ", 0), 0U) << line;
    EXPECT_EQ(net.w.layers, nullptr);
    return line;
}

std::string with_layers(const std::string &layers)
{
    return R"({"tessera_workload": 1, "name": "n", "batch": 4, "layers": [)" + layers + "]}";
}

void expect_refusal(const std::string &text, const std::string &expected)
{
    std::string line = refusal(text);
    EXPECT_NE(line.find(expected), std::string::npos) << "'" << line << "' for " << text;
}

const char good[] =
    R"({"name": "a", "kind": "linear", "rows": 2, "in_channels": 3, "out_channels": 4})";

} // namespace

TEST(WorkloadFile, WhatIsWrittenReadsTheSame)
{
    for (size_t i = 0; ts_network_name(i); i++) {
        auto net = network(ts_network_name(i), 3);
        std::string text = written(net->w);
        Scratch scratch;
        std::string path = scratch.path("net.json");
        std::ofstream(path) << text;
        Workload again;
        ts_error error = {};
        ASSERT_TRUE(ts_workload_read(path.c_str(), &again.w, &error)) << error.text;
        EXPECT_EQ(written(again.w), text);
        EXPECT_EQ(macs(again.w, TS_BWD), macs(net->w, TS_BWD));
        EXPECT_EQ(parameters(again.w), parameters(net->w));
    }
}

TEST(WorkloadFile, OptionalFieldsMayBeMissing)
{
    EXPECT_EQ(refusal(with_layers(good)), "");
    EXPECT_EQ(refusal(R"({"tessera_workload": 1, "layers": [)" + std::string(good) + "]}"), "");
}

TEST(WorkloadFile, BadOnesGiveFileLayerAndField)
{
    auto layer = [](const std::string &rest) {
        return with_layers(std::string(good) + R"(, {"name": "b", )" + rest + "}");
    };
    const std::string c = R"("kind": "conv", "in_channels": 4, "out_channels": 4, )"
                          R"("in_height": 8, "in_width": 8)";
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"", "line 1, column 1: not JSON"},
        {"{\n \"tessera_workload\": 1,\n ]", "line 3, column 3: not JSON, here or just before"},
        {"[]", "no workload"},
        {R"({"nodes": []})", "`tessera import`"},
        {R"({"tessera_workload": 2, "layers": []})", "reads version 1"},
        {R"({"tessera_workload": 1})", "0 layers"},
        {R"({"tessera_workload": 1, "layers": 3})", "layers must be a list"},
        {R"({"tessera_workload": 1, "batch": 1.5})", "batch must be a whole number"},
        {R"({"tessera_workload": 1, "batch": 0, "layers": [)" + std::string(good) + "]}",
         "batch is 0"},
        {R"({"tessera_workload": 1, "btch": 1})", "btch is no field of a workload"},
        {R"({"tessera_workload": 1, "batch": 1, "batch": 2})", "batch is there twice"},
        {with_layers("7"), "layers[0] '': must be an object"},
        {layer(R"("kind": "cnv")"), "layers[1] 'b': kind is 'cnv'; it must be one of conv, linear"},
        {layer(R"("rows": 1)"), "kind is 'missing'"},
        {layer(R"("kind": "linear", "rows": 1, "in_channels": 2)"), "out_channels is missing"},
        {layer(R"("kind": "linear", "row": 1)"), "row is no field of kind linear"},
        {layer(R"("kind": "norm", "elements": "1")"), "elements must be a whole number"},
        {layer(R"("kind": "norm", "elements": 1, "elements": 2)"), "elements is there twice"},
        {layer(c + R"(, "stride_height": 0)"), "stride_height is 0; it must be 1 to 16777216"},
        {layer(c + R"(, "stride_height": 1e300)"), "stride_height must be a whole number"},
        {layer(c + R"(, "groups": 3)"), "in_channels 4 is no multiple of groups 3"},
        {layer(R"("kind": "conv", "in_channels": 4, "out_channels": 6, "in_height": 8, )"
               R"("in_width": 8, "groups": 4)"),
         "out_channels 6 is no multiple of groups 4"},
        {layer(c + R"(, "kernel_height": 9)"), "kernel_height 9 of dilation 1 exceeds in_height 8"},
        {layer(c + R"(, "kernel_width": 4, "dilation_width": 3)"), "kernel_width 4 of dilation 3"},
        {layer(c + R"(, "output_pad_width": 1)"), "output_pad is for transposed"},
        {layer(c + R"(, "transposed": true, "output_pad_width": 1)"), "below the stride"},
        {layer(c + R"(, "transposed": true, "pad_width": 4)"), "pad leaves no output"},
        {layer(c + R"(, "transposed": 2)"), "transposed is 2; it must be 0 to 1"},
        {layer(c + R"(, "images": 16777216)"), "images times batch times repeat is above"},
        {layer(R"("kind": "linear", "rows": 4000000, "in_channels": 4000000, )"
               R"("out_channels": 4000000)"),
         "too large"},
        {layer(R"("kind": "matmul", "rows": 1000000, "depth": 1000000, "columns": 100000, )"
               R"("count": 1000000)"),
         "with it, a step has more than 2^60"},
        {with_layers(R"({"kind": "norm", "elements": 4})"), "layers[0] '': name is missing"},
        {with_layers(R"({"name": ")" + std::string(96, 'x') + R"(", "kind": "norm"})"),
         "name is longer than 95 bytes"},
        {with_layers("{\"name\": \"\xFF\", \"kind\": \"norm\"}"), "name must be a text"},
        {with_layers(R"({"name": "a\u001b[2J", "kind": "norm"})"),
         "layers[0] 'a?[2J': name must be a text in quotes, without control characters"},
        {with_layers(R"({"name": "a\u009b2J", "kind": "norm"})"), "'a??2J': name must be"},
        {R"({"tessera_workload": 1, "name": "a\nb"})", "name must be a text in quotes, without"},
        {"{\"tessera_workload\": 1, \"name\": \"a\nb\"}", "name must be a text in quotes, without"},
        {"{\"tessera_workload\": 1,\n\"name\": \"a\\\\u\\u0000b\"}",
         "line 2, column 14: a text holds a zero, \\u0000"},
        {std::string("{\0}", 3), "byte 1 is a zero"},
        {"\x1F\x8B\x08", "is compressed"},
    };
    for (const auto &[text, expected] : cases)
        expect_refusal(text, expected);
}

TEST(WorkloadFile, MissingFile)
{
    Workload net;
    ts_error error = {};
    EXPECT_FALSE(ts_workload_read("/nonexistent/net.json", &net.w, &error));
    EXPECT_STREQ(error.text, "/nonexistent/net.json: cannot be opened: No such file or directory");
    EXPECT_FALSE(ts_workload_read("/", &net.w, &error));
    EXPECT_NE(std::string(error.text).find("/: cannot be read: Is a directory"), std::string::npos)
        << error.text;
}
