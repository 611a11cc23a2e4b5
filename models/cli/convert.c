/* SPDX-License-Identifier: Apache-2.0 */
/* tessera convert: numbers and files between formats. */
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/conversion.h"
#include "cli/convert_file.h"
#include "cli/format_text.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char program[] = "tessera convert";
static const char summary_line[] = "convert numbers, codes or files of them between formats";
static const char help[] =
    "usage: tessera convert --to FORMAT [options] NUMBER ...\n"
    "       tessera convert --to FORMAT --from FORMAT [options] CODE ...\n"
    "       tessera convert --to FORMAT [--from FORMAT] [options] -i FILE [-o FILE]\n"
    "\n"
    "Rounds each number once, exactly as the hardware would, and shows the code, its\n"
    "exact value and the error. A number is decimal, hexadecimal (0x1.8p+1), inf or\n"
    "nan; a code, with --from, hexadecimal with or without 0x. An ulp is the distance\n"
    "between the two numbers of the format that enclose the one converted.\n"
    "\n"
    "  --to FORMAT        'tessera formats' lists them; fp8_143:bias=9 overrides\n"
    "  --from FORMAT      the arguments, or the file, are codes of this format\n"
    "  --rounding R       nearest_even, nearest_up, toward_zero or stochastic;\n"
    "                     preset: what the format has itself\n"
    "  --overflow O       special, saturate, or saturate_infinity (infinities too)\n"
    "  --seed N           of stochastic rounding's shift register, 1 to 2^32 - 1 (1)\n"
    "  --polynomial P     of that register: bit i is the coefficient of x^(i+1), and the\n"
    "                     top bit makes its width, 2 to 32 (0x80200003)\n"
    "  --random-bits N    that stochastic rounding adds, 0 to 32 (14)\n"
    "  -i FILE            convert a file, - for standard input: a number or code a\n"
    "                     line, # begins a comment; writes a code a line\n"
    "  -o FILE            where to; without it, standard output. With it, what was lost\n"
    "                     is printed\n"
    "  --binary           -i and -o are raw little-endian codes of 1, 2 or 4 bytes\n"
    "  --json             the same as JSON, for scripts\n"
    "  --                 ends the options; a negative number does not need it\n"
    "\n"
    "What was lost counts each number of the file once, in the first group that it\n"
    "belongs to:\n"
    "  no number     it came as NaN or infinity\n"
    "  exact         it is what it was\n"
    "  out of range  it was above the largest or below the lowest number of the format\n"
    "  became zero\n"
    "  rounded       to another number\n"
    "The largest error and the NMSE (sum of squared errors over that of squares) are of\n"
    "those that are numbers before and after.\n"
    "\n"
    "Examples:\n"
    "  tessera convert --to fp8_143 3.14\n"
    "  tessera convert --to e4m3 --from dlfloat16 0x3e00 7FFF\n"
    "  tessera convert --to fp4_r2 --seed 7 0.3 0.3 0.3\n"
    "  tessera convert --to fp16 --from bf16 --binary -i weights.bin -o weights.fp16\n";

struct options {
    struct ts_format from, to;
    struct ts_conversion conversion;
    struct ts_convert_files files;
    const char *rounding, *overflow;
    bool has_to, json;
    char **inputs;
    int n_inputs;
};

static bool take_word(const char *option, const char *text, uint32_t *word)
{
    char *end = NULL;
    unsigned long long value = strtoull(text, &end, 0);
    if (end == text || *end != '\0' || *text == '-' || value == 0 || value > UINT32_MAX) {
        fprintf(stderr, "%s: %s must be a number from 1 to 4294967295, not '%s'\n", program, option,
                text);
        return false;
    }
    *word = (uint32_t)value;
    return true;
}

