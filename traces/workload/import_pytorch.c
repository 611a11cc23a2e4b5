/* SPDX-License-Identifier: Apache-2.0 */
/* PyTorch's traces: the forward pass of one step, from which the rest of a step follows. */
#include "workload/import.h"

#include "workload/fields.h"
#include "workload/operators.h"
#include "workload/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 256 };

/* A product that is made calls from it; or none is, of an operator that must have one. */
enum mark { MADE = 1, LEFT_OUT };

/* A layer's weights, by their place in memory: those seen before are shared. */
struct weights {
    int64_t storage, offset;
};

struct import {
    struct operators operators;
    struct ts_workload *workload;
    struct weights *seen; /* of as many layers as there are operators */
    size_t n_seen;
    unsigned char *marks; /* of operators: enum mark */
    struct ts_error *left_out;
    struct ts_error *error;
};

static bool refuse(struct import *import, const struct operator_call *call, const char *problem)
{
    char where[128];
    return ts_error_set(import->error, "%s: %s",
                        operators_where(&import->operators, call, where, sizeof where), problem);
}

static bool refuse_shapes(struct import *import, const struct operator_call *call,
                          const char *problem)
{
    char why[256];
    snprintf(why, sizeof why, "%s: %s; record the trace again", call->shapes_field, problem);
    return refuse(import, call, why);
}

/* Whether a tensor is the weights of an earlier layer; execution traces say where it lies. */
static bool is_shared(struct import *import, const struct operator_call *call, int input)
{
    enum { STORAGE = 1, OFFSET = 2 };
    const cJSON *tensor = cJSON_GetArrayItem(call->values, input);
    struct weights w;
    if (call->texts || !text_integer(cJSON_GetArrayItem(tensor, STORAGE), &w.storage) ||
        !text_integer(cJSON_GetArrayItem(tensor, OFFSET), &w.offset))
        return false;
    for (size_t i = 0; i < import->n_seen; i++)
        if (import->seen[i].storage == w.storage && import->seen[i].offset == w.offset)
            return true;
    import->seen[import->n_seen++] = w;
    return false;
}

/* ---- layers ---- */

static bool add(struct import *import, const struct operator_call *call,
                struct ts_work_layer *layer, const char *part)
{
    const char *name = strstr(call->name, "::");
    snprintf(layer->name, sizeof layer->name, "%.60s%s.%" PRId64, name ? name + 2 : call->name,
             part, call->id);
    if (import->workload->n >= WORK_MAX_LAYERS)
        return refuse(import, call, "too many layers");
    return ts_workload_add(import->workload, layer) || refuse(import, call, "not enough memory");
}

static bool add_elements(struct import *import, const struct operator_call *call,
                         enum ts_work_kind kind, int64_t count, int64_t parameters)
{
    struct ts_work_layer layer = ts_work_new(kind);
    layer.elements = count;
    layer.parameters = parameters;
    if (count < 0)
        return refuse_shapes(import, call, "its input has no sound shape");
    return count == 0 || add(import, call, &layer, "");
}

/* For one axis of a convolution of which only the shapes are known: the least stride that fits,
 * and half a kernel of padding if that does. */
static bool infer_axis(int64_t in, int64_t out, int64_t kernel, int64_t *stride, int64_t *pad)
{
    for (int64_t tries = 0, p = kernel / 2; tries < kernel; tries++, p = (p + 1) % kernel) {
        int64_t room = in + 2 * p - kernel;
        int64_t s = room / out + 1;
        if (room >= 0 && room / s + 1 == out) {
            *stride = s;
            *pad = p;
            return true;
        }
    }
    return false;
}

/* The image that comes out of a convolution is what the next operator takes. */
static bool find_output(const struct import *import, const struct operator_call *call,
                        const struct shape *in, int64_t channels, struct shape *out)
{
    const struct operator_call *end = import->operators.calls + import->operators.n;
    for (const struct operator_call *next = call + 1; next < end; next++)
        for (int i = 0; next->thread == call->thread && next->start >= call->end &&
                        i < cJSON_GetArraySize(next->shapes);
             i++) {
            *out = operator_shape(next, i);
            if (shape_is_sane(out) && out->rank == in->rank && out->extents[0] == in->extents[0] &&
                out->extents[1] == channels)
                return true;
        }
    return false;
}

