/* SPDX-License-Identifier: Apache-2.0 */
/* A trace being read: opened and checked whole, tensors as they are asked for. */
#include "guard.h"
#include "hdf5_object.h"
#include "layout.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct ts_trace {
    char *path;
    hid_t file;
    struct ts_run run;
    int n_layers, n_steps;
    struct ts_layer *layers;
    struct ts_step *steps;
    double *pact_alpha; /* [steps][layers] */
    float *grad_max, *loss;
};

/* PACT's alpha went through FP32 once. */
static const double ALPHA_SLACK = 1 + 0x1p-20;

static bool out_of_memory(const struct object *object)
{
    return object_error(object, "not enough memory to read it");
}

static bool read_run(struct ts_trace *t, const struct object *root)
{
    int64_t version;
    int64_t batch;
    int64_t kept;
    int64_t steps;
    if (!object_has(root, "tessera_trace"))
        return object_error(root, "attribute 'tessera_trace' is missing: an HDF5 file, but no "
                                  "trace of Tessera; traces/README.md has the layout");
    if (!object_int(root, "tessera_trace", INT64_MIN, INT64_MAX, &version))
        return false;
    if (version != LAYOUT_VERSION)
        return object_error(root,
                            "layout version %lld, this program reads version %d; capture the run "
                            "again or take the release of Tessera that wrote it",
                            (long long)version, LAYOUT_VERSION);
    for (int i = 0; i < LAYOUT_STRINGS; i++) {
        char *text;
        if (!object_string(root, layout_strings[i].name, &text))
            return false;
        memcpy((char *)&t->run + layout_strings[i].offset, &text, sizeof text);
    }
    if (!object_int(root, "seed", INT64_MIN, INT64_MAX, &t->run.seed) ||
        !object_int(root, "batch", 1, MAX_COUNT, &batch) ||
        !object_int(root, "kept", 1, batch, &kept) ||
        !object_int(root, "steps", 1, MAX_COUNT, &steps) ||
        !object_double(root, "test_accuracy", 0, 1, &t->run.test_accuracy))
        return false;
    t->run.batch = (int)batch;
    t->run.kept = (int)kept;
    t->run.steps = (int)steps;
    return true;
}

/* Number of links in a group; 0 is an error. */
static bool count_links(const struct object *group, const char *what, int max, int *count)
{
    H5G_info_t info;
    if (H5Gget_info(group->id, &info) < 0)
        return object_error(group, "cannot be read; copy or capture the file again");
    if (info.nlinks == 0 || info.nlinks > (hsize_t)max)
        return object_error(group, "holds %llu %s, not 1 to %d; capture the run again",
                            (unsigned long long)info.nlinks, what, max);
    *count = (int)info.nlinks;
    return true;
}

static bool read_layer(const struct object *object, int samples, struct ts_layer *layer)
{
    char *name;
    char *kind;
    if (!object_string(object, "name", &name))
        return false;
    layer->name = name;
    if (!object_string(object, "kind", &kind))
        return false;
    bool conv2d = strcmp(kind, "conv2d") == 0;
    bool known = conv2d || strcmp(kind, "linear") == 0 ||
                 object_error(object,
                              "attribute 'kind' is '%s', not conv2d or linear; capture those "
                              "layers alone",
                              kind);
    layer->kind = conv2d ? TS_CONV2D : TS_LINEAR;
    free(kind);
    if (!known)
        return false;
    for (int i = 0; i < LAYOUT_EXTENTS; i++) {
        int64_t value;
        if (!object_int(object, layout_extents[i].name, 0, MAX_COUNT, &value))
            return false;
        int extent = (int)value;
        memcpy((char *)layer + layout_extents[i].offset, &extent, sizeof extent);
    }
    struct ts_error why;
    return ts_layer_check(layer, samples, &why) || object_error(object, "%s", why.text);
}

static bool read_layers(struct ts_trace *t, const struct object *root)
{
    struct object group;
    if (!object_open(root, "layers", H5I_GROUP, &group))
        return false;
    bool ok = count_links(&group, "layers", MAX_LAYERS, &t->n_layers);
    if (ok) {
        t->layers = calloc((size_t)t->n_layers, sizeof *t->layers);
        ok = t->layers || out_of_memory(&group);
    }
    for (int i = 0; ok && i < t->n_layers; i++) {
        char name[16];
        struct object layer;
        snprintf(name, sizeof name, "%03d", i);
        ok = object_open(&group, name, H5I_GROUP, &layer) &&
             read_layer(&layer, t->run.kept, &t->layers[i]);
        object_close(&layer);
    }
    object_close(&group);
    return ok;
}

static bool check_tensor(const struct ts_trace *t, const struct object *parent, int layer,
                         enum ts_tensor tensor)
{
    hsize_t shape[MAX_RANK];
    int rank = layout_shape(&t->layers[layer], t->run.kept, tensor, shape);
    struct object data;
    bool ok = object_open(parent, ts_tensor_name(tensor), H5I_DATASET, &data) &&
              object_check_floats(&data, shape, rank);
    object_close(&data);
    return ok;
}

