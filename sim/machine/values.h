/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The values of jobs.
 */
#ifndef TESSERA_SIM_MACHINE_VALUES_H
#define TESSERA_SIM_MACHINE_VALUES_H

#include "machine/counts.h"

#include "tessera/gemm.h"
#include "tessera/quantize.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A GEMM's operands and arithmetic, and where its results go. */
struct ts_gemm_values {
    const struct ts_gemm *gemm;
    float factor; /**< that special functions multiply results with, in fp32; 1: they do not */
    uint32_t *c;  /**< [m][n], codes of ts_gemm_result() */
    /** The radix-4 operand as dlfloat16, [m][k] or [k][n]: so it is in DRAM, and requantized on the
     * way to L0; NULL: it is there as it is. */
    const uint16_t *dy;
    int k; /**< of its quantizers */
    enum ts_underflow underflow;
};

/** Whether a machine can do a job with these values; if not, says so in `error`. */
bool ts_gemm_values_check(const struct ts_machine *machine, const struct ts_gemm_job *job,
                          const struct ts_gemm_values *values, char *error, size_t size);

/** What special functions do with each element; each by the golden function in parentheses. */
enum ts_special {
    TS_SPECIAL_INT4,    /**< value to int4 of a clip (ts_quantize_int4) */
    TS_SPECIAL_UINT4,   /**< value to uint4, which is an activation, too (ts_quantize_uint4) */
    TS_SPECIAL_TPR,     /**< dlfloat16 to fp4_r4 of both phases (ts_tpr_quantize) */
    TS_SPECIAL_CONVERT, /**< value to a format, in its rounding (ts_encode) */
    TS_SPECIAL_AXPY_SR, /**< dW and W to W in dlfloat16 (ts_axpy_sr_tensor for each corelet) */
    TS_SPECIAL_LARGEST, /**< dlfloat16 to GradScale's exponent (ts_gradscale_align) */
    TS_SPECIAL_SAWB     /**< value to a clip; with one corelet (ts_sawb_clip_lanes) */
};

/** An elementwise job's tensors, of as many elements as it has; and what is done with them. */
struct ts_elementwise_values {
    enum ts_special special;
    const struct ts_format *value; /**< of what is read: dlfloat16 or fp32 */
    const uint32_t *in[2];         /**< the second of AXPY_SR alone */
    uint32_t *out[2];              /**< the second of TPR alone; of statistics none */
    float clip;                    /**< INT4: clip, UINT4: alpha; found by SAWB */
    bool fell_back;                /**< found by SAWB */
    int k;                         /**< TPR; found by LARGEST, with `target` */
    int target;                    /**< of LARGEST */
    int lanes;                     /**< of SAWB: a power of two, 1..64 */
    enum ts_underflow underflow;   /**< of TPR */
    const struct ts_format *to;    /**< of CONVERT */
    ts_dlfloat16 lr;               /**< of AXPY_SR */
    struct ts_axpy_sr_unit *units; /**< one for each corelet, core by core */
};

/** How many tensors are read, and written. */
int ts_special_inputs(enum ts_special special);
int ts_special_outputs(enum ts_special special);

/** Whether a machine can do it; if not, says so in `error`. */
bool ts_elementwise_values_check(const struct ts_machine *machine,
                                 const struct ts_elementwise_values *values, char *error,
                                 size_t size);

#ifdef __cplusplus
}
#endif
#endif