static bool is_called_from(const struct import *import, const struct operator_call *call,
                           const char *name)
{
    return call->parent >= 0 &&
           strncmp(import->operators.calls[call->parent].name, name, strlen(name)) == 0;
}

static bool infer_conv(const struct import *import, const struct operator_call *call,
                       const struct shape *x, const struct shape *w, struct ts_work_layer *l)
{
    struct shape y;
    l->transposed = is_called_from(import, call, "aten::conv_transpose");
    l->groups = l->transposed ? 1 : x->extents[1] / w->extents[1];
    int64_t channels = l->transposed ? w->extents[1] : w->extents[0];
    if (!find_output(import, call, x, channels, &y))
        return false;
    const struct shape *in = l->transposed ? &y : x;
    const struct shape *out = l->transposed ? x : &y;
    int last = x->rank - 1;
    bool ok = infer_axis(in->extents[last], out->extents[last], l->kernel_width, &l->stride_width,
                         &l->pad_width);
    if (x->rank == 4)
        ok = ok && infer_axis(in->extents[2], out->extents[2], l->kernel_height, &l->stride_height,
                              &l->pad_height);
    if (ok && l->transposed) {
        l->output_pad_width =
            (in->extents[last] + 2 * l->pad_width - l->kernel_width) % l->stride_width;
        l->output_pad_height =
            x->rank < 4
                ? 0
                : (in->extents[2] + 2 * l->pad_height - l->kernel_height) % l->stride_height;
    }
    return ok;
}

/* convolution(x, w, bias, stride, padding, dilation, transposed, output_padding, groups) */
static bool make_conv(struct import *import, const struct operator_call *call)
{
    enum { X, W, BIAS, STRIDE, PADDING, DILATION, TRANSPOSED, OUTPUT_PADDING, GROUPS };
    struct shape x = operator_shape(call, X);
    struct shape w = operator_shape(call, W);
    int spatial = x.rank - 2;
    if (!shape_is_sane(&x) || !shape_is_sane(&w))
        return refuse_shapes(import, call, "the shapes of its inputs are missing or absurd");
    if (x.rank != w.rank || (spatial != 1 && spatial != 2))
        return refuse_shapes(import, call,
                             "a convolution must have an image of 3 or 4 dimensions and "
                             "weights of as many");
    struct ts_work_layer l = ts_work_new(TS_WORK_CONV);
    l.rows = x.extents[0];
    l.in_channels = x.extents[1];
    l.in_height = spatial == 2 ? x.extents[2] : 1;
    l.in_width = x.extents[x.rank - 1];
    l.kernel_height = spatial == 2 ? w.extents[2] : 1;
    l.kernel_width = w.extents[w.rank - 1];
    l.bias = operator_has(call, BIAS);
    l.shared = is_shared(import, call, W);
    if (!call->values) {
        if (!infer_conv(import, call, &x, &w, &l))
            return refuse(import, call,
                          "has no strides (\"Concrete Inputs\"), and they do not "
                          "follow from what comes next; PyTorch 2.1 or later "
                          "records them");
    } else if (!operator_pair(call, STRIDE, spatial, &l.stride_height, &l.stride_width) ||
               !operator_pair(call, PADDING, spatial, &l.pad_height, &l.pad_width) ||
               !operator_pair(call, DILATION, spatial, &l.dilation_height, &l.dilation_width) ||
               !operator_integer(call, TRANSPOSED, &l.transposed) ||
               !operator_pair(call, OUTPUT_PADDING, spatial, &l.output_pad_height,
                              &l.output_pad_width) ||
               !operator_integer(call, GROUPS, &l.groups))
        return refuse(import, call,
                      "stride, padding, dilation, transposed, output_padding and "
                      "groups must be the inputs after x, weight and bias");
    if (l.groups < 1 || l.groups > WORK_MAX_EXTENT)
        return refuse(import, call, "groups, the last of its values, must be 1 to 2^24");
    l.out_channels = l.transposed ? w.extents[1] * l.groups : w.extents[0];
    if (l.in_channels != (l.transposed ? w.extents[0] : w.extents[1] * l.groups))
        return refuse_shapes(import, call, "channels of image and weights do not fit together");
    return add(import, call, &l, "");
}