/* The polynomial tells the width: its top bit is x^width. */
static bool complete_register(const struct ts_lfsr *lfsr)
{
    int width = 0;
    while (width < TS_LFSR_MAX_WIDTH && lfsr->polynomial >> width != 0)
        width++;
    const char *error = ts_lfsr_check(width, lfsr->polynomial, lfsr->state);
    if (error)
        fprintf(stderr, "%s: --polynomial 0x%X, --seed %u: %s\n", program,
                (unsigned)lfsr->polynomial, (unsigned)lfsr->state, error);
    return !error;
}

static bool take_option(struct options *o, const char *option, const char *value)
{
    long number = 0;
    if (strcmp(option, "--to") == 0)
        return o->has_to = ts_cli_format(program, value, &o->to);
    if (strcmp(option, "--from") == 0) {
        o->conversion.from = &o->from;
        return ts_cli_format(program, value, &o->from);
    }
    if (strcmp(option, "--rounding") == 0)
        o->rounding = value;
    else if (strcmp(option, "--overflow") == 0)
        o->overflow = value;
    else if (strcmp(option, "-i") == 0)
        o->files.in = value;
    else if (strcmp(option, "-o") == 0)
        o->files.out = value;
    else if (strcmp(option, "--seed") == 0)
        return take_word(option, value, &o->conversion.lfsr.state);
    else if (strcmp(option, "--polynomial") == 0)
        return take_word(option, value, &o->conversion.lfsr.polynomial);
    else if (ts_cli_number(program, option, value, 0, TS_MAX_RANDOM_BITS, &number))
        o->conversion.random_bits = (int)number;
    else
        return false;
    return true;
}

static bool takes_value(const char *argument)
{
    static const char *const options[] = {"--to", "--from", "--rounding",   "--overflow",    "-i",
                                          "-o",   "--seed", "--polynomial", "--random-bits", NULL};
    for (int i = 0; options[i]; i++)
        if (strcmp(argument, options[i]) == 0)
            return true;
    return false;
}

/* A negative number is no option. */
static bool is_option(const char *argument)
{
    char *end = NULL;
    if (argument[0] != '-')
        return false;
    strtod(argument, &end);
    return end == argument || *end != '\0';
}

static bool parse(struct options *o, int argc, char **argv)
{
    bool ended = false; /* by --: what follows are inputs */
    for (int i = 1; i < argc; i++) {
        if (ended || !is_option(argv[i])) {
            o->inputs[o->n_inputs++] = argv[i];
        } else if (strcmp(argv[i], "--") == 0) {
            ended = true;
        } else if (strcmp(argv[i], "--json") == 0) {
            o->json = true;
        } else if (strcmp(argv[i], "--binary") == 0) {
            o->files.binary = true;
        } else if (!takes_value(argv[i])) {
            fprintf(stderr, "%s: no option '%s'; '%s --help' lists them\n", program, argv[i],
                    program);
            return false;
        } else if (i + 1 == argc) {
            fprintf(stderr, "%s: %s needs a value\n", program, argv[i]);
            return false;
        } else {
            if (!take_option(o, argv[i], argv[i + 1]))
                return false;
            i++;
        }
    }
    return true;
}

/* One override after the other, in the words of a format's own text. */
static bool override(struct options *o, const char *key, const char *value)
{
    if (!value)
        return true;
    const char *error = ts_format_set(&o->to, key, value);
    if (error)
        fprintf(stderr, "%s: %s\n", program, error);
    return !error;
}

static bool complete(struct options *o)
{
    const char *error = NULL;
    if (!o->has_to)
        error = "--to FORMAT is missing; 'tessera formats' lists them";
    else if (!o->files.in && o->n_inputs == 0)
        error = "nothing to convert: give numbers, or a file with -i";
    else if (o->files.in && o->n_inputs > 0)
        error = "numbers or a file, not both";
    else if (!o->files.in && (o->files.out || o->files.binary))
        error = "-o and --binary go with -i";
    else if (o->files.binary && !o->conversion.from)
        error = "--binary needs --from, as only codes have bytes (fp32 for floats)";
    else if (o->files.in && o->json && !o->files.out)
        error = "--json with -i needs -o, as standard output has the codes";
    if (error) {
        fprintf(stderr, "%s: %s\n", program, error);
        return false;
    }
    if (!override(o, "rounding", o->rounding) || !override(o, "overflow", o->overflow))
        return false;
    o->conversion.to = o->to;
    return complete_register(&o->conversion.lfsr);
}

