/* SPDX-License-Identifier: Apache-2.0 */
/* Objects of an HDF5 file, read with errors that name file, object and way out. */
#ifndef TESSERA_HDF5_OBJECT_H
#define TESSERA_HDF5_OBJECT_H

#include "tessera/error.h"

#include <hdf5.h>
#include <stdint.h>

enum { MAX_RANK = 4 };

/* An open group or dataset, and where errors go. */
struct object {
    const char *file;
    char path[64];
    hid_t id;
    struct ts_error *error;
};

/* Reports "FILE: OBJECT: ..."; false, so that it can end a function. */
#define object_error(...) (object_report(__VA_ARGS__), false)

#define object_out_of_memory(object) object_error(object, "not enough memory to read it")
__attribute__((format(printf, 2, 3))) void object_report(const struct object *object,
                                                         const char *format, ...);

/* Opens a group or a dataset inside another; close it with object_close() if this is true. */
bool object_open(const struct object *parent, const char *name, H5I_type_t type,
                 struct object *object);
void object_close(struct object *object);

/* Whether an attribute is there. */
bool object_has(const struct object *object, const char *attribute);

/* Attributes. Numbers must be finite and in the range. The string is the caller's to free. */
bool object_int(const struct object *object, const char *attribute, int64_t min, int64_t max,
                int64_t *value);
bool object_double(const struct object *object, const char *attribute, double min, double max,
                   double *value);
bool object_string(const struct object *object, const char *attribute, char **value);

/* Whether the dataset is float32 of that shape. */
bool object_check_floats(const struct object *object, const hsize_t *shape, int rank);
bool object_read_floats(const struct object *object, float *values);

/* Rows, along the first extent: how many of them are stored together, and some of them. */
hsize_t object_chunk_rows(const struct object *object);
bool object_read_rows(const struct object *object, hsize_t first, hsize_t rows, float *values);

#endif
