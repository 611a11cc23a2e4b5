/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A block behind an opaque handle: its ports' vectors, its state, and the results under way.
 * No handle is no crash: a simulator may go on for a while after its bench has seen the error.
 */
#include "tessera/dpi.h"
#include "tessera/block.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_BITS = 32, MAX_TEXT = 1024 };

struct result {
    bool valid;
    uint64_t *out;
};

struct handle {
    const struct ts_block *block;
    int64_t params[TS_MAX_PARAMS];
    void *state;
    uint64_t *in;
    uint32_t *vectors[TS_MAX_PORTS]; /* of the input ports, packed */
    int latency, n_results, now;
    struct result *results; /* a ring; `shown` is the one to read */
    const struct result *shown;
};

static _Thread_local char message[512];

const char *tessera_error(void)
{
    return message;
}

static int port_width(const struct handle *self, int port)
{
    const struct ts_port *p = &self->block->ports[port];
    return ts_port_bits(p, self->params) * ts_port_count(p, self->params);
}

static int port_words(const struct handle *self, int port)
{
    return (port_width(self, port) + WORD_BITS - 1) / WORD_BITS;
}

static bool set_parameters(struct handle *self, const char *text)
{
    char copy[MAX_TEXT];
    if ((size_t)snprintf(copy, sizeof copy, "%s", text) >= sizeof copy) {
        snprintf(message, sizeof message, "%s: the text of parameters is too long",
                 self->block->name);
        return false;
    }
    ts_block_presets(self->block, self->params);
    const char *error = NULL;
    char *save = NULL;
    for (char *word = strtok_r(copy, " \t\n", &save); word && !error;
         word = strtok_r(NULL, " \t\n", &save))
        error = ts_block_set(self->block, self->params, word);
    if (!error)
        error = ts_block_check(self->block, self->params);
    if (error)
        snprintf(message, sizeof message, "%s", error);
    return !error;
}

static size_t words(const struct handle *self, enum ts_port_dir dir)
{
    return (size_t)ts_block_words(self->block, dir, self->params);
}

static bool allocate(struct handle *self)
{
    const struct ts_block *block = self->block;
    bool good = true;
    if (block->state_bytes)
        good = (self->state = calloc(1, block->state_bytes(self->params)));
    good = good && (self->in = calloc(words(self, TS_IN), sizeof *self->in));
    for (int i = 0; i < block->n_ports && good; i++)
        if (block->ports[i].dir == TS_IN)
            good = (self->vectors[i] = calloc((size_t)port_words(self, i), sizeof(uint32_t)));
    self->latency = block->latency(self->params);
    self->n_results = self->latency > 1 ? self->latency : 1;
    good = good && (self->results = calloc((size_t)self->n_results, sizeof *self->results));
    for (int i = 0; i < self->n_results && good; i++)
        good = (self->results[i].out = calloc(words(self, TS_OUT), sizeof(uint64_t)));
    return good;
}

void *tessera_open(const char *name, const char *parameters)
{
    message[0] = '\0';
    if (!name || !parameters) {
        snprintf(message, sizeof message, "a block and its parameters are needed; \"\" is none");
        return NULL;
    }
    const struct ts_block *block = ts_block_find(name);
    if (!block) {
        snprintf(message, sizeof message, "no block '%.64s'; 'tessera blocks' lists them", name);
        return NULL;
    }
    struct handle *self = calloc(1, sizeof *self);
    if (!self) {
        snprintf(message, sizeof message, "%s: out of memory", name);
        return NULL;
    }
    self->block = block;
    if (!set_parameters(self, parameters)) {
        tessera_close(self);
        return NULL;
    }
    if (!allocate(self)) {
        snprintf(message, sizeof message, "%s: out of memory", name);
        tessera_close(self);
        return NULL;
    }
    tessera_reset(self);
    return self;
}

void tessera_close(void *handle)
{
    struct handle *self = handle;
    if (!self)
        return;
    for (int i = 0; i < self->n_results && self->results; i++)
        free(self->results[i].out);
    for (int i = 0; i < TS_MAX_PORTS; i++)
        free(self->vectors[i]);
    free(self->results);
    free(self->in);
    free(self->state);
    free(self);
}

