/* SPDX-License-Identifier: Apache-2.0 */
/* Convolutional networks, as torchvision builds them, on images of 224 x 224. */
#include "workload/network.h"

#include <stdio.h>

enum { IMAGE = 224, CLASSES = 1000, MAX_PREFIX = 48 };

static int64_t features(const struct network *n)
{
    return n->channels * n->height * n->width;
}

/* ---- layers, on what the last one gave ---- */

static void conv(struct network *n, const char *prefix, const char *name, int64_t out,
                 int64_t kernel, int64_t stride, int64_t groups)
{
    struct ts_work_layer l = network_layer(TS_WORK_CONV, prefix, name);
    l.in_channels = n->channels;
    l.out_channels = out;
    l.in_height = n->height;
    l.in_width = n->width;
    l.kernel_height = l.kernel_width = kernel;
    l.stride_height = l.stride_width = stride;
    l.pad_height = l.pad_width = kernel / 2;
    l.groups = groups;
    l.first = n->workload->n == 0;
    network_add(n, &l);
    n->channels = out;
    ts_work_out(&l, &n->height, &n->width);
}

static void norm(struct network *n, const char *prefix, const char *name)
{
    network_elements(n, TS_WORK_NORM, prefix, name, features(n), 2 * n->channels);
}

static void relu(struct network *n, const char *prefix, const char *name)
{
    network_elements(n, TS_WORK_ACTIVATION, prefix, name, features(n), 0);
}

static void pool(struct network *n, const char *prefix, const char *name, int64_t shrink)
{
    network_elements(n, TS_WORK_POOL, prefix, name, features(n), 0);
    n->height /= shrink;
    n->width /= shrink;
}

static void conv_norm(struct network *n, const char *prefix, const char *number, int64_t out,
                      int64_t kernel, int64_t stride, int64_t groups)
{
    char name[MAX_PREFIX];
    snprintf(name, sizeof name, "conv%s", number);
    conv(n, prefix, name, out, kernel, stride, groups);
    snprintf(name, sizeof name, "norm%s", number);
    norm(n, prefix, name);
}

static void conv_norm_relu(struct network *n, const char *prefix, const char *number, int64_t out,
                           int64_t kernel, int64_t stride, int64_t groups)
{
    char name[MAX_PREFIX];
    conv_norm(n, prefix, number, out, kernel, stride, groups);
    snprintf(name, sizeof name, "relu%s", number);
    relu(n, prefix, name);
}

static void start(struct network *n)
{
    n->channels = 3;
    n->height = n->width = IMAGE;
}

static void classify(struct network *n, int64_t classes)
{
    pool(n, "", "avgpool", n->height);
    network_linear(n, "", "classifier", 1, n->channels, classes);
    network_end(n);
}

/* ---- ResNet ---- */

enum { BOTTLENECK = 4 /* times as wide outside as inside */ };

static void residual(struct network *n, const char *prefix, int64_t width, int64_t stride,
                     bool bottleneck)
{
    struct network in = *n;
    int64_t out = bottleneck ? BOTTLENECK * width : width;
    if (bottleneck) {
        conv_norm_relu(n, prefix, "1", width, 1, 1, 1);
        conv_norm_relu(n, prefix, "2", width, 3, stride, 1);
        conv_norm(n, prefix, "3", out, 1, 1, 1);
    } else {
        conv_norm_relu(n, prefix, "1", width, 3, stride, 1);
        conv_norm(n, prefix, "2", width, 3, 1, 1);
    }
    if (stride != 1 || in.channels != out) {
        in.failed = n->failed;
        *n = in;
        conv_norm(n, prefix, "_shortcut", out, 1, stride, 1);
    }
    network_elements(n, TS_WORK_ADD, prefix, "add", features(n), 0);
    relu(n, prefix, "relu");
}

static void resnet(struct network *n, const int blocks[4], bool bottleneck)
{
    enum { STEM = 64 };
    start(n);
    conv_norm_relu(n, "", "1", STEM, 7, 2, 1);
    pool(n, "", "maxpool", 2);
    for (int stage = 0; stage < 4; stage++)
        for (int block = 0; block < blocks[stage]; block++) {
            char prefix[MAX_PREFIX];
            snprintf(prefix, sizeof prefix, "stage%d.%d", stage + 1, block + 1);
            residual(n, prefix, STEM << stage, stage > 0 && block == 0 ? 2 : 1, bottleneck);
        }
    classify(n, CLASSES);
}

void network_resnet18(struct network *n)
{
    static const int blocks[4] = {2, 2, 2, 2};
    resnet(n, blocks, false);
}

void network_resnet50(struct network *n)
{
    static const int blocks[4] = {3, 4, 6, 3};
    resnet(n, blocks, true);
}

/* ---- MobileNetV2 ---- */

