/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A block behind an opaque handle: its ports' vectors, its state, and the operations under way.
 * No handle is no crash: a simulator may go on for a while after its bench has seen the error.
 *
 * Where inputs come late, an operation is stepped twice, on a state each: at once, for the outputs
 * that come before the last input and do not depend on it, and when all inputs are there.
 */
#include "tessera/dpi.h"
#include "tessera/block.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_BITS = 32, MAX_TEXT = 1024 };

struct operation {
    bool clocked; /* it began, and no reset came since */
    bool valid;   /* it is one, not an idle clock */
    bool yields;
    uint64_t *in, *out;
};

struct handle {
    const struct ts_block *block;
    int64_t params[TS_MAX_PARAMS];
    void *state, *early_state;
    uint64_t *in;
    uint32_t *vectors[TS_MAX_PORTS]; /* of the input ports, packed */
    int latency;
    int *in_cycles, *out_cycles; /* of each word, in which cycle it counts */
    int last_in;
    int n_operations, now;
    struct operation *operations; /* a ring */
    bool at_once;                 /* what is to be read is the last operation's result */
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

/* The cycles of all words, and the last one. */
static int fill_cycles(const struct handle *self, enum ts_port_dir dir, int *cycles)
{
    int last = 0;
    for (int i = 0; i < self->block->n_ports; i++) {
        const struct ts_port *port = &self->block->ports[i];
        for (int n = 0; port->dir == dir && n < ts_port_count(port, self->params); n++) {
            *cycles = ts_port_cycle(port, self->params, n, self->latency);
            last = *cycles > last ? *cycles : last;
            cycles++;
        }
    }
    return last;
}

/* One for each word of a direction; never nothing, which would look like a lack of memory. */
static void *allocate_each(const struct handle *self, enum ts_port_dir dir, size_t size)
{
    return calloc(words(self, dir) + 1, size);
}

static bool allocate_words(struct handle *self)
{
    bool good = (self->in = allocate_each(self, TS_IN, sizeof *self->in)) &&
                (self->in_cycles = allocate_each(self, TS_IN, sizeof *self->in_cycles)) &&
                (self->out_cycles = allocate_each(self, TS_OUT, sizeof *self->out_cycles));
    for (int i = 0; i < self->block->n_ports && good; i++)
        if (self->block->ports[i].dir == TS_IN)
            good = (self->vectors[i] = calloc((size_t)port_words(self, i), sizeof(uint32_t)));
    return good;
}

static bool allocate_operations(struct handle *self)
{
    self->last_in = fill_cycles(self, TS_IN, self->in_cycles);
    int last_out = fill_cycles(self, TS_OUT, self->out_cycles);
    int n = (last_out > self->last_in ? last_out : self->last_in) + 1;
    if (!(self->operations = calloc((size_t)n, sizeof *self->operations)))
        return false;
    self->n_operations = n;
    bool good = true;
    for (int i = 0; i < n && good; i++)
        good = (self->operations[i].in = allocate_each(self, TS_IN, sizeof(uint64_t))) &&
               (self->operations[i].out = allocate_each(self, TS_OUT, sizeof(uint64_t)));
    return good;
}

static bool allocate_states(struct handle *self)
{
    if (!self->block->state_bytes)
        return true;
    size_t size = self->block->state_bytes(self->params);
    return (self->state = calloc(1, size)) &&
           (self->last_in == 0 || (self->early_state = calloc(1, size)));
}

static bool allocate(struct handle *self)
{
    self->latency = self->block->latency(self->params);
    return allocate_words(self) && allocate_operations(self) && allocate_states(self);
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
    for (int i = 0; i < self->n_operations; i++) {
        free(self->operations[i].in);
        free(self->operations[i].out);
    }
    for (int i = 0; i < TS_MAX_PORTS; i++)
        free(self->vectors[i]);
    free(self->operations);
    free(self->in_cycles);
    free(self->out_cycles);
    free(self->in);
    free(self->state);
    free(self->early_state);
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

/* The operation that began so many clocks ago. */
static struct operation *ago(const struct handle *self, int clocks)
{
    return &self->operations[(self->now + self->n_operations - clocks) % self->n_operations];
}

/*
 * The operation of what counts in that cycle: one of cycle 1 is there after the edge of its inputs.
 * So is one of cycle 0, for which the ring has one place.
 */
static struct operation *due(const struct handle *self, int cycle)
{
    return ago(self, cycle - 1);
}

static uint64_t shown(const struct handle *self, int word)
{
    return (self->at_once ? ago(self, 0) : due(self, self->out_cycles[word]))->out[word];
}

uint32_t tessera_get(void *handle, int port, int word)
{
    const struct handle *self = handle;
    if (!has_word(self, port, word, TS_OUT))
        return 0;
    int bits = ts_port_bits(&self->block->ports[port], self->params);
    int first = ts_port_first(self->block, port, self->params);
    uint32_t value = 0;
    int end = port_width(self, port) - word * WORD_BITS;
    for (int i = 0; i < WORD_BITS && i < end; i++) {
        int bit = word * WORD_BITS + i;
        value |= (uint32_t)(shown(self, first + bit / bits) >> (bit % bits) & 1) << i;
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

static void unpack_all(struct handle *self)
{
    for (int i = 0; i < self->block->n_ports; i++)
        if (self->block->ports[i].dir == TS_IN)
            unpack(self, i);
}

static void step(struct handle *self, void *state, struct operation *op)
{
    op->yields =
        (op->valid || state) && self->block->step(self->params, state, op->valid, op->in, op->out);
}

void tessera_reset(void *handle)
{
    struct handle *self = handle;
    if (!self)
        return;
    if (self->state)
        self->block->reset(self->params, self->state);
    if (self->early_state)
        self->block->reset(self->params, self->early_state);
    for (int i = 0; i < self->n_operations; i++)
        self->operations[i].clocked = self->operations[i].yields = false;
}

static struct operation *begin(struct handle *self, unsigned char valid)
{
    unpack_all(self);
    struct operation *op = ago(self, 0);
    op->clocked = true;
    op->valid = valid;
    return op;
}

unsigned char tessera_step(void *handle, unsigned char valid)
{
    struct handle *self = handle;
    if (!self)
        return 0;
    struct operation *op = begin(self, valid);
    memcpy(op->in, self->in, words(self, TS_IN) * sizeof *op->in);
    step(self, self->state, op);
    self->at_once = true;
    return op->yields;
}

/* Those that come late belong to operations that began before. */
static void take_inputs(struct handle *self)
{
    size_t count = words(self, TS_IN);
    for (size_t i = 0; i < count; i++)
        ago(self, self->in_cycles[i])->in[i] = self->in[i];
}

unsigned char tessera_clock(void *handle, unsigned char rst_n, unsigned char valid)
{
    struct handle *self = handle;
    if (!rst_n)
        tessera_reset(self);
    if (!rst_n || !self)
        return 0;
    self->now = (self->now + 1) % self->n_operations;
    self->at_once = false;
    struct operation *op = begin(self, valid);
    take_inputs(self);
    if (self->last_in > 0)
        step(self, self->early_state, op);
    struct operation *whole = ago(self, self->last_in);
    if (whole->clocked)
        step(self, self->state, whole);
    return due(self, self->latency)->yields;
}
