/* SPDX-License-Identifier: Apache-2.0 */
/** @file What `tessera cycles` was asked for. */
#ifndef TESSERA_SIM_CYCLES_OPTIONS_H
#define TESSERA_SIM_CYCLES_OPTIONS_H

#include <stdbool.h>

struct options {
    const char *design;
    const char *what;               /**< MxNxK, a network or a workload file */
    const char *mode, *count, *vcd; /**< of a GEMM; NULL: not given */
    const char *seed;               /**< of a GEMM's values */
    const char *batch, *directory;  /**< of a workload; NULL: not given */
    bool layers;                    /**< of a workload */
    bool values;                    /**< of a GEMM */
    bool step, json;
};

/** For messages: "tessera cycles". */
extern const char program[];

#endif
