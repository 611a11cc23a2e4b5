/* SPDX-License-Identifier: Apache-2.0 */
/* tessera check: a stranger's rows against the golden model. */
#include "cli/cli.h"
#include "cli/arguments.h"
#include "vectors/file.h"
#include "vectors/text.h"

#include <inttypes.h>
#include <string.h>

static const char program[] = "tessera check";
static const char summary[] = "verify rows of test vectors that someone else has filled in";
static const char help[] =
    "usage: tessera check BLOCK [PARAMETER=VALUE ...] [--show N] < ROWS\n"
    "\n"
    "Reads rows as 'tessera vectors' writes them, computes the outputs anew from the\n"
    "inputs in the rows, and compares every bit. Usually the rows come from a\n"
    "simulator that has put its own results into the output fields:\n"
    "\n"
    "  tessera vectors BLOCK --random 100000 | your-bench | tessera check BLOCK\n"
    "\n"
    "Needed is the line '#fields NAME:BITS:in|out ...' and then the rows. Fields may\n"
    "stand in any order; digits may be upper case and without leading zeros, but have\n"
    "no prefix (0x). An output with a digit x or z, unknown or not driven, differs.\n"
    "Outputs that do not count (where valid_o is 0) are not compared. The line '#block'\n"
    "gives the parameters unless the command line names them; if there is a line\n"
    "'#rows N', there must be as many.\n"
    "\n"
    "  --show N   show the first N differences, decoded (10)\n"
    "\n"
    "'tessera blocks BLOCK' shows ports and parameters.\n"
    "\n"
    "Exit status: 0 if all rows agree, 1 if any does not, 2 if the rows are malformed.\n";

enum { SHOW = 10 };

struct checker {
    struct ts_layout layout;
    struct ts_row_model model;
    struct ts_row got, expected;
    uint64_t show, different;
};

static bool same_words(const struct ts_field *field, const struct checker *c)
{
    return memcmp(c->got.out + field->first, c->expected.out + field->first,
                  (size_t)field->count * sizeof *c->got.out) == 0;
}

static bool same_field(const struct checker *c, const struct ts_rows_reader *reader, int index,
                       bool valid_out)
{
    const struct ts_field *field = &c->layout.fields[index];
    if (field->dir == TS_IN)
        return true;
    if (field->kind == TS_FIELD_VALID_OUT)
        return !reader->unknown[index].digits && valid_out == c->expected.yields;
    return !c->expected.yields || (!reader->unknown[index].digits && same_words(field, c));
}

static void print_field(const struct checker *c, const struct ts_field *field, bool value,
                        const uint64_t *words)
{
    const uint64_t bit = value;
    ts_field_print(stdout, &c->layout, field,
                   field->kind == TS_FIELD_PORT ? words + field->first : &bit);
}

static void show_inputs(const struct checker *c)
{
    for (int i = 0; i < c->layout.n_fields; i++) {
        const struct ts_field *field = &c->layout.fields[i];
        if (field->dir != TS_IN)
            continue;
        printf("  %s: ", field->name);
        bool value = field->kind == TS_FIELD_RST_N ? !c->got.reset : c->got.valid;
        print_field(c, field, value, c->got.in);
        putchar('\n');
    }
}

static void show_difference(const struct checker *c, const struct ts_rows_reader *reader,
                            bool valid_out)
{
    printf("row %" PRIu64 " (line %zu)\n", reader->rows, reader->number);
    show_inputs(c);
    for (int i = 0; i < c->layout.n_fields; i++) {
        const struct ts_field *field = &c->layout.fields[i];
        if (same_field(c, reader, i, valid_out))
            continue;
        printf("  %s: expected ", field->name);
        print_field(c, field, c->expected.yields, c->expected.out);
        printf(", got ");
        const struct ts_unknown *unknown = &reader->unknown[i];
        if (unknown->digits)
            printf("%.*s", unknown->length, unknown->digits);
        else
            print_field(c, field, valid_out, c->got.out);
        putchar('\n');
    }
}

static void check_row(struct checker *c, const struct ts_rows_reader *reader, bool valid_out)
{
    c->expected.reset = c->got.reset;
    c->expected.valid = c->got.valid;
    memcpy(c->expected.in, c->got.in, (size_t)c->layout.in_words * sizeof *c->got.in);
    ts_row_model_step(&c->model, &c->expected);
    bool same = true;
    for (int i = 0; i < c->layout.n_fields; i++)
        same = same && same_field(c, reader, i, valid_out);
    if (!same && c->different++ < c->show)
        show_difference(c, reader, valid_out);
}

