/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/npy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAGIC = 6, MAX_HEADER = 65535, MAX_SIDE_DIGITS = 12 };

static const char magic[MAGIC + 1] = "\x93NUMPY";

struct reader {
    FILE *stream;
    char header[MAX_HEADER + 1];
    bool fortran_order;
    struct ts_npy npy;
};

static const char *read_header(struct reader *r)
{
    unsigned char start[MAGIC + 2], length[4] = {0};
    if (fread(start, 1, sizeof start, r->stream) != sizeof start ||
        memcmp(start, magic, MAGIC) != 0)
        return "is no .npy file";
    if (start[MAGIC] < 1 || start[MAGIC] > 3)
        return "has a version of .npy other than 1 to 3";
    size_t bytes = start[MAGIC] == 1 ? 2 : 4;
    if (fread(length, 1, bytes, r->stream) != bytes)
        return "ends within its header";
    size_t n =
        length[0] | (size_t)length[1] << 8 | (size_t)length[2] << 16 | (size_t)length[3] << 24;
    if (n > MAX_HEADER)
        return "has a header of more than 65535 bytes";
    if (fread(r->header, 1, n, r->stream) != n)
        return "ends within its header";
    r->header[n] = '\0';
    return NULL;
}

/* What follows 'key': in the header, or NULL. */
static const char *value_of(const struct reader *r, const char *key)
{
    char quoted[32];
    snprintf(quoted, sizeof quoted, "'%s':", key);
    const char *at = strstr(r->header, quoted);
    if (!at)
        return NULL;
    at += strlen(quoted);
    return at + strspn(at, " ");
}

static bool begins(const char *text, const char *with)
{
    return text && strncmp(text, with, strlen(with)) == 0;
}

/* A length of few enough digits that lengths can be multiplied; NULL if there is none. */
static const char *take_length(const char *at, int64_t *length)
{
    at += strspn(at, " ");
    size_t digits = strspn(at, "0123456789");
    if (digits == 0 || digits > MAX_SIDE_DIGITS)
        return NULL;
    *length = strtoll(at, NULL, 10);
    return at + digits + strspn(at + digits, " ");
}

static const char *parse_shape(struct reader *r)
{
    static const char bad[] = "is no matrix: its shape must be (rows, columns)";
    const char *at = value_of(r, "shape");
    if (!begins(at, "("))
        return bad;
    at = take_length(at + 1, &r->npy.rows);
    if (!at || *at != ',')
        return bad;
    at = take_length(at + 1, &r->npy.cols);
    if (at && *at == ',')
        at += 1 + strspn(at + 1, " ");
    if (!at || *at != ')')
        return bad;
    if (r->npy.rows && r->npy.cols > INT64_MAX / 64 / r->npy.rows)
        return "has too many elements";
    return NULL;
}

static const char *parse_header(struct reader *r)
{
    const char *order = value_of(r, "fortran_order");
    if (!begins(value_of(r, "descr"), "'<f4'"))
        return "does not hold float32 (descr '<f4'): write it with .astype('<f4')";
    r->fortran_order = begins(order, "True");
    if (!r->fortran_order && !begins(order, "False"))
        return "does not say its fortran_order";
    return parse_shape(r);
}

/* Before memory is taken for what a header says. */
static const char *check_size(struct reader *r, size_t bytes)
{
    struct stat info = {0};
    (void)fstat(fileno(r->stream), &info); /* what is no file is no regular one */
    if (!S_ISREG(info.st_mode))
        return NULL;
    size_t left = (size_t)(info.st_size - ftell(r->stream));
    if (left < bytes)
        return "is shorter than its shape says";
    return left > bytes ? "is longer than its shape says" : NULL;
}

/* In place of column-major data, row-major ones. */
static bool transpose(struct ts_npy *npy)
{
    int64_t n = npy->rows * npy->cols;
    float *rows = malloc((size_t)(n ? n : 1) * sizeof *rows);
    for (int64_t i = 0; rows && i < n; i++)
        rows[i % npy->rows * npy->cols + i / npy->rows] = npy->data[i];
    free(npy->data);
    npy->data = rows;
    return rows;
}

static const char *read_data(struct reader *r)
{
    size_t n = (size_t)(r->npy.rows * r->npy.cols);
    const char *error = check_size(r, n * sizeof(float));
    if (error)
        return error;
    r->npy.data = malloc((n ? n : 1) * sizeof(float));
    if (!r->npy.data)
        return "is too large for the memory";
    if (fread(r->npy.data, sizeof(float), n, r->stream) != n)
        return "is shorter than its shape says";
    if (fgetc(r->stream) != EOF)
        return "is longer than its shape says";
    if (r->fortran_order && !transpose(&r->npy))
        return "is too large for the memory";
    return NULL;
}

const char *ts_npy_read(FILE *stream, struct ts_npy *npy)
{
    struct reader r = {.stream = stream};
    const char *why = read_header(&r);
    if (!why)
        why = parse_header(&r);
    if (!why)
        why = read_data(&r);
    *npy = r.npy;
    return why && ferror(stream) ? strerror(errno) : why;
}

void ts_npy_write(FILE *stream, const struct ts_npy *npy)
{
    enum { PREFIX = MAGIC + 4, ALIGNMENT = 64, MAX_TEXT = 160 };
    char text[MAX_TEXT];
    int n = snprintf(text, sizeof text,
                     "{'descr': '<f4', 'fortran_order': False, 'shape': (%lld, %lld), }",
                     (long long)npy->rows, (long long)npy->cols);
    int length = (PREFIX + n + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT - PREFIX;
    fwrite(magic, 1, MAGIC, stream);
    fputc(1, stream);
    fputc(0, stream);
    fputc(length & 0xFF, stream);
    fputc(length >> 8, stream);
    fprintf(stream, "%-*s\n", length - 1, text);
    fwrite(npy->data, sizeof(float), (size_t)(npy->rows * npy->cols), stream);
}
