/* SPDX-License-Identifier: Apache-2.0 */
/* A trace being written: in memory as HDF5, then to a file beside, then renamed. */
#include "hdf5_object.h"
#include "layout.h"
#include "utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK_ELEMENTS = 1 << 18, GZIP_LEVEL = 4, MEMORY_STEP = 1 << 22, MAX_STRING = 60000 };

struct ts_trace_writer {
    char *path;
    char *beside; /* the file as it is written */
    int descriptor;
    hid_t image; /* the HDF5 file in memory */
    hid_t layer_group, step_groups, step_group;
    int batch, kept, steps;
    int step; /* number of the step being written; -1: none yet */
    int n_layers;
    struct ts_layer *layers; /* without their names */
    unsigned char *written;  /* per layer, a bit for each tensor of this step */
    bool failed;
    struct ts_error error;
};

/* Keeps the first failure. */
__attribute__((format(printf, 2, 3))) static bool fail(struct ts_trace_writer *w,
                                                       const char *format, ...)
{
    char what[384];
    if (w->failed)
        return false;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    w->failed = true;
    return ts_error_set(&w->error, "%s: %s", w->path, what);
}

static bool no_memory(struct ts_trace_writer *w)
{
    return fail(w, "not enough memory for HDF5 to write it; keep fewer samples or steps");
}

/* HDF5 in memory fails for want of memory only. */
static bool done(struct ts_trace_writer *w, bool ok)
{
    return ok || no_memory(w);
}

static bool write_scalar(struct ts_trace_writer *w, hid_t object, const char *name, hid_t stored,
                         hid_t memory, const void *value)
{
    hid_t space = H5Screate(H5S_SCALAR);
    hid_t attribute = H5Acreate2(object, name, stored, space, H5P_DEFAULT, H5P_DEFAULT);
    bool ok = attribute >= 0 && H5Awrite(attribute, memory, value) >= 0;
    H5Aclose(attribute);
    H5Sclose(space);
    return done(w, ok);
}

static bool write_int(struct ts_trace_writer *w, hid_t object, const char *name, int64_t value)
{
    return write_scalar(w, object, name, H5T_STD_I64LE, H5T_NATIVE_INT64, &value);
}

static bool write_double(struct ts_trace_writer *w, hid_t object, const char *name, double value)
{
    return write_scalar(w, object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &value);
}

static bool write_string(struct ts_trace_writer *w, hid_t object, const char *name,
                         const char *text)
{
    if (!text || !utf8_is_valid(text))
        return fail(w, "the string for attribute '%s' is %s", name, text ? "not UTF-8" : "missing");
    size_t length = strlen(text);
    if (length > MAX_STRING)
        return fail(w, "the string for attribute '%s' is longer than %d bytes", name, MAX_STRING);
    /* Of fixed length, because strings of variable length are kept without a checksum. */
    hid_t type = H5Tcopy(H5T_C_S1);
    bool ok = H5Tset_size(type, length + 1) >= 0 && H5Tset_cset(type, H5T_CSET_UTF8) >= 0;
    ok = done(w, ok) && write_scalar(w, object, name, type, type, text);
    H5Tclose(type);
    return ok;
}

