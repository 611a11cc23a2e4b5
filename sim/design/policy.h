/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The precision policy of a design: which layer computes in which mode.
 *
 * One rule a line, LAYERS [PASS] -> MODE; the first that fits counts, and the
 * last fits all:
 *
 *     first -> fp16
 *     conv 1x1 -> hfp8
 *     depthwise grad -> fp16
 *     all -> 4bit
 *
 * LAYERS: all, first, last, conv, conv HxW, depthwise, linear, matmul.
 * PASS: fwd, bwd, grad. MODE: fp16, hfp8, or 4bit, which is INT4 x INT4 in FWD
 * and INT4 x FP4 in BWD and GRAD.
 */
#ifndef TESSERA_SIM_DESIGN_POLICY_H
#define TESSERA_SIM_DESIGN_POLICY_H

#include "tessera/arith.h"

#ifdef __cplusplus
extern "C" {
#endif

enum ts_layers {
    TS_LAYERS_ALL,
    TS_LAYERS_FIRST,
    TS_LAYERS_LAST,
    TS_LAYERS_CONV,
    TS_LAYERS_DEPTHWISE,
    TS_LAYERS_LINEAR,
    TS_LAYERS_MATMUL
};

/** Bits: the passes a rule is for. */
enum ts_passes { TS_PASS_FWD = 1, TS_PASS_BWD = 2, TS_PASS_GRAD = 4, TS_PASS_ALL = 7 };

enum { TS_POLICY_RULES = 32 };

struct ts_policy_rule {
    enum ts_layers layers;
    int kh, kw; /**< of a conv; 0: any */
    int passes;
    int64_t modes; /**< bits of enum ts_modes; 4bit: INT4 and FP4 */
};

struct ts_policy {
    int n;
    struct ts_policy_rule rules[TS_POLICY_RULES];
};

/** What a rule looks at. */
struct ts_policy_layer {
    enum ts_layers kind; /**< conv, depthwise, linear or matmul */
    int kh, kw;
    bool first, last;
};

/** Whether `text` is a policy for a design with these modes; if not, `error` says why. */
bool ts_policy_parse(const char *text, int64_t modes, struct ts_policy *policy, char *error,
                     size_t size);

/** The mode of a layer in one pass: one of enum ts_modes. */
int64_t ts_policy_mode(const struct ts_policy *policy, const struct ts_policy_layer *layer,
                       enum ts_passes pass);

#ifdef __cplusplus
}
#endif
#endif
