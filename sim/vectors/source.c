/* SPDX-License-Identifier: Apache-2.0 */
/* Inputs of rows that need nothing but a seed. */
#include "vectors/source.h"

#include <string.h>

/* Clocks of a sequence without a protocol; one in eight is idle. */
enum { SEQUENCE = 256, IDLE_MASK = 7 };

int ts_input_bits(const struct ts_layout *layout)
{
    int bits = 0;
    for (int i = 0; i < layout->n_fields; i++)
        if (layout->fields[i].dir == TS_IN)
            bits += ts_field_width(&layout->fields[i]);
    return bits;
}

void ts_exhaustive_row(const struct ts_layout *layout, uint64_t index, struct ts_row *row)
{
    uint64_t *word = row->in;
    for (int i = 0; i < layout->n_fields; i++) {
        const struct ts_field *field = &layout->fields[i];
        for (int n = 0; field->dir == TS_IN && n < field->count; n++) {
            *word++ = index & ((1ULL << field->bits) - 1);
            index >>= field->bits;
        }
    }
}

void ts_random_source_init(struct ts_random_source *source, const struct ts_layout *layout,
                           uint64_t seed)
{
    *source = (struct ts_random_source){.layout = layout, .random = {seed}};
}

static void reset_row(struct ts_random_source *source, struct ts_row *row)
{
    row->reset = true;
    row->valid = false;
    memset(row->in, 0, (size_t)source->layout->in_words * sizeof *row->in);
    source->sequence = ts_random_next(&source->random);
    source->clock = 1;
}

/* A clock of the sequence: as its protocol says, or any until it is long enough. */
static enum ts_clock sequence_clock(const struct ts_random_source *source, bool valid, uint64_t *in)
{
    const struct ts_layout *layout = source->layout;
    uint64_t clock = source->clock - 1;
    if (layout->block->protocol)
        return layout->block->protocol(layout->params, source->sequence, clock, valid, in);
    if (clock == SEQUENCE)
        return TS_CLOCK_END;
    return valid ? TS_CLOCK_VALID : TS_CLOCK_IDLE;
}

void ts_random_row(struct ts_random_source *source, struct ts_row *row)
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