static bool read_step_layer(struct ts_trace *t, const struct object *step, int layer, double *alpha)
{
    char name[16];
    struct object group;
    snprintf(name, sizeof name, "%03d", layer);
    bool ok = object_open(step, name, H5I_GROUP, &group);
    *alpha = NAN;
    if (ok && object_has(&group, "pact_alpha"))
        ok = object_double(&group, "pact_alpha", 0, FLT_MAX, alpha);
    for (int i = 0; ok && i < TS_TENSORS; i++)
        ok = check_tensor(t, &group, layer, (enum ts_tensor)i);
    object_close(&group);
    return ok;
}

static bool read_step_attributes(const struct object *object, struct ts_step *step)
{
    if (!object_double(object, "loss", -DBL_MAX, DBL_MAX, &step->loss) ||
        !object_double(object, "accuracy", 0, 1, &step->accuracy) ||
        !object_double(object, "loss_scale", LOSS_SCALE_MIN, LOSS_SCALE_MAX, &step->loss_scale))
        return false;
    return layout_is_loss_scale(step->loss_scale) ||
           object_error(object,
                        "attribute 'loss_scale' is %g, not a power of two; capture the run again "
                        "with one",
                        step->loss_scale);
}

static bool read_step(struct ts_trace *t, const struct object *steps, int i)
{
    char name[16];
    struct object step;
    snprintf(name, sizeof name, "%06d", t->steps[i].number);
    bool ok =
        object_open(steps, name, H5I_GROUP, &step) && read_step_attributes(&step, &t->steps[i]);
    for (int l = 0; ok && l < t->n_layers; l++)
        ok = read_step_layer(t, &step, l,
                             &t->pact_alpha[(size_t)i * (size_t)t->n_layers + (size_t)l]);
    object_close(&step);
    return ok;
}

/* Reads a step's number from its name, which is written one way only. */
static bool step_number(const struct object *steps, hsize_t index, int limit, int *number)
{
    char name[16] = "";
    char again[16] = "";
    if (H5Lget_name_by_idx(steps->id, ".", H5_INDEX_NAME, H5_ITER_INC, index, name, sizeof name,
                           H5P_DEFAULT) < 0)
        return object_error(steps, "cannot be read; copy or capture the file again");
    long value = strtol(name, NULL, 10);
    bool fits = value >= 0 && value < limit;
    if (fits)
        snprintf(again, sizeof again, "%06ld", value);
    *number = (int)value;
    return (fits && strcmp(name, again) == 0) ||
           object_error(steps,
                        "holds '%s', which is not the six-digit number of one of the run's %d "
                        "steps, from 000000 on; capture the run again",
                        name, limit);
}

static int by_number(const void *a, const void *b)
{
    return ((const struct ts_step *)a)->number - ((const struct ts_step *)b)->number;
}

static bool read_steps(struct ts_trace *t, const struct object *root)
{
    struct object group;
    if (!object_open(root, "steps", H5I_GROUP, &group))
        return false;
    bool ok = count_links(&group, "steps", t->run.steps, &t->n_steps);
    if (ok) {
        t->steps = calloc((size_t)t->n_steps, sizeof *t->steps);
        t->pact_alpha = calloc((size_t)t->n_steps * (size_t)t->n_layers, sizeof *t->pact_alpha);
        ok = (t->steps && t->pact_alpha) || out_of_memory(&group);
    }
    for (int i = 0; ok && i < t->n_steps; i++)
        ok = step_number(&group, (hsize_t)i, t->run.steps, &t->steps[i].number);
    if (ok) /* names of seven digits sort before those of six */
        qsort(t->steps, (size_t)t->n_steps, sizeof *t->steps, by_number);
    for (int i = 0; ok && i < t->n_steps; i++)
        ok = read_step(t, &group, i);
    object_close(&group);
    return ok;
}

/* An array over all steps, finite and not below `min`. */
static bool read_curve(const struct object *root, const char *name, const hsize_t *shape, int rank,
                       float min, float **values)
{
    struct object data;
    size_t n = 1;
    for (int i = 0; i < rank; i++)
        n *= (size_t)shape[i];
    bool ok =
        object_open(root, name, H5I_DATASET, &data) && object_check_floats(&data, shape, rank);
    if (ok) {
        *values = calloc(n, sizeof **values);
        ok = (*values || out_of_memory(&data)) && object_read_floats(&data, *values);
    }
    for (size_t i = 0; ok && i < n; i++)
        if (!isfinite((*values)[i]) || (*values)[i] < min)
            ok = object_error(&data, "step %zu has %g; capture a run that does not diverge",
                              i / (n / (size_t)shape[0]), (double)(*values)[i]);
    object_close(&data);
    return ok;
}

static bool read_all(struct ts_trace *t, struct ts_error *error)
{
    struct object root = {.file = t->path, .path = "/", .error = error};
    root.id = H5Gopen2(t->file, "/", H5P_DEFAULT);
    if (root.id < 0)
        return object_error(&root, "cannot be read, the file is damaged; copy or capture it again");
    bool ok = read_run(t, &root) && read_layers(t, &root) && read_steps(t, &root);
    if (ok) {
        hsize_t shape[] = {(hsize_t)t->run.steps, (hsize_t)t->n_layers};
        ok = read_curve(&root, "grad_max", shape, 2, 0, &t->grad_max) &&
             read_curve(&root, "loss", shape, 1, -FLT_MAX, &t->loss);
    }
    object_close(&root);
    return ok;
}

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
    ok = ok && (values || out_of_memory(&data));
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
    if (read_all(t, error))
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
