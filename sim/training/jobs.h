/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A workload's training step as jobs of a design's machine: in which mode, with operands of how
 * many bits. docs/machine.md, "A training step", has the rules.
 */
#ifndef TESSERA_SIM_TRAINING_JOBS_H
#define TESSERA_SIM_TRAINING_JOBS_H

#include "machine/counts.h"
#include "training/training.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Kinds of work, of which a step's shares are given. The first five are GEMMs. */
enum ts_work_group {
    TS_GROUP_CONV1X1,
    TS_GROUP_CONV,
    TS_GROUP_DEPTHWISE,
    TS_GROUP_LINEAR,
    TS_GROUP_MATMUL,
    TS_GROUP_QUANTIZE,
    TS_GROUP_ELEMENTWISE,
    TS_GROUP_UPDATE,
    TS_GROUP_ALLREDUCE
};

enum { TS_GROUPS = 9 };

/** Whether that is work of the arrays. (Zeros that are written in place of products are counted as
 * their GEMM's.) */
static inline bool ts_group_is_gemm(enum ts_work_group group)
{
    return group <= TS_GROUP_MATMUL;
}

/** "conv1x1", "conv", ... */
const char *ts_group_name(enum ts_work_group group);

enum ts_job_kind { TS_JOB_GEMM, TS_JOB_ELEMENTWISE, TS_JOB_ALLREDUCE };

/** A job of a machine, and what it is for. */
struct ts_job {
    size_t layer; /**< its index in the workload; of an allreduce, their number */
    enum ts_pass pass;
    enum ts_work_group group;
    enum ts_tensor tensor; /**< of TS_GROUP_QUANTIZE */
    int part;              /**< of a pass that is several jobs, from 0 on */
    int64_t mode;          /**< of the GEMM groups; else 0 */
    enum ts_job_kind kind; /**< which of these it is; the others are 0 */
    struct ts_gemm_job gemm;
    struct ts_elementwise_job elementwise;
    int64_t bytes; /**< of an allreduce */
};

struct ts_jobs {
    size_t n, room;
    struct ts_job *jobs;
};

/** The jobs of a step, in their order. The caller frees them. False, with a line, if there is no
 * memory or a strided convolution is absurd. */
bool ts_jobs_make(const struct ts_training *training, const struct ts_workload *workload,
                  struct ts_jobs *jobs, struct ts_error *error);

void ts_jobs_free(struct ts_jobs *jobs);

/** Adds a copy; false if there is no memory. */
bool ts_jobs_add(struct ts_jobs *jobs, const struct ts_job *job);

#ifdef __cplusplus
}
#endif
#endif