int tessera_latency(void *handle)
{
    const struct handle *self = handle;
    return self ? self->latency : 0;
}

int tessera_port(void *handle, const char *name, int width)
{
    const struct handle *self = handle;
    if (!self)
        return -1;
    message[0] = '\0';
    for (int i = 0; name && i < self->block->n_ports; i++) {
        const struct ts_port *port = &self->block->ports[i];
        char rtl_name[72];
        snprintf(rtl_name, sizeof rtl_name, "%.64s%s", port->name,
                 port->dir == TS_IN ? "_i" : "_o");
        if (strcmp(rtl_name, name) != 0)
            continue;
        if (port_width(self, i) == width)
            return i;
        snprintf(message, sizeof message, "%s: %s has %d bits with these parameters, not %d",
                 self->block->name, name, port_width(self, i), width);
        return -1;
    }
    snprintf(message, sizeof message, "%s has no port '%.64s'; 'tessera blocks %s' lists them",
             self->block->name, name ? name : "", self->block->name);
    return -1;
}

/* Whether a port of that direction has that word; else says so. */
static bool has_word(const struct handle *self, int port, int word, enum ts_port_dir dir)
{
    if (!self)
        return false;
    message[0] = '\0';
    if (port >= 0 && port < self->block->n_ports && self->block->ports[port].dir == dir &&
        word >= 0 && word < port_words(self, port))
        return true;
    snprintf(message, sizeof message, "%s: no %s port %d with a word %d", self->block->name,
             dir == TS_IN ? "input" : "output", port, word);
    return false;
}

void tessera_put(void *handle, int port, int word, uint32_t value)
{
    struct handle *self = handle;
    if (has_word(self, port, word, TS_IN))
        self->vectors[port][word] = value;
}

uint32_t tessera_get(void *handle, int port, int word)
{
    const struct handle *self = handle;
    if (!has_word(self, port, word, TS_OUT))
        return 0;
    int bits = ts_port_bits(&self->block->ports[port], self->params);
    const uint64_t *out = self->shown->out + ts_port_first(self->block, port, self->params);
    uint32_t value = 0;
    int end = port_width(self, port) - word * WORD_BITS;
    for (int i = 0; i < WORD_BITS && i < end; i++) {
        int bit = word * WORD_BITS + i;
        value |= (uint32_t)(out[bit / bits] >> (bit % bits) & 1) << i;
    }
    return value;
}

static void unpack(struct handle *self, int port)
{
    int bits = ts_port_bits(&self->block->ports[port], self->params);
    uint64_t *in = self->in + ts_port_first(self->block, port, self->params);
    int width = port_width(self, port);
    memset(in, 0, (size_t)(width / bits) * sizeof *in);
    for (int i = 0; i < width; i++) {
        uint64_t bit = self->vectors[port][i / WORD_BITS] >> (i % WORD_BITS) & 1;
        in[i / bits] |= bit << (i % bits);
    }
}

static void compute(struct handle *self, struct result *to, bool valid)
{
    to->valid = false;
    if (!valid && !self->state)
        return;
    for (int i = 0; i < self->block->n_ports; i++)
        if (self->block->ports[i].dir == TS_IN)
            unpack(self, i);
    to->valid = self->block->step(self->params, self->state, valid, self->in, to->out);
}

void tessera_reset(void *handle)
{
    struct handle *self = handle;
    if (!self)
        return;
    if (self->state)
        self->block->reset(self->params, self->state);
    for (int i = 0; i < self->n_results; i++)
        self->results[i].valid = false;
    self->shown = &self->results[self->now];
}

unsigned char tessera_step(void *handle, unsigned char valid)
{
    struct handle *self = handle;
    if (!self)
        return 0;
    compute(self, &self->results[self->now], valid);
    self->shown = &self->results[self->now];
    return self->shown->valid;
}

unsigned char tessera_clock(void *handle, unsigned char rst_n, unsigned char valid)
{
    struct handle *self = handle;
    if (!rst_n)
        tessera_reset(self);
    if (!rst_n || !self)
        return 0;
    compute(self, &self->results[self->now], valid);
    self->now = (self->now + 1) % self->n_results;
    self->shown = &self->results[self->now];
    return self->shown->valid;
}
