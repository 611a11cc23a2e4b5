/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that follows from a block's descriptor alone. */
#include "tessera/block.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static _Thread_local char message[512];

const struct ts_block *ts_block_find(const char *name)
{
    for (size_t i = 0; ts_blocks[i]; i++)
        if (strcmp(ts_blocks[i]->name, name) == 0)
            return ts_blocks[i];
    return NULL;
}

void ts_block_presets(const struct ts_block *block, int64_t *params)
{
    memset(params, 0, TS_MAX_PARAMS * sizeof *params);
    for (int i = 0; i < block->n_params; i++)
        params[i] = block->params[i].preset;
}

int ts_block_param(const struct ts_block *block, const char *name)
{
    for (int i = 0; i < block->n_params; i++)
        if (strcasecmp(block->params[i].name, name) == 0)
            return i;
    return -1;
}

void ts_block_part_params(const struct ts_block *whole, const int64_t *whole_params,
                          const struct ts_block *part, int64_t *part_params)
{
    ts_block_presets(part, part_params);
    for (int i = 0; i < part->n_params; i++) {
        int same = ts_block_param(whole, part->params[i].name);
        if (same >= 0)
            part_params[i] = whole_params[same];
    }
}

static const char *range_error(const struct ts_block *block, const struct ts_param *p)
{
    size_t size = sizeof message;
    size_t used =
        (size_t)snprintf(message, size, "%s: %s must be %s%" PRId64 " to %" PRId64, block->name,
                         p->name, p->pow2 ? "a power of two, " : "", p->min, p->max);
    for (int64_t i = 0; p->names && i <= p->max - p->min && used < size; i++)
        if (p->names[i][0])
            used +=
                (size_t)snprintf(message + used, size - used, "%s%s", i ? ", " : ": ", p->names[i]);
    return message;
}

static bool in_range(const struct ts_param *p, int64_t value)
{
    if (value < p->min || value > p->max || (p->pow2 && (value & (value - 1))))
        return false;
    return !p->names || p->names[value - p->min][0];
}

static bool has_word(const char *set, const char *word, size_t length)
{
    for (;; set++) {
        size_t here = strcspn(set, "+");
        if (here == length && strncasecmp(set, word, length) == 0)
            return true;
        set += here;
        if (*set == '\0')
            return false;
    }
}

/* A name such as int4+fp4 is a set, in any order. */
static bool is_name(const char *name, const char *text)
{
    if (strlen(name) != strlen(text))
        return false;
    for (;; name++) {
        size_t length = strcspn(name, "+");
        if (!has_word(text, name, length))
            return false;
        name += length;
        if (*name == '\0')
            return true;
    }
}

static bool parse(const struct ts_param *p, const char *text, int64_t *value)
{
    for (int i = 0; p->names && p->names[i]; i++) {
        if (is_name(p->names[i], text)) {
            *value = p->min + i;
            return true;
        }
    }
    char *end = NULL;
    errno = 0;
    *value = strtoll(text, &end, 10);
    return end != text && *end == '\0' && errno == 0;
}

const char *ts_block_set(const struct ts_block *block, int64_t *params, const char *assignment)
{
    const char *eq = strchr(assignment, '=');
    char name[64];
    if (!eq || eq == assignment || (size_t)(eq - assignment) >= sizeof name) {
        snprintf(message, sizeof message, "%s: '%s' is not PARAMETER=VALUE", block->name,
                 assignment);
        return message;
    }
    memcpy(name, assignment, (size_t)(eq - assignment));
    name[eq - assignment] = '\0';
    int i = ts_block_param(block, name);
    if (i < 0) {
        snprintf(message, sizeof message,
                 "%s has no parameter '%s'; 'tessera blocks %s' lists them", block->name, name,
                 block->name);
        return message;
    }
    int64_t value = 0;
    if (!parse(&block->params[i], eq + 1, &value) || !in_range(&block->params[i], value))
        return range_error(block, &block->params[i]);
    params[i] = value;
    return NULL;
}

const char *ts_block_check(const struct ts_block *block, const int64_t *params)
{
    for (int i = 0; i < block->n_params; i++)
        if (!in_range(&block->params[i], params[i]))
            return range_error(block, &block->params[i]);
    return block->check ? block->check(params) : NULL;
}

const struct ts_format *ts_port_format(const struct ts_port *port, const int64_t *params)
{
    return port->format_of ? port->format_of(params) : port->format;
}

int ts_port_bits(const struct ts_port *port, const int64_t *params)
{
    return port->bits ? port->bits : port->bits_of(params);
}

int ts_port_count(const struct ts_port *port, const int64_t *params)
{
    return port->count_of ? port->count_of(params) : 1;
}

int ts_port_first(const struct ts_block *block, int port, const int64_t *params)
{
    int first = 0;
    for (int i = 0; i < port; i++)
        if (block->ports[i].dir == block->ports[port].dir)
            first += ts_port_count(&block->ports[i], params);
    return first;
}

int ts_port_cycle(const struct ts_port *port, const int64_t *params, int element, int latency)
{
    if (port->cycle_of)
        return port->cycle_of(params, element, latency);
    return port->dir == TS_OUT ? latency : 0;
}

int ts_block_words(const struct ts_block *block, enum ts_port_dir dir, const int64_t *params)
{
    int words = 0;
    for (int i = 0; i < block->n_ports; i++)
        if (block->ports[i].dir == dir)
            words += ts_port_count(&block->ports[i], params);
    return words;
}

int64_t ts_sign_extend(uint64_t word, int bits)
{
    uint64_t sign = 1ULL << (bits - 1);
    uint64_t low = word & ((sign << 1) - 1);
    return (int64_t)((low ^ sign) - sign);
}