/* Compressed, in chunks of whole rows of about a mebibyte. */
static bool write_floats(struct ts_trace_writer *w, hid_t group, const char *name,
                         const hsize_t *shape, int rank, const float *values)
{
    hsize_t chunk[MAX_RANK];
    hsize_t row = 1;
    for (int i = 1; i < rank; i++)
        row *= chunk[i] = shape[i];
    hsize_t rows = CHUNK_ELEMENTS / row;
    chunk[0] = rows < 1 ? 1 : rows > shape[0] ? shape[0] : rows;

    hid_t space = H5Screate_simple(rank, shape, NULL);
    hid_t layout = H5Pcreate(H5P_DATASET_CREATE);
    bool ok = H5Pset_chunk(layout, rank, chunk) >= 0 && H5Pset_shuffle(layout) >= 0 &&
              H5Pset_deflate(layout, GZIP_LEVEL) >= 0;
    hid_t data = H5Dcreate2(group, name, H5T_IEEE_F32LE, space, H5P_DEFAULT, layout, H5P_DEFAULT);
    ok = ok && data >= 0 &&
         H5Dwrite(data, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0;
    H5Dclose(data);
    H5Pclose(layout);
    H5Sclose(space);
    return done(w, ok);
}

static hid_t make_group(struct ts_trace_writer *w, hid_t parent, const char *name)
{
    hid_t group = H5Gcreate2(parent, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    done(w, group >= 0);
    return group;
}

static bool write_run(struct ts_trace_writer *w, const struct ts_run *run)
{
    if (run->batch < 1 || run->batch > MAX_COUNT || run->kept < 1 || run->kept > run->batch ||
        run->steps < 1 || run->steps > MAX_COUNT)
        return fail(w,
                    "batch %d, kept %d, steps %d: batch and steps must be 1 to %d, kept 1 to batch",
                    run->batch, run->kept, run->steps, MAX_COUNT);
    if (!(run->test_accuracy >= 0 && run->test_accuracy <= 1))
        return fail(w, "test_accuracy %g is outside 0 to 1", run->test_accuracy);
    bool ok = write_int(w, w->image, "tessera_trace", LAYOUT_VERSION);
    for (int i = 0; ok && i < LAYOUT_STRINGS; i++) {
        const char *text;
        memcpy(&text, (const char *)run + layout_strings[i].offset, sizeof text);
        ok = write_string(w, w->image, layout_strings[i].name, text);
    }
    return ok && write_int(w, w->image, "seed", run->seed) &&
           write_int(w, w->image, "batch", run->batch) &&
           write_int(w, w->image, "kept", run->kept) &&
           write_int(w, w->image, "steps", run->steps) &&
           write_double(w, w->image, "test_accuracy", run->test_accuracy);
}

static bool open_image(struct ts_trace_writer *w)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    /* 1.10 puts checksums on all that describes data, so that damage shows and does not crash the
     * reader; the data has gzip's own. The superblock is 1.8's, where the mark of being open, which
     * the image bears, means nothing. */
    if (H5Pset_fapl_core(access, MEMORY_STEP, false) >= 0 &&
        H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18) >= 0)
        w->image = H5Fcreate(w->path, H5F_ACC_TRUNC, H5P_DEFAULT, access);
    H5Pclose(access);
    if (w->image < 0 || H5Fset_libver_bounds(w->image, H5F_LIBVER_V110, H5F_LIBVER_V110) < 0)
        return no_memory(w);
    w->layer_group = make_group(w, w->image, "layers");
    w->step_groups = make_group(w, w->image, "steps");
    return !w->failed;
}

static bool open_beside(struct ts_trace_writer *w)
{
    struct stat info;
    if (stat(w->path, &info) == 0 && !S_ISREG(info.st_mode))
        return fail(w, "is there and is no regular file, whose place a trace could take");
    size_t size = strlen(w->path) + 32;
    w->beside = malloc(size);
    if (!w->beside)
        return no_memory(w);
    snprintf(w->beside, size, "%s.%ld.part", w->path, (long)getpid());
    w->descriptor = open(w->beside, O_WRONLY | O_CREAT | O_EXCL, 0666);
    if (w->descriptor >= 0)
        return true;
    fail(w, "cannot create %s: %s", w->beside, strerror(errno));
    free(w->beside);
    w->beside = NULL;
    return false;
}

struct ts_trace_writer *ts_trace_create(const char *path, const struct ts_run *run,
                                        struct ts_error *error)
{
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    struct ts_trace_writer *w = calloc(1, sizeof *w);
    char *copy = strdup(path);
    if (!w || !copy) {
        free(w);
        free(copy);
        ts_error_set(error, "%s: not enough memory to write it", path);
        return NULL;
    }
    w->path = copy;
    w->descriptor = -1;
    w->image = w->layer_group = w->step_groups = w->step_group = H5I_INVALID_HID;
    w->batch = run->batch;
    w->kept = run->kept;
    w->steps = run->steps;
    w->step = -1;
    if (open_beside(w) && open_image(w) && write_run(w, run))
        return w;
    if (error)
        *error = w->error;
    ts_trace_abandon(w);
    return NULL;
}

static bool grow_layers(struct ts_trace_writer *w)
{
    size_t n = (size_t)w->n_layers + 1;
    struct ts_layer *layers = realloc(w->layers, n * sizeof *layers);
    if (layers)
        w->layers = layers;
    unsigned char *written = realloc(w->written, n);
    if (written)
        w->written = written;
    return done(w, layers && written);
}

