/* SPDX-License-Identifier: Apache-2.0 */
/* Text to rows. Whoever wrote it, each line is right or is named. */
#include "vectors/file.h"
#include "vectors/hex.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const char BLANKS[] = " \t\r\n";
static const char FIELDS[] = "#fields";
enum { MAX_BITS = 1 << 24 };

__attribute__((format(printf, 2, 3))) static bool fail(struct ts_rows_reader *reader,
                                                       const char *format, ...)
{
    int n = snprintf(reader->error, sizeof reader->error, "%s:%zu: ", reader->path, reader->number);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reader->error + n, sizeof reader->error - (size_t)n, format, arguments);
    va_end(arguments);
    return false;
}

/* The next line; false at the end of the file, or if the line has no end. */
static bool next_line(struct ts_rows_reader *reader)
{
    errno = 0;
    ssize_t length = getline(&reader->line, &reader->size, reader->in);
    reader->number++;
    if (length < 0) {
        if (ferror(reader->in) || errno)
            fail(reader, "cannot be read: %s", strerror(errno));
        return false;
    }
    if (strlen(reader->line) != (size_t)length)
        return fail(reader, "a zero byte; rows are text");
    if (reader->line[length - 1] != '\n')
        return fail(reader, "the line has no end; the tool that wrote it stopped early");
    return true;
}

static bool parse_column(struct ts_rows_reader *reader, char *word)
{
    if (reader->n_columns == TS_MAX_FIELDS)
        return fail(reader, "more than %d fields", TS_MAX_FIELDS);
    struct ts_column *column = &reader->columns[reader->n_columns];
    char *bits = strchr(word, ':');
    char *dir = bits ? strchr(bits + 1, ':') : NULL;
    char *end = NULL;
    long width = bits ? strtol(bits + 1, &end, 10) : 0;
    bool is_in = dir && strcmp(dir, ":in") == 0;
    if (!dir || end != dir || width < 1 || width > MAX_BITS ||
        (!is_in && strcmp(dir, ":out") != 0) || bits - word >= (long)sizeof column->name)
        return fail(reader, "'%.80s' is not NAME:BITS:in or NAME:BITS:out", word);
    *bits = '\0';
    memcpy(column->name, word, (size_t)(bits - word) + 1);
    column->bits = (int)width;
    column->dir = is_in ? TS_IN : TS_OUT;
    for (int i = 0; i < reader->n_columns; i++)
        if (strcmp(reader->columns[i].name, word) == 0)
            return fail(reader, "a second field '%s'", word);
    reader->n_columns++;
    return true;
}

/* Where in a line what follows its first word begins, if that is the one, or else 0. */
static size_t after_word(const char *line, const char *word)
{
    size_t length = strlen(word);
    if (strncmp(line, word, length) != 0 || !strchr(BLANKS, line[length]))
        return 0;
    return length + strspn(line + length, BLANKS);
}

static bool parse_fields(struct ts_rows_reader *reader)
{
    size_t fields = after_word(reader->line, FIELDS);
    if (!fields)
        return fail(reader, "the first line must be '#fields NAME:BITS:in|out ...', "
                            "as 'tessera vectors' writes it");
    char *save = NULL;
    for (char *word = strtok_r(reader->line + fields, BLANKS, &save); word;
         word = strtok_r(NULL, BLANKS, &save))
        if (!parse_column(reader, word))
            return false;
    return true;
}

static bool parse_rows(struct ts_rows_reader *reader, const char *text)
{
    char *end = NULL;
    errno = 0;
    if (reader->counted)
        return fail(reader, "a second '#rows'");
    reader->expected_rows = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || end[strspn(end, BLANKS)] || errno)
        return fail(reader, "'#rows' needs a number");
    reader->counted = true;
    return true;
}

static bool parse_block(struct ts_rows_reader *reader, const char *text)
{
    if (reader->rows || reader->block[0])
        return fail(reader, "'#block' must stand once, before the first row");
    size_t length = strcspn(text, "\r\n");
    if (length == 0)
        return fail(reader, "'#block' needs a block");
    if (length >= sizeof reader->block)
        return fail(reader, "'#block' is too long");
    memcpy(reader->block, text, length);
    reader->block[length] = '\0';
    return true;
}

static bool parse_comment(struct ts_rows_reader *reader)
{
    const char *line = reader->line;
    size_t block = after_word(line, "#block"), rows = after_word(line, "#rows");
    if (block)
        return parse_block(reader, line + block);
    if (rows)
        return parse_rows(reader, line + rows);
    return after_word(line, FIELDS) == 0 || fail(reader, "a second '#fields'");
}

/* Up to the next row, over comments and empty lines. */
static bool find_row(struct ts_rows_reader *reader)
{
    while (next_line(reader)) {
        if (reader->line[0] == '#') {
            if (!parse_comment(reader))
                return false;
        } else if (reader->line[strspn(reader->line, BLANKS)]) {
            return true;
        }
    }
    return false;
}

bool ts_rows_open(struct ts_rows_reader *reader, FILE *in, const char *path)
{
    *reader = (struct ts_rows_reader){.in = in, .path = path};
    if (!next_line(reader))
        return reader->error[0] ? false : fail(reader, "empty: there is no line '#fields ...'");
    if (!parse_fields(reader))
        return false;
    reader->waiting = find_row(reader);
    return !reader->error[0];
}