static const char *error_text(const struct ts_converted *n, char *text, size_t size)
{
    char ulps[32] = "";
    if (n->exact)
        return "none";
    if (!n->has_error)
        return isnan(n->input) ? "not a number" : isinf(n->input) ? "infinite" : "overflow";
    if (n->has_ulps)
        snprintf(ulps, sizeof ulps, ", %.4g ulp", n->ulps);
    if (n->input == 0) /* a format without zero */
        snprintf(text, size, "%.6g%s", n->error, ulps);
    else
        snprintf(text, size, "%.6g (%.4g %%%s)", n->error, 100 * n->error / fabs(n->input), ulps);
    return text;
}

static void print_one(const struct options *o, const char *input, const struct ts_converted *n)
{
    char exact[TS_EXACT_TEXT];
    char fields[TS_FIELDS_TEXT];
    char error[96];
    const struct ts_format *from = o->conversion.from;
    if (from) {
        printf("from   0x%0*X  %s  %s\n", ts_hex_digits(from), (unsigned)n->from_code,
               ts_fields_text(from, n->from_code, fields), from->name);
        input = ts_exact_text(n->input, exact);
    }
    printf("input  %s\n", input);
    printf("code   0x%0*X  %s  %s\n", ts_hex_digits(&o->to), (unsigned)n->code,
           ts_fields_text(&o->to, n->code, fields), o->to.name);
    printf("value  %s", ts_exact_text(n->output, exact));
    if (isfinite(n->output))
        printf("  (%a)", n->output);
    printf("\nerror  %s\n", error_text(n, error, sizeof error));
}

static void print_row(const struct options *o, const char *input, const struct ts_converted *n)
{
    char exact[TS_EXACT_TEXT];
    char fields[TS_FIELDS_TEXT];
    char error[96];
    printf("%-20s 0x%0*X  %s  %-20s %s\n", input, ts_hex_digits(&o->to), (unsigned)n->code,
           ts_fields_text(&o->to, n->code, fields), ts_exact_text(n->output, exact),
           error_text(n, error, sizeof error));
}

static void add_number(cJSON *json, const char *name, double x)
{
    char text[TS_EXACT_TEXT];
    if (isfinite(x))
        cJSON_AddNumberToObject(json, name, x);
    else
        cJSON_AddStringToObject(json, name, ts_exact_text(x, text));
}

static cJSON *json_one(const struct options *o, const char *input, const struct ts_converted *n)
{
    cJSON *json = cJSON_CreateObject();
    char text[TS_EXACT_TEXT];
    cJSON_AddStringToObject(json, "input", input);
    if (o->conversion.from)
        add_number(json, "input_value", n->input);
    snprintf(text, sizeof text, "0x%0*X", ts_hex_digits(&o->to), (unsigned)n->code);
    cJSON_AddStringToObject(json, "code", text);
    cJSON_AddStringToObject(json, "fields", ts_fields_text(&o->to, n->code, text));
    add_number(json, "value", n->output);
    cJSON_AddStringToObject(json, "exact_value", ts_exact_text(n->output, text));
    snprintf(text, sizeof text, "%a", n->output);
    cJSON_AddStringToObject(json, "hex_value", text);
    cJSON_AddBoolToObject(json, "exact", n->exact);
    if (n->has_error) {
        cJSON_AddNumberToObject(json, "error", n->error);
        if (n->input != 0)
            cJSON_AddNumberToObject(json, "relative_error", n->error / fabs(n->input));
    }
    if (n->has_ulps)
        cJSON_AddNumberToObject(json, "error_ulps", n->ulps);
    return json;
}