/* Rows of everything but the last extent. */
static bool add_linear(struct import *import, const struct operator_call *call,
                       const struct shape *x, int64_t in, int64_t out, int weights, bool bias)
{
    if (x->rank < 1 || x->extents[x->rank - 1] != in)
        return refuse_shapes(import, call, "shapes of its inputs do not fit together");
    struct ts_work_layer l = ts_work_new(TS_WORK_LINEAR);
    l.rows = shape_elements(x, 0, x->rank - 1);
    l.in_channels = in;
    l.out_channels = out;
    l.bias = bias;
    l.shared = is_shared(import, call, weights);
    return add(import, call, &l, "");
}

/* linear(x, w[out][in], bias) */
static bool make_linear(struct import *import, const struct operator_call *call)
{
    struct shape x = operator_shape(call, 0);
    struct shape w = operator_shape(call, 1);
    if (w.rank != 2)
        return refuse_shapes(import, call, "its weights must have 2 dimensions");
    return add_linear(import, call, &x, w.extents[1], w.extents[0], 1, operator_has(call, 2));
}

/* Batched, each with its own B. */
static bool add_products(struct import *import, const struct operator_call *call,
                         const struct shape *a, const struct shape *b)
{
    if (a->rank < 2 || a->extents[a->rank - 1] != b->extents[b->rank - 2])
        return refuse_shapes(import, call, "shapes of its inputs do not fit together");
    struct ts_work_layer l = ts_work_new(TS_WORK_MATMUL);
    int64_t of_a = shape_elements(a, 0, a->rank - 2);
    int64_t of_b = shape_elements(b, 0, b->rank - 2);
    l.groups = of_a > of_b ? of_a : of_b; /* one may stand for many */
    l.rows = a->extents[a->rank - 2];
    l.in_channels = a->extents[a->rank - 1];
    l.out_channels = b->extents[b->rank - 1];
    return add(import, call, &l, "");
}

/* A second operand of two dimensions counts as weights. */
static bool make_product(struct import *import, const struct operator_call *call, int first,
                         bool bias)
{
    struct shape a = operator_shape(call, first);
    struct shape b = operator_shape(call, first + 1);
    if (b.rank == 1) /* a vector */
        b = (struct shape){.rank = 2, .extents = {b.extents[0], 1}};
    if (b.rank < 2)
        return refuse_shapes(import, call, "its inputs have no sound shapes");
    if (b.rank == 2)
        return add_linear(import, call, &a, b.extents[0], b.extents[1], first + 1, bias);
    return add_products(import, call, &a, &b);
}

static bool make_matmul(struct import *import, const struct operator_call *call)
{
    return make_product(import, call, 0, false);
}

/* addmm(bias, a, b) */
static bool make_addmm(struct import *import, const struct operator_call *call)
{
    return make_product(import, call, 1, operator_shape(call, 0).rank == 1);
}

/* addbmm(bias, a[b][m][k], b[b][k][n]): the sum of the products is one, as deep as all of them. */
static bool make_addbmm(struct import *import, const struct operator_call *call)
{
    struct shape a = operator_shape(call, 1);
    struct shape b = operator_shape(call, 2);
    if (a.rank != 3 || b.rank != 3 || !shape_is_sane(&a) || !shape_is_sane(&b) ||
        a.extents[0] != b.extents[0])
        return refuse_shapes(import, call, "its inputs must be as many matrices on both sides");
    a = (struct shape){2, {a.extents[1], a.extents[0] * a.extents[2]}};
    b = (struct shape){2, {b.extents[0] * b.extents[1], b.extents[2]}};
    return add_products(import, call, &a, &b);
}

/* _addmm_activation(bias, a, b) */
static bool make_addmm_activation(struct import *import, const struct operator_call *call)
{
    struct ts_work_layer layer = ts_work_new(TS_WORK_ACTIVATION);
    if (!make_addmm(import, call))
        return false;
    const struct ts_work_layer *product = &import->workload->layers[import->workload->n - 1];
    const struct shape y = {2, {product->rows, product->out_channels}};
    layer.elements = shape_elements(&y, 0, y.rank);
    return add(import, call, &layer, ".activation");
}

/* _scaled_mm(a, b, scale of a, scale of b, bias, ...) */
static bool make_scaled_mm(struct import *import, const struct operator_call *call)
{
    enum { BIAS = 4 };
    return make_product(import, call, 0, operator_shape(call, BIAS).rank == 1);
}