static void inverted_residual(struct network *n, const char *prefix, int64_t expansion, int64_t out,
                              int64_t stride)
{
    int64_t in = n->channels;
    int64_t width = expansion * in;
    if (expansion != 1)
        conv_norm_relu(n, prefix, "1", width, 1, 1, 1);
    conv_norm_relu(n, prefix, "2", width, 3, stride, width);
    conv_norm(n, prefix, "3", out, 1, 1, 1);
    if (stride == 1 && in == out)
        network_elements(n, TS_WORK_ADD, prefix, "add", features(n), 0);
}

void network_mobilenet_v2(struct network *n)
{
    enum { STEM = 32, HEAD = 1280 };
    static const struct {
        int expansion, channels, blocks, stride;
    } stages[] = {{1, 16, 1, 1}, {6, 24, 2, 2},  {6, 32, 3, 2}, {6, 64, 4, 2},
                  {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};
    start(n);
    conv_norm_relu(n, "stem", "", STEM, 3, 2, 1);
    for (size_t s = 0; s < sizeof stages / sizeof *stages; s++)
        for (int block = 0; block < stages[s].blocks; block++) {
            char prefix[MAX_PREFIX];
            snprintf(prefix, sizeof prefix, "stage%zu.%d", s + 1, block + 1);
            inverted_residual(n, prefix, stages[s].expansion, stages[s].channels,
                              block == 0 ? stages[s].stride : 1);
        }
    conv_norm_relu(n, "head", "", HEAD, 1, 1, 1);
    classify(n, CLASSES);
}

/* ---- DenseNet ---- */

static void norm_relu_conv(struct network *n, const char *prefix, const char *number, int64_t out,
                           int64_t kernel)
{
    char name[MAX_PREFIX];
    snprintf(name, sizeof name, "norm%s", number);
    norm(n, prefix, name);
    snprintf(name, sizeof name, "relu%s", number);
    relu(n, prefix, name);
    snprintf(name, sizeof name, "conv%s", number);
    conv(n, prefix, name, out, kernel, 1, 1);
}

void network_densenet121(struct network *n)
{
    enum { STEM = 64, GROWTH = 32, BOTTLENECK_WIDTH = 4 * GROWTH, BLOCKS = 4 };
    static const int layers[BLOCKS] = {6, 12, 24, 16};
    char prefix[MAX_PREFIX];
    start(n);
    conv_norm_relu(n, "stem", "", STEM, 7, 2, 1);
    pool(n, "stem", "maxpool", 2);
    for (int block = 0; block < BLOCKS; block++) {
        for (int layer = 0; layer < layers[block]; layer++) {
            int64_t in = n->channels;
            snprintf(prefix, sizeof prefix, "block%d.%d", block + 1, layer + 1);
            norm_relu_conv(n, prefix, "1", BOTTLENECK_WIDTH, 1);
            norm_relu_conv(n, prefix, "2", GROWTH, 3);
            n->channels += in; /* beside each other */
        }
        if (block + 1 == BLOCKS)
            break;
        snprintf(prefix, sizeof prefix, "transition%d", block + 1);
        norm_relu_conv(n, prefix, "", n->channels / 2, 1);
        pool(n, prefix, "avgpool", 2);
    }
    norm(n, "head", "norm");
    relu(n, "head", "relu");
    classify(n, CLASSES);
}

/* ---- a small one of every kind ---- */

static void double_extents(struct network *n, int64_t out)
{
    struct ts_work_layer l = network_layer(TS_WORK_CONV, "", "transposed");
    l.in_channels = n->channels;
    l.out_channels = out;
    l.in_height = n->height;
    l.in_width = n->width;
    l.kernel_height = l.kernel_width = 3;
    l.stride_height = l.stride_width = 2;
    l.pad_height = l.pad_width = 1;
    l.output_pad_height = l.output_pad_width = 1;
    l.transposed = l.bias = 1;
    network_add(n, &l);
    n->channels = out;
    ts_work_out(&l, &n->height, &n->width);
}

static void dilated(struct network *n, int64_t dilation, int64_t groups)
{
    conv(n, "", "dilated", n->channels, 3, 1, groups);
    if (n->failed)
        return;
    struct ts_work_layer *l = &n->workload->layers[n->workload->n - 1];
    l->dilation_height = l->dilation_width = dilation;
    l->pad_height = l->pad_width = dilation; /* as large as before */
}

void network_tiny_conv(struct network *n)
{
    enum { SIDE = 8, WIDTH = 8, GROUPS = 4, DILATION = 2, EXPANSION = 2 };
    n->channels = 3;
    n->height = n->width = SIDE;
    conv_norm_relu(n, "stem", "", WIDTH, 3, 1, 1);
    residual(n, "basic", 2 * WIDTH, 2, false);
    residual(n, "bottleneck", WIDTH / 2, 1, true);
    dilated(n, DILATION, GROUPS);
    double_extents(n, WIDTH);
    inverted_residual(n, "inverted", EXPANSION, WIDTH, 2);
    classify(n, WIDTH + 2);
}
