/* SPDX-License-Identifier: Apache-2.0 */
/* A trace being read: opened and checked whole, tensors as they are asked for. */
#include "contents.h"
#include "guard.h"
#include "layout.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* PACT's alpha went through FP32 once. */
static const double ALPHA_SLACK = 1 + 0x1p-20;

static bool check_values(const struct object *data, const float *values, size_t n, size_t first,
                         double alpha)
{
    size_t bad = layout_first_bad(values, n);
    if (bad < n)
        return object_error(data, "element %zu is %g; capture a step whose numbers are finite",
                            first + bad, (double)values[bad]);
    for (size_t i = 0; !isnan(alpha) && i < n; i++)
        if (values[i] < 0 || (double)values[i] > alpha * ALPHA_SLACK)
            return object_error(data,
                                "element %zu is %g, outside 0 to pact_alpha %g; capture X "
                                "after PACT's clip",
                                first + i, (double)values[i], alpha);
    return true;
}

static bool open_tensor(const struct ts_trace *t, int step, int layer, enum ts_tensor tensor,
                        struct object *data, struct ts_error *error)
{
    char name[48];
    struct object root = {.file = t->path, .path = "/", .id = t->file, .error = error};
    snprintf(name, sizeof name, "steps/%06d/%03d/%s", t->steps[step].number, layer,
             ts_tensor_name(tensor));
    return object_open(&root, name, H5I_DATASET, data);
}

