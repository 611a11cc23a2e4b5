/* SPDX-License-Identifier: Apache-2.0 */
/* Building networks: a row of layers, and what flows from one to the next. */
#ifndef TESSERA_WORKLOAD_NETWORK_H
#define TESSERA_WORKLOAD_NETWORK_H

#include "tessera/workload.h"

struct network {
    struct ts_workload *workload;
    int64_t channels, height, width; /* of what the last layer gave */
    bool failed;                     /* no memory */
};

/* Each names its layer PREFIX.NAME, or NAME where the prefix is "". */
struct ts_work_layer network_layer(enum ts_work_kind kind, const char *prefix, const char *name);
void network_add(struct network *network, const struct ts_work_layer *layer);

/* Elementwise work on so many elements of a sample. */
void network_elements(struct network *network, enum ts_work_kind kind, const char *prefix,
                      const char *name, int64_t elements, int64_t parameters);

/* A linear layer on so many rows of a sample. */
void network_linear(struct network *network, const char *prefix, const char *name, int64_t rows,
                    int64_t in, int64_t out);

/* Marks the last layer as the network's last. */
void network_end(struct network *network);

void network_resnet18(struct network *network);
void network_resnet50(struct network *network);
void network_mobilenet_v2(struct network *network);
void network_densenet121(struct network *network);
void network_lstm_ptb(struct network *network);
void network_transformer_base(struct network *network);
void network_bert_base(struct network *network);
void network_tiny_conv(struct network *network);
void network_tiny_text(struct network *network);

#endif
