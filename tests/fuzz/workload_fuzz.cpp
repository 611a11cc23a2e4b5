// SPDX-License-Identifier: Apache-2.0
// Workload files, topologies of SCALE-Sim, traces of PyTorch: one line, or a workload of which
// every count is sound, and which comes back when written and read again.
#include "fuzz.h"

#include "tessera/workload.h"

#include <cstdlib>
#include <cstring>
#include <fstream>

namespace
{

std::uint64_t workloads;

fuzz::Bytes bytes(const std::string &text)
{
    return {text.begin(), text.end()};
}

std::string written(const ts_workload &w)
{
    char *text = nullptr;
    std::size_t size = 0;
    std::FILE *stream = open_memstream(&text, &size);
    fuzz::require(ts_workload_write(&w, stream), "no memory");
    std::fclose(stream);
    std::string result(text, size);
    std::free(text);
    return result;
}

void sum_up(const ts_workload &w)
{
    std::size_t n = 0;
    ts_work_job *jobs = ts_workload_step(&w, &n);
    fuzz::require(jobs, "no memory");
    std::int64_t sum = 0; // the sanitizer sees it overflow
    for (std::size_t i = 0; i < n; i++) {
        const ts_work_gemm &g = jobs[i].gemm;
        if (jobs[i].kind == TS_WORK_GEMM)
            fuzz::require(g.m > 0 && g.n > 0 && g.k > 0 && g.count > 0 && g.unique > 0 &&
                              g.unique <= g.lowered,
                          "a GEMM without size");
        else
            fuzz::require(jobs[i].elements > 0, "a job without elements");
        sum += g.m * g.n * g.k * g.count + jobs[i].elements;
    }
    fuzz::require(sum > 0, "a step without work");
    std::free(jobs);
}

void look_at(bool ok, ts_workload *w, const ts_error &error)
{
    fuzz::require(ok || (error.text[0] && !std::strchr(error.text, '\n')),
                  "a failure without its line");
    if (!ok)
        return;
    workloads++;
    sum_up(*w);
    const std::string text = written(*w);
    ts_workload_free(w);
    ts_error why = {};
    ts_workload again = {};
    const std::string &path = fuzz::file_of(bytes(text));
    fuzz::require(ts_workload_read(path.c_str(), &again, &why), why.text);
    fuzz::require(written(again) == text, "another workload comes back");
    ts_workload_free(&again);
}

} // namespace

std::vector<fuzz::Bytes> fuzz::seeds()
{
    const std::string shapes = R"([[2, 8, 16, 12], [4, 8, 3, 3], [4], [], [], [], [], [], []])";
    const std::string tensors = R"([[1, 2, 0, 9, 4, "cpu"], [3, 4, 0, 9, 4, "cpu"], [5, 6], )";
    const std::string rest = "[2, 2], [1, 1], [1, 1], false, [0, 0], 1]";
    const std::string conv = R"("name": "aten::convolution", )";
    const std::string linear = R"({"name": "aten::linear", "id": 4, "parent": 1, )"
                               R"("inputs": [], "input_shapes": [[5, 6], [7, 6], [7]]})";
    return {
        bytes(R"({"tessera_workload": 1, "name": "n", "batch": 3, "layers": [
{"name":"c","kind":"conv","in_channels":4,"out_channels":8,"in_height":9,"in_width":9,"kernel_height":3,"stride_width":2,"pad_height":1,"groups":2,"first":true},
{"name":"t","kind":"conv","in_channels":8,"out_channels":8,"in_height":4,"in_width":4,"kernel_width":3,"stride_height":2,"output_pad_height":1,"dilation_width":2,"transposed":true},
{"name":"m","kind":"matmul","rows":4,"depth":5,"columns":6,"count":7},
{"name":"n","kind":"norm","elements":16,"parameters":8},
{"name":"l","kind":"linear","rows":4,"in_channels":5,"out_channels":6,"repeat":3,"bias":true,"last":true}]})"),
        bytes("\xEF\xBB\xBFLayer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, "
              "Channels, Num Filter, Strides,\nConv,224,224,7,7,3,64,2,\nDP,9,9,3,3,8,1,1,1:2,\n"),
        bytes("Layer, M, N, K,\na,2,3,4,\nb,5,6,7,8,\n"),
        bytes(R"({"nodes": [{)" + conv + R"("id": 3, "parent": 2, "inputs": )" + tensors + rest +
              R"(, "input_shapes": )" + shapes + "}, " + linear + "]}"),
        bytes(R"({"nodes": [{)" + conv + R"("id": 3, "ctrl_deps": 2, "inputs": {"values": )" +
              tensors + rest + R"(, "shapes": )" + shapes + "}}, " + linear + "]}"),
        bytes(R"({"traceEvents": [{"ph": "X", "cat": "cpu_op", "ts": 1, "dur": 2, "tid": 7, )" +
              conv + R"("args": {"Input Dims": )" + shapes +
              R"(, "Concrete Inputs": ["", "", "", "[2, 2]", "[1, 1]", "[1, 1]", "False", )"
              R"("[0, 0]", "1"]}}]})"),
        bytes(R"({"traceEvents": [{"ph": "X", "cat": "cpu_op", "ts": 1, "dur": 2, )" + conv +
              R"("args": {"Input Dims": )" + shapes +
              R"(}}, {"ph": "X", "cat": "cpu_op", "ts": 4, "dur": 1, "name": "aten::relu", )"
              R"("args": {"Input Dims": [[2, 4, 8, 6]]}}]})"),
    };
}

void fuzz::run(const Bytes &input)
{
    ts_workload w = {};
    ts_error error = {}, left_out = {};
    const bool read = ts_workload_read(file_of(input).c_str(), &w, &error);
    look_at(read, &w, error);
    const bool imported = ts_workload_import(file_of(input).c_str(), 3, &w, &left_out, &error);
    look_at(imported, &w, error);
}

std::string fuzz::summary()
{
    return ", " + std::to_string(workloads) + " workloads";
}
