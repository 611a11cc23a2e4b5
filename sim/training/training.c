/* SPDX-License-Identifier: Apache-2.0 */
/* The machines of a design, and which of them a layer is for. */
#include "training/training.h"

enum { MAX_ERROR = 512, BITS_16 = 16, BITS_32 = 32 };

bool ts_training_make(const struct ts_design *design, struct ts_training *t, struct ts_error *error)
{
    char why[MAX_ERROR];
    *t = (struct ts_training){.design = *design};
    t->value_bits = design->accumulator.outer == TS_OUTER_FP32 ? BITS_32 : BITS_16;
    if (!design->is_machine)
        return ts_error_set(error, "chip is missing: the design is an array without a machine "
                                   "around");
    for (int i = 0; i < TS_MACHINE_MODES; i++) {
        int64_t mode = (int64_t)1 << i;
        if ((design->modes & mode) &&
            !ts_machine_make(design, mode, &t->machines[i], why, sizeof why))
            return ts_error_set(error, "%s", why);
    }
    if (!ts_policy_parse(design->training.precision, design->modes, &t->policy, why, sizeof why))
        return ts_error_set(error, "training.precision, %s", why);
    return true;
}

const struct ts_machine *ts_training_machine(const struct ts_training *t, int64_t mode)
{
    int i = 0;
    while (i < TS_MACHINE_MODES - 1 && !(t->design.modes & (mode ? mode : -1) & (1 << i)))
        i++;
    return &t->machines[i];
}

const char *ts_mode_name(int64_t mode)
{
    static const char *const names[TS_MACHINE_MODES] = {"int4", "fp4", "hfp8", "fp16"};
    for (int i = 0; i < TS_MACHINE_MODES; i++)
        if (mode == (int64_t)1 << i)
            return names[i];
    return "-";
}

bool ts_work_is_depthwise(const struct ts_work_layer *layer)
{
    return layer->kind == TS_WORK_CONV && layer->groups > 1 && layer->groups == layer->in_channels;
}

bool ts_work_is_pointwise(const struct ts_work_layer *layer)
{
    return layer->kind == TS_WORK_CONV && !ts_work_is_depthwise(layer) &&
           layer->kernel_height == 1 && layer->kernel_width == 1;
}

int64_t ts_training_mode(const struct ts_training *t, const struct ts_work_layer *layer,
                         enum ts_pass pass)
{
    static const enum ts_passes passes[TS_PASSES] = {TS_PASS_FWD, TS_PASS_BWD, TS_PASS_GRAD};
    struct ts_policy_layer what = {
        .kind = ts_work_is_depthwise(layer)     ? TS_LAYERS_DEPTHWISE
                : layer->kind == TS_WORK_CONV   ? TS_LAYERS_CONV
                : layer->kind == TS_WORK_LINEAR ? TS_LAYERS_LINEAR
                                                : TS_LAYERS_MATMUL,
        .kh = (int)layer->kernel_height,
        .kw = (int)layer->kernel_width,
        .first = layer->first != 0,
        .last = layer->last != 0,
    };
    return ts_policy_mode(&t->policy, &what, passes[pass]);
}
