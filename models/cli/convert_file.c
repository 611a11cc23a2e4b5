/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/convert_file.h"

#include "cli/cli.h"
#include "cli/format_text.h"
#include "cli/output.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct stream {
    const char *program;
    const char *name; /* of the input */
    FILE *in;
    FILE *out;
    struct ts_conversion *conversion;
    struct ts_convert_summary *summary;
    double lowest, largest;
};

static int code_bytes(const struct ts_format *f)
{
    int bits = ts_format_bits(f);
    return bits <= 8 ? 1 : bits <= 16 ? 2 : 4;
}

static bool out_of_range(const struct stream *s, const struct ts_converted *n)
{
    double end = n->value.negative ? s->lowest : s->largest;
    return n->input < s->lowest || n->input > s->largest || (n->value.sticky && n->input == end);
}

static enum ts_convert_group group_of(const struct stream *s, const struct ts_converted *n)
{
    if (!isfinite(n->input))
        return TS_CONVERT_NO_NUMBER;
    if (n->exact)
        return TS_CONVERT_EXACT;
    if (out_of_range(s, n))
        return TS_CONVERT_OUT_OF_RANGE;
    return n->output == 0 ? TS_CONVERT_BECAME_ZERO : TS_CONVERT_ROUNDED;
}

static void count(struct stream *s, const struct ts_converted *n)
{
    struct ts_convert_summary *sum = s->summary;
    sum->numbers++;
    sum->groups[group_of(s, n)]++;
    if (n->has_ulps && n->ulps > sum->max_ulps)
        sum->max_ulps = n->ulps;
    if (n->has_error) {
        sum->error2 += n->error * n->error;
        sum->input2 += n->input * n->input;
    }
}

static void convert_one(struct stream *s, struct ts_converted *n)
{
    ts_conversion_round(s->conversion, n);
    count(s, n);
}

/* Without the blanks around it, and without a comment. */
static char *trim(char *line)
{
    line[strcspn(line, "#\n")] = '\0';
    line += strspn(line, " \t");
    size_t length = strlen(line);
    while (length > 0 && strchr(" \t\r", line[length - 1]))
        line[--length] = '\0';
    return line;
}

static int convert_text(struct stream *s)
{
    char *line = NULL;
    size_t size = 0;
    int status = TS_EXIT_OK;
    int digits = ts_hex_digits(&s->conversion->to);
    ssize_t length = 0;
    for (uint64_t number = 1; status == TS_EXIT_OK && (length = getline(&line, &size, s->in)) >= 0;
         number++) {
        bool cut = memchr(line, '\0', (size_t)length) != NULL;
        char *text = trim(line);
        if (*text == '\0' && !cut)
            continue;
        struct ts_converted n;
        const char *error = cut ? "holds a byte of 0; is it binary (--binary)?"
                                : ts_conversion_read(s->conversion, text, &n);
        if (error) {
            fprintf(stderr, "%s: %s, line %llu: %s\n", s->program, s->name,
                    (unsigned long long)number, error);
            status = TS_EXIT_FAILURE;
            continue;
        }
        convert_one(s, &n);
        fprintf(s->out, "0x%0*X\n", digits, (unsigned)n.code);
    }
    free(line);
    return status;
}

static int convert_binary(struct stream *s)
{
    const struct ts_format *from = s->conversion->from;
    size_t in_bytes = (size_t)code_bytes(from);
    size_t out_bytes = (size_t)code_bytes(&s->conversion->to);
    uint64_t position = 0;
    for (;; position++) {
        unsigned char bytes[4];
        size_t got = fread(bytes, 1, in_bytes, s->in);
        if (got == 0)
            return TS_EXIT_OK;
        if (got < in_bytes) {
            fprintf(stderr, "%s: %s: ends inside a code: %s takes %d bytes each\n", s->program,
                    s->name, from->name, (int)in_bytes);
            return TS_EXIT_FAILURE;
        }
        uint64_t code = 0;
        for (size_t i = 0; i < in_bytes; i++)
            code |= (uint64_t)bytes[i] << (8 * i);
        if (code >> ts_format_bits(from) != 0) {
            fprintf(stderr, "%s: %s: code %llu is 0x%llX, more than the %d bits of %s\n",
                    s->program, s->name, (unsigned long long)position, (unsigned long long)code,
                    ts_format_bits(from), from->name);
            return TS_EXIT_FAILURE;
        }
        struct ts_converted n;
        ts_conversion_take(s->conversion, (uint32_t)code, &n);
        convert_one(s, &n);
        for (size_t i = 0; i < out_bytes; i++)
            bytes[i] = (unsigned char)(n.code >> (8 * i));
        fwrite(bytes, 1, out_bytes, s->out);
    }
}

static int convert_stream(struct stream *s, bool binary)
{
    int status = binary ? convert_binary(s) : convert_text(s);
    if (status == TS_EXIT_OK && ferror(s->in)) {
        fprintf(stderr, "%s: %s: %s\n", s->program, s->name, strerror(errno));
        status = TS_EXIT_FAILURE;
    }
    if (status == TS_EXIT_OK && s->summary->numbers == 0) {
        fprintf(stderr, "%s: %s: there is nothing in it to convert\n", s->program, s->name);
        status = TS_EXIT_FAILURE;
    }
    return status;
}

static int convert_to_path(struct stream *s, const struct ts_convert_files *files)
{
    struct ts_cli_output output;
    if (!ts_cli_output_open(s->program, files->out, &output))
        return TS_EXIT_FAILURE;
    s->out = output.stream;
    int status = convert_stream(s, files->binary);
    if (!ts_cli_output_close(s->program, &output, status == TS_EXIT_OK))
        status = TS_EXIT_FAILURE;
    return status;
}

int ts_convert_file(const char *program, struct ts_conversion *conversion,
                    const struct ts_convert_files *files, struct ts_convert_summary *summary)
{
    bool standard = strcmp(files->in, "-") == 0;
    struct stream s = {
        .program = program,
        .name = standard ? "standard input" : files->in,
        .in = standard ? stdin : fopen(files->in, "rb"),
        .out = stdout,
        .conversion = conversion,
        .summary = summary,
        .lowest = ts_to_double(&conversion->to, ts_lowest_code(&conversion->to)),
        .largest = ts_to_double(&conversion->to, ts_largest_code(&conversion->to)),
    };
    if (!s.in) {
        fprintf(stderr, "%s: %s: %s\n", program, files->in, strerror(errno));
        return TS_EXIT_FAILURE;
    }
    int status = files->out ? convert_to_path(&s, files) : convert_stream(&s, files->binary);
    if (!standard)
        fclose(s.in);
    return status;
}
