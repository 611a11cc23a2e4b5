/* SPDX-License-Identifier: Apache-2.0 */
/* tessera vectors: rows of inputs and golden outputs of a block. */
#include "cli/cli.h"
#include "cli/arguments.h"
#include "vectors/file.h"
#include "vectors/source.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char program[] = "tessera vectors";
static const char summary[] = "write test vectors of a block: inputs and golden outputs";
static const char help[] =
    "usage: tessera vectors BLOCK [--random N] [--seed S] [PARAMETER=VALUE ...]\n"
    "       tessera vectors BLOCK --exhaustive [PARAMETER=VALUE ...]\n"
    "       tessera vectors BLOCK --trace FILE [--random N] [--seed S] [PARAMETER=VALUE ...]\n"
    "\n"
    "The first line is '#fields NAME:BITS:in|out ...', with the names of the RTL ports;\n"
    "other lines that begin with # are comments. Each further line is a row: one\n"
    "hexadecimal number for each field. A port of several elements is one number, as\n"
    "the packed vector of RTL, element 0 in its low bits.\n"
    "\n"
    "The outputs in a row are the results of the inputs in that row. When they appear\n"
    "is the bench's matter: rows do not depend on latency.\n"
    "\n"
    "Of a block without state a row is an operation. Of a block with state it is a\n"
    "clock, in order, and there are three more fields:\n"
    "  rst_ni    0 begins a sequence: let the results of the rows before come out\n"
    "            (idle rows at the end of a sequence leave the time that Tessera's RTL\n"
    "            needs), then reset for a clock or more; the row is no clock\n"
    "  valid_i   1: this clock has an operation; 0: it is idle, inputs mean nothing\n"
    "  valid_o   1: this operation yields a result; 0: none, and its outputs are x\n"
    "\n"
    "  --random N      N rows (1000), special-weighted: corners, few significant bits,\n"
    "                  operands that nearly cancel or tie\n"
    "  --seed S        a different sequence for each S (1)\n"
    "  --exhaustive    every combination of the inputs, up to 2^28 rows\n"
    "  --trace FILE    operands from a captured training run instead of random ones:\n"
    "                  X, W and dY as they meet in its matrix products, quantized to\n"
    "                  the ports' formats\n"
    "\n"
    "'tessera blocks BLOCK' shows ports and parameters.\n"
    "\n"
    "Examples:\n"
    "  tessera vectors dlfloat16_fma --random 1000000 | your-bench | tessera check dlfloat16_fma\n"
    "  tessera vectors mac_lane --exhaustive Modes=fp4\n"
    "  tessera vectors dot_product --trace traces/fashion_mnist_fp32.h5 --random 10000\n";

enum { ROWS = 1000 };

struct options {
    struct ts_layout layout;
    const struct ts_block *block;
    int64_t params[TS_MAX_PARAMS];
    bool exhaustive, random;
    const char *trace;
    uint64_t rows, seed;
};

static bool fail(const char *what, const char *word)
{
    fprintf(stderr, "%s: ", program);
    fprintf(stderr, what, word);
    fputc('\n', stderr);
    return false;
}

/* An option that takes a value. */
static bool parse_value(struct options *o, const char *option, const char *value)
{
    if (!value)
        return fail("%s needs a value", option);
    if (strcmp(option, "--trace") == 0) {
        o->trace = value;
        return true;
    }
    if (strcmp(option, "--seed") == 0)
        return ts_argument_number(program, option, value, 0, UINT64_MAX, &o->seed);
    o->random = true;
    return ts_argument_number(program, option, value, 1, UINT64_MAX, &o->rows);
}

static bool takes_value(const char *word)
{
    return strcmp(word, "--random") == 0 || strcmp(word, "--seed") == 0 ||
           strcmp(word, "--trace") == 0;
}

