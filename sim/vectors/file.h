/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Rows as text. The first line is "#fields NAME:BITS:in|out ...", one line for each row follows:
 * hexadecimal fields with blanks between, x for an output that does not count. Other lines that
 * begin with # are comments, of which "#block" and "#rows" mean something to the reader.
 */
#ifndef TESSERA_VECTORS_FILE_H
#define TESSERA_VECTORS_FILE_H

#include "vectors/layout.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Writes the first line, and the block with its parameters. */
void ts_rows_write_header(FILE *out, const struct ts_layout *layout);

/** One more line; `line` has ts_rows_line_size() bytes. Returns false when the write failed. */
bool ts_rows_write(FILE *out, const struct ts_layout *layout, const struct ts_row *row, char *line);
size_t ts_rows_line_size(const struct ts_layout *layout);

/** A field of a file: what its first line says. */
struct ts_column {
    char name[64];
    int bits;
    enum ts_port_dir dir;
    int field; /**< of the layout */
};

/** Digits as they stand in the line, x or z among them; NULL: all are known. */
struct ts_unknown {
    const char *digits;
    int length;
};

struct ts_rows_reader {
    FILE *in;
    const char *path;
    char *line;
    size_t size;
    size_t number; /**< of the line, from 1 */
    bool waiting;  /**< the line is a row that has not been taken */
    int n_columns;
    struct ts_column columns[TS_MAX_FIELDS];
    char block[2048];                         /**< what follows "#block", or empty */
    uint64_t expected_rows;                   /**< what follows "#rows" */
    bool counted;                             /**< there is a "#rows" */
    struct ts_unknown unknown[TS_MAX_FIELDS]; /**< of the row read last, by field */
    uint64_t rows;
    char error[512]; /**< one line, with file and line number; empty at a sound end */
};

/** Reads up to the first row; false with a line in `error`. */
bool ts_rows_open(struct ts_rows_reader *reader, FILE *in, const char *path);

/** Matches the columns with the fields, by name. */
bool ts_rows_match(struct ts_rows_reader *reader, const struct ts_layout *layout);

/**
 * The next row, its outputs in row->out. Returns false at the end, with a line in `error` if it is
 * not a sound one.
 */
bool ts_rows_read(struct ts_rows_reader *reader, const struct ts_layout *layout, struct ts_row *row,
                  bool *valid_out);

void ts_rows_close(struct ts_rows_reader *reader);

#ifdef __cplusplus
}
#endif
#endif