bool ts_trace_add_layer(struct ts_trace_writer *w, const struct ts_layer *layer)
{
    struct ts_error why;
    if (w->failed)
        return false;
    if (w->step >= 0)
        return fail(w, "layer '%s' comes after a step; add all layers first", layer->name);
    if (w->n_layers == MAX_LAYERS)
        return fail(w, "more than %d layers; this layout has no room for them", MAX_LAYERS);
    if (!ts_layer_check(layer, w->kept, &why))
        return fail(w, "layer '%s': %s", layer->name, why.text);
    if (!grow_layers(w))
        return false;

    char name[16];
    snprintf(name, sizeof name, "%03d", w->n_layers);
    hid_t group = make_group(w, w->layer_group, name);
    bool ok = group >= 0 && write_string(w, group, "name", layer->name) &&
              write_string(w, group, "kind", ts_layer_kind_name(layer->kind));
    for (int i = 0; ok && i < LAYOUT_EXTENTS; i++) {
        int extent;
        memcpy(&extent, (const char *)layer + layout_extents[i].offset, sizeof extent);
        ok = write_int(w, group, layout_extents[i].name, extent);
    }
    H5Gclose(group);
    w->layers[w->n_layers] = *layer;
    w->layers[w->n_layers++].name = NULL;
    return ok;
}

/* Ends the step being written: all its tensors must be there. */
static bool end_step(struct ts_trace_writer *w)
{
    for (int l = 0; w->step >= 0 && l < w->n_layers; l++)
        for (int i = 0; i < TS_TENSORS; i++)
            if (!(w->written[l] >> i & 1))
                return fail(w, "/steps/%06d/%03d/%s was never written", w->step, l,
                            ts_tensor_name((enum ts_tensor)i));
    if (w->step_group >= 0)
        H5Gclose(w->step_group);
    w->step_group = H5I_INVALID_HID;
    return true;
}

bool ts_trace_add_step(struct ts_trace_writer *w, const struct ts_step *step)
{
    char name[16];
    if (w->failed || !end_step(w))
        return false;
    if (w->n_layers == 0)
        return fail(w, "step %d comes before any layer; add all layers first", step->number);
    if (step->number <= w->step || step->number >= w->steps)
        return fail(w, "step %d is out of order or not one of the run's %d steps", step->number,
                    w->steps);
    if (!isfinite(step->loss) || !(step->accuracy >= 0 && step->accuracy <= 1))
        return fail(w, "step %d: loss %g must be finite and accuracy %g within 0 to 1",
                    step->number, step->loss, step->accuracy);
    if (!layout_is_loss_scale(step->loss_scale))
        return fail(w, "step %d: loss_scale %g is not a power of two from 2^-64 to 2^64",
                    step->number, step->loss_scale);
    w->step = step->number;
    memset(w->written, 0, (size_t)w->n_layers);
    snprintf(name, sizeof name, "%06d", step->number);
    w->step_group = make_group(w, w->step_groups, name);
    for (int l = 0; !w->failed && l < w->n_layers; l++) {
        snprintf(name, sizeof name, "%03d", l);
        H5Gclose(make_group(w, w->step_group, name));
    }
    return !w->failed && write_double(w, w->step_group, "loss", step->loss) &&
           write_double(w, w->step_group, "accuracy", step->accuracy) &&
           write_double(w, w->step_group, "loss_scale", step->loss_scale);
}

/* The group of a layer in the step being written. */
static hid_t open_step_layer(struct ts_trace_writer *w, int layer)
{
    char name[16];
    if (w->failed)
        return H5I_INVALID_HID;
    if (w->step < 0 || layer < 0 || layer >= w->n_layers) {
        fail(w, "no layer %d in this step to write to", layer);
        return H5I_INVALID_HID;
    }
    snprintf(name, sizeof name, "%03d", layer);
    hid_t group = H5Gopen2(w->step_group, name, H5P_DEFAULT);
    done(w, group >= 0);
    return group;
}

bool ts_trace_write(struct ts_trace_writer *w, int layer, enum ts_tensor tensor,
                    const float *elements)
{
    hid_t group = open_step_layer(w, layer);
    if (group < 0)
        return false;
    hsize_t shape[MAX_RANK];
    int rank = layout_shape(&w->layers[layer], w->kept, tensor, shape);
    size_t n = ts_tensor_elements(&w->layers[layer], w->kept, tensor);
    size_t bad = layout_first_bad(elements, n);
    const char *name = ts_tensor_name(tensor);
    bool ok = false;
    if (bad < n)
        fail(w, "/steps/%06d/%03d/%s: element %zu is %g; only finite numbers can be replayed",
             w->step, layer, name, bad, (double)elements[bad]);
    else if (w->written[layer] >> tensor & 1)
        fail(w, "/steps/%06d/%03d/%s: is written twice", w->step, layer, name);
    else
        ok = write_floats(w, group, name, shape, rank, elements);
    w->written[layer] = (unsigned char)(w->written[layer] | 1U << tensor);
    H5Gclose(group);
    return ok;
}

