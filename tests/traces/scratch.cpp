/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace fs = std::filesystem;

Scratch::Scratch()
{
    std::string name = (fs::temp_directory_path() / "tessera-trace-XXXXXX").string();
    if (!mkdtemp(name.data()))
        throw std::runtime_error("no temporary directory");
    dir_ = name;
}

Scratch::~Scratch()
{
    fs::remove_all(dir_);
}

std::string Scratch::path(const std::string &name) const
{
    return dir_ + "/" + name;
}

std::vector<std::string> Scratch::files() const
{
    std::vector<std::string> names;
    for (const auto &entry : fs::directory_iterator(dir_))
        names.push_back(entry.path().filename().string());
    return names;
}

ts_run small_run()
{
    ts_run run{};
    run.framework = "test";
    run.framework_version = "1";
    run.script = "scratch.cpp";
    run.command = "naïve \"quotes\"";
    run.dataset = "none";
    run.model = "two layers";
    run.quantization = "sawb+pact";
    run.seed = INT64_MAX;
    run.batch = 4;
    run.kept = 2;
    run.steps = 4;
    run.test_accuracy = 0.5;
    return run;
}

ts_layer conv_layer(const char *name, int ic, int oc, int in, int kernel, int stride, int pad)
{
    int out = (in + 2 * pad - kernel) / stride + 1;
    return {name, TS_CONV2D, ic, oc, in, in, out, out, kernel, kernel, stride, stride, pad, pad};
}

ts_layer linear_layer(const char *name, int ic, int oc)
{
    return {name, TS_LINEAR, ic, oc, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0};
}

float element(int step, int layer, ts_tensor tensor, size_t i)
{
    auto hash =
        static_cast<unsigned>(step * 31 + layer * 7 + tensor) + static_cast<unsigned>(i) * 37;
    return static_cast<float>(hash % 64) / 64;
}

static bool write_tensors(ts_trace_writer *writer, int step, int n, const ts_layer *layers)
{
    bool ok = true;
    for (int l = n - 1; l >= 0; l--) {
        for (ts_tensor tensor : {TS_TENSOR_DY, TS_TENSOR_X, TS_TENSOR_W}) {
            std::vector<float> values(ts_tensor_elements(&layers[l], small_run().kept, tensor));
            for (size_t i = 0; i < values.size(); i++)
                values[i] = element(step, l, tensor, i);
            ok = ts_trace_write(writer, l, tensor, values.data()) && ok;
        }
    }
    return ok && ts_trace_write_pact_alpha(writer, 1, 1.0);
}

bool write_small(const std::string &path, ts_error *error)
{
    const ts_layer layers[] = {conv_layer("conv", 2, 3, 5, 3, 2, 1), linear_layer("fc", 27, 2)};
    const float grad_max[] = {0, 1, 2, 3, 4, 5, 6, 7};
    const float loss[] = {4, 3, 2, 1};
    ts_run run = small_run();
    ts_trace_writer *writer = ts_trace_create(path.c_str(), &run, error);
    if (!writer)
        return false;
    for (const ts_layer &layer : layers)
        ts_trace_add_layer(writer, &layer);
    for (int number : {1, 3}) {
        ts_step step{number, 1.5, 0.25, 1024};
        ts_trace_add_step(writer, &step);
        write_tensors(writer, number, 2, layers);
    }
    return ts_trace_finish(writer, grad_max, loss, error);
}

static bool read_all(ts_trace *trace, ts_error *error)
{
    for (int s = 0; s < ts_trace_steps(trace); s++) {
        for (int l = 0; l < ts_trace_layers(trace); l++) {
            for (ts_tensor tensor : {TS_TENSOR_X, TS_TENSOR_W, TS_TENSOR_DY}) {
                std::vector<float> values(ts_trace_elements(trace, l, tensor));
                if (!ts_trace_read(trace, s, l, tensor, values.data(), error))
                    return false;
            }
        }
    }
    return true;
}

std::string failure(const std::string &path)
{
    ts_error error{};
    ts_trace *trace = ts_trace_open(path.c_str(), &error);
    bool ok = trace && read_all(trace, &error);
    ts_trace_close(trace);
    return ok ? "" : error.text;
}
