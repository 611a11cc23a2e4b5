/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of test vectors, from a block's descriptor. */
#include "vectors/layout.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_field(struct ts_layout *layout, struct ts_field field, const char *name,
                      const char *suffix)
{
    snprintf(field.name, sizeof field.name, "%s%s", name, suffix);
    layout->fields[layout->n_fields++] = field;
}

static void add_control(struct ts_layout *layout, const char *name, enum ts_field_kind kind,
                        enum ts_port_dir dir)
{
    add_field(layout, (struct ts_field){.kind = kind, .dir = dir, .bits = 1, .count = 1}, name, "");
}

static void add_ports(struct ts_layout *layout, enum ts_port_dir dir)
{
    const struct ts_block *block = layout->block;
    for (int i = 0; i < block->n_ports; i++) {
        const struct ts_port *port = &block->ports[i];
        if (port->dir != dir)
            continue;
        struct ts_field field = {.kind = TS_FIELD_PORT,
                                 .dir = dir,
                                 .bits = ts_port_bits(port, layout->params),
                                 .count = ts_port_count(port, layout->params),
                                 .first = ts_port_first(block, i, layout->params),
                                 .port = port};
        add_field(layout, field, port->name, dir == TS_IN ? "_i" : "_o");
    }
}

void ts_layout_init(struct ts_layout *layout, const struct ts_block *block, const int64_t *params)
{
    *layout = (struct ts_layout){.block = block};
    memcpy(layout->params, params, sizeof layout->params);
    bool has_state = block->state_bytes != NULL;
    if (has_state) {
        add_control(layout, "rst_ni", TS_FIELD_RST_N, TS_IN);
        add_control(layout, "valid_i", TS_FIELD_VALID_IN, TS_IN);
    }
    add_ports(layout, TS_IN);
    if (has_state)
        add_control(layout, "valid_o", TS_FIELD_VALID_OUT, TS_OUT);
    add_ports(layout, TS_OUT);
    layout->in_words = ts_block_words(block, TS_IN, layout->params);
    layout->out_words = ts_block_words(block, TS_OUT, layout->params);
}

int ts_layout_find(const struct ts_layout *layout, const char *name)
{
    for (int i = 0; i < layout->n_fields; i++)
        if (strcmp(layout->fields[i].name, name) == 0)
            return i;
    return -1;
}

void ts_params_text(const struct ts_block *block, const int64_t *params, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < block->n_params && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s=%" PRId64, i ? " " : "",
                                 block->params[i].name, params[i]);
}

bool ts_row_init(struct ts_row *row, const struct ts_layout *layout)
{
    *row = (struct ts_row){.valid = true};
    row->in = calloc((size_t)layout->in_words + 1, sizeof *row->in);
    row->out = calloc((size_t)layout->out_words + 1, sizeof *row->out);
    return row->in && row->out;
}

void ts_row_free(struct ts_row *row)
{
    free(row->in);
    free(row->out);
}

bool ts_row_model_init(struct ts_row_model *model, const struct ts_layout *layout)
{
    const struct ts_block *block = layout->block;
    *model = (struct ts_row_model){.layout = layout};
    if (!block->state_bytes)
        return true;
    model->state = calloc(1, block->state_bytes(layout->params));
    if (model->state)
        block->reset(layout->params, model->state);
    return model->state != NULL;
}

void ts_row_model_free(struct ts_row_model *model)
{
    free(model->state);
}

void ts_row_model_step(struct ts_row_model *model, struct ts_row *row)
{
    const struct ts_layout *layout = model->layout;
    const struct ts_block *block = layout->block;
    row->yields = false;
    if (model->state && row->reset)
        block->reset(layout->params, model->state);
    else
        row->yields = block->step(layout->params, model->state, row->valid, row->in, row->out);
}
