/* SPDX-License-Identifier: Apache-2.0 */
/* Objects of an HDF5 file, read with errors that name file, object and way out. */
#include "hdf5_object.h"

#include "utf8.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WAY_OUT "traces/README.md has the layout; capture the run again"

enum { MAX_STRING = 1 << 20 };

void object_report(const struct object *object, const char *format, ...)
{
    char what[384];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    ts_error_set(object->error, "%s: %s: %s", object->file, object->path, what);
}

bool object_open(const struct object *parent, const char *name, H5I_type_t type,
                 struct object *object)
{
    bool root = strcmp(parent->path, "/") == 0;
    *object = *parent;
    object->id = H5I_INVALID_HID;
    int length =
        snprintf(object->path, sizeof object->path, "%s/%s", root ? "" : parent->path, name);
    if (length >= (int)sizeof object->path)
        return object_error(object, "is too long a name");
    const char *kind = type == H5I_GROUP ? "group" : "dataset";
    if (H5Lexists(parent->id, name, H5P_DEFAULT) <= 0)
        return object_error(object, "this %s is missing; " WAY_OUT, kind);
    object->id = H5Oopen(parent->id, name, H5P_DEFAULT);
    if (object->id < 0)
        return object_error(object,
                            "cannot be read, the file is damaged; copy or capture it again");
    if (H5Iget_type(object->id) == type)
        return true;
    object_close(object);
    return object_error(object, "is not a %s; " WAY_OUT, kind);
}

void object_close(struct object *object)
{
    if (object->id >= 0)
        H5Oclose(object->id);
    object->id = H5I_INVALID_HID;
}

bool object_has(const struct object *object, const char *attribute)
{
    return H5Aexists(object->id, attribute) > 0;
}

static bool open_scalar(const struct object *object, const char *name, hid_t *attribute)
{
    if (!object_has(object, name))
        return object_error(object, "attribute '%s' is missing; " WAY_OUT, name);
    *attribute = H5Aopen(object->id, name, H5P_DEFAULT);
    if (*attribute < 0)
        return object_error(object, "attribute '%s' cannot be read; copy or capture the file again",
                            name);
    hid_t space = H5Aget_space(*attribute);
    hssize_t n = H5Sget_simple_extent_npoints(space);
    H5Sclose(space);
    if (n == 1)
        return true;
    H5Aclose(*attribute);
    return object_error(object, "attribute '%s' is not one value; " WAY_OUT, name);
}

static H5T_class_t class_of(hid_t attribute)
{
    hid_t type = H5Aget_type(attribute);
    H5T_class_t class = H5Tget_class(type);
    H5Tclose(type);
    return class;
}

/* Reads one number as the memory type; `integer`: a stored floating-point number will not do. */
static bool read_number(const struct object *object, const char *name, hid_t type, bool integer,
                        void *value)
{
    hid_t attribute;
    if (!open_scalar(object, name, &attribute))
        return false;
    H5T_class_t class = class_of(attribute);
    bool fits = class == H5T_INTEGER || (class == H5T_FLOAT && !integer);
    bool read = fits && H5Aread(attribute, type, value) >= 0;
    H5Aclose(attribute);
    if (!fits)
        return object_error(object, "attribute '%s' is not %s; " WAY_OUT, name,
                            integer ? "an integer" : "a number");
    return read || object_error(object,
                                "attribute '%s' cannot be read; copy or capture the file "
                                "again",
                                name);
}

bool object_int(const struct object *object, const char *name, int64_t min, int64_t max,
                int64_t *value)
{
    if (!read_number(object, name, H5T_NATIVE_INT64, true, value))
        return false;
    if (*value >= min && *value <= max)
        return true;
    return object_error(object,
                        "attribute '%s' is %" PRId64 ", outside %" PRId64 " to %" PRId64
                        "; capture the run again",
                        name, *value, min, max);
}

bool object_double(const struct object *object, const char *name, double min, double max,
                   double *value)
{
    if (!read_number(object, name, H5T_NATIVE_DOUBLE, false, value))
        return false;
    if (isfinite(*value) && *value >= min && *value <= max)
        return true;
    return object_error(object, "attribute '%s' is %g, outside %g to %g; capture the run again",
                        name, *value, min, max);
}