static bool parse_word(struct options *o, const char *word)
{
    if (word[0] == '-')
        return fail("no option '%s'; 'tessera vectors --help' lists them", word);
    if (o->block)
        return ts_argument_param(program, o->block, o->params, word);
    o->block = ts_argument_block(program, word);
    if (o->block)
        ts_block_presets(o->block, o->params);
    return o->block != NULL;
}

static bool parse(int argc, char **argv, struct options *o)
{
    for (int i = 1; i < argc; i++) {
        bool good = true;
        if (takes_value(argv[i])) {
            good = parse_value(o, argv[i], i + 1 < argc ? argv[i + 1] : NULL);
            i++;
        } else if (strcmp(argv[i], "--exhaustive") == 0) {
            o->exhaustive = true;
        } else {
            good = parse_word(o, argv[i]);
        }
        if (!good)
            return false;
    }
    if (!o->block)
        return fail("a block is needed; '%s' lists them", "tessera blocks");
    if (o->exhaustive && (o->random || o->trace))
        return fail("--exhaustive and %s exclude each other", o->trace ? "--trace" : "--random");
    return ts_argument_check(program, o->block, o->params);
}

/* How many rows an exhaustive run has; false with a line if there is none, or too long a one. */
static bool count_exhaustive(struct options *o)
{
    struct ts_error error;
    o->rows = ts_exhaustive_rows(&o->layout, &error);
    return o->rows || fail("%s", error.text);
}

static void write_header(const struct options *o)
{
    int latency = o->block->latency(o->params);
    ts_rows_write_header(stdout, &o->layout);
    printf("#rows %" PRIu64 "\n", o->rows);
    printf("# tessera %s: ", TESSERA_VERSION);
    if (o->exhaustive)
        puts("every combination of the inputs");
    else if (o->trace)
        printf("operands of %s, seed %" PRIu64 "\n", o->trace, o->seed);
    else
        printf("special-weighted, seed %" PRIu64 "\n", o->seed);
    printf("# a row's outputs are the results of its own inputs; "
           "Tessera's RTL shows them %d cycle%s later\n",
           latency, latency == 1 ? "" : "s");
}

static int write_rows(const struct options *o, struct ts_source *source)
{
    struct ts_row row = {0};
    struct ts_row_model model = {0};
    struct ts_error error = {""};
    char *line = malloc(ts_rows_line_size(&o->layout));
    bool good = ts_row_init(&row, &o->layout) && ts_row_model_init(&model, &o->layout) && line;
    if (!good)
        fail("%s", "out of memory");
    for (uint64_t i = 0; good && i < o->rows; i++) {
        if (!ts_source_next(source, &row, &error)) {
            good = fail("%s", error.text);
        } else {
            ts_row_model_step(&model, &row);
            good = ts_rows_write(stdout, &o->layout, &row, line);
            ts_source_result(source, row.yields, row.out);
        }
    }
    free(line);
    ts_row_free(&row);
    ts_row_model_free(&model);
    return good ? TS_EXIT_OK : TS_EXIT_FAILURE;
}

static int run(struct options *o)
{
    struct ts_error error;
    ts_layout_init(&o->layout, o->block, o->params);
    if (o->exhaustive && !count_exhaustive(o))
        return TS_EXIT_USAGE;
    struct ts_source_options from = {o->exhaustive, o->trace, o->rows, o->seed};
    struct ts_source *source = ts_source_open(&o->layout, &from, &error);
    if (!source) {
        fail("%s", error.text);
        return TS_EXIT_USAGE;
    }
    write_header(o);
    int status = write_rows(o, source);
    ts_source_close(source);
    return status;
}

int main(int argc, char **argv)
{
    if (ts_cli_introduces(argc, argv, summary, help))
        return ts_cli_finish(program, TS_EXIT_OK);
    struct options options = {.rows = ROWS, .seed = 1};
    if (!parse(argc, argv, &options))
        return TS_EXIT_USAGE;
    setvbuf(stdout, NULL, _IOFBF, 1 << 20);
    return ts_cli_finish(program, run(&options));
}
