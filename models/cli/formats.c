/* SPDX-License-Identifier: Apache-2.0 */
/* tessera formats: the number formats as their descriptors tell them. */
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/format_text.h"
#include "cli/number_line.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char program[] = "tessera formats";
static const char summary[] = "list the number formats, or show one with its numbers";
static const char help[] =
    "usage: tessera formats [--json]\n"
    "       tessera formats [--json] NAME[:KEY=VALUE,...]\n"
    "\n"
    "Without NAME, lists every format: bits of sign, exponent and mantissa, bias,\n"
    "range, rounding, and the publication that settles it ([A] marks an assumption\n"
    "where none does).\n"
    "\n"
    "With NAME, shows one: what its codes mean, its range, all its numbers if it\n"
    "has at most 8 bits, and a number line. After a colon some of it can be\n"
    "overridden:\n"
    "  bias=N        of a float, -512 to 512\n"
    "  overflow=...  special, saturate, or saturate_infinity (infinities too); toward\n"
    "                zero nothing gets past the largest number, so special saturates\n"
    "  rounding=...  nearest_even, nearest_up, toward_zero, or stochastic\n"
    "\n"
    "  --json   the same as JSON, for scripts, with all digits\n"
    "\n"
    "Examples:\n"
    "  tessera formats\n"
    "  tessera formats fp4_r4_even\n"
    "  tessera formats fp8_143:bias=9\n"
    "  tessera formats --json e2m1 | jq '.values[] | {code, exact}'\n";

/* Formats of up to so many bits have all their codes shown. */
enum { SHOWN_BITS = 8 };

static bool is_float(const struct ts_format *f)
{
    return f->kind == TS_KIND_FLOAT;
}

static int sign_bits(const struct ts_format *f)
{
    return f->kind != TS_KIND_UINT && !f->is_unsigned;
}

static double largest(const struct ts_format *f)
{
    return ts_to_double(f, ts_largest_code(f));
}

static double smallest(const struct ts_format *f)
{
    return ts_to_double(f, ts_smallest_code(f));
}

static double lowest(const struct ts_format *f)
{
    return ts_to_double(f, ts_lowest_code(f));
}

static double smallest_normal(const struct ts_format *f)
{
    bool gradual = is_float(f) && f->e0 == TS_E0_SUBNORMAL;
    return gradual ? ts_to_double(f, (uint32_t)f->min_exp << f->man_bits) : smallest(f);
}

static void fields_of(const struct ts_format *f, char *text, size_t size)
{
    if (is_float(f))
        snprintf(text, size, "%d,%d,%d", sign_bits(f), f->exp_bits, f->man_bits);
    else
        snprintf(text, size, "%d", f->man_bits);
}

static const char *special_text(const struct ts_format *f)
{
    switch (f->specials) {
    case TS_SPECIALS_NANINF:
        return "e and m all ones: NaN-Infinity";
    case TS_SPECIALS_NAN:
        return f->man_bits ? "e and m all ones: NaN; no infinity" : "e all ones: NaN; no infinity";
    case TS_SPECIALS_IEEE:
        return "e all ones: infinity (m = 0) or NaN";
    case TS_SPECIALS_NONE:
        break;
    }
    return "none";
}

static const char *e0_text(const struct ts_format *f)
{
    switch (f->e0) {
    case TS_E0_ZERO:
        return f->min_exp > 1 ? "zero, and so is e = 1" : "zero";
    case TS_E0_NORMAL_OR_ZERO:
        return "normal numbers, but e = m = 0 is zero";
    case TS_E0_SUBNORMAL:
        return "gradual underflow";
    case TS_E0_NORMAL:
        break;
    }
    return "a normal number; there is no zero";
}

/* What the policy comes to: toward zero, nothing rounds past the largest number. */
static enum ts_overflow overflow_of(const struct ts_format *f)
{
    bool special = f->overflow == TS_OVERFLOW_SPECIAL;
    return special && f->rounding == TS_TOWARD_ZERO ? TS_OVERFLOW_SATURATE : f->overflow;
}

static const char *overflow_text(const struct ts_format *f)
{
    static const char *const special[] = {"", "gives NaN-Infinity", "gives NaN", "gives infinity"};
    if (overflow_of(f) == TS_OVERFLOW_SPECIAL)
        return special[f->specials];
    return f->overflow == TS_OVERFLOW_SATURATE_INFINITY ? "saturates, as an infinity does"
                                                        : "saturates";
}

static const char *rounding_text(const struct ts_format *f)
{
    static const char *const texts[] = {"to nearest, ties to the even code",
                                        "to nearest, ties away from zero", "toward zero",
                                        "stochastic"};
    return texts[f->rounding];
}