static bool match_column(struct ts_rows_reader *reader, const struct ts_layout *layout,
                         struct ts_column *column)
{
    const struct ts_block *block = layout->block;
    column->field = ts_layout_find(layout, column->name);
    if (column->field < 0)
        return fail(reader, "%s has no field '%s'; 'tessera vectors %s --random 1' shows all",
                    block->name, column->name, block->name);
    const struct ts_field *field = &layout->fields[column->field];
    char params[256];
    ts_params_text(block, layout->params, params, sizeof params);
    if (column->bits != ts_field_width(field))
        return fail(reader, "field %s has %d bits, but %d with the parameters %s", column->name,
                    column->bits, ts_field_width(field), params);
    if (column->dir != field->dir)
        return fail(reader, "field %s is '%s'", column->name, field->dir == TS_IN ? "in" : "out");
    return true;
}

bool ts_rows_match(struct ts_rows_reader *reader, const struct ts_layout *layout)
{
    bool found[TS_MAX_FIELDS] = {false};
    size_t row = reader->number;
    reader->number = 1; /* where they are written */
    for (int i = 0; i < reader->n_columns; i++) {
        if (!match_column(reader, layout, &reader->columns[i]))
            return false;
        found[reader->columns[i].field] = true;
    }
    for (int i = 0; i < layout->n_fields; i++)
        if (!found[i])
            return fail(reader, "the field %s:%d:%s is missing", layout->fields[i].name,
                        ts_field_width(&layout->fields[i]),
                        layout->fields[i].dir == TS_IN ? "in" : "out");
    reader->number = row;
    return true;
}

/* One field of the row; its digits are those of `word`. */
static bool parse_field(struct ts_rows_reader *reader, const struct ts_field *field,
                        const char *word, int length, uint64_t *elements)
{
    enum { SHOWN = 40 };
    if (ts_hex_read(word, (size_t)length, elements, field->bits, field->count))
        return true;
    int digits = ts_hex_length(ts_field_width(field));
    return fail(reader,
                "row %llu, field %s: '%.*s%s' is no number of %d bit%s in hexadecimal: "
                "%d digit%s at most, no prefix",
                (unsigned long long)reader->rows + 1, field->name, length < SHOWN ? length : SHOWN,
                word, length > SHOWN ? "..." : "", ts_field_width(field),
                ts_field_width(field) == 1 ? "" : "s", digits, digits == 1 ? "" : "s");
}

/*
 * An output with any digit that a simulator does not know, or that nothing drives. It writes all
 * digits or drops leading zeros, so that 0x with other than all is a prefix.
 */
static bool is_unknown(const struct ts_field *field, const char *word, int length)
{
    static const char digits[] = "0123456789abcdefABCDEFxXzZ";
    int all = ts_hex_length(ts_field_width(field));
    return field->dir == TS_OUT && (int)strspn(word, digits) >= length &&
           (int)strcspn(word, "xXzZ") < length && (word[0] == '0' ? length == all : length <= all);
}

static bool parse_word(struct ts_rows_reader *reader, const struct ts_layout *layout, int column,
                       const char *word, int length, struct ts_row *row, bool *valid_out)
{
    int index = reader->columns[column].field;
    const struct ts_field *field = &layout->fields[index];
    reader->unknown[index] = (struct ts_unknown){NULL, 0};
    if (is_unknown(field, word, length)) {
        reader->unknown[index] = (struct ts_unknown){word, length};
        return true;
    }
    uint64_t bit = 0;
    uint64_t *elements = &bit;
    if (field->kind == TS_FIELD_PORT)
        elements = (field->dir == TS_IN ? row->in : row->out) + field->first;
    if (!parse_field(reader, field, word, length, elements))
        return false;
    if (field->kind == TS_FIELD_RST_N)
        row->reset = !bit;
    if (field->kind == TS_FIELD_VALID_IN)
        row->valid = bit;
    if (field->kind == TS_FIELD_VALID_OUT)
        *valid_out = bit;
    return true;
}

static bool parse_row(struct ts_rows_reader *reader, const struct ts_layout *layout,
                      struct ts_row *row, bool *valid_out)
{
    const char *at = reader->line + strspn(reader->line, BLANKS);
    int n = 0;
    for (; *at; n++) {
        int length = (int)strcspn(at, BLANKS);
        if (n < reader->n_columns && !parse_word(reader, layout, n, at, length, row, valid_out))
            return false;
        at += length;
        at += strspn(at, BLANKS);
    }
    if (n != reader->n_columns)
        return fail(reader, "%d fields, not the %d of line 1", n, reader->n_columns);
    if (reader->rows == 0 && layout->block->state_bytes && !row->reset)
        return fail(reader, "field rst_ni: must be 0 in the first row, which begins a sequence");
    return true;
}

static bool at_end(struct ts_rows_reader *reader)
{
    if (reader->error[0])
        return false;
    if (reader->rows == 0)
        return fail(reader, "there are no rows after the first line");
    if (reader->counted && reader->rows != reader->expected_rows)
        return fail(reader,
                    "%llu rows, but '#rows' says %llu; the tool that wrote them stopped "
                    "early, or that line is to be left out",
                    (unsigned long long)reader->rows, (unsigned long long)reader->expected_rows);
    return false;
}

bool ts_rows_read(struct ts_rows_reader *reader, const struct ts_layout *layout, struct ts_row *row,
                  bool *valid_out)
{
    *valid_out = false;
    row->reset = false;
    row->valid = true;
    if (!reader->waiting && !find_row(reader))
        return at_end(reader);
    reader->waiting = false;
    if (!parse_row(reader, layout, row, valid_out))
        return false;
    reader->rows++;
    return true;
}

void ts_rows_close(struct ts_rows_reader *reader)
{
    free(reader->line);
}
