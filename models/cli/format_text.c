/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/format_text.h"

#include "cli/cli.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool ts_cli_format(const char *program, const char *text, struct ts_format *format)
{
    const char *error = ts_format_parse(text, format);
    if (!error)
        return true;
    enum { MAX_FORMATS = 64, MAX_NAME = 63 };
    char name[MAX_NAME + 1];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(text, ":"), text);
    const char *nearest = NULL;
    if (!ts_format_find(name)) {
        const char *names[MAX_FORMATS];
        size_t n = 0;
        for (; ts_formats[n] && n < MAX_FORMATS; n++)
            names[n] = ts_formats[n]->name;
        nearest = ts_cli_nearest(name, names, n);
        if (!nearest) {
            fprintf(stderr, "%s: %s; 'tessera formats' lists them\n", program, error);
            return false;
        }
    }
    if (nearest)
        fprintf(stderr, "%s: %s; did you mean '%s'?\n", program, error, nearest);
    else
        fprintf(stderr, "%s: %s\n", program, error);
    return false;
}

const char *ts_exact_text(double x, char text[TS_EXACT_TEXT])
{
    /* A double has at most 767 significant decimal digits. */
    enum { DIGITS = 767, LARGEST_FIXED = 20, SMALLEST_FIXED = -7 };
    if (!isfinite(x)) {
        snprintf(text, TS_EXACT_TEXT, "%s", isnan(x) ? "nan" : x < 0 ? "-inf" : "inf");
        return text;
    }
    char scientific[TS_EXACT_TEXT];
    snprintf(scientific, sizeof scientific, "%.*e", DIGITS - 1, fabs(x));
    char *e = strchr(scientific, 'e');
    int exponent = (int)strtol(e + 1, NULL, 10);
    while (e[-1] == '0')
        e--;
    if (e[-1] == '.')
        e--;
    int decimals = e > scientific + 1 ? (int)(e - scientific) - 2 : 0;
    if (exponent >= SMALLEST_FIXED && exponent <= LARGEST_FIXED)
        snprintf(text, TS_EXACT_TEXT, "%.*f", decimals > exponent ? decimals - exponent : 0, x);
    else
        snprintf(text, TS_EXACT_TEXT, "%.*e", decimals, x);
    return text;
}

static char *append_bits(char *text, uint32_t bits, int n)
{
    for (int i = n - 1; i >= 0; i--)
        *text++ = bits >> i & 1 ? '1' : '0';
    *text = '\0';
    return text;
}

const char *ts_fields_text(const struct ts_format *f, uint32_t code, char text[TS_FIELDS_TEXT])
{
    char *end = text;
    if (f->kind != TS_KIND_FLOAT) {
        append_bits(end, code, f->man_bits);
        return text;
    }
    if (ts_format_has_sign_bit(f))
        end += sprintf(end, "s=%u ", (unsigned)(code >> (f->exp_bits + f->man_bits) & 1));
    end = append_bits(end + sprintf(end, "e="), code >> f->man_bits, f->exp_bits);
    if (f->man_bits)
        append_bits(end + sprintf(end, " m="), code, f->man_bits);
    return text;
}

int ts_hex_digits(const struct ts_format *format)
{
    return (ts_format_bits(format) + 3) / 4;
}

bool ts_format_has_sign_bit(const struct ts_format *format)
{
    return format->kind == TS_KIND_FLOAT && !format->is_unsigned;
}

static uint32_t end_code(const struct ts_format *format, int sign)
{
    enum { BEYOND_ALL = 2000 };
    struct ts_value beyond = ts_value_of_int(sign, BEYOND_ALL);
    return ts_encode(format, beyond, TS_TOWARD_ZERO, TS_OVERFLOW_SATURATE);
}

uint32_t ts_largest_code(const struct ts_format *format)
{
    return end_code(format, 1);
}

uint32_t ts_lowest_code(const struct ts_format *format)
{
    return end_code(format, -1);
}

uint32_t ts_smallest_code(const struct ts_format *format)
{
    uint32_t code = 0;
    while (ts_decode(format, code).cls != TS_FINITE)
        code++;
    return code;
}
