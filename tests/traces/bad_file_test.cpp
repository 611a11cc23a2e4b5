/* SPDX-License-Identifier: Apache-2.0 */
/* Files that are no sound traces: each gives one line, and none a crash. */
#include "scratch.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <hdf5.h>
#include <iterator>

/* HDF5 1.10 leaks where it fails; that is not what is tested under sanitizers. */
extern "C" const char *__lsan_default_suppressions()
{
    return "leak:libhdf5";
}

class BadFile : public testing::Test
{
  protected:
    void SetUp() override
    {
        ts_error error;
        ASSERT_TRUE(write_small(file, &error)) << error.text;
        ASSERT_EQ(failure(file), "");
    }

    void put(const std::string &bytes)
    {
        std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    }

    void expect(const std::string &expected)
    {
        std::string line = failure(file);
        EXPECT_EQ(line.rfind(file + ": ", 0), 0U) << line;
        EXPECT_NE(line.find(expected), std::string::npos) << line;
        EXPECT_EQ(line.find('\n'), std::string::npos) << line;
    }

    /* A fresh small trace, changed as told, must fail with that. */
    void changed(const std::function<void(hid_t)> &change, const std::string &expected)
    {
        SetUp();
        hid_t id = H5Fopen(file.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
        ASSERT_GE(id, 0);
        change(id);
        H5Fclose(id);
        expect(expected);
    }

    Scratch scratch;
    std::string file = scratch.path("bad.h5");
};

static void drop(hid_t id, const char *object, const char *attribute)
{
    EXPECT_GE(H5Adelete_by_name(id, object, attribute, H5P_DEFAULT), 0);
}

static void set(hid_t id, const char *object, const char *attribute, double value,
                hid_t type = H5T_STD_I64LE, hsize_t n = 1)
{
    if (H5Aexists_by_name(id, object, attribute, H5P_DEFAULT) > 0)
        drop(id, object, attribute);
    std::vector<double> values(n, value);
    hid_t space = n == 1 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &n, nullptr);
    hid_t attr = H5Acreate_by_name(id, object, attribute, type, space, H5P_DEFAULT, H5P_DEFAULT,
                                   H5P_DEFAULT);
    EXPECT_GE(H5Awrite(attr, H5T_NATIVE_DOUBLE, values.data()), 0);
    H5Aclose(attr);
    H5Sclose(space);
}

static void set_text(hid_t id, const char *object, const char *attribute, const char *text)
{
    drop(id, object, attribute);
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, strlen(text));
    hid_t space = H5Screate(H5S_SCALAR);
    hid_t attr = H5Acreate_by_name(id, object, attribute, type, space, H5P_DEFAULT, H5P_DEFAULT,
                                   H5P_DEFAULT);
    EXPECT_GE(H5Awrite(attr, type, text), 0);
    H5Aclose(attr);
    H5Sclose(space);
    H5Tclose(type);
}

