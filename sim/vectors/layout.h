/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Rows of test vectors: what their fields are, and what the golden model puts into one.
 *
 * A row is one operation of a block without state, or one clock of a block with state, which then
 * has the fields rst_ni, valid_i and valid_o too. The outputs in a row are the results of that
 * row's inputs, whenever hardware shows them.
 */
#ifndef TESSERA_VECTORS_LAYOUT_H
#define TESSERA_VECTORS_LAYOUT_H

#include "tessera/block.h"

#ifdef __cplusplus
extern "C" {
#endif

enum ts_field_kind { TS_FIELD_PORT, TS_FIELD_RST_N, TS_FIELD_VALID_IN, TS_FIELD_VALID_OUT };

enum { TS_MAX_FIELDS = TS_MAX_PORTS + 3 };

/** A field: a port as the packed vector of RTL, element 0 in the low bits. */
struct ts_field {
    char name[64]; /**< of the RTL port */
    enum ts_field_kind kind;
    enum ts_port_dir dir;
    int bits, count;            /**< of one element; elements */
    int first;                  /**< word of the inputs (outputs) */
    const struct ts_port *port; /**< of a TS_FIELD_PORT */
};

struct ts_layout {
    const struct ts_block *block;
    int64_t params[TS_MAX_PARAMS];
    int n_fields;
    struct ts_field fields[TS_MAX_FIELDS]; /**< inputs first */
    int in_words, out_words;
};

void ts_layout_init(struct ts_layout *layout, const struct ts_block *block, const int64_t *params);

static inline int ts_field_width(const struct ts_field *field)
{
    return field->bits * field->count;
}

/** Index of the field of that name, or -1. */
int ts_layout_find(const struct ts_layout *layout, const char *name);

/** The parameters as "Lanes=8 Variant=0". */
void ts_params_text(const struct ts_block *block, const int64_t *params, char *text, size_t size);

struct ts_row {
    bool reset;    /**< begins a sequence of a block with state */
    bool valid;    /**< an operation; always so without state */
    bool yields;   /**< the outputs count */
    uint64_t *in;  /**< laid out as in ts_block::step */
    uint64_t *out; /**< likewise */
};

/** Makes room; false if there is none. */
bool ts_row_init(struct ts_row *row, const struct ts_layout *layout);
void ts_row_free(struct ts_row *row);

/** The golden model of a sequence of rows. */
struct ts_row_model {
    const struct ts_layout *layout;
    void *state; /**< NULL of a block without */
};

bool ts_row_model_init(struct ts_row_model *model, const struct ts_layout *layout);
void ts_row_model_free(struct ts_row_model *model);

/** Fills in yields and out. */
void ts_row_model_step(struct ts_row_model *model, struct ts_row *row);

#ifdef __cplusplus
}
#endif
#endif
