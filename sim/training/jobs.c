/* SPDX-License-Identifier: Apache-2.0 */
/* From what a workload has to do to what a machine does for it. */
#include "training/jobs.h"

#include "training/strides.h"

#include <stdlib.h>

enum { BITS_4 = 4, BITS_16 = 16 };

const char *ts_group_name(enum ts_work_group group)
{
    static const char *const names[TS_GROUPS] = {"conv1x1",     "conv",   "depthwise",
                                                 "linear",      "matmul", "quantize",
                                                 "elementwise", "update", "allreduce"};
    return names[group];
}

bool ts_jobs_add(struct ts_jobs *jobs, const struct ts_job *job)
{
    enum { FIRST_ROOM = 256 };
    if (jobs->n == jobs->room) {
        size_t room = jobs->room ? 2 * jobs->room : FIRST_ROOM;
        struct ts_job *more = realloc(jobs->jobs, room * sizeof *more);
        if (!more)
            return false;
        jobs->jobs = more;
        jobs->room = room;
    }
    jobs->jobs[jobs->n++] = *job;
    return true;
}

void ts_jobs_free(struct ts_jobs *jobs)
{
    free(jobs->jobs);
    *jobs = (struct ts_jobs){0};
}

/* What a step is made from. */
struct making {
    const struct ts_training *training;
    const struct ts_workload *workload;
    struct ts_jobs *jobs;
    struct ts_error *error;
};

static const struct ts_work_layer *layer_of(const struct making *m, size_t i)
{
    return &m->workload->layers[i];
}

static bool add(const struct making *m, const struct ts_job *job)
{
    return ts_jobs_add(m->jobs, job) || ts_error_set(m->error, "out of memory");
}

static bool is_4bit(int64_t mode)
{
    return mode == TS_MODE_INT4 || mode == TS_MODE_FP4;
}

/* ---- GEMMs ---- */

/* dY as it is kept where it is requantized on its way to L0. */
static bool is_requantized(const struct ts_training *t, enum ts_tensor tensor, int64_t mode)
{
    return tensor == TS_TENSOR_DY && mode == TS_MODE_FP4 &&
           t->design.training.dy == TS_DY_REQUANTIZED;
}

static struct ts_operand operand(const struct ts_training *t, enum ts_tensor tensor, int64_t mode)
{
    int64_t bits = ts_machine_operand_bits(&t->design, mode, tensor == TS_TENSOR_DY);
    int64_t stored = is_requantized(t, tensor, mode) ? BITS_16 : bits;
    return (struct ts_operand){stored, bits, 1, 1};
}

/* A transposed convolution's gradient is that of the convolution from its output to its input. */
static enum ts_tensor tensor_of(const struct ts_work_layer *layer, enum ts_pass pass, bool is_a)
{
    bool a = is_a != (layer->transposed && pass == TS_GRAD);
    return a ? ts_lowered_tensor_a(pass) : ts_lowered_tensor_b(pass);
}

static enum ts_work_group group_of(const struct ts_work_layer *layer)
{
    if (layer->kind != TS_WORK_CONV)
        return layer->kind == TS_WORK_LINEAR ? TS_GROUP_LINEAR : TS_GROUP_MATMUL;
    return ts_work_is_depthwise(layer)   ? TS_GROUP_DEPTHWISE
           : ts_work_is_pointwise(layer) ? TS_GROUP_CONV1X1
                                         : TS_GROUP_CONV;
}

static bool add_gemm(const struct making *m, const struct ts_work_job *work)
{
    const struct ts_training *t = m->training;
    const struct ts_work_layer *layer = layer_of(m, work->layer);
    int64_t mode = ts_training_mode(t, layer, work->pass);
    struct ts_job job = {
        .layer = work->layer,
        .pass = work->pass,
        .group = group_of(layer),
        .mode = mode,
        .kind = TS_JOB_GEMM,
        .gemm = {.shape = {.m = work->gemm.m, .n = work->gemm.n, .k = work->gemm.k},
                 .a = operand(t, tensor_of(layer, work->pass, true), mode),
                 .b = operand(t, tensor_of(layer, work->pass, false), mode),
                 .stored = t->value_bits,
                 .ops = 1,
                 .count = work->gemm.count},
    };
    job.gemm.a.unique = work->gemm.unique;
    job.gemm.a.lowered = work->gemm.lowered;
    if (!ts_has_holes(t, layer, work->pass))
        return add(m, &job);
    struct ts_error why;
    return ts_add_residues(t, layer, m->workload->batch, &job, m->jobs, &why) ||
           ts_error_set(m->error, "layers[%zu] '%s', %s: %s", work->layer, layer->name,
                        ts_pass_name(work->pass), why.text);
}

/* ---- Passes over elements ---- */

static bool add_elements(const struct making *m, const struct ts_work_job *work,
                         enum ts_work_group group, struct ts_elementwise_job elementwise)
{
    struct ts_job job = {
        .layer = work->layer,
        .pass = work->pass,
        .group = group,
        .tensor = work->tensor,
        .kind = TS_JOB_ELEMENTWISE,
        .elementwise = elementwise,
    };
    return add(m, &job);
}

