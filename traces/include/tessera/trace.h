/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Traces of training runs: one HDF5 file each, layout version 1 (traces/README.md).
 *
 * Opening checks the whole file, the values of tensors too, in a process of its
 * own, because HDF5 itself crashes on some damaged files. HDF5 is used by one
 * thread at a time, and its own error messages are turned off.
 */
#ifndef TESSERA_TRACE_H
#define TESSERA_TRACE_H

#include "tessera/layer.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The run that was captured. */
struct ts_run {
    const char *framework, *framework_version, *script, *command, *dataset, *model;
    const char *quantization; /**< "none", or how forward was fake-quantized */
    int64_t seed;
    int batch;            /**< samples of a step */
    int kept;             /**< of which the tensors hold the first so many */
    int steps;            /**< of the run, captured or not */
    double test_accuracy; /**< 0..1, at the run's end */
};

/** A captured step. */
struct ts_step {
    int number; /**< from 0, below ts_run.steps */
    double loss, accuracy;
    double loss_scale; /**< a power of two; the stored dY is without it */
};

struct ts_trace;

/** Opens and checks a trace; NULL with one line in `error` if it is none, or not a sound one. */
struct ts_trace *ts_trace_open(const char *path, struct ts_error *error);
void ts_trace_close(struct ts_trace *trace); /**< NULL is allowed */

/** What it holds; all lives as long as the trace. Layers and steps go by index, from 0. */
const char *ts_trace_path(const struct ts_trace *trace);
const struct ts_run *ts_trace_run(const struct ts_trace *trace);
int ts_trace_layers(const struct ts_trace *trace);
const struct ts_layer *ts_trace_layer(const struct ts_trace *trace, int layer);
int ts_trace_steps(const struct ts_trace *trace);
const struct ts_step *ts_trace_step(const struct ts_trace *trace, int step);

/** Index of the captured step of that number, or -1. */
int ts_trace_find_step(const struct ts_trace *trace, int number);

/** PACT's clip of the layer's input at a captured step; NAN where there is none. */
double ts_trace_pact_alpha(const struct ts_trace *trace, int step, int layer);

/** Largest |dY| over the whole batch, without the loss scale: [ts_run.steps][layers]. */
const float *ts_trace_grad_max(const struct ts_trace *trace);

/** Loss of every step of the run: [ts_run.steps]. */
const float *ts_trace_loss(const struct ts_trace *trace);

/** Elements of a tensor of the layer as the trace holds it. */
size_t ts_trace_elements(const struct ts_trace *trace, int layer, enum ts_tensor tensor);

/** Reads a tensor whole into ts_trace_elements() floats. A NaN or infinity in it is an error, as is
 * an X outside [0, pact_alpha]: the file has changed since it was opened. */
bool ts_trace_read(struct ts_trace *trace, int step, int layer, enum ts_tensor tensor, float *out,
                   struct ts_error *error);

/**
 * Writing. All layers first, then each step with all its tensors, in any order
 * within the step. The file is written beside `path` and takes its name at
 * ts_trace_finish(): `path` is a whole trace or as it was before. Until then it
 * is built in memory, compressed, because HDF5 cannot give up a file whose disk
 * is full.
 *
 * After the first failure every call returns false and does nothing;
 * ts_trace_finish() then reports that failure and leaves nothing behind. So a
 * caller may look at its result alone.
 */
struct ts_trace_writer;

/** NULL, with one line, if the file cannot be made or the run is not sound. */
struct ts_trace_writer *ts_trace_create(const char *path, const struct ts_run *run,
                                        struct ts_error *error);
bool ts_trace_add_layer(struct ts_trace_writer *writer, const struct ts_layer *layer);
bool ts_trace_add_step(struct ts_trace_writer *writer, const struct ts_step *step);

/** Of the step added last. */
bool ts_trace_write(struct ts_trace_writer *writer, int layer, enum ts_tensor tensor,
                    const float *elements);
bool ts_trace_write_pact_alpha(struct ts_trace_writer *writer, int layer, double alpha);

/** Writes [steps][layers] and [steps] and gives the file its name; frees the writer either way. */
bool ts_trace_finish(struct ts_trace_writer *writer, const float *grad_max, const float *loss,
                     struct ts_error *error);

/** Gives up: frees the writer and leaves nothing behind. NULL is allowed. */
void ts_trace_abandon(struct ts_trace_writer *writer);

#ifdef __cplusplus
}
#endif
#endif