/* h5py writes strings of variable length; others pad to a fixed one. */
static char *read_string(hid_t attribute)
{
    hid_t type = H5Aget_type(attribute);
    size_t size = H5Tget_size(type);
    char *text = NULL;
    if (H5Tis_variable_str(type) > 0) {
        char *shared = NULL;
        if (H5Aread(attribute, type, &shared) >= 0) {
            text = strdup(shared ? shared : "");
            H5free_memory(shared);
        }
    } else if (size < MAX_STRING) {
        text = calloc(size + 1, 1);
        if (text && H5Aread(attribute, type, text) < 0) {
            free(text);
            text = NULL;
        }
    }
    H5Tclose(type);
    return text;
}

bool object_string(const struct object *object, const char *name, char **value)
{
    hid_t attribute;
    if (!open_scalar(object, name, &attribute))
        return false;
    bool is_string = class_of(attribute) == H5T_STRING;
    char *text = is_string ? read_string(attribute) : NULL;
    H5Aclose(attribute);
    if (!is_string)
        return object_error(object, "attribute '%s' is not a string; " WAY_OUT, name);
    if (!text)
        return object_error(object, "attribute '%s' cannot be read; copy or capture the file again",
                            name);
    if (!utf8_is_valid(text)) {
        free(text);
        return object_error(object, "attribute '%s' is not UTF-8; capture the run again", name);
    }
    *value = text;
    return true;
}

static void shape_text(const hsize_t *shape, int rank, char *text, size_t size)
{
    size_t used = (size_t)snprintf(text, size, "[");
    for (int i = 0; i < rank && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%" PRIu64, i ? ", " : "",
                                 (uint64_t)shape[i]);
    if (used < size)
        snprintf(text + used, size - used, "]");
}

static bool check_shape(const struct object *object, const hsize_t *shape, int rank)
{
    hsize_t found[H5S_MAX_RANK];
    hid_t space = H5Dget_space(object->id);
    int found_rank = H5Sget_simple_extent_dims(space, found, NULL);
    H5Sclose(space);
    if (found_rank == rank && memcmp(found, shape, (size_t)rank * sizeof *shape) == 0)
        return true;
    char is[128];
    char wanted[128];
    shape_text(found, found_rank < 0 ? 0 : found_rank, is, sizeof is);
    shape_text(shape, rank, wanted, sizeof wanted);
    return object_error(object, "has shape %s where the attributes say %s; capture the run again",
                        is, wanted);
}

bool object_check_floats(const struct object *object, const hsize_t *shape, int rank)
{
    hid_t type = H5Dget_type(object->id);
    bool is_float = H5Tget_class(type) == H5T_FLOAT && H5Tget_size(type) == sizeof(float);
    H5Tclose(type);
    if (!is_float)
        return object_error(object, "is not float32; " WAY_OUT);
    return check_shape(object, shape, rank);
}

static bool read_floats(const struct object *object, hid_t memory, hid_t file, float *values)
{
    if (H5Dread(object->id, H5T_NATIVE_FLOAT, memory, file, H5P_DEFAULT, values) >= 0)
        return true;
    return object_error(object, "cannot be read: damaged, or compressed by a filter that this HDF5 "
                                "lacks; copy or capture it again");
}

bool object_read_floats(const struct object *object, float *values)
{
    return read_floats(object, H5S_ALL, H5S_ALL, values);
}

hsize_t object_chunk_rows(const struct object *object)
{
    hsize_t extents[H5S_MAX_RANK] = {1};
    hid_t layout = H5Dget_create_plist(object->id);
    bool chunked =
        H5Pget_layout(layout) == H5D_CHUNKED && H5Pget_chunk(layout, H5S_MAX_RANK, extents) > 0;
    H5Pclose(layout);
    return chunked ? extents[0] : 1;
}

bool object_read_rows(const struct object *object, hsize_t first, hsize_t rows, float *values)
{
    hsize_t extents[H5S_MAX_RANK];
    hsize_t start[H5S_MAX_RANK] = {first};
    hid_t file = H5Dget_space(object->id);
    int rank = H5Sget_simple_extent_dims(file, extents, NULL);
    extents[0] = rows;
    hid_t memory = H5Screate_simple(rank, extents, NULL);
    bool ok = H5Sselect_hyperslab(file, H5S_SELECT_SET, start, NULL, extents, NULL) >= 0 &&
              read_floats(object, memory, file, values);
    H5Sclose(memory);
    H5Sclose(file);
    return ok;
}