static void replace(hid_t id, const char *dataset, hid_t type, std::vector<hsize_t> shape)
{
    EXPECT_GE(H5Ldelete(id, dataset, H5P_DEFAULT), 0);
    hid_t space = H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr);
    H5Dclose(H5Dcreate2(id, dataset, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Sclose(space);
}

static void poke(hid_t id, const char *dataset, hsize_t at, float value)
{
    hid_t data = H5Dopen2(id, dataset, H5P_DEFAULT);
    hid_t space = H5Dget_space(data);
    std::vector<float> values(static_cast<size_t>(H5Sget_simple_extent_npoints(space)));
    H5Dread(data, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    values.at(at) = value;
    EXPECT_GE(H5Dwrite(data, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), 0);
    H5Sclose(space);
    H5Dclose(data);
}

TEST_F(BadFile, no_hdf5_file_at_all)
{
    put("");
    expect("is empty");
    put("step,loss\n1,2.5\n");
    expect("is not an HDF5 file");
    std::filesystem::remove(file);
    expect("No such file or directory");
    std::filesystem::create_directory(file);
    expect("is not a file");
}

static std::string contents(const std::string &file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

TEST_F(BadFile, cut_short_anywhere)
{
    std::string whole = contents(file);
    ASSERT_GT(whole.size(), 1000U);
    for (size_t length = 0; length < whole.size(); length += 1 + length / 64) {
        put(whole.substr(0, length));
        expect("");
    }
    put(whole.substr(0, whole.size() - 1));
    expect("cut short");
    put(whole);
    EXPECT_EQ(failure(file), "");
}

/* HDF5 has checksums over what the writer writes; bytes that nothing uses may change. */
TEST_F(BadFile, a_damaged_byte_is_noticed_or_changes_nothing)
{
    const std::string whole = contents(file);
    int noticed = 0;
    for (size_t at = 0; at < whole.size(); at += 67) {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(~damaged[at]);
        put(damaged);
        if (failure(file).empty())
            continue;
        noticed++;
        expect("");
    }
    EXPECT_GT(noticed, 100);
}

TEST_F(BadFile, attributes)
{
    changed([](hid_t id) { drop(id, "/", "tessera_trace"); }, "no trace of Tessera");
    changed([](hid_t id) { set(id, "/", "tessera_trace", 2); }, "layout version 2");
    changed([](hid_t id) { drop(id, "/", "model"); }, "/: attribute 'model' is missing");
    changed([](hid_t id) { set(id, "/", "model", 1); }, "attribute 'model' is not a string");
    changed([](hid_t id) { set_text(id, "/", "model", "\xC3("); }, "'model' is not UTF-8");
    changed([](hid_t id) { set(id, "/", "kept", 5); }, "attribute 'kept' is 5, outside 1 to 4");
    changed([](hid_t id) { set(id, "/", "kept", 2, H5T_IEEE_F64LE); }, "'kept' is not an integer");
    changed([](hid_t id) { set(id, "/", "kept", 2, H5T_STD_I64LE, 2); }, "'kept' is not one value");
    changed([](hid_t id) { set(id, "/", "test_accuracy", 91, H5T_IEEE_F64LE); },
            "'test_accuracy' is 91, outside 0 to 1");
    changed([](hid_t id) { drop(id, "/layers/000", "pad_width"); },
            "/layers/000: attribute 'pad_width' is missing");
    changed([](hid_t id) { set(id, "/layers/000", "out_width", 4); },
            "/layers/000: out_width is 4, but");
    changed([](hid_t id) { set_text(id, "/layers/000", "kind", "conv3d"); },
            "/layers/000: attribute 'kind' is 'conv3d'");
    changed([](hid_t id) { set(id, "/steps/000001", "loss_scale", 1000, H5T_IEEE_F64LE); },
            "/steps/000001: attribute 'loss_scale' is 1000, not a power of two");
    changed([](hid_t id) { set(id, "/steps/000003", "loss", NAN, H5T_IEEE_F64LE); },
            "/steps/000003: attribute 'loss' is nan");
    changed([](hid_t id) { set(id, "/steps/000003/001", "pact_alpha", -1, H5T_IEEE_F64LE); },
            "/steps/000003/001: attribute 'pact_alpha' is -1");
}

TEST_F(BadFile, a_string_of_fixed_length_is_as_good)
{
    hid_t id = H5Fopen(file.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    set_text(id, "/", "model", "fixed");
    H5Fclose(id);
    EXPECT_EQ(failure(file), "");
}

TEST_F(BadFile, groups)
{
    auto unlink = [](const char *object) {
        return [=](hid_t id) { EXPECT_GE(H5Ldelete(id, object, H5P_DEFAULT), 0); };
    };
    auto rename = [](const char *from, const char *to) {
        return [=](hid_t id) { EXPECT_GE(H5Lmove(id, from, id, to, H5P_DEFAULT, H5P_DEFAULT), 0); };
    };
    changed(unlink("/layers"), "/layers: this group is missing");
    changed(unlink("/layers/001"), "");
    changed(rename("/layers/000", "/layers/0"), "/layers/000: this group is missing");
    changed(rename("/steps/000003", "/steps/3"), "/steps: holds '3'");
    changed(rename("/steps/000003", "/steps/000004"), "/steps: holds '000004'");
    changed(unlink("/steps/000003/001"), "/steps/000003/001: this group is missing");
    changed(unlink("/steps/000003/001/dY"), "/steps/000003/001/dY: this dataset is missing");
    changed(
        [](hid_t id) {
            H5Ldelete(id, "/loss", H5P_DEFAULT);
            H5Gclose(H5Gcreate2(id, "/loss", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
        },
        "/loss: is not a dataset");
}

TEST_F(BadFile, datasets)
{
    changed(
        [](hid_t id) {
            replace(id, "/steps/000003/000/dY", H5T_IEEE_F32LE, {2, 3, 3, 4});
        },
        "/steps/000003/000/dY: has shape [2, 3, 3, 4] where the attributes say [2, 3, 3, 3]");
    changed(
        [](hid_t id) {
            replace(id, "/steps/000003/001/X", H5T_IEEE_F32LE, {2, 27, 1, 1});
        },
        "has shape [2, 27, 1, 1] where the attributes say [2, 27]");
    changed(
        [](hid_t id) {
            replace(id, "/steps/000003/000/W", H5T_IEEE_F64LE, {3, 2, 3, 3});
        },
        "/steps/000003/000/W: is not float32");
    changed([](hid_t id) { replace(id, "/loss", H5T_IEEE_F32LE, {5}); }, "/loss: has shape [5]");
    changed([](hid_t id) { poke(id, "/grad_max", 5, -1); }, "/grad_max: step 2 has -1");
    changed([](hid_t id) { poke(id, "/loss", 2, NAN); }, "/loss: step 2 has nan");
    changed([](hid_t id) { poke(id, "/steps/000003/000/dY", 7, NAN); },
            "/steps/000003/000/dY: element 7 is nan");
    changed([](hid_t id) { poke(id, "/steps/000003/001/W", 0, -INFINITY); },
            "/steps/000003/001/W: element 0 is -inf");
    changed([](hid_t id) { poke(id, "/steps/000003/001/X", 3, 1.5F); },
            "/steps/000003/001/X: element 3 is 1.5, outside 0 to pact_alpha 1");
}
