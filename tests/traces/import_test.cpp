/* SPDX-License-Identifier: Apache-2.0 */
/* Importers: SCALE-Sim's topologies, and one network in every layout of PyTorch's traces. */
#include "scratch.h"
#include "tessera/workload.h"

#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

namespace
{

/* An imported file, or the line that says why not. */
class Imported
{
  public:
    explicit Imported(const std::string &text, int64_t batch = 1)
    {
        Scratch scratch;
        std::string path = scratch.path("net.txt");
        std::ofstream(path, std::ios::binary) << text;
        ts_error error = {}, unknown = {};
        bool ok = ts_workload_import(path.c_str(), batch, &w, &unknown, &error);
        left_out = unknown.text;
        if (ok)
            return;
        problem = error.text;
        EXPECT_EQ(problem.rfind(path + ": ", 0), 0U) << problem;
        EXPECT_EQ(problem.find('\n'), std::string::npos);
        EXPECT_EQ(w.layers, nullptr);
    }
    Imported(const Imported &) = delete;
    Imported &operator=(const Imported &) = delete;
    ~Imported()
    {
        ts_workload_free(&w);
    }

    /* "kind MxNxK,count parameters" of each layer's forward pass, or "kind elements parameters". */
    std::string digest() const
    {
        std::ostringstream out;
        for (size_t i = 0; i < w.n; i++) {
            const ts_work_layer *l = &w.layers[i];
            out << ts_work_kind_name(l->kind) << ' ';
            if (ts_work_is_gemm(l)) {
                ts_work_gemm g = ts_work_gemm_of(l, w.batch, TS_FWD);
                out << g.m << 'x' << g.n << 'x' << g.k << ',' << g.count;
            } else {
                out << l->elements;
            }
            out << ' ' << ts_work_parameters(l) << (l->first ? " first" : "")
                << (l->last ? " last" : "") << '\n';
        }
        return out.str();
    }

    ts_workload w = {};
    std::string problem, left_out;
};

void expect_refusals(const std::vector<std::pair<std::string, std::string>> &cases)
{
    for (const auto &[text, expected] : cases) {
        Imported net(text);
        EXPECT_NE(net.problem.find(expected), std::string::npos)
            << "'" << net.problem << "' for " << text;
    }
}

} // namespace

/* ---- SCALE-Sim ---- */

static const std::string conv_header = "Layer name, IFMAP Height, IFMAP Width, Filter Height, "
                                       "Filter Width, Channels, Num Filter, Strides";

/* SCALE-Sim's outputs: ceil((ifmap - filter + stride) / stride). */
TEST(ImportScaleSim, Convolutions)
{
    const std::string rows = "Conv1,224,224,7,7,3,64,2,\n\n"
                             "Conv2_DP, 114, 112, 3, 3, 32, 1, 1\r\n"
                             "FC, 1, 1, 1, 1, 512, 1000, 1, 2:4,\n";
    const std::string expected = "conv 12100x64x147,1 9408 first\n"
                                 "conv 12320x1x9,32 288\n"
                                 "linear 1x1000x512,1 512000 last\n";
    for (const std::string &header :
         {conv_header + ",\n", conv_header + "\r\n", "\xEF\xBB\xBF" + conv_header + ",\n",
          conv_header + ", Sparsity Ratio,\n",
          std::string("layer, ifmap height,IFMAP width,filter height,filter width,channels,"
                      "num filter,stride height,\n")})
        EXPECT_EQ(Imported(header + rows).digest(), expected) << header;
    Imported eight(conv_header + "\n" + rows, 8);
    EXPECT_EQ(eight.w.batch, 8);
    EXPECT_EQ(eight.digest().substr(0, 14), "conv 96800x64x");
}

