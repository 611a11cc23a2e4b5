/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Execution traces have nodes: before schema 1.0.2 flat ("inputs", "input_shapes", "parent"), since
 * then nested ("inputs": {"values", "shapes"}, "ctrl_deps" for the parent). The profiler's have
 * events with times, of which the shorter is called from the longer around it.
 */
#include "workload/operators.h"

#include "workload/fields.h"
#include "workload/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const cJSON *item(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

/* Which key of an object is there twice: a reader would see one of them; or NULL. */
static const char *repeated(const cJSON *object)
{
    static const char *const keys[] = {"name",   "id",           "parent",     "ctrl_deps",
                                       "inputs", "input_shapes", "values",     "shapes",
                                       "cat",    "ph",           "ts",         "dur",
                                       "tid",    "args",         "Input Dims", "Concrete Inputs"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const cJSON *first = item(object, keys[i]);
        for (const cJSON *next = first ? first->next : NULL; next; next = next->next)
            if (strcmp(next->string, keys[i]) == 0)
                return keys[i];
    }
    return NULL;
}

static bool has_single_keys(const cJSON *object, const cJSON *inner, const char *list, size_t place,
                            struct ts_error *error)
{
    const char *key = repeated(object);
    key = key ? key : repeated(inner);
    return !key || ts_error_set(error, "%s[%zu]: %s is there twice", list, place, key);
}

static const cJSON *list(const cJSON *object, const char *key)
{
    const cJSON *found = item(object, key);
    return cJSON_IsArray(found) ? found : NULL;
}

const char *operators_where(const struct operators *operators, const struct operator_call *call,
                            char *text, size_t size)
{
    snprintf(text, size,
             operators->events ? "traceEvents[%" PRId64 "] (%.60s)" : "node %" PRId64 " (%.60s)",
             call->id, call->name);
    return text;
}

/* ---- inputs ---- */

struct shape operator_shape(const struct operator_call *call, int input)
{
    struct shape shape = {.rank = 0};
    const cJSON *json = cJSON_GetArrayItem(call->shapes, input);
    if (!cJSON_IsArray(json))
        return (struct shape){.rank = -1};
    for (const cJSON *i = json->child; i; i = i->next, shape.rank++)
        if (shape.rank == SHAPE_RANK || !text_integer(i, &shape.extents[shape.rank]) ||
            shape.extents[shape.rank] < 0)
            return (struct shape){.rank = -1};
    return shape;
}

bool shape_is_sane(const struct shape *shape)
{
    for (int i = 0; i < shape->rank; i++)
        if (shape->extents[i] < 1 || shape->extents[i] > WORK_MAX_EXTENT)
            return false;
    return shape->rank > 0;
}

int64_t shape_elements(const struct shape *shape, int from, int to)
{
    static const double MAX_TENSOR = 0x1p40;
    double exact = 1;
    int64_t product = 1;
    for (int i = from; i < to; i++) {
        exact *= (double)shape->extents[i];
        if (exact > MAX_TENSOR)
            return -1;
        product *= shape->extents[i];
    }
    return product;
}

int64_t operator_size(const struct operator_call *call, int input)
{
    struct shape shape = operator_shape(call, input);
    return shape.rank < 0 ? -1 : shape_elements(&shape, 0, shape.rank);
}

bool operator_has(const struct operator_call *call, int input)
{
    return operator_shape(call, input).rank > 0;
}

/* A copy of an input's value as JSON, or NULL: None, a tensor, or not recorded. */
static cJSON *value_of(const struct operator_call *call, int input)
{
    const cJSON *value = cJSON_GetArrayItem(call->values, input);
    if (!call->texts)
        return cJSON_Duplicate(value, true);
    const char *text = cJSON_GetStringValue(value);
    if (!text)
        return NULL;
    if (strcmp(text, "True") == 0 || strcmp(text, "False") == 0)
        return cJSON_CreateBool(*text == 'T');
    return cJSON_Parse(text);
}

bool operator_integer(const struct operator_call *call, int input, int64_t *value)
{
    cJSON *json = value_of(call, input);
    bool ok = true;
    if (cJSON_IsBool(json))
        *value = cJSON_IsTrue(json);
    else
        ok = text_integer(json, value);
    cJSON_Delete(json);
    return ok;
}

