/* SPDX-License-Identifier: Apache-2.0 */
/* Which taps of a kernel live, for each residue. */
#include "training/strides.h"

#include "machine/zeros.h"

#include <inttypes.h>
#include <stdlib.h>

/* More than any network has; what is beyond would take long. */
enum { MAX_WORK = 1 << 24 };

bool ts_has_holes(const struct ts_training *training, const struct ts_work_layer *layer,
                  enum ts_pass pass)
{
    enum ts_conv_pass conv_pass;
    if (!training->design.training.skip_zeros || layer->kind != TS_WORK_CONV)
        return false;
    struct ts_conv conv = ts_work_conv(layer, 1, pass, &conv_pass);
    return conv_pass == TS_CONV_BACKWARD && conv.stride_height * conv.stride_width > 1;
}

/* A row i of the input meets tap t where the stride divides i + pad - t * dilation. */
static bool lives(int64_t i, int64_t tap, int64_t pad, int64_t dilation, int64_t stride)
{
    return (i + pad - tap * dilation) % stride == 0;
}

/* Indices below n with a residue. */
static int64_t with_residue(int64_t n, int64_t residue, int64_t stride)
{
    return residue < n ? (n - residue - 1) / stride + 1 : 0;
}

struct residues {
    struct ts_conv conv;
    int64_t channels; /* k's of a tap */
    int64_t granule;
    bool *live; /* of each tap */
};

/* K of the job of a residue. */
static int64_t live_k(const struct residues *r, int64_t row, int64_t column)
{
    const struct ts_conv *c = &r->conv;
    for (int64_t h = 0; h < c->kernel_height; h++)
        for (int64_t w = 0; w < c->kernel_width; w++)
            r->live[h * c->kernel_width + w] =
                lives(row, h, c->pad_height, c->dilation_height, c->stride_height) &&
                lives(column, w, c->pad_width, c->dilation_width, c->stride_width);
    return ts_live_k(r->channels, r->live, c->kernel_height * c->kernel_width, r->granule);
}

static bool add_all(const struct residues *r, const struct ts_training *t,
                    const struct ts_job *whole, struct ts_jobs *jobs)
{
    const struct ts_conv *c = &r->conv;
    struct ts_job job = *whole;
    int64_t zeros = 0;
    for (int64_t row = 0; row < c->stride_height; row++) {
        for (int64_t column = 0; column < c->stride_width; column++) {
            struct ts_mnk *shape = &job.gemm.shape;
            shape->m = c->images * with_residue(c->in_height, row, c->stride_height) *
                       with_residue(c->in_width, column, c->stride_width);
            shape->k = shape->m ? live_k(r, row, column) : 0;
            if (shape->k == 0) {
                zeros += shape->m * shape->n * job.gemm.count;
                continue;
            }
            int64_t lowered = shape->m * shape->k, unique = whole->gemm.a.unique;
            job.gemm.a.lowered = lowered;
            job.gemm.a.unique = unique < lowered ? unique : lowered;
            if (!ts_jobs_add(jobs, &job))
                return false;
            job.part++;
        }
    }
    if (zeros == 0)
        return true;
    job.kind = TS_JOB_ELEMENTWISE;
    job.gemm = (struct ts_gemm_job){.ops = 0};
    job.elementwise = (struct ts_elementwise_job){zeros, 0, t->value_bits, 1};
    return ts_jobs_add(jobs, &job);
}

bool ts_add_residues(const struct ts_training *t, const struct ts_work_layer *layer, int64_t batch,
                     const struct ts_job *whole, struct ts_jobs *jobs, struct ts_error *error)
{
    enum ts_conv_pass conv_pass;
    struct residues r = {.conv = ts_work_conv(layer, batch, whole->pass, &conv_pass)};
    const struct ts_conv *c = &r.conv;
    double work = (double)c->stride_height * (double)c->stride_width * (double)c->kernel_height *
                  (double)c->kernel_width;
    if (work > MAX_WORK)
        return ts_error_set(error,
                            "kernel and stride are too large for training.skip_zeros: the product "
                            "of their extents is above %d",
                            MAX_WORK);
    r.channels = c->out_channels / c->groups;
    r.granule = ts_machine_granule(ts_training_machine(t, whole->mode));
    r.live = malloc((size_t)(c->kernel_height * c->kernel_width));
    bool ok = r.live && add_all(&r, t, whole, jobs);
    free(r.live);
    return ok || ts_error_set(error, "out of memory");
}