/* As SCALE-Sim's own topologies have them. */
TEST(ImportScaleSim, CommentsAndOtherWordsInTheHeader)
{
    const std::string rows = "Conv2_dw, 112, 112, 3, 3, 1, 1, 1,#dw\nc,96,96,3,3,3,8,2, 2\n";
    for (const char *header :
         {"Layer, IFMAP Width, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, "
          "Strides,\n\n",
          "Layer name,Ifmap height,ifmap width,filter height,filter width,channels,num filters,"
          "strides,\n"})
        EXPECT_EQ(Imported(header + rows).digest(), "conv 12100x1x9,1 9 first\n"
                                                    "conv 2304x8x27,1 216 last\n");
}

TEST(ImportScaleSim, StrideOfItsOwnForTheWidth)
{
    Imported net(conv_header + ", Stride Width,\nc,9,9,3,3,1,1,2,3,\n");
    EXPECT_EQ(net.digest(), "conv 12x1x9,1 9 first last\n") << net.problem;
}

TEST(ImportScaleSim, Gemms)
{
    const std::string rows = "a, 16, 32, 64,\nb,16,32,64,12,\nc,1,2,3,1:4\n";
    const std::string expected = "linear 16x32x64,1 2048 first\n"
                                 "matmul 16x32x64,12 0\n"
                                 "linear 1x2x3,1 6 last\n";
    for (const char *header : {"Layer, M, N, K,\n", "\xEF\xBB\xBFLayer,M,N,K\r\n",
                               "Layer name, m, n, k\n", "Layer, M, N, K, Batch,\n"})
        EXPECT_EQ(Imported(header + rows).digest(), expected) << header;
    EXPECT_EQ(Imported("Layer, M, N, K, Sparsity,\na,1,2,3,4,").digest(),
              "linear 1x2x3,1 6 first last\n");
}

TEST(ImportScaleSim, BadFilesGiveLineAndField)
{
    const std::string conv = conv_header + ",\n";
    expect_refusals({
        {"", "line 1: neither JSON nor a header"},
        {"Layer, M, N\n", "line 1: neither JSON nor a header"},
        {"Layer, M, Number, K\n", "line 1: neither JSON nor a header"},
        {conv_header + ", Colour\n", "line 1: column 'Colour' is unknown"},
        {conv, "no layer follows the header"},
        {conv + "a,8,8,3,3,4,4\n", "line 2: Strides is missing"},
        {conv + "a,8,8,3,3,4,4,1,\nb,8,8,3,3,x4,4,1,\n", "line 3: Channels is 'x4'"},
        {conv + "a,8,8,3,3,4,4,0\n", "line 2: Strides is '0'; it must be 1 to 16777216"},
        {conv + "a,-8,8,3,3,4,4,1\n", "line 2: IFMAP Height is '-8'"},
        {conv + "a,8,,3,3,4,4,1\n", "line 2: IFMAP Width is ''"},
        {conv + "a,8,8,3,3,4,99999999999999999999,1\n", "line 2: Num Filter is '99999"},
        {conv + "a,8,8,9,3,4,4,1\n", "line 2: Filter Height 9 exceeds IFMAP Height 8"},
        {conv + "a,8,8,3,9,4,4,1\n", "line 2: Filter Width 9 exceeds IFMAP Width 8"},
        {conv + "a,8,8,3,3,4,4,1,4:2\n", "line 2: sparsity is '4:2'"},
        {conv + "a,8,8,3,3,4,4,1,1,7\n", "line 2: '7' is in no column"},
        {conv + "a,8,8,3,3,4,4,1,0\n", "line 2: Stride width is '0'"},
        {conv_header + ",Sparsity\na,8,8,3,3,4,4,1,0\n", "line 2: sparsity is '0'"},
        {conv_header + ",,Stride\n", "line 1: column '' is unknown"},
        {conv + ",8,8,3,3,4,4,1\n", "line 2: Layer name must be a text"},
        {conv + "a\x1B[2J,8,8,3,3,4,4,1\n", "line 2: Layer name must be a text of 1 to 95 bytes, "
                                            "without control characters"},
        {conv + "\xFF,8,8,3,3,4,4,1\n", "line 2: Layer name must be a text"},
        {conv + "a,1,1,1,1,1,1,1,,,,,,,,,,,1\n", "line 2: more than 16 cells"},
        {conv + "DP,9,9,3,3,16000000,16000000,1\n", "line 2: Channels times Num Filter"},
        {conv + "a,16000000,16000000,1,1,16000000,16000000,1\n",
         "line 2: IFMAP, Filter, Channels and Num Filter of "
         "'a': a convolution is too large; make"},
        {"Layer, M, N, K,\na,1,1,1\nb,16777216,16777216,16777216\n",
         "line 3: M, N and K of 'b': a product of 16777216 x 16777216 x 16777216 is too large; "
         "make"},
        {"Layer, M, N, "
         "K,\na,16777216,65536,65536\nb,16777216,65536,65536\nc,16777216,65536,65536\n",
         "line 4: M, N and K of 'c': with it, a step has more than 2^60"},
        {"Layer, M, N, K,\na,1,2,\n", "line 2: K is missing"},
        {"Layer, M, N, K,\na,1,2,3,0\n", "line 2: Batch is '0'"},
        {"Layer, M, N, K,\na,1,2,3 4\n", "line 2: K is '3 4'"},
    });
}

