/* SPDX-License-Identifier: Apache-2.0 */
/* Networks on text. Dropout is left out. */
#include "workload/network.h"

#include <stdio.h>

enum { MAX_PREFIX = 48 };

static void norm(struct network *n, const char *prefix, const char *name, int64_t rows,
                 int64_t width)
{
    network_elements(n, TS_WORK_NORM, prefix, name, rows * width, 2 * width);
}

/* ---- LSTM ---- */

/* The input's part of all words is one GEMM; the state's is one a word. */
static void lstm_layer(struct network *n, const char *prefix, int64_t words, int64_t width)
{
    enum { GATES = 4, NONLINEAR = 5 /* gates and the cell */, PRODUCTS = 3 };
    network_linear(n, prefix, "input", words, width, GATES * width);
    struct ts_work_layer state = network_layer(TS_WORK_LINEAR, prefix, "state");
    state.rows = 1;
    state.repeat = words;
    state.in_channels = width;
    state.out_channels = GATES * width;
    network_add(n, &state);
    network_elements(n, TS_WORK_ADD, prefix, "sum", words * GATES * width, 0);
    network_elements(n, TS_WORK_ACTIVATION, prefix, "gates", words * NONLINEAR * width, 0);
    network_elements(n, TS_WORK_ADD, prefix, "cell", words * PRODUCTS * width, 0);
}

void network_lstm_ptb(struct network *n)
{
    enum { WORDS = 35, WIDTH = 650, VOCABULARY = 10000 };
    network_elements(n, TS_WORK_EMBEDDING, "", "embedding", WORDS * WIDTH, VOCABULARY * WIDTH);
    lstm_layer(n, "layer1", WORDS, WIDTH);
    lstm_layer(n, "layer2", WORDS, WIDTH);
    network_linear(n, "", "output", WORDS, WIDTH, VOCABULARY);
    network_end(n);
    network_elements(n, TS_WORK_SOFTMAX, "", "softmax", WORDS * VOCABULARY, 0);
}

/* ---- attention ---- */

struct attention {
    int64_t queries, keys, width, heads;
};

static void product(struct network *n, const char *prefix, const char *name,
                    const struct attention *a, int64_t depth, int64_t columns)
{
    struct ts_work_layer l = network_layer(TS_WORK_MATMUL, prefix, name);
    l.rows = a->queries;
    l.in_channels = depth;
    l.out_channels = columns;
    l.groups = a->heads;
    network_add(n, &l);
}

/* With the sum and the norm around it. */
static void attention(struct network *n, const char *prefix, struct attention a)
{
    int64_t head = a.width / a.heads;
    network_linear(n, prefix, "query", a.queries, a.width, a.width);
    network_linear(n, prefix, "key", a.keys, a.width, a.width);
    network_linear(n, prefix, "value", a.keys, a.width, a.width);
    product(n, prefix, "scores", &a, head, a.keys);
    network_elements(n, TS_WORK_SOFTMAX, prefix, "softmax", a.heads * a.queries * a.keys, 0);
    product(n, prefix, "context", &a, a.keys, head);
    network_linear(n, prefix, "output", a.queries, a.width, a.width);
    network_elements(n, TS_WORK_ADD, prefix, "add", a.queries * a.width, 0);
    norm(n, prefix, "norm", a.queries, a.width);
}

static void feed_forward(struct network *n, const char *prefix, int64_t rows, int64_t width)
{
    enum { EXPANSION = 4 };
    network_linear(n, prefix, "expand", rows, width, EXPANSION * width);
    network_elements(n, TS_WORK_ACTIVATION, prefix, "activation", rows * EXPANSION * width, 0);
    network_linear(n, prefix, "contract", rows, EXPANSION * width, width);
    network_elements(n, TS_WORK_ADD, prefix, "add", rows * width, 0);
    norm(n, prefix, "norm", rows, width);
}

/* `memory`: the encoder's tokens that a decoder looks at; 0 in an encoder. */
static void transformer_layers(struct network *n, const char *name, int layers,
                               struct attention self, int64_t memory)
{
    char prefix[MAX_PREFIX];
    for (int i = 1; i <= layers; i++) {
        snprintf(prefix, sizeof prefix, "%s%d.self", name, i);
        attention(n, prefix, self);
        if (memory) {
            struct attention cross = self;
            cross.keys = memory;
            snprintf(prefix, sizeof prefix, "%s%d.cross", name, i);
            attention(n, prefix, cross);
        }
        snprintf(prefix, sizeof prefix, "%s%d.ffn", name, i);
        feed_forward(n, prefix, self.queries, self.width);
    }
}

/* One matrix of 37000 tokens is both embeddings and the output's weights. */
void network_transformer_base(struct network *n)
{
    enum { TOKENS = 30, WIDTH = 512, HEADS = 8, LAYERS = 6, VOCABULARY = 37000 };
    const struct attention self = {TOKENS, TOKENS, WIDTH, HEADS};
    const int64_t elements = TOKENS * WIDTH;
    network_elements(n, TS_WORK_EMBEDDING, "encoder", "embedding", elements, VOCABULARY * WIDTH);
    network_elements(n, TS_WORK_ADD, "encoder", "position", elements, 0);
    transformer_layers(n, "encoder", LAYERS, self, 0);
    network_elements(n, TS_WORK_EMBEDDING, "decoder", "embedding", elements, 0);
    network_elements(n, TS_WORK_ADD, "decoder", "position", elements, 0);
    transformer_layers(n, "decoder", LAYERS, self, TOKENS);
    struct ts_work_layer output = network_layer(TS_WORK_LINEAR, "", "output");
    output.rows = TOKENS;
    output.in_channels = WIDTH;
    output.out_channels = VOCABULARY;
    output.shared = output.last = 1;
    network_add(n, &output);
    network_elements(n, TS_WORK_SOFTMAX, "", "softmax", TOKENS * VOCABULARY, 0);
}

void network_bert_base(struct network *n)
{
    enum { TOKENS = 128, WIDTH = 768, HEADS = 12, LAYERS = 12 };
    static const struct {
        const char *name;
        int64_t rows;
    } tables[] = {{"word", 30522}, {"position", 512}, {"segment", 2}};
    const struct attention self = {TOKENS, TOKENS, WIDTH, HEADS};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        network_elements(n, TS_WORK_EMBEDDING, "embedding", tables[i].name, TOKENS * WIDTH,
                         tables[i].rows * WIDTH);
    network_elements(n, TS_WORK_ADD, "embedding", "add", 2 * TOKENS * WIDTH, 0);
    norm(n, "embedding", "norm", TOKENS, WIDTH);
    transformer_layers(n, "layer", LAYERS, self, 0);
    network_linear(n, "", "pooler", 1, WIDTH, WIDTH);
    network_end(n);
    network_elements(n, TS_WORK_ACTIVATION, "", "pooler.tanh", WIDTH, 0);
}

void network_tiny_text(struct network *n)
{
    enum { TOKENS = 6, MEMORY = 5, WIDTH = 16, HEADS = 2, VOCABULARY = 40 };
    const struct attention self = {TOKENS, TOKENS, WIDTH, HEADS};
    network_elements(n, TS_WORK_EMBEDDING, "", "embedding", TOKENS * WIDTH, VOCABULARY * WIDTH);
    lstm_layer(n, "lstm", TOKENS, WIDTH);
    transformer_layers(n, "decoder", 1, self, MEMORY);
    network_linear(n, "", "output", TOKENS, WIDTH, VOCABULARY);
    network_end(n);
}
