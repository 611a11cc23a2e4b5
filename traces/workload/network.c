/* SPDX-License-Identifier: Apache-2.0 */
/* The shipped networks, and what their definitions share. */
#include "workload/network.h"

#include "workload/fields.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name, *description;
    int64_t batch; /* unless the user says another */
    void (*make)(struct network *network);
} networks[] = {
    {"bert_base", "BERT-base (Devlin 2019), encoder and pooler, 128 tokens", 32, network_bert_base},
    {"densenet121", "DenseNet-121 (Huang 2017), ImageNet, 224x224", 128, network_densenet121},
    {"lstm_ptb", "LSTM on PTB (Zaremba 2014, medium: 2 x 650), 35 words", 20, network_lstm_ptb},
    {"mobilenet_v2", "MobileNetV2 (Sandler 2018), ImageNet, 224x224", 128, network_mobilenet_v2},
    {"resnet18", "ResNet-18 (He 2016), ImageNet, 224x224", 128, network_resnet18},
    {"resnet50", "ResNet-50 (He 2016; stride in the 3x3), ImageNet, 224x224", 128,
     network_resnet50},
    {"tiny_conv", "every kind of convolution, 8x8, for tests", 2, network_tiny_conv},
    {"tiny_text", "a recurrent layer and attention, 6 tokens, for tests", 2, network_tiny_text},
    {"transformer_base", "Transformer-base (Vaswani 2017), sentences of 30 tokens, both languages",
     128, network_transformer_base},
};

enum { NETWORKS = sizeof networks / sizeof *networks };

const char *ts_network_name(size_t i)
{
    return i < NETWORKS ? networks[i].name : NULL;
}

const char *ts_network_description(size_t i)
{
    return i < NETWORKS ? networks[i].description : NULL;
}

struct ts_work_layer network_layer(enum ts_work_kind kind, const char *prefix, const char *name)
{
    struct ts_work_layer layer = ts_work_new(kind);
    snprintf(layer.name, sizeof layer.name, "%s%s%s", prefix, *prefix ? "." : "", name);
    return layer;
}

void network_add(struct network *network, const struct ts_work_layer *layer)
{
    network->failed = network->failed || !ts_workload_add(network->workload, layer);
}

void network_elements(struct network *network, enum ts_work_kind kind, const char *prefix,
                      const char *name, int64_t elements, int64_t parameters)
{
    struct ts_work_layer layer = network_layer(kind, prefix, name);
    layer.elements = elements;
    layer.parameters = parameters;
    network_add(network, &layer);
}

void network_linear(struct network *network, const char *prefix, const char *name, int64_t rows,
                    int64_t in, int64_t out)
{
    struct ts_work_layer layer = network_layer(TS_WORK_LINEAR, prefix, name);
    layer.rows = rows;
    layer.in_channels = in;
    layer.out_channels = out;
    layer.bias = 1;
    network_add(network, &layer);
}

void network_end(struct network *network)
{
    if (!network->failed)
        network->workload->layers[network->workload->n - 1].last = 1;
}

static bool refuse(const char *name, struct ts_error *error)
{
    char names[256] = "";
    for (size_t i = 0, used = 0; i < NETWORKS && used < sizeof names; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "",
                                 networks[i].name);
    return ts_error_set(error, "'%.80s' is no file, and no shipped network; there are %s", name,
                        names);
}

bool ts_network_make(const char *name, int64_t batch, struct ts_workload *workload,
                     struct ts_error *error)
{
    size_t i = 0;
    while (i < NETWORKS && strcmp(networks[i].name, name) != 0)
        i++;
    *workload = (struct ts_workload){.n = 0};
    if (i == NETWORKS)
        return refuse(name, error);
    snprintf(workload->name, sizeof workload->name, "%s", name);
    snprintf(workload->description, sizeof workload->description, "%s", networks[i].description);
    workload->batch = batch ? batch : networks[i].batch;
    struct network network = {.workload = workload};
    networks[i].make(&network);
    if (!network.failed && ts_workload_check(workload, error))
        return true;
    ts_workload_free(workload);
    return network.failed ? ts_error_set(error, "out of memory") : false;
}