/* ---- PyTorch ---- */

namespace
{

enum Layout { FLAT, NESTED, PROFILER, PROFILER_WITHOUT_VALUES };

struct Call {
    int id, parent;
    std::string name;
    std::string shapes, values; /* of its inputs, as JSON's lists */
};

/* A tensor as execution traces have it: its place in memory counts. */
std::string tensor(int storage)
{
    return "[1, " + std::to_string(storage) + ", 0, 1, 4, \"cpu\"]";
}

/* As Python's texts, none for tensors: "[1, 2]" to "\"[1, 2]\"". */
std::string as_texts(const std::string &values)
{
    std::string out = "[";
    int depth = 0;
    std::string one;
    for (char c : values.substr(1)) {
        if (depth == 0 && (c == ',' || c == ']')) {
            bool is_tensor = one.find("cpu") != std::string::npos;
            std::string text = is_tensor        ? ""
                               : one == "true"  ? "True"
                               : one == "false" ? "False"
                                                : one;
            out += (out.size() > 1 ? ", \"" : "\"") + text + "\"";
            one.clear();
            continue;
        }
        depth += c == '[' ? 1 : c == ']' ? -1 : 0;
        if (c != ' ' || depth > 0)
            one += c;
    }
    return out + "]";
}

/* From its number to that of the last one that it calls. */
int end_of(const std::vector<Call> &calls, int id)
{
    int end = id;
    for (const Call &call : calls)
        if (call.parent == id && call.id != id)
            end = std::max(end, end_of(calls, call.id));
    return end;
}

std::string render(const std::vector<Call> &calls, Layout layout)
{
    std::ostringstream out;
    bool profiler = layout == PROFILER || layout == PROFILER_WITHOUT_VALUES;
    out << (profiler ? R"({"schemaVersion": 1, "traceEvents": [{"ph": "M", "name": "m"})"
                     : R"({"schema": "1", "nodes": [{"id": 1, "name": "root", "parent": 1})");
    for (const Call &c : calls) {
        out << ",\n{\"name\": \"" << c.name << "\", ";
        if (layout == FLAT)
            out << "\"id\": " << c.id << ", \"parent\": " << c.parent
                << ", \"inputs\": " << c.values << ", \"input_shapes\": " << c.shapes << "}";
        else if (layout == NESTED)
            out << "\"id\": " << c.id << ", \"ctrl_deps\": " << c.parent
                << ", \"inputs\": {\"values\": " << c.values << ", \"shapes\": " << c.shapes
                << "}}";
        else
            out << R"("ph": "X", "cat": "cpu_op", "tid": 7, "ts": )" << c.id
                << ", \"dur\": " << end_of(calls, c.id) - c.id << ".5, \"args\": {"
                << (layout == PROFILER ? "\"Concrete Inputs\": " + as_texts(c.values) + ", " : "")
                << "\"Input Dims\": " << c.shapes << "}}";
    }
    out << "]}";
    return out.str();
}

Call conv_call(int id, const std::string &x, const std::string &w, bool bias,
               const std::string &rest)
{
    return {id, 1, "aten::convolution",
            "[" + x + ", " + w + ", " + (bias ? "[6]" : "[]") + ", [], [], [], [], [], []]",
            "[" + tensor(10 * id) + ", " + tensor(10 * id + 1) + ", " + tensor(10 * id + 2) + ", " +
                rest + "]"};
}

/* Forward, with what is not to be counted around it. Callers come after what they call, as in real
 * traces: the order is that of the numbers. */
std::vector<Call> small_network()
{
    return {
        conv_call(3, "[2, 3, 16, 12]", "[8, 3, 3, 3]", false,
                  "[2, 2], [1, 1], [1, 1], false, [0, 0], 1"),
        {5, 4, "aten::native_batch_norm", "[[2, 8, 8, 6], [8], [8]]", "[0, 0, 0]"},
        {4, 1, "aten::batch_norm", "[[2, 8, 8, 6], [8], [8], [8], [8]]", "[0, 0, 0, 0, 0]"},
        {6, 1, "aten::relu_", "[[2, 8, 8, 6]]", "[0]"},
        conv_call(7, "[2, 8, 8, 6]", "[8, 1, 3, 3]", true,
                  "[1, 1], [1, 1], [1, 1], false, [0, 0], 8"),
        {8, 1, "aten::add", "[[2, 8, 8, 6], [2, 8, 8, 6], []]", "[0, 0, 1]"},
        {9, 1, "aten::add_", "[[], []]", "[0, 1]"},
        {11, 10, "aten::convolution", "[[2, 8, 8, 6], [8, 6, 4, 4], [6], [], [], [], [], [], []]",
         "[" + tensor(110) + ", " + tensor(111) + ", " + tensor(112) +
             ", [2, 2], [1, 1], [1, 1], true, [0, 0], 1]"},
        {10, 1, "aten::conv_transpose2d", "[[2, 8, 8, 6], [8, 6, 4, 4], [6]]", "[0, 0, 0]"},
        {12, 1, "aten::relu", "[[2, 6, 16, 12]]", "[0]"},
        {14, 13, "aten::bmm", "[[2, 192, 6], [2, 6, 16]]", "[0, 0]"},
        {13, 1, "aten::linear", "[[2, 192, 6], [16, 6], [16]]",
         "[" + tensor(130) + ", " + tensor(131) + ", " + tensor(132) + "]"},
        {15, 1, "aten::bmm", "[[4, 192, 8], [4, 8, 192]]", "[0, 0]"},
        {16, 1, "aten::_scaled_dot_product_flash_attention",
         "[[2, 4, 10, 8], [2, 4, 12, 8], [2, 4, 12, 6]]", "[0, 0, 0]"},
        {17, 1, "aten::addmm", "[[5], [384, 16], [16, 5], [], []]",
         "[" + tensor(170) + ", " + tensor(171) + ", " + tensor(172) + ", 1, 1]"},
        {18, 1, "aten::softmax", "[[384, 5]]", "[0]"},
        {20, 19, "aten::mm", "[[384, 5], [5, 16]]", "[0, 0]"},
        {19, 1, "autograd::engine::evaluate_function: AddmmBackward0", "[]", "[]"},
        {22, 21, "aten::add_", "[[5, 16], [5, 16]]", "[0, 0]"},
        {21, 1, "Optimizer.step#SGD.step", "[]", "[]"},
    };
}

const char small_digest[] = "conv 96x8x27,1 216 first\n"
                            "norm 768 16\n"
                            "activation 768 0\n"
                            "conv 96x1x9,8 80\n"
                            "add 768 0\n"
                            "conv 384x6x128,1 774\n"
                            "activation 2304 0\n"
                            "linear 384x16x6,1 112\n"
                            "matmul 192x192x8,4 0\n"
                            "matmul 10x12x8,8 0\n"
                            "softmax 960 0\n"
                            "matmul 10x6x12,8 0\n"
                            "linear 384x5x16,1 85 last\n"
                            "softmax 1920 0\n";

} // namespace

