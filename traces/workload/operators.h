/* SPDX-License-Identifier: Apache-2.0 */
/* The operators that a PyTorch trace recorded, in order and with what called them. */
#ifndef TESSERA_WORKLOAD_OPERATORS_H
#define TESSERA_WORKLOAD_OPERATORS_H

#include "tessera/error.h"

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>

struct operator_call {
    const char *name;    /* "aten::linear" */
    int64_t id;          /* of the node; of an event its place in the file */
    double thread;       /* of events; 0 */
    double start, end;   /* ids, or times */
    ptrdiff_t parent;    /* its index, or -1; what it is called from */
    int64_t parent_id;   /* while the parent is being looked for */
    const cJSON *shapes; /* of inputs: a list, or NULL */
    const cJSON *values; /* of inputs: a list, or NULL */
    bool texts;          /* values are Python's, as texts */
};

struct operators {
    struct operator_call *calls; /* the earlier first, the caller before what it calls */
    size_t n;
    bool events; /* of a profiler: nothing says where a tensor went to */
};

/* Reads the nodes of an execution trace, or the events of a profiler's. */
bool operators_read(struct operators *operators, const cJSON *json, struct ts_error *error);

void operators_free(struct operators *operators);

/* "node 18" or "traceEvents[18]", and the operator. */
const char *operators_where(const struct operators *operators, const struct operator_call *call,
                            char *text, size_t size);

/* A copy of an input's value as JSON, or NULL: None, a tensor, or not recorded. */
cJSON *operator_value(const struct operator_call *call, int input);

#endif
