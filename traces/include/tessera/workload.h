/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Workloads: the shapes of a training step, without values. A list of layers, from which the GEMMs
 * of the three passes, the quantizers' passes, elementwise work and the weight update follow.
 *
 * docs/workloads.md describes the file, and what counts as how much.
 */
#ifndef TESSERA_WORKLOAD_H
#define TESSERA_WORKLOAD_H

#include "tessera/lowering.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The first three are GEMMs, of which a matmul has no weights: both operands are activations. */
enum ts_work_kind {
    TS_WORK_CONV,
    TS_WORK_LINEAR,
    TS_WORK_MATMUL,
    TS_WORK_NORM,
    TS_WORK_ACTIVATION,
    TS_WORK_ADD,
    TS_WORK_POOL,
    TS_WORK_SOFTMAX,
    TS_WORK_EMBEDDING
};

enum { TS_WORK_KINDS = 9, TS_WORK_NAME = 96, TS_WORK_DESCRIPTION = 256 };

/** A layer, for one sample of the batch. What a kind does not have is as ts_work_new() makes it.
 */
struct ts_work_layer {
    char name[TS_WORK_NAME];
    enum ts_work_kind kind;
    int64_t rows;                      /**< images of a conv; M of a linear layer or a matmul */
    int64_t in_channels, out_channels; /**< of all groups; K and N of a linear layer or a matmul */
    int64_t in_height, in_width;
    int64_t kernel_height, kernel_width;
    int64_t stride_height, stride_width;
    int64_t pad_height, pad_width; /**< on each side */
    int64_t dilation_height, dilation_width;
    int64_t output_pad_height, output_pad_width; /**< of a transposed conv, below its stride */
    int64_t groups;                              /**< matmul: how many of them */
    int64_t repeat;     /**< so often in a row, each on its own data, with the same weights */
    int64_t elements;   /**< of elementwise work */
    int64_t parameters; /**< of elementwise work, all samples together; a GEMM's follow */
    int64_t transposed, bias;
    int64_t shared;      /**< the weights are another layer's, which counts and updates them */
    int64_t first, last; /**< reads the network's input, so that it needs no dX; is its output */
};

struct ts_workload {
    char name[TS_WORK_NAME], description[TS_WORK_DESCRIPTION];
    int64_t batch;
    size_t n;
    struct ts_work_layer *layers; /**< in the order of the forward pass */
};

/** "conv", "linear", "matmul", ... */
const char *ts_work_kind_name(enum ts_work_kind kind);

/** A layer without a name whose optional fields have their defaults, and the others 0. */
struct ts_work_layer ts_work_new(enum ts_work_kind kind);

/** Adds a copy of a layer; false if there is no memory. */
bool ts_workload_add(struct ts_workload *workload, const struct ts_work_layer *layer);

/** Frees the layers. */
void ts_workload_free(struct ts_workload *workload);

/** Whether the layers are sound and all counts fit; if not, a line that names layer and field.
 * What follows takes sound ones only. */
bool ts_workload_check(const struct ts_workload *workload, struct ts_error *error);

bool ts_work_is_gemm(const struct ts_work_layer *layer);

/**
 * The convolution behind a GEMM layer, and which of its passes `pass` is: that of a transposed one
 * runs the other way. One of a matmul's, and of repetitions that are GEMMs of their own: all but
 * those of GRAD, which adds them up as one sum over k.
 */
struct ts_conv ts_work_conv(const struct ts_work_layer *layer, int64_t batch, enum ts_pass pass,
                            enum ts_conv_pass *conv_pass);

/** C[m,n] = A[m,k] * B[k,n], `count` times: groups, batched products, repetitions. */
struct ts_work_gemm {
    int64_t m, n, k, count;
    int64_t unique, lowered; /**< the share of A's elements that exist before lowering */
};

struct ts_work_gemm ts_work_gemm_of(const struct ts_work_layer *layer, int64_t batch,
                                    enum ts_pass pass);

/** m * n * k * count; the zeros of padding and strides count. 0 of what is no GEMM, and of BWD in
 * the network's first layer. */
int64_t ts_work_macs(const struct ts_work_layer *layer, int64_t batch, enum ts_pass pass);

/** Elements of a GEMM's tensor, of the whole batch; a matmul's second operand stands for W. */
int64_t ts_work_elements(const struct ts_work_layer *layer, int64_t batch, enum ts_tensor tensor);

/** Weights, biases, and those of elementwise work. Shared ones count where they belong. */
int64_t ts_work_parameters(const struct ts_work_layer *layer);

/** Height and width of a conv's output. */
void ts_work_out(const struct ts_work_layer *layer, int64_t *height, int64_t *width);

/* ---- a training step ---- */

enum ts_work_job_kind { TS_WORK_GEMM, TS_WORK_QUANTIZE, TS_WORK_ELEMENTWISE, TS_WORK_UPDATE };

enum { TS_WORK_JOB_KINDS = 4 };

struct ts_work_job {
    enum ts_work_job_kind kind;
    size_t layer; /**< its index */
    enum ts_pass pass;
    enum ts_tensor tensor;    /**< of TS_WORK_QUANTIZE */
    struct ts_work_gemm gemm; /**< of TS_WORK_GEMM; the rest of the others */
    int64_t elements;
    int64_t reads, writes; /**< values an element reads and writes */
    int64_t operations;    /**< of the special-function unit, an element */
};

/** "gemm", "quantize", "elementwise", "update". */
const char *ts_work_job_name(enum ts_work_job_kind kind);

/**
 * The jobs of a step in their order: forward, then backward from the last layer to the first, then
 * the update of all weights by momentum SGD. The caller frees them; NULL: no memory.
 */
struct ts_work_job *ts_workload_step(const struct ts_workload *workload, size_t *n);

/* ---- networks ---- */

/** Name and description of a shipped network; NULL from the last one on. */
const char *ts_network_name(size_t i);
const char *ts_network_description(size_t i);

/** A shipped network; batch 0: its own. False with a line if there is none of that name. */
bool ts_network_make(const char *name, int64_t batch, struct ts_workload *workload,
                     struct ts_error *error);

/* ---- files ---- */

/** Reads and checks a workload file. */
bool ts_workload_read(const char *path, struct ts_workload *workload, struct ts_error *error);

/** Writes one, a layer a line; false if there is no memory. `stream` knows of other failures. */
bool ts_workload_write(const struct ts_workload *workload, FILE *stream);

/** A shipped network of that name, else a workload file; batch 0: its own. */
bool ts_workload_load(const char *what, int64_t batch, struct ts_workload *workload,
                      struct ts_error *error);

/**
 * Reads the layers of a file that is not Tessera's: a SCALE-Sim topology (.csv: convolutions or
 * GEMMs), a PyTorch execution trace or profiler trace (JSON). `batch` multiplies what the file has.
 * `left_out` is a line that names products of which no layer could be made, or is empty.
 */
bool ts_workload_import(const char *path, int64_t batch, struct ts_workload *workload,
                        struct ts_error *left_out, struct ts_error *error);

#ifdef __cplusplus
}
#endif
#endif