bool operator_pair(const struct operator_call *call, int input, int spatial, int64_t *height,
                   int64_t *width)
{
    cJSON *json = value_of(call, input);
    int n = cJSON_IsArray(json) ? cJSON_GetArraySize(json) : 0;
    bool ok = (n == 1 || n == spatial) && text_integer(cJSON_GetArrayItem(json, n - 1), width);
    if (spatial == 2)
        ok = ok && text_integer(cJSON_GetArrayItem(json, 0), height);
    cJSON_Delete(json);
    return ok;
}

/* ---- execution traces ---- */

static bool read_node(const cJSON *node, size_t place, struct operator_call *call,
                      struct ts_error *error)
{
    const cJSON *inputs = item(node, "inputs");
    bool nested = cJSON_IsObject(inputs);
    const char *parent = item(node, "ctrl_deps") ? "ctrl_deps" : "parent";
    *call = (struct operator_call){.name = cJSON_GetStringValue(item(node, "name"))};
    if (!has_single_keys(node, inputs, "nodes", place, error))
        return false;
    if (!call->name)
        return ts_error_set(error, "nodes[%zu]: name must be a text", place);
    if (!text_integer(item(node, "id"), &call->id))
        return ts_error_set(error, "nodes[%zu] (%.60s): id must be a whole number", place,
                            call->name);
    if (!text_integer(item(node, parent), &call->parent_id))
        return ts_error_set(error,
                            "node %" PRId64 " (%.60s): ctrl_deps, or parent, must be a whole "
                            "number",
                            call->id, call->name);
    call->shapes = nested ? list(inputs, "shapes") : list(node, "input_shapes");
    call->values = nested ? list(inputs, "values") : list(node, "inputs");
    call->shapes_field = nested ? "inputs.shapes" : "input_shapes";
    call->start = call->end = (double)call->id;
    return true;
}

static int by_id(const void *a, const void *b)
{
    int64_t x = ((const struct operator_call *)a)->id;
    int64_t y = ((const struct operator_call *)b)->id;
    return (x > y) - (x < y);
}

static bool find_parent(struct operators *o, struct operator_call *call, struct ts_error *error)
{
    const struct operator_call key = {.id = call->parent_id};
    const struct operator_call *parent = bsearch(&key, o->calls, o->n, sizeof *o->calls, by_id);
    bool root = call == o->calls && (!parent || parent == call); /* has none, or itself */
    call->parent = parent && !root ? parent - o->calls : -1;
    return parent || root ||
           ts_error_set(error,
                        "node %" PRId64 " (%.60s): its parent, node %" PRId64 ", is not there",
                        call->id, call->name, call->parent_id);
}

/* What is met again on one way up from `first` is its own caller. */
static bool ends(struct operators *o, size_t first, struct ts_error *error)
{
    ptrdiff_t up = (ptrdiff_t)first;
    for (; up >= 0 && !o->calls[up].seen; up = o->calls[up].parent)
        o->calls[up].seen = first + 1;
    return up < 0 || o->calls[up].seen != first + 1 ||
           ts_error_set(error, "node %" PRId64 " (%.60s): is its own ancestor by the parents given",
                        o->calls[up].id, o->calls[up].name);
}

static bool find_parents(struct operators *o, struct ts_error *error)
{
    qsort(o->calls, o->n, sizeof *o->calls, by_id);
    for (size_t i = 1; i < o->n; i++)
        if (o->calls[i].id == o->calls[i - 1].id)
            return ts_error_set(error, "node %" PRId64 " is there twice", o->calls[i].id);
    for (size_t i = 0; i < o->n; i++)
        if (!find_parent(o, &o->calls[i], error))
            return false;
    for (size_t i = 0; i < o->n; i++)
        if (!ends(o, i, error))
            return false;
    return true;
}

static bool read_nodes(struct operators *o, const cJSON *nodes, struct ts_error *error)
{
    size_t place = 0;
    for (const cJSON *node = nodes->child; node; node = node->next)
        if (!read_node(node, place++, &o->calls[o->n++], error))
            return false;
    return find_parents(o, error);
}

/* ---- profiler traces ---- */

