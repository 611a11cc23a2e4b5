/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/number_line.h"

#include "cli/format_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Cells of a line, and characters of it with the label that may hang over its end. */
enum { CELLS = 73, LABEL_SIZE = 16, WIDTH = CELLS + LABEL_SIZE, LABEL = 7 };

struct line {
    char marks[WIDTH + 1];
    char labels[WIDTH + 1];
    int used; /* cells */
};

static struct line empty_line(int used)
{
    struct line line = {.used = used};
    memset(line.marks, '.', (size_t)used);
    memset(line.labels, ' ', WIDTH);
    return line;
}

static void mark(struct line *line, int cell, uint64_t count)
{
    if (count > 0)
        line->marks[cell] = (char)(count == 1 ? '|' : count < 10 ? '0' + (int)count : '#');
}

/* Writes a label under a cell. */
static void label(struct line *line, int cell, const char text[LABEL_SIZE])
{
    memcpy(line->labels + cell, text, strlen(text));
}

static void print_line(const char *name, const struct line *line)
{
    int end = WIDTH;
    while (line->labels[end - 1] == ' ') /* the first cell has a label */
        end--;
    printf("  %-13s %s\n  %-13s %.*s\n", name, line->marks, "", end, line->labels);
}

/* Codes of the numbers from x > 0 on: the first of them. */
static uint64_t first_code(const struct ts_format *f, double x)
{
    struct ts_value v = ts_value_of_double(x);
    uint64_t code = ts_encode(f, v, TS_TOWARD_ZERO, TS_OVERFLOW_SATURATE);
    if (ts_to_double(f, (uint32_t)code) < x)
        code++;
    uint64_t smallest = ts_smallest_code(f);
    return code > smallest ? code : smallest;
}

/* Numbers in [low, high), low > 0. */
static uint64_t count_between(const struct ts_format *f, double low, double high)
{
    return first_code(f, high) - first_code(f, low);
}

static bool has_zero(const struct ts_format *f)
{
    return f->kind != TS_KIND_FLOAT || f->e0 != TS_E0_NORMAL;
}

/* From zero, or an integer's lowest number, to the largest; a cell is as wide as it is apart. */
static void print_linear(const struct ts_format *f)
{
    double largest = ts_to_double(f, ts_largest_code(f));
    double lowest = f->kind == TS_KIND_INT ? -largest - 1 : 0;
    struct line line = empty_line(CELLS);
    double width = (largest - lowest) / (CELLS - 1);
    for (int i = 0; i < CELLS; i++) {
        double middle = lowest + i * width;
        double low = middle - width / 2;
        double high = middle + width / 2;
        bool zero = low <= 0 && 0 < high && has_zero(f);
        if (f->kind == TS_KIND_FLOAT)
            mark(&line, i, zero + count_between(f, fmax(low, width * 1e-9), high));
        else
            mark(&line, i, (uint64_t)(ceil(high) - ceil(low)));
    }
    for (int i = 0; i < CELLS; i += (CELLS - 1) / 4) {
        char text[LABEL_SIZE];
        snprintf(text, sizeof text, "%.4g", lowest + i * width);
        label(&line, i, text);
    }
    print_line("evenly", &line);
}

/* By powers of two: so many cells for each, or so many of them for a cell. */
static void print_logarithmic(const struct ts_format *f)
{
    int first = ilogb(ts_to_double(f, ts_smallest_code(f)));
    int octaves = ilogb(ts_to_double(f, ts_largest_code(f))) - first + 1;
    int cells_each = octaves < CELLS ? CELLS / octaves : 1;
    int octaves_each = (octaves + CELLS - 1) / CELLS;
    struct line line = empty_line((octaves + octaves_each - 1) / octaves_each * cells_each);
    int labelled = (LABEL + cells_each - 1) / cells_each * cells_each;
    for (int i = 0; i < line.used; i++) {
        int octave = first + i / cells_each * octaves_each;
        double low = ldexp(exp2(i % cells_each / (double)cells_each), octave);
        double high = i % cells_each + 1 < cells_each
                          ? ldexp(exp2((i % cells_each + 1) / (double)cells_each), octave)
                          : ldexp(1, octave + octaves_each);
        mark(&line, i, count_between(f, low, high));
        char text[LABEL_SIZE];
        snprintf(text, sizeof text, "2^%d", octave);
        if (i % labelled == 0)
            label(&line, i, text);
    }
    print_line("by powers", &line);
}

void ts_print_number_lines(const struct ts_format *f)
{
    printf("\nnumber line (| one number, 2 to 9 so many, # more%s)\n",
           ts_format_has_sign_bit(f) ? "; the negative side mirrors it" : "");
    print_linear(f);
    if (f->kind == TS_KIND_FLOAT)
        print_logarithmic(f);
}
