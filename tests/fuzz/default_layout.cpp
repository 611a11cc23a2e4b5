// SPDX-License-Identifier: Apache-2.0
#include "default_layout.h"

#include <hdf5.h>

#include <algorithm>
#include <vector>

namespace
{

// An attribute again; of a string one of variable length.
herr_t copy_attribute(hid_t from, const char *name, const H5A_info_t *, void *to)
{
    const hid_t attribute = H5Aopen(from, name, H5P_DEFAULT);
    const hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
    std::vector<char> value(H5Tget_size(type) + 1);
    H5Aread(attribute, type, value.data());
    const char *text = value.data();
    const bool is_text = H5Tget_class(type) == H5T_STRING;
    const hid_t stored = H5Tcopy(is_text ? H5T_C_S1 : type);
    if (is_text) {
        H5Tset_size(stored, H5T_VARIABLE);
        H5Tset_cset(stored, H5T_CSET_UTF8);
    }
    const hid_t copy =
        H5Acreate2(*static_cast<hid_t *>(to), name, stored, space, H5P_DEFAULT, H5P_DEFAULT);
    const herr_t status =
        H5Awrite(copy, stored, is_text ? static_cast<const void *>(&text) : value.data());
    H5Aclose(copy);
    H5Tclose(stored);
    H5Sclose(space);
    H5Tclose(type);
    H5Aclose(attribute);
    return status;
}

herr_t copy_attributes(hid_t from, hid_t to)
{
    return H5Aiterate2(from, H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, copy_attribute, &to);
}

herr_t copy_data(hid_t from, hid_t parent, const char *name)
{
    const hid_t space = H5Dget_space(from), layout = H5Pcreate(H5P_DATASET_CREATE);
    hsize_t extents[H5S_MAX_RANK];
    const int rank = H5Sget_simple_extent_dims(space, extents, nullptr);
    std::vector<float> values(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
    std::transform(extents, extents + rank, extents, [](hsize_t n) { return (n + 1) / 2; });
    H5Pset_chunk(layout, rank, extents);
    H5Pset_shuffle(layout);
    H5Pset_deflate(layout, 9);
    H5Dread(from, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    const hid_t to =
        H5Dcreate2(parent, name, H5T_IEEE_F32LE, space, H5P_DEFAULT, layout, H5P_DEFAULT);
    const herr_t status =
        H5Dwrite(to, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    H5Dclose(to);
    H5Pclose(layout);
    H5Sclose(space);
    return status;
}

herr_t copy_link(hid_t from, const char *name, const H5L_info_t *, void *to)
{
    const hid_t parent = *static_cast<hid_t *>(to);
    const hid_t object = H5Oopen(from, name, H5P_DEFAULT);
    herr_t status = 0;
    if (H5Iget_type(object) == H5I_DATASET) {
        status = copy_data(object, parent, name);
    } else {
        hid_t group = H5Gcreate2(parent, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
        status =
            copy_attributes(object, group) < 0 || H5Literate(object, H5_INDEX_NAME, H5_ITER_NATIVE,
                                                             nullptr, copy_link, &group) < 0
                ? -1
                : 0;
        H5Gclose(group);
    }
    H5Oclose(object);
    return status;
}

} // namespace

bool default_layout::copy(const std::string &from, const std::string &to)
{
    const hid_t source = H5Fopen(from.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    hid_t target = H5Fcreate(to.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    const hid_t from_root = H5Gopen2(source, "/", H5P_DEFAULT);
    hid_t to_root = H5Gopen2(target, "/", H5P_DEFAULT);
    const bool ok =
        copy_attributes(from_root, to_root) >= 0 &&
        H5Literate(from_root, H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, copy_link, &to_root) >= 0;
    H5Gclose(to_root);
    H5Gclose(from_root);
    H5Fclose(target);
    H5Fclose(source);
    return ok;
}