TEST(ImportPytorch, EveryLayoutGivesTheSame)
{
    for (Layout layout : {FLAT, NESTED, PROFILER, PROFILER_WITHOUT_VALUES}) {
        Imported net(render(small_network(), layout));
        EXPECT_EQ(net.problem, "");
        EXPECT_EQ(net.digest(), small_digest) << layout;
        ASSERT_GT(net.w.n, 5U);
        EXPECT_EQ(net.w.layers[5].transposed, 1);
        EXPECT_EQ(net.w.layers[0].stride_height, 2);
        EXPECT_STREQ(net.w.layers[0].name, layout < PROFILER ? "convolution.3" : "convolution.1");
    }
}

TEST(ImportPytorch, DilatedAndOneDimensionalConvolutions)
{
    std::vector<Call> calls = {
        conv_call(2, "[2, 8, 16, 12]", "[4, 8, 3, 3]", false,
                  "[1, 1], [4, 2], [4, 2], false, [0, 0], 1"),
        conv_call(3, "[2, 8, 100]", "[6, 8, 5]", true, "[2], [2], [1], false, [0], 1"),
    };
    for (Layout layout : {FLAT, NESTED, PROFILER}) {
        Imported net(render(calls, layout));
        EXPECT_EQ(net.digest(), "conv 384x4x72,1 288 first\nconv 100x6x40,1 246 last\n")
            << net.problem;
        ASSERT_EQ(net.w.n, 2U);
        EXPECT_EQ(net.w.layers[0].dilation_height, 4);
        EXPECT_EQ(net.w.layers[0].dilation_width, 2);
    }
}