bool ts_trace_write_pact_alpha(struct ts_trace_writer *w, int layer, double alpha)
{
    hid_t group = open_step_layer(w, layer);
    if (group < 0)
        return false;
    bool ok = alpha >= 0 && alpha <= (double)FLT_MAX;
    if (!ok)
        fail(w, "layer %d: pact_alpha %g is not a finite number of at least 0", layer, alpha);
    else if (H5Aexists(group, "pact_alpha") > 0)
        ok = fail(w, "layer %d: pact_alpha is written twice", layer);
    else
        ok = write_double(w, group, "pact_alpha", alpha);
    H5Gclose(group);
    return ok;
}

static bool write_curves(struct ts_trace_writer *w, const float *grad_max, const float *loss)
{
    hsize_t shape[] = {(hsize_t)w->steps, (hsize_t)w->n_layers};
    size_t steps = (size_t)w->steps;
    size_t n = steps * (size_t)w->n_layers;
    if (layout_first_bad(grad_max, n) < n || layout_first_bad(loss, steps) < steps)
        return fail(w, "grad_max or loss holds a number that is not finite");
    for (size_t i = 0; i < n; i++)
        if (grad_max[i] < 0)
            return fail(w, "grad_max holds the negative %g", (double)grad_max[i]);
    return write_floats(w, w->image, "grad_max", shape, 2, grad_max) &&
           write_floats(w, w->image, "loss", shape, 1, loss);
}

static bool write_bytes(struct ts_trace_writer *w, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t written = write(w->descriptor, bytes, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return fail(w, "cannot write %zu more bytes: %s; make room or write elsewhere", n,
                        written < 0 ? strerror(errno) : "the disk takes no more");
        bytes += written;
        n -= (size_t)written;
    }
    return true;
}

/* The image goes to the file beside, and that in the place of `path`. */
static bool write_file(struct ts_trace_writer *w)
{
    void **bytes = NULL;
    bool ok = H5Fflush(w->image, H5F_SCOPE_GLOBAL) >= 0 &&
              H5Fget_vfd_handle(w->image, H5P_DEFAULT, (void **)&bytes) >= 0 && bytes;
    /* The memory has been taken in larger steps than the image fills. */
    ssize_t size = ok ? H5Fget_file_image(w->image, NULL, 0) : -1;
    if (size < 0)
        return no_memory(w);
    if (!write_bytes(w, *bytes, (size_t)size))
        return false;
    ok = fsync(w->descriptor) == 0;
    int reason = errno;
    if (close(w->descriptor) != 0 && ok) {
        ok = false;
        reason = errno;
    }
    w->descriptor = -1;
    if (ok && rename(w->beside, w->path) == 0) {
        free(w->beside);
        w->beside = NULL;
        return true;
    }
    return fail(w, "cannot write: %s", strerror(ok ? errno : reason));
}

bool ts_trace_finish(struct ts_trace_writer *w, const float *grad_max, const float *loss,
                     struct ts_error *error)
{
    if (!w->failed && w->step < 0)
        fail(w, "holds no step; a trace has one at least");
    bool ok = !w->failed && end_step(w) && write_curves(w, grad_max, loss) && write_file(w);
    if (!ok && error)
        *error = w->error;
    ts_trace_abandon(w);
    return ok;
}

void ts_trace_abandon(struct ts_trace_writer *w)
{
    if (!w)
        return;
    if (w->step_group >= 0)
        H5Gclose(w->step_group);
    if (w->step_groups >= 0)
        H5Gclose(w->step_groups);
    if (w->layer_group >= 0)
        H5Gclose(w->layer_group);
    if (w->image >= 0)
        H5Fclose(w->image);
    if (w->descriptor >= 0)
        close(w->descriptor);
    if (w->beside)
        unlink(w->beside);
    free(w->beside);
    free(w->path);
    free(w->layers);
    free(w->written);
    free(w);
}