/* The parameters that the rows were made with, where the command line has none. */
static bool merge_params(const struct ts_block *block, char *line, int64_t *params,
                         const bool *given)
{
    char *save = NULL;
    const char *name = strtok_r(line, " \t", &save);
    if (name && strcmp(name, block->name) != 0) {
        fprintf(stderr, "%s: the rows are of %s, not of %s\n", program, name, block->name);
        return false;
    }
    int64_t theirs[TS_MAX_PARAMS];
    ts_block_presets(block, theirs);
    bool any = false;
    for (char *word; (word = strtok_r(NULL, " \t", &save)); any = true)
        if (!ts_argument_param(program, block, theirs, word))
            return false;
    for (int i = 0; any && i < block->n_params; i++) {
        if (!given[i])
            params[i] = theirs[i];
        else if (params[i] != theirs[i])
            fprintf(stderr,
                    "%s: warning: the rows were made with %s=%" PRId64
                    " and are checked with %s=%" PRId64 "\n",
                    program, block->params[i].name, theirs[i], block->params[i].name, params[i]);
    }
    return true;
}

static int finish(const struct checker *c, const struct ts_rows_reader *reader)
{
    char params[1024];
    ts_params_text(c->layout.block, c->layout.params, params, sizeof params);
    if (c->different > c->show)
        printf("... and %" PRIu64 " more\n", c->different - c->show);
    if (reader->error[0]) {
        fflush(stdout);
        fprintf(stderr, "%s: %s\n", program, reader->error);
        return TS_EXIT_USAGE;
    }
    printf("%s %s: ", c->layout.block->name, params);
    if (c->different)
        printf("%" PRIu64 " of %" PRIu64 " rows differ\n", c->different, reader->rows);
    else
        printf("all %" PRIu64 " rows agree\n", reader->rows);
    return c->different ? TS_EXIT_FAILURE : TS_EXIT_OK;
}

static int check_rows(struct checker *c, struct ts_rows_reader *reader)
{
    if (!ts_row_init(&c->got, &c->layout) || !ts_row_init(&c->expected, &c->layout) ||
        !ts_row_model_init(&c->model, &c->layout)) {
        fprintf(stderr, "%s: out of memory\n", program);
        return TS_EXIT_FAILURE;
    }
    bool valid_out = false;
    if (ts_rows_match(reader, &c->layout))
        while (ts_rows_read(reader, &c->layout, &c->got, &valid_out))
            check_row(c, reader, valid_out);
    return finish(c, reader);
}

static int check(const struct ts_block *block, int64_t *params, const bool *given, uint64_t show)
{
    static struct ts_rows_reader reader;
    struct checker checker = {.show = show};
    int status = TS_EXIT_USAGE;
    if (!ts_rows_open(&reader, stdin, "standard input"))
        fprintf(stderr, "%s: %s\n", program, reader.error);
    else if (merge_params(block, reader.block, params, given) &&
             ts_argument_check(program, block, params)) {
        ts_layout_init(&checker.layout, block, params);
        status = check_rows(&checker, &reader);
    }
    ts_row_free(&checker.got);
    ts_row_free(&checker.expected);
    ts_row_model_free(&checker.model);
    ts_rows_close(&reader);
    return status;
}

struct options {
    const struct ts_block *block;
    int64_t params[TS_MAX_PARAMS];
    bool given[TS_MAX_PARAMS];
    uint64_t show;
};

static bool parse_word(struct options *o, const char *word)
{
    if (word[0] == '-') {
        fprintf(stderr, "%s: no option '%s'; '%s --help' lists them\n", program, word, program);
        return false;
    }
    if (!o->block) {
        o->block = ts_argument_block(program, word);
        if (o->block)
            ts_block_presets(o->block, o->params);
        return o->block != NULL;
    }
    if (!ts_argument_param(program, o->block, o->params, word))
        return false;
    char name[64] = "";
    snprintf(name, sizeof name, "%.*s", (int)strcspn(word, "="), word);
    o->given[ts_block_param(o->block, name)] = true;
    return true;
}

static bool parse(int argc, char **argv, struct options *o)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--show") == 0) {
            if (i + 1 == argc) {
                fprintf(stderr, "%s: --show needs a value\n", program);
                return false;
            }
            if (!ts_argument_number(program, "--show", argv[++i], 0, UINT64_MAX, &o->show))
                return false;
        } else if (!parse_word(o, argv[i])) {
            return false;
        }
    }
    if (!o->block)
        fprintf(stderr, "%s: a block is needed; 'tessera blocks' lists them\n", program);
    return o->block != NULL;
}

int main(int argc, char **argv)
{
    if (ts_cli_introduces(argc, argv, summary, help))
        return ts_cli_finish(program, TS_EXIT_OK);
    struct options options = {.show = SHOW};
    if (!parse(argc, argv, &options))
        return TS_EXIT_USAGE;
    int status = check(options.block, options.params, options.given, options.show);
    return ts_cli_finish(program, status);
}
