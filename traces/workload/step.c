/* SPDX-License-Identifier: Apache-2.0 */
/* A training step as a list of jobs. docs/workloads.md has the table of what counts as how much. */
#include "tessera/workload.h"

#include <stdlib.h>

struct cost {
    int64_t reads, writes, operations; /* of each element */
};

/* PACT: clip, round. SAWB: two sums, clip, round; the tensor is read twice. dY: its largest
 * exponent, then both phases in one go. */
static const struct cost quantize_costs[TS_TENSORS] = {{1, 1, 2}, {2, 1, 4}, {2, 1, 2}};

/* Decay, momentum, update. */
static const struct cost update_cost = {6, 3, 3};

/* Gradient of a bias: a sum over dY. */
static const struct cost bias_cost = {1, 0, 1};

static const struct cost elementwise_costs[TS_WORK_KINDS][2] = {
    [TS_WORK_NORM] = {{2, 1, 4}, {4, 1, 6}},    [TS_WORK_ACTIVATION] = {{1, 1, 1}, {2, 1, 1}},
    [TS_WORK_ADD] = {{2, 1, 1}, {2, 1, 1}},     [TS_WORK_POOL] = {{1, 1, 1}, {1, 1, 1}},
    [TS_WORK_SOFTMAX] = {{2, 1, 4}, {4, 1, 4}}, [TS_WORK_EMBEDDING] = {{1, 1, 1}, {2, 1, 1}},
};

const char *ts_work_job_name(enum ts_work_job_kind kind)
{
    static const char *const names[TS_WORK_JOB_KINDS] = {"gemm", "quantize", "elementwise",
                                                         "update"};
    return names[kind];
}

struct list {
    const struct ts_workload *workload;
    struct ts_work_job *jobs;
    size_t n;
};

static void add(struct list *list, struct ts_work_job job, int64_t elements,
                const struct cost *cost)
{
    job.elements = elements;
    if (cost) {
        job.reads = cost->reads;
        job.writes = cost->writes;
        job.operations = cost->operations;
    }
    if (job.kind == TS_WORK_GEMM || elements > 0)
        list->jobs[list->n++] = job;
}

static void add_gemm(struct list *list, size_t i, enum ts_pass pass)
{
    const struct ts_work_layer *layer = &list->workload->layers[i];
    struct ts_work_job job = {.kind = TS_WORK_GEMM, .layer = i, .pass = pass};
    job.gemm = ts_work_gemm_of(layer, list->workload->batch, pass);
    add(list, job, 0, NULL);
}

static void add_quantize(struct list *list, size_t i, enum ts_pass pass, enum ts_tensor tensor)
{
    const struct ts_work_layer *layer = &list->workload->layers[i];
    struct ts_work_job job = {.kind = TS_WORK_QUANTIZE, .layer = i, .pass = pass, .tensor = tensor};
    /* A matmul's second operand is an activation, too. */
    bool pact = tensor == TS_TENSOR_W && layer->kind == TS_WORK_MATMUL;
    add(list, job, ts_work_elements(layer, list->workload->batch, tensor),
        &quantize_costs[pact ? TS_TENSOR_X : tensor]);
}

static void add_elementwise(struct list *list, size_t i, enum ts_pass pass)
{
    const struct ts_work_layer *layer = &list->workload->layers[i];
    struct ts_work_job job = {.kind = TS_WORK_ELEMENTWISE, .layer = i, .pass = pass};
    add(list, job, layer->elements * list->workload->batch,
        &elementwise_costs[layer->kind][pass != TS_FWD]);
}

static void forward(struct list *list, size_t i)
{
    if (!ts_work_is_gemm(&list->workload->layers[i])) {
        add_elementwise(list, i, TS_FWD);
        return;
    }
    add_quantize(list, i, TS_FWD, TS_TENSOR_X);
    add_quantize(list, i, TS_FWD, TS_TENSOR_W);
    add_gemm(list, i, TS_FWD);
}

static void backward(struct list *list, size_t i)
{
    const struct ts_work_layer *layer = &list->workload->layers[i];
    if (!ts_work_is_gemm(layer)) {
        add_elementwise(list, i, TS_BWD);
        return;
    }
    add_quantize(list, i, TS_BWD, TS_TENSOR_DY);
    if (!layer->first)
        add_gemm(list, i, TS_BWD);
    add_gemm(list, i, TS_GRAD);
    if (layer->bias) {
        struct ts_work_job job = {.kind = TS_WORK_ELEMENTWISE, .layer = i, .pass = TS_GRAD};
        add(list, job, ts_work_elements(layer, list->workload->batch, TS_TENSOR_DY), &bias_cost);
    }
}

static void update(struct list *list, size_t i)
{
    struct ts_work_job job = {.kind = TS_WORK_UPDATE, .layer = i, .pass = TS_GRAD};
    add(list, job, ts_work_parameters(&list->workload->layers[i]), &update_cost);
}

struct ts_work_job *ts_workload_step(const struct ts_workload *workload, size_t *n)
{
    enum { MAX_JOBS = 8 }; /* of a layer */
    struct list list = {.workload = workload};
    list.jobs = malloc(MAX_JOBS * workload->n * sizeof *list.jobs);
    if (!list.jobs)
        return NULL;
    for (size_t i = 0; i < workload->n; i++)
        forward(&list, i);
    for (size_t i = workload->n; i-- > 0;)
        backward(&list, i);
    for (size_t i = 0; i < workload->n; i++)
        update(&list, i);
    *n = list.n;
    return list.jobs;
}