/* attention(q[..][l][d], k[..][s][d], v[..][s][e]), all in one kernel. */
static bool make_attention(struct import *import, const struct operator_call *call)
{
    struct shape q = operator_shape(call, 0);
    struct shape k = operator_shape(call, 1);
    struct shape v = operator_shape(call, 2);
    if (q.rank < 3 || k.rank != q.rank || v.rank != q.rank)
        return refuse_shapes(import, call,
                             "query, key and value must have as many dimensions, 3 or more");
    int last = q.rank - 1;
    if (q.extents[last] != k.extents[last] || k.extents[last - 1] != v.extents[last - 1])
        return refuse_shapes(import, call, "shapes of query, key and value do not fit together");
    struct ts_work_layer scores = ts_work_new(TS_WORK_MATMUL);
    scores.groups = shape_elements(&q, 0, last - 1);
    scores.rows = q.extents[last - 1];
    scores.in_channels = q.extents[last];
    scores.out_channels = k.extents[last - 1];
    struct ts_work_layer context = scores;
    context.in_channels = scores.out_channels;
    context.out_channels = v.extents[last];
    q.extents[last] = k.extents[last - 1]; /* the shape of the scores */
    struct ts_work_layer softmax = ts_work_new(TS_WORK_SOFTMAX);
    softmax.elements = shape_elements(&q, 0, q.rank);
    return add(import, call, &scores, ".scores") && add(import, call, &softmax, ".softmax") &&
           add(import, call, &context, ".context");
}

/* norm(x, weight, bias, ...), or with the normalized shape or the groups before the weights */
static bool make_norm(struct import *import, const struct operator_call *call)
{
    int w = strstr(call->name, "layer_norm") || strstr(call->name, "group_norm") ? 2 : 1;
    int64_t parameters = 0;
    for (int i = w; i < w + 2; i++)
        if (operator_has(call, i))
            parameters += operator_size(call, i);
    return add_elements(import, call, TS_WORK_NORM, operator_size(call, 0), parameters);
}

/* embedding(weights[v][d], indices) */
static bool make_embedding(struct import *import, const struct operator_call *call)
{
    struct shape w = operator_shape(call, 0);
    struct shape indices = operator_shape(call, 1);
    if (w.rank != 2 || indices.rank < 0 || indices.rank == SHAPE_RANK)
        return refuse_shapes(import, call, "its weights must have 2 dimensions");
    indices.extents[indices.rank++] = w.extents[1];
    int64_t parameters = is_shared(import, call, 0) ? 0 : shape_elements(&w, 0, w.rank);
    return add_elements(import, call, TS_WORK_EMBEDDING, shape_elements(&indices, 0, indices.rank),
                        parameters);
}

/* A scalar, or a counter, is no work. */
static bool make_add(struct import *import, const struct operator_call *call)
{
    int64_t a = operator_size(call, 0);
    int64_t b = operator_size(call, 1);
    if (a <= 1 || b <= 1)
        return true;
    return add_elements(import, call, TS_WORK_ADD, a > b ? a : b, 0);
}

static bool make_activation(struct import *import, const struct operator_call *call)
{
    return add_elements(import, call, TS_WORK_ACTIVATION, operator_size(call, 0), 0);
}

static bool make_pool(struct import *import, const struct operator_call *call)
{
    return add_elements(import, call, TS_WORK_POOL, operator_size(call, 0), 0);
}

static bool make_softmax(struct import *import, const struct operator_call *call)
{
    return add_elements(import, call, TS_WORK_SOFTMAX, operator_size(call, 0), 0);
}

static bool refuse_recurrent(struct import *import, const struct operator_call *call)
{
    return refuse(import, call,
                  "a recurrent network in one operator does not say which products "
                  "it makes; record it on a CPU, or as cells");
}

