/* SPDX-License-Identifier: Apache-2.0 */
/* The operators that a PyTorch trace recorded, in order and with what called them. */
#ifndef TESSERA_WORKLOAD_OPERATORS_H
#define TESSERA_WORKLOAD_OPERATORS_H

#include "tessera/error.h"

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>

struct operator_call {
    const char *name;         /* "aten::linear" */
    int64_t id;               /* of the node; of an event its place in the file */
    double thread;            /* of events; 0 */
    double start, end;        /* ids, or times */
    ptrdiff_t parent;         /* its index, or -1; what it is called from */
    int64_t parent_id;        /* while the parent is being looked for */
    size_t seen;              /* likewise: from which it was come upon, counted from 1 */
    const cJSON *shapes;      /* of inputs: a list, or NULL */
    const cJSON *values;      /* of inputs: a list, or NULL */
    const char *shapes_field; /* as the file calls it */
    bool texts;               /* values are Python's, as texts */
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

/* ---- an operator's inputs ---- */

enum { SHAPE_RANK = 8 };

struct shape {
    int rank; /* -1: no tensor, or an absurd one */
    int64_t extents[SHAPE_RANK];
};

struct shape operator_shape(const struct operator_call *call, int input);

/* A tensor whose extents a layer can have. */
bool shape_is_sane(const struct shape *shape);

/* Of the extents from one on to below another; -1 where they are absurd. */
int64_t shape_elements(const struct shape *shape, int from, int to);
int64_t operator_size(const struct operator_call *call, int input);

/* Whether a tensor that is no scalar is there. */
bool operator_has(const struct operator_call *call, int input);

/* A whole number, or true and false as 1 and 0. */
bool operator_integer(const struct operator_call *call, int input, int64_t *value);

/* A list for height and width (spatial 2), for width alone (1), or of one for both. */
bool operator_pair(const struct operator_call *call, int input, int spatial, int64_t *height,
                   int64_t *width);

#endif