/* What of an element a quantizer reads and writes, in values and bits. */
struct copy {
    int64_t reads, bits, operations;
};

/* A tensor made ready for one pass. Nothing where its values are what the array takes. */
static struct copy copy_for(const struct ts_training *t, const struct ts_work_job *work,
                            int64_t mode)
{
    int64_t bits = ts_machine_operand_bits(&t->design, mode, work->tensor == TS_TENSOR_DY);
    if (is_requantized(t, work->tensor, mode)) {
        if (t->value_bits == BITS_16) /* only the scale is missing */
            return (struct copy){work->reads - 1, 0, work->operations - 1};
        bits = BITS_16;
    }
    if (is_4bit(mode))
        return (struct copy){work->reads, bits, work->operations};
    return bits == t->value_bits ? (struct copy){0, 0, 0} : (struct copy){1, bits, 1};
}

/* The passes that read a tensor. */
static const enum ts_pass readers[TS_TENSORS][2] = {
    [TS_TENSOR_X] = {TS_FWD, TS_GRAD},
    [TS_TENSOR_W] = {TS_FWD, TS_BWD},
    [TS_TENSOR_DY] = {TS_GRAD, TS_BWD},
};

/* Even in one pass and odd in the other, two copies. */
static bool has_two_phases(const struct ts_training *t, enum ts_tensor tensor)
{
    return tensor == TS_TENSOR_DY && t->design.training.dy == TS_DY_TWO_4BIT &&
           t->design.quantization.phase_bwd != t->design.quantization.phase_grad;
}

static bool add_quantize(const struct making *m, const struct ts_work_job *work)
{
    const struct ts_training *t = m->training;
    const struct ts_work_layer *layer = layer_of(m, work->layer);
    const enum ts_pass *passes = readers[work->tensor];
    int64_t mode = ts_training_mode(t, layer, passes[0]);
    struct copy sum = copy_for(t, work, mode);
    if (passes[1] != TS_BWD || !layer->first) {
        int64_t other = ts_training_mode(t, layer, passes[1]);
        struct copy second = copy_for(t, work, other);
        if (is_4bit(mode) && is_4bit(other)) {
            if (has_two_phases(t, work->tensor))
                sum.bits += BITS_4;
        } else if (mode != other) {
            sum.reads = sum.reads > second.reads ? sum.reads : second.reads;
            sum.bits += second.bits;
            sum.operations += second.operations;
        }
    }
    if (sum.operations == 0)
        return true;
    return add_elements(m, work, TS_GROUP_QUANTIZE,
                        (struct ts_elementwise_job){work->elements, sum.reads * t->value_bits,
                                                    sum.bits, sum.operations});
}

static bool add_plain(const struct making *m, const struct ts_work_job *work)
{
    int64_t bits = m->training->value_bits;
    return add_elements(m, work,
                        work->kind == TS_WORK_UPDATE ? TS_GROUP_UPDATE : TS_GROUP_ELEMENTWISE,
                        (struct ts_elementwise_job){work->elements, work->reads * bits,
                                                    work->writes * bits, work->operations});
}

/* ---- The step ---- */

/* The gradients of all parameters, as soon as the last is there. */
static bool add_allreduce(const struct making *m)
{
    const struct ts_workload *w = m->workload;
    struct ts_job job = {
        .layer = w->n, .pass = TS_GRAD, .group = TS_GROUP_ALLREDUCE, .kind = TS_JOB_ALLREDUCE};
    for (size_t i = 0; i < w->n; i++)
        job.bytes += ts_work_parameters(layer_of(m, i)) * (m->training->value_bits / 8);
    return m->training->design.link.chips == 1 || job.bytes == 0 || add(m, &job);
}

static bool add_work(const struct making *m, const struct ts_work_job *work)
{
    switch (work->kind) {
    case TS_WORK_GEMM:
        return add_gemm(m, work);
    case TS_WORK_QUANTIZE:
        return add_quantize(m, work);
    default:
        return add_plain(m, work);
    }
}

bool ts_jobs_make(const struct ts_training *training, const struct ts_workload *workload,
                  struct ts_jobs *jobs, struct ts_error *error)
{
    const struct making m = {training, workload, jobs, error};
    size_t n;
    struct ts_work_job *work = ts_workload_step(workload, &n);
    *jobs = (struct ts_jobs){0};
    if (!work)
        return ts_error_set(error, "out of memory");
    bool ok = true, updating = false;
    for (size_t i = 0; ok && i < n; i++) {
        if (work[i].kind == TS_WORK_UPDATE && !updating)
            ok = add_allreduce(&m);
        updating = updating || work[i].kind == TS_WORK_UPDATE;
        ok = ok && add_work(&m, &work[i]);
    }
    free(work);
    if (!ok)
        ts_jobs_free(jobs);
    return ok;
}