/* Of an operator and those that it calls only the first that is here counts. */
static const struct maker {
    const char *name;
    bool (*make)(struct import *import, const struct operator_call *call);
} makers[] = {
    {"_addmm_activation", make_addmm_activation},
    {"_cudnn_rnn", refuse_recurrent},
    {"_lstm_mps", refuse_recurrent},
    {"_scaled_dot_product_cudnn_attention", make_attention},
    {"_scaled_dot_product_efficient_attention", make_attention},
    {"_scaled_dot_product_flash_attention", make_attention},
    {"_scaled_dot_product_flash_attention_for_cpu", make_attention},
    {"_scaled_mm", make_scaled_mm},
    {"_softmax", make_softmax},
    {"_log_softmax", make_softmax},
    {"adaptive_avg_pool2d", make_pool},
    {"add", make_add},
    {"add_", make_add},
    {"addbmm", make_addbmm},
    {"addbmm_", make_addbmm},
    {"addmm", make_addmm},
    {"addmm_", make_addmm},
    {"addmv", make_addmm},
    {"addmv_", make_addmm},
    {"avg_pool2d", make_pool},
    {"baddbmm", make_addmm},
    {"baddbmm_", make_addmm},
    {"batch_norm", make_norm},
    {"bmm", make_matmul},
    {"convolution", make_conv},
    {"dot", make_matmul},
    {"elu", make_activation},
    {"elu_", make_activation},
    {"embedding", make_embedding},
    {"gelu", make_activation},
    {"group_norm", make_norm},
    {"hardswish", make_activation},
    {"hardswish_", make_activation},
    {"hardtanh", make_activation},
    {"hardtanh_", make_activation},
    {"instance_norm", make_norm},
    {"layer_norm", make_norm},
    {"leaky_relu", make_activation},
    {"leaky_relu_", make_activation},
    {"linear", make_linear},
    {"log_softmax", make_softmax},
    {"matmul", make_matmul},
    {"max_pool2d", make_pool},
    {"miopen_rnn", refuse_recurrent},
    {"mkldnn_rnn_layer", refuse_recurrent},
    {"mm", make_matmul},
    {"mul", make_add},
    {"mul_", make_add},
    {"mv", make_matmul},
    {"native_batch_norm", make_norm},
    {"native_layer_norm", make_norm},
    {"relu", make_activation},
    {"relu_", make_activation},
    {"relu6", make_activation},
    {"sigmoid", make_activation},
    {"sigmoid_", make_activation},
    {"silu", make_activation},
    {"silu_", make_activation},
    {"softmax", make_softmax},
    {"tanh", make_activation},
    {"tanh_", make_activation},
};

static const struct maker *maker_of(const struct operator_call *call)
{
    static const char space[] = "aten::";
    if (strncmp(call->name, space, strlen(space)) != 0)
        return NULL;
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
        if (strcmp(call->name + strlen(space), makers[i].name) == 0)
            return &makers[i];
    return NULL;
}

static bool starts(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* In the forward pass, of the first step that the trace names if it names any, and not part of a
 * layer that was taken already. */
static bool counts(const struct import *import, const struct operator_call *call,
                   const struct operator_call *step)
{
    const struct operator_call *calls = import->operators.calls;
    bool in_step = !step;
    ptrdiff_t up = call->parent;
    for (int depth = 0; up >= 0 && depth < MAX_DEPTH; up = calls[up].parent, depth++) {
        if (starts(calls[up].name, "autograd::") || strstr(calls[up].name, "Backward") ||
            starts(calls[up].name, "Optimizer.") || maker_of(&calls[up]))
            return false;
        in_step = in_step || &calls[up] == step;
    }
    return in_step;
}

/* Words of an operator's name, between its underscores, that tell of products. */
static bool is_product(const struct operator_call *call)
{
    static const char *const words[] = {
        "addmm",  "addmv",  "attention", "baddbmm",     "bilinear",    "bmm",    "cdist",
        "conv",   "conv1d", "conv2d",    "conv3d",      "convolution", "einsum", "linear",
        "matmul", "mm",     "mv",        "transformer", "trilinear"};
    const char *word = strstr(call->name, "::");
    for (word = word ? word + 2 : ""; *word; word += strspn(word, "_")) {
        size_t length = strcspn(word, "_");
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (length == strlen(words[i]) && strncmp(word, words[i], length) == 0)
                return true;
        word += length;
    }
    return false;
}

/* Marks what a product was made of and all that it is called from. */
static void mark_made(struct import *import, const struct operator_call *call)
{
    const struct operator_call *calls = import->operators.calls;
    for (ptrdiff_t i = call - calls; i >= 0 && import->marks[i] != MADE; i = calls[i].parent)
        import->marks[i] = MADE;
}

static bool is_in_one_left_out(const struct import *import, const struct operator_call *call)
{
    const struct operator_call *calls = import->operators.calls;
    ptrdiff_t up = call->parent;
    while (up >= 0 && import->marks[up] != LEFT_OUT)
        up = calls[up].parent;
    return up >= 0;
}

/* How often an operator was left out, if this is the first time; else 0. */
static size_t times_left_out(const struct import *import, size_t first)
{
    const struct operators *o = &import->operators;
    size_t times = 0;
    for (size_t i = 0; i < o->n; i++) {
        if (import->marks[i] != LEFT_OUT || strcmp(o->calls[i].name, o->calls[first].name) != 0)
            continue;
        if (i < first)
            return 0;
        times++;
    }
    return times;
}

/* Products that no layer was made of must not go unsaid. */
static void tell_left_out(struct import *import, const struct operator_call *step)
{
    const struct operators *o = &import->operators;
    char names[sizeof import->left_out->text] = "";
    size_t used = 0;
    for (size_t i = 0; i < o->n; i++)
        if (import->marks[i] != MADE && !maker_of(&o->calls[i]) && is_product(&o->calls[i]) &&
            counts(import, &o->calls[i], step) && !is_in_one_left_out(import, &o->calls[i]))
            import->marks[i] = LEFT_OUT;
    for (size_t i = 0; i < o->n && used < sizeof names; i++) {
        size_t times = import->marks[i] == LEFT_OUT ? times_left_out(import, i) : 0;
        if (times)
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%zu of %.60s",
                                     used ? ", " : "", times, o->calls[i].name);
    }
    if (used)
        ts_error_set(import->left_out, "left out, as it is not known what they multiply: %.400s",
                     names);
}

