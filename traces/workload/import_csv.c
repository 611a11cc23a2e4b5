/* SPDX-License-Identifier: Apache-2.0 */
/* Topologies of SCALE-Sim: one layer a line, convolutions without padding or GEMMs. */
#include "workload/import.h"

#include "utf8.h"
#include "workload/fields.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CELLS = 16 };

enum { NAME, IN_HEIGHT, IN_WIDTH, KERNEL_HEIGHT, KERNEL_WIDTH, CHANNELS, FILTERS, STRIDE, CONV };

enum { M = 1, N, K, GEMM };

static const char *const conv_columns[CONV] = {"Layer name",    "IFMAP Height", "IFMAP Width",
                                               "Filter Height", "Filter Width", "Channels",
                                               "Num Filter",    "Strides"};
static const char *const gemm_columns[GEMM] = {"Layer", "M", "N", "K"};

struct table {
    const char *const *columns;
    int n;        /* of columns that must be there */
    int sparsity; /* its column, or 0 */
    int line;
};

struct row {
    char *cells[MAX_CELLS];
    int n;
};

static char *trim(char *text)
{
    text += strspn(text, " \t\r");
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r", text[length - 1]))
        text[--length] = '\0';
    return text;
}

/* Without empty cells at the end: a line may end with a comma. */
static bool split(char *line, struct row *row)
{
    row->n = 0;
    for (char *rest = line; rest;) {
        char *comma = strchr(rest, ',');
        if (row->n == MAX_CELLS)
            return false;
        if (comma)
            *comma = '\0';
        row->cells[row->n++] = trim(rest);
        rest = comma ? comma + 1 : NULL;
    }
    while (row->n > 0 && !*row->cells[row->n - 1])
        row->n--;
    return true;
}

static bool starts(const char *text, const char *start)
{
    for (; *start; text++, start++)
        if (tolower((unsigned char)*text) != *start)
            return false;
    return true;
}

/* SCALE-Sim itself goes by the place of a column; real headers vary in case, number and words. */
static bool is_header(const struct row *row, const char *const *words, int n)
{
    if (row->n < n)
        return false;
    for (int i = 0; i < n; i++) {
        bool letter = words[i][1] == '\0';
        if (!starts(row->cells[i], words[i]) || (letter && row->cells[i][1]))
            return false;
    }
    return true;
}

static bool read_header(const struct row *row, struct table *table, struct ts_error *error)
{
    static const char *const conv_words[CONV] = {"layer",  "ifmap",   "ifmap", "filter",
                                                 "filter", "channel", "num",   "stride"};
    static const char *const gemm_words[GEMM] = {"layer", "m", "n", "k"};
    bool conv = is_header(row, conv_words, CONV);
    if (!conv && !is_header(row, gemm_words, GEMM))
        return ts_error_set(error,
                            "line %d: neither JSON nor a header of SCALE-Sim: 'Layer name, "
                            "IFMAP Height, IFMAP Width, Filter Height, Filter Width, "
                            "Channels, Num Filter, Strides' or 'Layer, M, N, K'",
                            table->line);
    table->columns = conv ? conv_columns : gemm_columns;
    table->n = conv ? CONV : GEMM;
    for (int i = table->n; i < row->n; i++) {
        if (starts(row->cells[i], "sparsity"))
            table->sparsity = i;
        else if (i > table->n || !starts(row->cells[i], conv ? "stride" : "batch"))
            return ts_error_set(error, "line %d: column '%.40s' is unknown", table->line,
                                row->cells[i]);
    }
    return true;
}

static bool number(const struct table *table, const char *column, const char *text, int64_t *value,
                   struct ts_error *error)
{
    char *end;
    errno = 0;
    *value = strtoll(text, &end, 10);
    if (isdigit((unsigned char)*text) && !*end && errno == 0 && *value >= 1 &&
        *value <= WORK_MAX_EXTENT)
        return true;
    return ts_error_set(error, "line %d: %s is '%.40s'; it must be 1 to %d", table->line, column,
                        text, WORK_MAX_EXTENT);
}

/* N:M, N of M weights are not zero, or N alone. Nothing here skips them. */
static bool is_sparsity(const char *text)
{
    char *end;
    long n = strtol(text, &end, 10);
    long m = WORK_MAX_EXTENT;
    if (*end == ':' && isdigit((unsigned char)end[1]))
        m = strtol(end + 1, &end, 10);
    return isdigit((unsigned char)*text) && !*end && n >= 1 && n <= m && m <= WORK_MAX_EXTENT;
}

/* SCALE-Sim's last window may hang over the edge; with padding it does not. */
static bool window(const struct table *table, int64_t in, int64_t kernel, int64_t stride,
                   const char *what, int64_t *pad, struct ts_error *error)
{
    if (kernel > in)
        return ts_error_set(error, "line %d: Filter %s %" PRId64 " exceeds IFMAP %s %" PRId64,
                            table->line, what, kernel, what, in);
    int64_t steps = (in - kernel + stride - 1) / stride;
    *pad = (steps * stride + kernel - in + 1) / 2;
    return true;
}