static void value_text(const struct ts_format *f, char *text, size_t size)
{
    if (!is_float(f)) {
        snprintf(text, size, "%s", f->kind == TS_KIND_INT ? "two's complement" : "unsigned");
        return;
    }
    char fraction[32] = "";
    if (f->man_bits)
        snprintf(fraction, sizeof fraction, "(1 + m/%d) * ", 1 << f->man_bits);
    snprintf(text, size, "%s%s%s%d^(e %c %d)", sign_bits(f) ? "(-1)^s * " : "", fraction,
             f->offset ? "2 * " : "", f->radix_log2 == 2 ? 4 : 2, f->bias < 0 ? '+' : '-',
             abs(f->bias));
}

static void print_list(void)
{
    printf("%-12s %4s  %-7s %5s %5s  %11s  %11s  %-12s  %s\n", "name", "bits", "s,e,m", "radix",
           "bias", "smallest", "largest", "rounding", "source");
    for (size_t i = 0; ts_formats[i]; i++) {
        const struct ts_format *f = ts_formats[i];
        char fields[16] = "-";
        char radix[8] = "-";
        char bias[8] = "-";
        if (is_float(f)) {
            fields_of(f, fields, sizeof fields);
            snprintf(radix, sizeof radix, "%d", f->radix_log2 == 2 ? 4 : 2);
            snprintf(bias, sizeof bias, "%d", f->bias);
        }
        printf("%-12s %4d  %-7s %5s %5s  %11.6g  %11.6g  %-12s  %s\n", f->name, ts_format_bits(f),
               fields, radix, bias, smallest(f), largest(f), ts_rounding_names[f->rounding],
               f->source);
    }
    puts(
        "\nsmallest: above zero. 'tessera formats NAME' shows one; 'tessera formats --help' more.");
}

static void print_number(const struct ts_format *f, const char *name, double x)
{
    char exact[TS_EXACT_TEXT];
    uint32_t code = ts_encode(f, ts_value_of_double(x), TS_TOWARD_ZERO, f->overflow);
    ts_exact_text(x, exact);
    if (strlen(exact) > 48) /* the rest is for --json */
        snprintf(exact, sizeof exact, "%.17g", x);
    printf("  %-19s 0x%0*X  %s", name, ts_hex_digits(f), (unsigned)code, exact);
    if (is_float(f))
        printf("  (%a)", x);
    putchar('\n');
}

static void print_range(const struct ts_format *f)
{
    puts("\nrange");
    print_number(f, "largest", largest(f));
    if (!is_float(f)) {
        print_number(f, "lowest", lowest(f));
        return;
    }
    print_number(f, "smallest normal", smallest_normal(f));
    if (f->e0 == TS_E0_SUBNORMAL)
        print_number(f, "smallest subnormal", smallest(f));
}

/* A cell of the table; codes that are no numbers say so. */
static void print_cell(const struct ts_format *f, uint32_t code)
{
    struct ts_value v = ts_decode(f, code);
    if (v.cls == TS_NAN)
        printf(" %11s", f->specials == TS_SPECIALS_NANINF ? "NaN-Inf" : "NaN");
    else
        printf(" %11.5g", ts_value_to_double(v));
}

static void print_table(const struct ts_format *f)
{
    bool mirrored = ts_format_has_sign_bit(f);
    uint32_t codes = 1U << (ts_format_bits(f) - mirrored);
    bool by_mantissa = is_float(f) && f->man_bits > 0;
    uint32_t columns = by_mantissa ? 1U << f->man_bits : 8;
    if (columns > codes)
        columns = codes;
    printf("\nnumbers, to 5 digits%s\n  %-10s", mirrored ? " (with s = 1 the negative ones)" : "",
           "code");
    for (uint32_t i = 0; i < columns; i++) {
        char head[16];
        snprintf(head, sizeof head, by_mantissa ? "m=%u" : "+%u", (unsigned)i);
        printf(" %11s", head);
    }
    putchar('\n');
    for (uint32_t row = 0; row < codes; row += columns) {
        int used = printf("  0x%0*X", ts_hex_digits(f), (unsigned)row);
        if (by_mantissa)
            used += printf("  e=%u", (unsigned)(row >> f->man_bits));
        printf("%*s", 12 - used, "");
        for (uint32_t i = 0; i < columns; i++)
            print_cell(f, row + i);
        putchar('\n');
    }
}

static void print_format(const struct ts_format *f)
{
    char fields[16];
    char value[64];
    fields_of(f, fields, sizeof fields);
    value_text(f, value, sizeof value);
    printf("%s: %d bits%s%s\n", f->name, ts_format_bits(f), is_float(f) ? ", s,e,m = " : "",
           is_float(f) ? fields : "");
    printf("source         %s\n", f->source);
    printf("value          %s\n", value);
    if (is_float(f)) {
        printf("e = 0          %s\n", e0_text(f));
        printf("special codes  %s\n", special_text(f));
    }
    printf("overflow       %s\n", overflow_text(f));
    printf("rounding       %s\n", rounding_text(f));
    print_range(f);
    if (ts_format_bits(f) <= SHOWN_BITS)
        print_table(f);
    ts_print_number_lines(f);
}