/* A cell that is called for every word, after an embedding that is the output's weights too. */
TEST(ImportPytorch, SharedWeightsCountOnce)
{
    auto linear = [](int id, int weights) {
        return Call{id, 1, "aten::linear", "[[20, 8], [8, 8], [8]]",
                    "[" + tensor(1) + ", " + tensor(weights) + ", " + tensor(3) + "]"};
    };
    std::vector<Call> calls = {
        {2, 1, "aten::embedding", "[[8, 8], [20]]", "[" + tensor(50) + ", 0]"},
        linear(3, 60),
        linear(4, 60),
        linear(5, 50)};
    Imported net(render(calls, FLAT));
    EXPECT_EQ(net.digest(), "embedding 160 64\nlinear 20x8x8,1 72\nlinear 20x8x8,1 0\n"
                            "linear 20x8x8,1 0 last\n");
}

/* More than is read in one go. */
TEST(ImportPytorch, ManyOperators)
{
    std::vector<Call> calls;
    const int layers = 3000;
    for (int i = 0; i < layers; i++)
        calls.push_back({i + 2, 1, i % 2 ? "aten::max_pool2d" : "aten::matmul",
                         i % 2 ? "[[2, 3, 4, 5]]" : "[[2, 3, 4], [4]]", "[]"});
    Imported net(render(calls, NESTED));
    ASSERT_EQ(net.w.n, static_cast<size_t>(layers)) << net.problem;
    EXPECT_EQ(net.digest().substr(0, 39), "linear 6x1x4,1 4 first\npool 120 0\nlinea");
}

