/* SPDX-License-Identifier: Apache-2.0 */
/* Inputs of rows. */
#include "vectors/source.h"

#include "tessera/vectors.h"
#include "vectors/trace_source.h"

#include <stdlib.h>
#include <string.h>

/* Clocks of a sequence without a protocol; one in eight is idle. */
enum { SEQUENCE = 256, IDLE_MASK = 7 };

struct ts_source {
    const struct ts_layout *layout;
    struct ts_source_options options;
    struct ts_trace_source *trace;
    struct ts_random random;
    uint64_t row;
    uint64_t sequence; /* random bits of the sequence */
    uint64_t clock;    /* of the sequence, 0 in reset */
    uint64_t tail;     /* idle clocks still to come */
};

static int input_bits(const struct ts_layout *layout)
{
    int bits = 0;
    for (int i = 0; i < layout->n_fields; i++)
        if (layout->fields[i].dir == TS_IN)
            bits += ts_field_width(&layout->fields[i]);
    return bits;
}

uint64_t ts_exhaustive_rows(const struct ts_layout *layout, struct ts_error *error)
{
    const char *name = layout->block->name;
    int bits = input_bits(layout);
    if (layout->block->state_bytes)
        ts_error_set(error, "%s keeps state, which no single row exhausts; use --random N", name);
    else if (bits >= 64)
        ts_error_set(error, "%s has %d bits of input: 2^%d rows, more than 2^%d; use --random N",
                     name, bits, bits, TS_MAX_EXHAUSTIVE_BITS);
    else if (bits > TS_MAX_EXHAUSTIVE_BITS)
        ts_error_set(error,
                     "%s has %d bits of input: 2^%d = %llu rows, more than 2^%d; use --random N",
                     name, bits, bits, 1ULL << bits, TS_MAX_EXHAUSTIVE_BITS);
    else
        return 1ULL << bits;
    return 0;
}

struct ts_source *ts_source_open(const struct ts_layout *layout,
                                 const struct ts_source_options *options, struct ts_error *error)
{
    struct ts_source *source = calloc(1, sizeof *source);
    if (!source) {
        ts_error_set(error, "out of memory");
        return NULL;
    }
    *source = (struct ts_source){.layout = layout, .options = *options, .random = {options->seed}};
    if (options->trace) {
        source->trace =
            ts_trace_source_open(options->trace, layout, options->rows, options->seed, error);
        if (!source->trace) {
            free(source);
            return NULL;
        }
    }
    return source;
}

void ts_source_close(struct ts_source *source)
{
    if (source)
        ts_trace_source_close(source->trace);
    free(source);
}

static void exhaustive_row(const struct ts_layout *layout, uint64_t index, struct ts_row *row)
{
    uint64_t *word = row->in;
    row->valid = true;
    for (int i = 0; i < layout->n_fields; i++) {
        const struct ts_field *field = &layout->fields[i];
        for (int n = 0; field->dir == TS_IN && n < field->count; n++) {
            *word++ = index & ((1ULL << field->bits) - 1);
            index >>= field->bits;
        }
    }
}

static void reset_row(struct ts_source *source, struct ts_row *row)
{
    row->reset = true;
    row->valid = false;
    memset(row->in, 0, (size_t)source->layout->in_words * sizeof *row->in);
    source->sequence = ts_random_next(&source->random);
    source->clock = 1;
}

/* A clock of the sequence: as its protocol says, or any until it is long enough. */
static enum ts_clock sequence_clock(const struct ts_source *source, bool valid, uint64_t *in)
{
    const struct ts_layout *layout = source->layout;
    uint64_t clock = source->clock - 1;
    if (layout->block->protocol)
        return layout->block->protocol(layout->params, source->sequence, clock, valid, in);
    if (clock == SEQUENCE)
        return TS_CLOCK_END;
    return valid ? TS_CLOCK_VALID : TS_CLOCK_IDLE;
}

static void random_row(struct ts_source *source, struct ts_row *row)
{
    const struct ts_layout *layout = source->layout;
    row->reset = false;
    row->valid = true;
    if (!layout->block->state_bytes) {
        ts_random_inputs(&source->random, layout->block, layout->params, row->in);
        return;
    }
    if (source->clock == 0) {
        reset_row(source, row);
        return;
    }
    ts_random_inputs(&source->random, layout->block, layout->params, row->in);
    bool wish = (ts_random_next(&source->random) & IDLE_MASK) != 0;
    if (source->tail == 0) {
        enum ts_clock is = sequence_clock(source, wish, row->in);
        row->valid = is == TS_CLOCK_VALID;
        source->clock++;
        if (is != TS_CLOCK_END)
            return;
        source->tail = (uint64_t)layout->block->latency(layout->params) + 1;
    }
    row->valid = false;
    if (--source->tail == 0)
        source->clock = 0;
}

bool ts_source_next(struct ts_source *source, struct ts_row *row, struct ts_error *error)
{
    if (source->options.exhaustive) {
        exhaustive_row(source->layout, source->row++, row);
        return true;
    }
    random_row(source, row);
    return !source->trace || ts_trace_overlay(source->trace, row, error);
}

uint64_t ts_source_sequence(const struct ts_source *source)
{
    return source->sequence;
}

void ts_source_result(struct ts_source *source, bool yields, const uint64_t *out)
{
    if (source->trace && yields)
        ts_trace_result(source->trace, out);
}