static bool is_operator(const cJSON *event)
{
    static const char *const categories[] = {"cpu_op", "Operator", "user_annotation"};
    const char *category = cJSON_GetStringValue(item(event, "cat"));
    for (size_t i = 0; category && i < sizeof categories / sizeof *categories; i++)
        if (strcmp(category, categories[i]) == 0)
            return true;
    return false;
}

static double thread_of(const cJSON *event)
{
    const cJSON *thread = item(event, "tid");
    const char *text = cJSON_GetStringValue(thread);
    return text ? strtod(text, NULL) : cJSON_IsNumber(thread) ? thread->valuedouble : 0;
}

static bool read_event(const cJSON *event, size_t place, struct operator_call *call,
                       struct ts_error *error)
{
    const cJSON *arguments = item(event, "args");
    const cJSON *start = item(event, "ts");
    const cJSON *duration = item(event, "dur");
    *call = (struct operator_call){.name = cJSON_GetStringValue(item(event, "name"))};
    if (!has_single_keys(event, arguments, "traceEvents", place, error))
        return false;
    if (!call->name)
        return ts_error_set(error, "traceEvents[%zu]: name must be a text", place);
    if (!cJSON_IsNumber(start) || !cJSON_IsNumber(duration))
        return ts_error_set(error, "traceEvents[%zu] (%.60s): ts and dur must be numbers", place,
                            call->name);
    if (duration->valuedouble < 0)
        return ts_error_set(error, "traceEvents[%zu] (%.60s): dur is %g; it must be 0 or more",
                            place, call->name, duration->valuedouble);
    call->id = (int64_t)place;
    call->thread = thread_of(event);
    call->start = start->valuedouble;
    call->end = start->valuedouble + duration->valuedouble;
    call->shapes = list(arguments, "Input Dims");
    call->values = list(arguments, "Concrete Inputs");
    call->shapes_field = "args.Input Dims";
    call->texts = true;
    return true;
}

static int order(double a, double b)
{
    return (a > b) - (a < b);
}

static int by_time(const void *a, const void *b)
{
    const struct operator_call *x = a;
    const struct operator_call *y = b;
    int result = order(x->thread, y->thread);
    result = result ? result : order(x->start, y->start);
    result = result ? result : order(y->end, x->end);
    return result ? result : by_id(a, b);
}

static bool read_events(struct operators *o, const cJSON *events, struct ts_error *error)
{
    size_t place = 0;
    o->events = true;
    for (const cJSON *event = events->child; event; event = event->next) {
        const char *phase = cJSON_GetStringValue(item(event, "ph"));
        if (phase && strcmp(phase, "X") == 0 && is_operator(event) &&
            !read_event(event, place, &o->calls[o->n++], error))
            return false;
        place++;
    }
    qsort(o->calls, o->n, sizeof *o->calls, by_time);
    for (size_t i = 0; i < o->n; i++) {
        struct operator_call *call = &o->calls[i];
        ptrdiff_t parent = (ptrdiff_t)i - 1;
        while (parent >= 0 &&
               (o->calls[parent].thread != call->thread || o->calls[parent].end <= call->start))
            parent = o->calls[parent].parent;
        call->parent = parent;
    }
    return true;
}

/* ---- both ---- */

bool operators_read(struct operators *o, const cJSON *json, struct ts_error *error)
{
    const cJSON *nodes = list(json, "nodes");
    const cJSON *events = cJSON_IsArray(json) ? json : list(json, "traceEvents");
    const cJSON *all = nodes ? nodes : events;
    *o = (struct operators){.n = 0};
    if (!all)
        return ts_error_set(error, "neither \"nodes\", as PyTorch's execution traces have, nor "
                                   "\"traceEvents\", as its profiler's have");
    size_t n = 1; /* cJSON_GetArraySize() counts in an int */
    for (const cJSON *i = all->child; i; i = i->next)
        n++;
    o->calls = calloc(n, sizeof *o->calls);
    if (!o->calls)
        return ts_error_set(error, "not enough memory");
    return nodes ? read_nodes(o, nodes, error) : read_events(o, events, error);
}

void operators_free(struct operators *o)
{
    free(o->calls);
    *o = (struct operators){.n = 0};
}