static const char *class_name(enum ts_class cls)
{
    static const char *const names[] = {"zero", "number", "infinity", "nan"};
    return names[cls];
}

static cJSON *json_number(const struct ts_format *f, uint32_t code)
{
    cJSON *json = cJSON_CreateObject();
    struct ts_value v = ts_decode(f, code);
    double x = ts_value_to_double(v);
    char text[TS_EXACT_TEXT];
    snprintf(text, sizeof text, "0x%0*X", ts_hex_digits(f), (unsigned)code);
    cJSON_AddStringToObject(json, "code", text);
    cJSON_AddStringToObject(json, "class", class_name(v.cls));
    if (v.cls == TS_ZERO || v.cls == TS_FINITE) {
        cJSON_AddNumberToObject(json, "value", x);
        cJSON_AddStringToObject(json, "exact", ts_exact_text(x, text));
        snprintf(text, sizeof text, "%a", x);
        cJSON_AddStringToObject(json, "hex", text);
    }
    return json;
}

static cJSON *json_of_value(const struct ts_format *f, double x)
{
    return json_number(f, ts_encode(f, ts_value_of_double(x), TS_TOWARD_ZERO, f->overflow));
}

static void add_float_fields(cJSON *json, const struct ts_format *f)
{
    cJSON_AddNumberToObject(json, "exponent_bits", f->exp_bits);
    cJSON_AddNumberToObject(json, "mantissa_bits", f->man_bits);
    cJSON_AddNumberToObject(json, "radix", f->radix_log2 == 2 ? 4 : 2);
    cJSON_AddNumberToObject(json, "bias", f->bias);
    cJSON_AddNumberToObject(json, "offset", f->offset);
    cJSON_AddStringToObject(json, "e0", e0_text(f));
    cJSON_AddStringToObject(json, "special_codes", special_text(f));
}

static cJSON *json_format(const struct ts_format *f)
{
    cJSON *json = cJSON_CreateObject();
    char value[64];
    value_text(f, value, sizeof value);
    cJSON_AddStringToObject(json, "name", f->name);
    cJSON_AddStringToObject(json, "kind", is_float(f) ? "float" : "integer");
    cJSON_AddNumberToObject(json, "bits", ts_format_bits(f));
    cJSON_AddNumberToObject(json, "sign_bits", sign_bits(f));
    if (is_float(f))
        add_float_fields(json, f);
    cJSON_AddStringToObject(json, "meaning", value);
    cJSON_AddStringToObject(json, "overflow", ts_overflow_names[overflow_of(f)]);
    cJSON_AddStringToObject(json, "rounding", ts_rounding_names[f->rounding]);
    cJSON_AddStringToObject(json, "source", f->source);
    cJSON_AddBoolToObject(json, "has_assumptions", strstr(f->source, "[A]") != NULL);
    cJSON_AddItemToObject(json, "largest", json_of_value(f, largest(f)));
    cJSON_AddItemToObject(json, "lowest", json_of_value(f, lowest(f)));
    cJSON_AddItemToObject(json, "smallest_normal", json_of_value(f, smallest_normal(f)));
    cJSON_AddItemToObject(json, "smallest", json_of_value(f, smallest(f)));
    return json;
}

static cJSON *json_list(void)
{
    cJSON *json = cJSON_CreateArray();
    for (size_t i = 0; ts_formats[i]; i++)
        cJSON_AddItemToArray(json, json_format(ts_formats[i]));
    return json;
}

static cJSON *json_one(const struct ts_format *f)
{
    cJSON *json = json_format(f);
    if (ts_format_bits(f) <= SHOWN_BITS) {
        cJSON *values = cJSON_AddArrayToObject(json, "values");
        for (uint32_t code = 0; code < 1U << ts_format_bits(f); code++)
            cJSON_AddItemToArray(values, json_number(f, code));
    }
    return json;
}

static int show(const char *name, bool json)
{
    struct ts_format format;
    if (!ts_cli_format(program, name, &format))
        return TS_EXIT_USAGE;
    if (json)
        return ts_cli_print_json(program, json_one(&format));
    print_format(&format);
    return TS_EXIT_OK;
}

int main(int argc, char **argv)
{
    if (ts_cli_introduces(argc, argv, summary, help))
        return ts_cli_finish(program, TS_EXIT_OK);
    bool json = false;
    const char *name = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            json = true;
        } else if (argv[i][0] == '-') {
            fprintf(stderr, "%s: no option '%s'; '%s --help' lists them\n", program, argv[i],
                    program);
            return TS_EXIT_USAGE;
        } else if (name) {
            fprintf(stderr, "%s: one format at a time: '%s' or '%s'\n", program, name, argv[i]);
            return TS_EXIT_USAGE;
        } else {
            name = argv[i];
        }
    }
    int status = TS_EXIT_OK;
    if (name)
        status = show(name, json);
    else if (json)
        status = ts_cli_print_json(program, json_list());
    else
        print_list();
    return ts_cli_finish(program, status);
}
