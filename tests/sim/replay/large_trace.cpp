// SPDX-License-Identifier: Apache-2.0
// Writes a trace of any size, tensor by tensor: large_trace FILE SAMPLES STEPS
// A step has 10 MB per sample and 1.2 MB more; the largest event has 3.2 MB per sample, or 1 MB and
// 67 MB of weights.
#include "tessera/vectors.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

extern "C" {
#include "layout.h"
}

namespace
{

const ts_layer layers[] = {
    {"conv3x3", TS_CONV2D, 32, 32, 112, 112, 112, 112, 3, 3, 1, 1, 1, 1},
    {"conv1x1", TS_CONV2D, 32, 64, 112, 112, 56, 56, 1, 1, 2, 2, 0, 0},
    {"fc", TS_LINEAR, 4096, 4096, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0},
};

void check(bool ok)
{
    if (ok)
        return;
    std::fputs("large_trace: cannot write the trace\n", stderr);
    std::exit(1);
}

void attribute(hid_t object, const char *name, hid_t type, const void *value)
{
    const hid_t space = H5Screate(H5S_SCALAR);
    const hid_t id = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    check(id >= 0 && H5Awrite(id, type, value) >= 0);
    H5Aclose(id);
    H5Sclose(space);
}

void attribute(hid_t object, const char *name, const char *text)
{
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, std::strlen(text) + 1);
    attribute(object, name, type, text);
    H5Tclose(type);
}

void attribute(hid_t object, const char *name, int value)
{
    attribute(object, name, H5T_NATIVE_INT, &value);
}

void attribute(hid_t object, const char *name, double value)
{
    attribute(object, name, H5T_NATIVE_DOUBLE, &value);
}

hid_t group(hid_t parent, const std::string &name)
{
    const hid_t id = H5Gcreate2(parent, name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    check(id >= 0);
    return id;
}

std::string numbered(const char *format, int number)
{
    char text[16];
    std::snprintf(text, sizeof text, format, number);
    return text;
}

// Inputs as ReLU leaves them, and their clip is learned in one layer; weights and gradients of many
// magnitudes.
float element(ts_random &random, ts_tensor tensor)
{
    const std::uint64_t bits = ts_random_next(&random);
    const float unit = static_cast<float>(bits >> 40) * 0x1p-24F;
    const float value = (bits & 1) ? unit : -unit;
    if (tensor == TS_TENSOR_X)
        return value > 0 ? value : 0;
    return std::ldexp(value, -static_cast<int>(bits >> 1 & 7) - (tensor == TS_TENSOR_W ? 2 : 8));
}

// Row by row, so that this program stays small.
void tensor(hid_t parent, const ts_layer &layer, int samples, ts_tensor which, ts_random &random)
{
    hsize_t shape[4], start[4] = {0, 0, 0, 0};
    const int rank = layout_shape(&layer, samples, which, shape);
    const hsize_t rows = shape[0];
    const hid_t file = H5Screate_simple(rank, shape, nullptr);
    const hid_t data = H5Dcreate2(parent, ts_tensor_name(which), H5T_IEEE_F32LE, file, H5P_DEFAULT,
                                  H5P_DEFAULT, H5P_DEFAULT);
    std::vector<float> row(ts_tensor_elements(&layer, samples, which) / rows);
    shape[0] = 1;
    const hid_t memory = H5Screate_simple(rank, shape, nullptr);
    for (start[0] = 0; start[0] < rows; start[0]++) {
        for (float &x : row)
            x = element(random, which);
        H5Sselect_hyperslab(file, H5S_SELECT_SET, start, nullptr, shape, nullptr);
        check(H5Dwrite(data, H5T_NATIVE_FLOAT, memory, file, H5P_DEFAULT, row.data()) >= 0);
    }
    H5Sclose(memory);
    H5Sclose(file);
    check(H5Dclose(data) >= 0);
}

void curve(hid_t root, const char *name, int rank, hsize_t steps, hsize_t columns)
{
    const hsize_t shape[] = {steps, columns};
    const std::vector<float> values(steps * columns, 0x1p-8F);
    const hid_t space = H5Screate_simple(rank, shape, nullptr);
    const hid_t data =
        H5Dcreate2(root, name, H5T_IEEE_F32LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    check(H5Dwrite(data, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) >= 0);
    H5Dclose(data);
    H5Sclose(space);
}

void write_layers(hid_t root)
{
    const hid_t all = group(root, "layers");
    for (std::size_t l = 0; l < std::size(layers); l++) {
        const hid_t id = group(all, numbered("%03d", static_cast<int>(l)));
        attribute(id, "name", layers[l].name);
        attribute(id, "kind", ts_layer_kind_name(layers[l].kind));
        for (const layout_int &extent : layout_extents) {
            int value = 0;
            std::memcpy(&value, reinterpret_cast<const char *>(&layers[l]) + extent.offset,
                        sizeof value);
            attribute(id, extent.name, value);
        }
        H5Gclose(id);
    }
    H5Gclose(all);
}

void write_step(hid_t steps, int number, int samples, ts_random &random)
{
    const hid_t step = group(steps, numbered("%06d", number));
    attribute(step, "loss", 1.0);
    attribute(step, "accuracy", 0.5);
    attribute(step, "loss_scale", 1024.0);
    for (std::size_t l = 0; l < std::size(layers); l++) {
        const hid_t id = group(step, numbered("%03d", static_cast<int>(l)));
        if (l == 0)
            attribute(id, "pact_alpha", 1.0);
        for (ts_tensor which : {TS_TENSOR_X, TS_TENSOR_W, TS_TENSOR_DY})
            tensor(id, layers[l], samples, which, random);
        H5Gclose(id);
    }
    H5Gclose(step);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 4) {
        std::fputs("usage: large_trace FILE SAMPLES STEPS\n", stderr);
        return 2;
    }
    const int samples = std::atoi(argv[2]), steps = std::atoi(argv[3]);
    ts_random random = {1};
    const hid_t root = H5Fcreate(argv[1], H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    check(root >= 0);
    for (const layout_string &string : layout_strings)
        attribute(root, string.name, "none");
    attribute(root, "tessera_trace", static_cast<int>(LAYOUT_VERSION));
    attribute(root, "seed", 1);
    attribute(root, "batch", samples);
    attribute(root, "kept", samples);
    attribute(root, "steps", steps);
    attribute(root, "test_accuracy", 0.5);
    write_layers(root);
    const hid_t all = group(root, "steps");
    for (int step = 0; step < steps; step++)
        write_step(all, step, samples, random);
    H5Gclose(all);
    curve(root, "grad_max", 2, static_cast<hsize_t>(steps), std::size(layers));
    curve(root, "loss", 1, static_cast<hsize_t>(steps), 1);
    check(H5Fclose(root) >= 0);
    return 0;
}