static double clip_of(const struct ts_trace *t, int step, int layer, enum ts_tensor tensor)
{
    return tensor == TS_TENSOR_X ? ts_trace_pact_alpha(t, step, layer) : NAN;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Some rows at a time, so that this needs little memory. */
static bool check_tensor_values(const struct ts_trace *t, int step, int layer,
                                enum ts_tensor tensor, struct ts_error *error)
{
    enum { ELEMENTS = 1 << 18 };
    struct object data;
    hsize_t shape[MAX_RANK];
    layout_shape(&t->layers[layer], t->run.kept, tensor, shape);
    size_t all = (size_t)shape[0];
    size_t row = ts_trace_elements(t, layer, tensor) / all;
    bool ok = open_tensor(t, step, layer, tensor, &data, error);
    size_t chunk = ok ? (size_t)object_chunk_rows(&data) : 1;
    size_t rows = smaller(all, (ELEMENTS / row / chunk + 1) * chunk);
    float *values = calloc(rows * row, sizeof *values);
    ok = ok && (values || object_out_of_memory(&data));
    for (size_t at = 0; ok && at < all; at += rows) {
        size_t n = smaller(rows, all - at);
        ok = object_read_rows(&data, at, n, values) &&
             check_values(&data, values, n * row, at * row, clip_of(t, step, layer, tensor));
    }
    free(values);
    object_close(&data);
    return ok;
}

/* Why a file cannot be read is better asked of the system than of HDF5. */
static bool check_file(const char *path, struct stat *status, struct ts_error *error)
{
    if (stat(path, status) != 0 || access(path, R_OK) != 0)
        return ts_error_set(error, "%s: cannot open: %s", path, strerror(errno));
    if (!S_ISREG(status->st_mode))
        return ts_error_set(error, "%s: is not a file; a trace is one HDF5 file", path);
    return status->st_size > 0 ||
           ts_error_set(error, "%s: is empty; copy or capture the trace again", path);
}

static hid_t open_hdf5(const char *path, struct ts_error *error)
{
    if (H5Fis_hdf5(path) <= 0) {
        ts_error_set(error,
                     "%s: is not an HDF5 file, as traces are; 'file' tells what it is, "
                     "traces/README.md how to capture one",
                     path);
        return H5I_INVALID_HID;
    }
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    if (file < 0)
        ts_error_set(error,
                     "%s: this HDF5 file is cut short, damaged or still being written; copy or "
                     "capture it again",
                     path);
    return file;
}

static struct ts_trace *open_trace(const char *path, struct ts_error *error)
{
    hid_t file = open_hdf5(path, error);
    if (file < 0)
        return NULL;
    struct ts_trace *t = calloc(1, sizeof *t);
    if (t)
        t->path = strdup(path);
    if (!t || !t->path) {
        free(t);
        H5Fclose(file);
        ts_error_set(error, "%s: not enough memory to read it", path);
        return NULL;
    }
    t->file = file;
    if (contents_read(t, error))
        return t;
    ts_trace_close(t);
    return NULL;
}

static bool check_trace(void *path, struct ts_error *error)
{
    struct ts_trace *t = open_trace(path, error);
    bool ok = t;
    for (int s = 0; ok && s < t->n_steps; s++)
        for (int l = 0; ok && l < t->n_layers; l++)
            for (int i = 0; ok && i < TS_TENSORS; i++)
                ok = check_tensor_values(t, s, l, (enum ts_tensor)i, error);
    ts_trace_close(t);
    return ok;
}

struct ts_trace *ts_trace_open(const char *path, struct ts_error *error)
{
    enum { SECONDS = 60 };
    struct stat status;
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    if (!check_file(path, &status, error))
        return NULL;
    /* HDF5 crashes, or never ends, on some damaged files: then it does so there. */
    char *argument = strdup(path);
    unsigned long seconds = SECONDS + (unsigned long)(status.st_size >> 20);
    enum guard_result result =
        argument ? guard_run(check_trace, argument, seconds, error) : GUARD_CRASHED;
    free(argument);
    if (result == GUARD_CRASHED)
        ts_error_set(error,
                     "%s: HDF5 crashes on this file or is lost in it, it is damaged; copy or "
                     "capture it again",
                     path);
    return result == GUARD_OK ? open_trace(path, error) : NULL;
}

/* Frees a string that its struct shows to users as constant. */
static void free_text(const void *member)
{
    void *text;
    memcpy(&text, member, sizeof text);
    free(text);
}

void ts_trace_close(struct ts_trace *t)
{
    if (!t)
        return;
    H5Fclose(t->file);
    for (int i = 0; i < LAYOUT_STRINGS; i++)
        free_text((const char *)&t->run + layout_strings[i].offset);
    for (int i = 0; t->layers && i < t->n_layers; i++)
        free_text(&t->layers[i].name);
    free(t->layers);
    free(t->steps);
    free(t->pact_alpha);
    free(t->grad_max);
    free(t->loss);
    free(t->path);
    free(t);
}

const char *ts_trace_path(const struct ts_trace *t)
{
    return t->path;
}

const struct ts_run *ts_trace_run(const struct ts_trace *t)
{
    return &t->run;
}

int ts_trace_layers(const struct ts_trace *t)
{
    return t->n_layers;
}

const struct ts_layer *ts_trace_layer(const struct ts_trace *t, int layer)
{
    return &t->layers[layer];
}

int ts_trace_steps(const struct ts_trace *t)
{
    return t->n_steps;
}

const struct ts_step *ts_trace_step(const struct ts_trace *t, int step)
{
    return &t->steps[step];
}

int ts_trace_find_step(const struct ts_trace *t, int number)
{
    for (int i = 0; i < t->n_steps; i++)
        if (t->steps[i].number == number)
            return i;
    return -1;
}

double ts_trace_pact_alpha(const struct ts_trace *t, int step, int layer)
{
    return t->pact_alpha[(size_t)step * (size_t)t->n_layers + (size_t)layer];
}

const float *ts_trace_grad_max(const struct ts_trace *t)
{
    return t->grad_max;
}

const float *ts_trace_loss(const struct ts_trace *t)
{
    return t->loss;
}

size_t ts_trace_elements(const struct ts_trace *t, int layer, enum ts_tensor tensor)
{
    return ts_tensor_elements(&t->layers[layer], t->run.kept, tensor);
}

bool ts_trace_read(struct ts_trace *t, int step, int layer, enum ts_tensor tensor, float *out,
                   struct ts_error *error)
{
    struct object data;
    bool ok = open_tensor(t, step, layer, tensor, &data, error) && object_read_floats(&data, out) &&
              check_values(&data, out, ts_trace_elements(t, layer, tensor), 0,
                           clip_of(t, step, layer, tensor));
    object_close(&data);
    return ok;
}