/* All of them, before a result of the first is seen. */
static bool inputs_are_good(const struct options *o)
{
    for (int i = 0; i < o->n_inputs; i++) {
        struct ts_converted n;
        const char *error = ts_conversion_read(&o->conversion, o->inputs[i], &n);
        if (error) {
            fprintf(stderr, "%s: %s\n", program, error);
            return false;
        }
    }
    return true;
}

static int convert_arguments(struct options *o)
{
    if (!inputs_are_good(o))
        return TS_EXIT_USAGE;
    cJSON *list = o->json ? cJSON_CreateArray() : NULL;
    for (int i = 0; i < o->n_inputs; i++) {
        struct ts_converted n;
        (void)ts_conversion_read(&o->conversion, o->inputs[i], &n);
        ts_conversion_round(&o->conversion, &n);
        if (o->json)
            cJSON_AddItemToArray(list, json_one(o, o->inputs[i], &n));
        else if (o->n_inputs == 1)
            print_one(o, o->inputs[i], &n);
        else
            print_row(o, o->inputs[i], &n);
    }
    return o->json ? ts_cli_print_json(program, list) : TS_EXIT_OK;
}

static const struct {
    const char *text, *key;
} groups[TS_CONVERT_GROUPS] = {
    [TS_CONVERT_NO_NUMBER] = {"no number", "no_number"},
    [TS_CONVERT_EXACT] = {"exact", "exact"},
    [TS_CONVERT_OUT_OF_RANGE] = {"out of range", "out_of_range"},
    [TS_CONVERT_BECAME_ZERO] = {"became zero", "became_zero"},
    [TS_CONVERT_ROUNDED] = {"rounded", "rounded"},
};

static int print_summary(const struct options *o, const struct ts_convert_summary *s)
{
    double nmse = s->input2 > 0 ? s->error2 / s->input2 : 0;
    if (!o->json) {
        printf("%s: %llu numbers to %s\n", o->files.out, (unsigned long long)s->numbers,
               o->to.name);
        for (int i = 0; i < TS_CONVERT_GROUPS; i++)
            printf("%s%s %llu", i ? ", " : "  ", groups[i].text, (unsigned long long)s->groups[i]);
        putchar('\n');
        printf("  largest error %.4g ulp, NMSE %.4g", s->max_ulps, nmse);
        printf(nmse > 0 ? " (SNR %.2f dB)\n" : "\n", -10 * log10(nmse));
        return TS_EXIT_OK;
    }
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "file", o->files.out);
    cJSON_AddStringToObject(json, "format", o->to.name);
    cJSON_AddNumberToObject(json, "numbers", (double)s->numbers);
    for (int i = 0; i < TS_CONVERT_GROUPS; i++)
        cJSON_AddNumberToObject(json, groups[i].key, (double)s->groups[i]);
    cJSON_AddNumberToObject(json, "max_error_ulps", s->max_ulps);
    cJSON_AddNumberToObject(json, "nmse", nmse);
    return ts_cli_print_json(program, json);
}

static int convert_file(struct options *o)
{
    struct ts_convert_summary summary = {0};
    int status = ts_convert_file(program, &o->conversion, &o->files, &summary);
    if (status == TS_EXIT_OK && o->files.out)
        status = print_summary(o, &summary);
    return status;
}

int main(int argc, char **argv)
{
    if (ts_cli_introduces(argc, argv, summary_line, help))
        return ts_cli_finish(program, TS_EXIT_OK);
    struct options o = {
        .conversion = {.lfsr = {TS_LFSR_POLYNOMIAL, TS_LFSR_SEED}, .random_bits = TS_RANDOM_BITS},
        .inputs = argv, /* those taken as inputs move to its front */
    };
    if (!parse(&o, argc, argv) || !complete(&o))
        return TS_EXIT_USAGE;
    int status = o.files.in ? convert_file(&o) : convert_arguments(&o);
    return ts_cli_finish(program, status);
}
