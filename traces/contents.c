/* SPDX-License-Identifier: Apache-2.0 */
/* What a trace holds but for its tensors' values: read, and checked whole. */
#include "contents.h"

#include "layout.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
        ok = t->layers || object_out_of_memory(&group);
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
        ok = (t->steps && t->pact_alpha) || object_out_of_memory(&group);
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
        ok = (*values || object_out_of_memory(&data)) && object_read_floats(&data, *values);
    }
    for (size_t i = 0; ok && i < n; i++)
        if (!isfinite((*values)[i]) || (*values)[i] < min)
            ok = object_error(&data, "step %zu has %g; capture a run that does not diverge",
                              i / (n / (size_t)shape[0]), (double)(*values)[i]);
    object_close(&data);
    return ok;
}

bool contents_read(struct ts_trace *t, struct ts_error *error)
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