static const struct operator_call *first_step(const struct operators *o)
{
    for (size_t i = 0; i < o->n; i++)
        if (starts(o->calls[i].name, "ProfilerStep#"))
            return &o->calls[i];
    return NULL;
}

/* A network that begins with a convolution or a linear layer reads its input there. */
static void mark_ends(struct ts_workload *w)
{
    bool embedded = false;
    size_t n = w->n;
    struct ts_work_layer *first = NULL;
    struct ts_work_layer *last = NULL;
    for (size_t i = 0; i < n; i++) {
        struct ts_work_layer *l = &w->layers[i];
        embedded = embedded || (!first && l->kind == TS_WORK_EMBEDDING);
        if (l->kind != TS_WORK_CONV && l->kind != TS_WORK_LINEAR)
            continue;
        first = first ? first : l;
        last = l;
    }
    if (first)
        first->first = !embedded;
    if (last)
        last->last = 1;
}

static bool has_gemm(const struct ts_workload *w)
{
    for (size_t i = 0; i < w->n; i++)
        if (ts_work_is_gemm(&w->layers[i]))
            return true;
    return false;
}

static bool make_layers(struct import *import)
{
    const struct operators *o = &import->operators;
    const struct operator_call *step = first_step(o);
    for (size_t i = 0; i < o->n; i++) {
        const struct operator_call *call = &o->calls[i];
        const struct maker *maker = maker_of(call);
        if (!maker || !counts(import, call, step))
            continue;
        if (!call->shapes)
            return refuse(import, call,
                          "has no shapes; a profiler records them with "
                          "record_shapes=True");
        size_t before = import->workload->n;
        if (!maker->make(import, call))
            return false;
        if (import->workload->n > before && ts_work_is_gemm(&import->workload->layers[before]))
            mark_made(import, call);
    }
    tell_left_out(import, step);
    if (!has_gemm(import->workload))
        return ts_error_set(import->error,
                            "no convolution, linear layer or product in the forward pass among "
                            "its %zu operators",
                            o->n);
    mark_ends(import->workload);
    return true;
}

bool import_pytorch(const cJSON *json, struct ts_workload *workload, struct ts_error *left_out,
                    struct ts_error *error)
{
    struct import import = {.workload = workload, .left_out = left_out, .error = error};
    bool ok = operators_read(&import.operators, json, error);
    if (ok) {
        import.seen = calloc(import.operators.n + 1, sizeof *import.seen);
        import.marks = calloc(import.operators.n + 1, sizeof *import.marks);
        ok = import.seen && import.marks ? make_layers(&import)
                                         : ts_error_set(error, "not enough memory");
    }
    free(import.seen);
    free(import.marks);
    operators_free(&import.operators);
    return ok;
}
