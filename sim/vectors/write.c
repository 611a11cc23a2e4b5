/* SPDX-License-Identifier: Apache-2.0 */
/* Rows to text. */
#include "vectors/file.h"
#include "vectors/hex.h"

void ts_rows_write_header(FILE *out, const struct ts_layout *layout)
{
    char params[1024];
    fputs("#fields", out);
    for (int i = 0; i < layout->n_fields; i++) {
        const struct ts_field *field = &layout->fields[i];
        fprintf(out, " %s:%d:%s", field->name, ts_field_width(field),
                field->dir == TS_IN ? "in" : "out");
    }
    ts_params_text(layout->block, layout->params, params, sizeof params);
    fprintf(out, "\n#block %s %s\n", layout->block->name, params);
}

size_t ts_rows_line_size(const struct ts_layout *layout)
{
    size_t size = 1;
    for (int i = 0; i < layout->n_fields; i++)
        size += (size_t)(ts_field_width(&layout->fields[i]) + 3) / 4 + 1;
    return size;
}

static char *write_field(char *to, const struct ts_field *field, const struct ts_row *row)
{
    bool counts = field->dir == TS_IN || row->yields;
    switch (field->kind) {
    case TS_FIELD_RST_N:
        *to++ = row->reset ? '0' : '1';
        return to;
    case TS_FIELD_VALID_IN:
        *to++ = row->valid ? '1' : '0';
        return to;
    case TS_FIELD_VALID_OUT:
        *to++ = row->yields ? '1' : '0';
        return to;
    default:
        break;
    }
    const uint64_t *words = field->dir == TS_IN ? row->in : row->out;
    if (counts)
        return ts_hex_write(to, words + field->first, field->bits, field->count);
    *to++ = 'x';
    return to;
}

bool ts_rows_write(FILE *out, const struct ts_layout *layout, const struct ts_row *row, char *line)
{
    char *to = line;
    for (int i = 0; i < layout->n_fields; i++) {
        to = write_field(to, &layout->fields[i], row);
        *to++ = ' ';
    }
    to[-1] = '\n';
    size_t length = (size_t)(to - line);
    return fwrite(line, 1, length, out) == length;
}
