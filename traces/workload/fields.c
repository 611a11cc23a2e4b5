/* SPDX-License-Identifier: Apache-2.0 */
/* The fields of a layer: their names in files, the kinds that have them, and their ranges. */
#include "workload/fields.h"

#include <stddef.h>

enum {
    CONV = 1 << TS_WORK_CONV,
    LINEAR = 1 << TS_WORK_LINEAR,
    MATMUL = 1 << TS_WORK_MATMUL,
    OTHERS = (1 << TS_WORK_KINDS) - 1 - CONV - LINEAR - MATMUL
};

static const int64_t MAX_ELEMENTS = (int64_t)1 << 40;

#define OF(member) offsetof(struct ts_work_layer, member)
#define REQUIRED(max) true, 1, max, 0
#define EXTENT false, 1, WORK_MAX_EXTENT, 1
#define PADDING false, 0, WORK_MAX_EXTENT, 0
#define FLAG false, 0, 1, 0

const struct work_field work_fields[] = {
    {"images", OF(rows), CONV, EXTENT},
    {"rows", OF(rows), LINEAR | MATMUL, REQUIRED(WORK_MAX_EXTENT)},
    {"in_channels", OF(in_channels), CONV | LINEAR, REQUIRED(WORK_MAX_EXTENT)},
    {"out_channels", OF(out_channels), CONV | LINEAR, REQUIRED(WORK_MAX_EXTENT)},
    {"depth", OF(in_channels), MATMUL, REQUIRED(WORK_MAX_EXTENT)},
    {"columns", OF(out_channels), MATMUL, REQUIRED(WORK_MAX_EXTENT)},
    {"count", OF(groups), MATMUL, EXTENT},
    {"in_height", OF(in_height), CONV, REQUIRED(WORK_MAX_EXTENT)},
    {"in_width", OF(in_width), CONV, REQUIRED(WORK_MAX_EXTENT)},
    {"kernel_height", OF(kernel_height), CONV, EXTENT},
    {"kernel_width", OF(kernel_width), CONV, EXTENT},
    {"stride_height", OF(stride_height), CONV, EXTENT},
    {"stride_width", OF(stride_width), CONV, EXTENT},
    {"pad_height", OF(pad_height), CONV, PADDING},
    {"pad_width", OF(pad_width), CONV, PADDING},
    {"dilation_height", OF(dilation_height), CONV, EXTENT},
    {"dilation_width", OF(dilation_width), CONV, EXTENT},
    {"output_pad_height", OF(output_pad_height), CONV, PADDING},
    {"output_pad_width", OF(output_pad_width), CONV, PADDING},
    {"groups", OF(groups), CONV, EXTENT},
    {"transposed", OF(transposed), CONV, FLAG},
    {"repeat", OF(repeat), CONV | LINEAR, EXTENT},
    {"bias", OF(bias), CONV | LINEAR, FLAG},
    {"shared", OF(shared), CONV | LINEAR, FLAG},
    {"first", OF(first), CONV | LINEAR | MATMUL, FLAG},
    {"last", OF(last), CONV | LINEAR | MATMUL, FLAG},
    {"elements", OF(elements), OTHERS, REQUIRED(MAX_ELEMENTS)},
    {"parameters", OF(parameters), OTHERS, false, 0, MAX_ELEMENTS, 0},
};

const size_t work_fields_n = sizeof work_fields / sizeof *work_fields;

const char *ts_work_kind_name(enum ts_work_kind kind)
{
    static const char *const names[TS_WORK_KINDS] = {
        "conv", "linear", "matmul", "norm", "activation", "add", "pool", "softmax", "embedding"};
    return names[kind];
}

struct ts_work_layer ts_work_new(enum ts_work_kind kind)
{
    struct ts_work_layer layer = {.kind = kind, .groups = 1, .repeat = 1};
    if (kind == TS_WORK_LINEAR || kind == TS_WORK_MATMUL) /* a convolution of points */
        layer.in_height = layer.in_width = layer.kernel_height = layer.kernel_width =
            layer.stride_height = layer.stride_width = layer.dilation_height =
                layer.dilation_width = 1;
    for (size_t i = 0; i < work_fields_n; i++)
        if (work_has(&work_fields[i], kind))
            *work_value(&work_fields[i], &layer) = work_fields[i].standard;
    return layer;
}