static bool make_conv(const struct table *table, const char *name, const int64_t *v,
                      int64_t stride_width, struct ts_work_layer *l, struct ts_error *error)
{
    bool point = v[IN_HEIGHT] == 1 && v[IN_WIDTH] == 1; /* a linear layer in disguise */
    bool depthwise = strstr(name, "DP") != NULL;
    *l = ts_work_new(point && !depthwise ? TS_WORK_LINEAR : TS_WORK_CONV);
    l->rows = 1;
    l->in_channels = v[CHANNELS];
    l->out_channels = depthwise ? v[CHANNELS] * v[FILTERS] : v[FILTERS];
    if (l->out_channels > WORK_MAX_EXTENT)
        return ts_error_set(error, "line %d: Channels times Num Filter is above %d", table->line,
                            WORK_MAX_EXTENT);
    if (l->kind == TS_WORK_CONV) {
        l->groups = depthwise ? v[CHANNELS] : 1;
        l->in_height = v[IN_HEIGHT];
        l->in_width = v[IN_WIDTH];
        l->kernel_height = v[KERNEL_HEIGHT];
        l->kernel_width = v[KERNEL_WIDTH];
        l->stride_height = v[STRIDE];
        l->stride_width = stride_width;
    }
    return window(table, v[IN_HEIGHT], v[KERNEL_HEIGHT], v[STRIDE], "Height", &l->pad_height,
                  error) &&
           window(table, v[IN_WIDTH], v[KERNEL_WIDTH], stride_width, "Width", &l->pad_width, error);
}

/* Several of a batch share nothing: a batched product. */
static void make_gemm(const int64_t *v, int64_t count, struct ts_work_layer *l)
{
    *l = ts_work_new(count > 1 ? TS_WORK_MATMUL : TS_WORK_LINEAR);
    l->rows = v[M];
    l->in_channels = v[K];
    l->out_channels = v[N];
    l->groups = count;
}

/* What may follow: a sparsity; first, the stride of the width or a GEMM's batch; a comment. */
static bool read_rest(const struct table *table, const struct row *row, int64_t *more,
                      struct ts_error *error)
{
    for (int i = table->n; i < row->n; i++) {
        const char *text = row->cells[i];
        if (!*text || *text == '#')
            continue;
        if (strchr(text, ':') || i == table->sparsity) {
            if (!is_sparsity(text))
                return ts_error_set(error,
                                    "line %d: sparsity is '%.40s'; it must be N:M, N at "
                                    "most M",
                                    table->line, text);
        } else if (i > table->n)
            return ts_error_set(error, "line %d: '%.40s' is in no column", table->line, text);
        else if (!number(table, table->n == CONV ? "Stride width" : "Batch", text, more, error))
            return false;
    }
    return true;
}

static bool read_row(const struct table *table, const struct row *row, struct ts_work_layer *l,
                     struct ts_error *error)
{
    int64_t values[CONV] = {[STRIDE] = 1};
    const char *name = row->n > 0 ? row->cells[0] : "";
    if (!*name || strlen(name) >= TS_WORK_NAME || !utf8_is_line(name))
        return ts_error_set(error,
                            "line %d: %s must be a text of 1 to %d bytes, without control "
                            "characters",
                            table->line, table->columns[0], TS_WORK_NAME - 1);
    for (int i = 1; i < table->n; i++) {
        if (i >= row->n)
            return ts_error_set(error, "line %d: %s is missing", table->line, table->columns[i]);
        if (!number(table, table->columns[i], row->cells[i], &values[i], error))
            return false;
    }
    int64_t more = table->n == CONV ? values[STRIDE] : 1;
    if (!read_rest(table, row, &more, error))
        return false;
    if (table->n == GEMM)
        make_gemm(values, more, l);
    else if (!make_conv(table, name, values, more, l, error))
        return false;
    snprintf(l->name, sizeof l->name, "%s", name);
    return true;
}

static bool check(const struct table *table, const struct ts_work_layer *l, int64_t batch,
                  double *sum, struct ts_error *error)
{
    struct ts_error problem;
    return work_check(l, batch, sum, &problem) ||
           ts_error_set(error, "line %d: %s of '%s': %s", table->line,
                        table->n == GEMM ? "M, N and K" : "IFMAP, Filter, Channels and Num Filter",
                        l->name, problem.text);
}

bool import_scale_sim(char *text, struct ts_workload *w, struct ts_error *error)
{
    struct table table = {.line = 0};
    double sum = 0;
    for (char *rest = text; rest;) {
        struct row row;
        struct ts_work_layer layer;
        char *line = rest;
        rest = strchr(line, '\n');
        if (rest)
            *rest++ = '\0';
        table.line++;
        if (!split(line, &row))
            return ts_error_set(error, "line %d: more than %d cells", table.line, MAX_CELLS);
        if (!table.columns) {
            if (!read_header(&row, &table, error))
                return false;
        } else if (row.n > 0) {
            if (!read_row(&table, &row, &layer, error) ||
                !check(&table, &layer, w->batch, &sum, error))
                return false;
            if (!ts_workload_add(w, &layer))
                return ts_error_set(error, "not enough memory");
        }
    }
    if (w->n == 0)
        return ts_error_set(error, "no layer follows the header");
    w->layers[0].first = w->layers[w->n - 1].last = 1;
    return true;
}