TEST(ImportPytorch, ProductsByOtherNames)
{
    std::vector<Call> calls = {
        {2, 1, "aten::mv", "[[2, 3], [3]]", "[0, 0]"},
        {3, 1, "aten::dot", "[[7], [7]]", "[0, 0]"},
        {4, 1, "aten::addmv", "[[5], [5, 6], [6]]", "[0, 0, 0]"},
        {5, 1, "aten::addbmm", "[[3, 5], [10, 3, 4], [10, 4, 5]]", "[0, 0, 0]"},
        {6, 1, "aten::baddbmm_", "[[10, 3, 5], [10, 3, 4], [10, 4, 5]]", "[0, 0, 0]"},
        {7, 1, "aten::_addmm_activation", "[[5], [3, 4], [4, 5]]", "[0, 0, 0, 1, 1, true]"},
        {8, 1, "aten::_scaled_mm", "[[16, 32], [32, 48], [], [], [48]]", "[0, 0, 0, 0, 0]"},
    };
    for (Layout layout : {FLAT, NESTED, PROFILER}) {
        Imported net(render(calls, layout));
        EXPECT_EQ(net.digest(), "linear 2x1x3,1 3 first\n"
                                "linear 1x1x7,1 7\n"
                                "linear 5x1x6,1 7\n"
                                "matmul 3x5x40,1 0\n"
                                "matmul 3x5x4,10 0\n"
                                "linear 3x5x4,1 25\n"
                                "activation 15 0\n"
                                "linear 16x48x32,1 1584 last\n")
            << net.problem;
        EXPECT_EQ(net.left_out, "");
    }
}

/* One that calls products which are known is no loss; what it calls is lost with it only once. */
TEST(ImportPytorch, ProductsThatAreNotKnownAreNamed)
{
    std::vector<Call> calls = {
        {2, 1, "aten::mm", "[[2, 3], [3, 4]]", "[0, 0]"},
        {3, 1, "aten::_grouped_mm", "[[2, 3], [5, 3, 4]]", "[0, 0]"},
        {4, 1, "aten::conv_tbc", "[[2, 3, 4], [3, 4, 4], [4]]", "[0, 0, 0]"},
        {5, 1, "aten::_transformer_encoder_layer_fwd", "[[2, 3, 4]]", "[0]"},
        {6, 5, "aten::_efficient_attention_forward", "[[2, 3, 4]]", "[0]"},
        {7, 1, "aten::_grouped_mm", "[[2, 3], [5, 3, 4]]", "[0, 0]"},
        {8, 1, "aten::einsum", "[[], []]", "[0, 0]"},
        {9, 8, "aten::bmm", "[[2, 3, 4], [2, 4, 5]]", "[0, 0]"},
        {10, 1, "mine::linear", "[[2, 3]]", "[0]"},
        {11, 1, "aten::upsample_bilinear2d", "[[2, 3, 4, 4]]", "[0]"},
        {12, 1, "autograd::engine::evaluate_function: MmBackward0", "[]", "[]"},
        {13, 12, "aten::_grouped_mm", "[[2, 3], [5, 3, 4]]", "[0, 0]"},
    };
    for (Layout layout : {FLAT, NESTED, PROFILER}) {
        Imported net(render(calls, layout));
        EXPECT_EQ(net.digest(), "linear 2x4x3,1 12 first last\nmatmul 3x5x4,2 0\n") << net.problem;
        EXPECT_EQ(net.left_out, "left out, as it is not known what they multiply: "
                                "2 of aten::_grouped_mm, 1 of aten::conv_tbc, "
                                "1 of aten::_transformer_encoder_layer_fwd, 1 of mine::linear");
    }
    EXPECT_EQ(Imported(render(small_network(), FLAT)).left_out, "");
}

TEST(ImportPytorch, AFileThatIsNotThere)
{
    ts_workload w = {};
    ts_error error = {};
    ts_error left_out = {};
    EXPECT_FALSE(ts_workload_import("/nonexistent.json", 1, &w, &left_out, &error));
    EXPECT_STREQ(left_out.text, "");
    EXPECT_STREQ(error.text, "/nonexistent.json: cannot be opened: No such file or directory");
}

TEST(ImportPytorch, OnlyTheFirstStepOfAProfile)
{
    std::vector<Call> calls = {
        {2, 1, "ProfilerStep#4", "[]", "[]"},
        {3, 2, "aten::mm", "[[2, 3], [3, 4]]", "[]"},
        {4, 1, "ProfilerStep#5", "[]", "[]"},
        {5, 4, "aten::mm", "[[2, 3], [3, 4]]", "[]"},
    };
    EXPECT_EQ(Imported(render(calls, PROFILER)).digest(), "linear 2x4x3,1 12 first last\n");
}

TEST(ImportPytorch, BadTracesNameTheNode)
{
    auto one = [](const Call &call, Layout layout) { return render({call}, layout); };
    Call relu = {2, 1, "aten::relu", "[[2, 2]]", "[0]"};
    Call conv = conv_call(2, "[2, 8, 8, 6]", "[8, 1, 3, 3]", true,
                          "[1, 1], [1, 1], [1, 1], false, [0, 0], 8");
    auto conv_with = [&](const std::string &x, const std::string &w, const std::string &rest) {
        return render({conv_call(2, x, w, false, rest)}, NESTED);
    };
    const std::string rest = "[1, 1], [1, 1], [1, 1], false, [0, 0], 1";
    expect_refusals({
        {"{", "line 1, column 2: not JSON"},
        {"{}", "neither \"nodes\""},
        {"[]", "no convolution, linear layer or product in the forward pass among its 0"},
        {R"({"nodes": [1]})", "nodes[0]: name must be a text"},
        {R"({"nodes": [{"name": "n"}]})", "nodes[0] (n): id must be a whole number"},
        {R"({"nodes": [{"name": "n", "id": 1}]})", "node 1 (n): ctrl_deps, or parent, must be"},
        {R"({"nodes": [{"name": "n", "id": 1, "parent": 1}, {"name": "m", "id": 1, "parent": 1}]})",
         "node 1 is there twice"},
        {R"({"traceEvents": [{"ph": "X", "cat": "cpu_op"}]})", "traceEvents[0]: name must be"},
        {R"({"traceEvents": [{"ph": "X", "cat": "cpu_op", "name": "a", "ts": "1"}]})",
         "traceEvents[0] (a): ts and dur must be numbers"},
        {R"({"traceEvents": [{"ph": "X", "cat": "cpu_op", "name": "aten::mm", "ts": 1, "dur": 1}]})",
         "traceEvents[0] (aten::mm): has no shapes"},
        {R"({"nodes": [{"name": "n", "id": 1, "parent": 1}, {"name": "m", "id": 2, "parent": 2}]})",
         "node 2 (m): is its own ancestor by the parents given"},
        {one({2, 3, "a", "[]", "[]"}, FLAT), "node 2 (a): its parent, node 3, is not there"},
        {render({{2, 3, "a", "[]", "[]"}, {3, 4, "b", "[]", "[]"}, {4, 2, "c", "[]", "[]"}},
                NESTED),
         "node 2 (a): is its own ancestor"},
        {R"({"nodes": [{"name": "n", "id": 1, "id": 2, "parent": 1}]})",
         "nodes[0]: id is there twice"},
        {R"({"nodes": [{"name": "n", "id": 1, "ctrl_deps": 1, "inputs": {"shapes": [], "shapes": []}}]})",
         "nodes[0]: shapes is there twice"},
        {R"({"traceEvents": [{"ph": "X", "cat": "cpu_op", "name": "a", "ts": 1, "dur": -2}]})",
         "traceEvents[0] (a): dur is -2; it must be 0 or more"},
        {R"({"traceEvents": [{"ph": "X", "cat": "cpu_op", "name": "a", "ts": 1, "dur": 2, "dur": 3}]})",
         "traceEvents[0]: dur is there twice"},
        {one({2, 1, "aten::addbmm", "[[3, 5], [2, 3, 4], [3, 4, 5]]", "[]"}, NESTED),
         "node 2 (aten::addbmm): inputs.shapes: its inputs must be as many"},
        {one(relu, FLAT), "no convolution, linear layer or product"},
        {one(conv, PROFILER_WITHOUT_VALUES), "traceEvents[1] (aten::convolution): has no strides"},
        {conv_with("[2, 8, 8, 8, 8]", "[8, 8, 3, 3, 3]", rest), "image of 3 or 4 dimensions"},
        {conv_with("[2, 8, 8, 8]", "[8, 4, 3, 3]", rest), "do not fit together"},
        {conv_with("[2, 8, 8, 8]", "[8, 8, 3, 3]", "[1, 1], [1, 1]"), "node 2 (aten::convolution): "
                                                                      "stride, padding"},
        {conv_with("[2, 8, 8, 8]", "[8, 8, 3, 3]", "[1, 1], [1, 1], [1, 1], false, [0, 0], 0"),
         "groups, the last of its values, must be 1 to 2^24"},
        {conv_with("[2, 8, 8, 8]", "[8, 8, 3, 3]", "[0, 0], [1, 1], [1, 1], false, [0, 0], 1"),
         "stride_height is 0"},
        {conv_with("[2, 8, 8, -8]", "[8, 8, 3, 3]", rest), "missing or absurd"},
        {conv_with("[2, 8, 8, 1e15]", "[8, 8, 3, 3]", rest), "missing or absurd"},
        {conv_with("[]", "[8, 8, 3, 3]", rest), "missing or absurd"},
        {one({2, 1, "aten::linear", "[[2, 3], [4, 5]]", "[]"}, NESTED),
         "node 2 (aten::linear): inputs.shapes: shapes of its inputs do not fit together; record"},
        {one({2, 1, "aten::linear", "[[2, 3], [4, 5]]", "[]"}, FLAT),
         "node 2 (aten::linear): input_shapes: shapes of"},
        {one({2, 1, "aten::linear", "[[2, 3], [4, 5]]", "[]"}, PROFILER),
         "traceEvents[1] (aten::linear): args.Input Dims: shapes of"},
        {one({2, 1, "aten::linear", "[[2, 3], [4]]", "[]"}, NESTED), "must have 2 dimensions"},
        {one({2, 1, "aten::bmm", "[[2, 3, 4], [2, 5, 6]]", "[]"}, NESTED), "do not fit together"},
        {one({2, 1, "aten::bmm", "[[2, 3, 4]]", "[]"}, NESTED), "no sound shapes"},
        {one({2, 1, "aten::mm", "[[9e15, 9e15], [9e15, 9e15]]", "[]"}, NESTED), "must be 1 to"},
        {one({2, 1, "aten::relu", "[[9e15, 9e15]]", "[]"}, NESTED), "no sound shape"},
        {one({2, 1, "aten::mm", "[[0, 2], [2, 3]]", "[]"}, NESTED), "rows is 0"},
        {one({2, 1, "aten::relu", "[[0, 2]]", "[]"}, NESTED), "no convolution, linear layer"},
        {one({2, 1, "aten::embedding", "[[8], [20]]", "[]"}, FLAT), "must have 2 dimensions"},
        {one({2, 1, "aten::_scaled_dot_product_flash_attention",
              "[[2, 4, 8], [2, 5, 8], [2, 6, 8]]", "[]"},
             FLAT),
         "shapes of query, key and value do not fit together"},
        {render({conv, {3, 1, "aten::relu", "[[2, 8, 70, 6]]", "[]"}}, PROFILER_WITHOUT_VALUES),
         "has no strides"},
        {one({2, 1, "aten::_cudnn_rnn", "[]", "[]"}, FLAT), "a recurrent network in one operator"},
        {one({2, 1, "aten::_scaled_dot_product_flash_attention", "[[2, 2, 2], [2, 2, 3], [2, 2]]",
              "[]"},
             FLAT),
         "query, key and value"},
    });
}
