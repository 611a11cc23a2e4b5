/* SPDX-License-Identifier: Apache-2.0 */
/* HTML, escaped. */
#include "render/html.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void ts_html_text(FILE *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        case '\'':
            fputs("&#39;", out);
            break;
        default:
            fputc(*text, out);
        }
    }
}

void ts_html_printf(FILE *out, const char *format, ...)
{
    char *text = NULL;
    size_t size = 0;
    FILE *plain = open_memstream(&text, &size);
    if (!plain)
        return;
    va_list args;
    va_start(args, format);
    vfprintf(plain, format, args);
    va_end(args);
    fclose(plain);
    ts_html_text(out, text);
    free(text);
}

/* "-1234567.25" to "&minus;1,234,567.25". */
static void group(char text[TS_NUMBER], const char *plain)
{
    FILE *out = fmemopen(text, TS_NUMBER, "w");
    if (!out)
        return;
    if (*plain == '-') {
        fputs("&minus;", out);
        plain++;
    }
    size_t whole = strcspn(plain, ".e");
    for (size_t i = 0; i < whole; i++) {
        fputc(plain[i], out);
        if ((whole - i) % 3 == 1 && i + 1 < whole)
            fputc(',', out);
    }
    for (const char *p = plain + whole; *p; p++) {
        /* 1.8e-06 */
        if (*p == 'e') {
            fprintf(out, "e&minus;%d", abs(atoi(p + 1)));
            break;
        }
        fputc(*p, out);
    }
    fclose(out);
}

const char *ts_html_number(char text[TS_NUMBER], double value, int digits)
{
    char plain[TS_NUMBER];
    double magnitude = fabs(value);
    if (!isfinite(value)) {
        snprintf(text, TS_NUMBER, "&mdash;");
        return text;
    }
    if (magnitude >= 1e15 || (magnitude > 0 && magnitude < 1e-4)) {
        snprintf(plain, sizeof plain, "%.*e", digits - 1, value);
        group(text, plain);
        return text;
    }
    int whole = magnitude > 0 ? (int)floor(log10(magnitude)) + 1 : 1;
    int decimals = digits > whole ? digits - whole : 0;
    if (value == floor(value) && magnitude >= 1e3)
        decimals = 0;
    snprintf(plain, sizeof plain, "%.*f", value == 0 ? 0 : decimals, value);
    group(text, plain);
    return text;
}

void ts_html_cell(FILE *out, double value, int digits)
{
    char text[TS_NUMBER];
    if (isfinite(value))
        fprintf(out, "<td class=\"n\">%s</td>", ts_html_number(text, value, digits));
    else
        fputs("<td class=\"n none\" title=\"not measured\">&mdash;</td>", out);
}

void ts_html_text_cell(FILE *out, const char *text)
{
    fputs("<td>", out);
    ts_html_text(out, text);
    fputs("</td>", out);
}

void ts_html_kind(FILE *out, const char *kind)
{
    fputs("<span class=\"kind\">", out);
    ts_html_text(out, *kind ? kind : "not stated");
    fputs("</span>", out);
}

void ts_html_kind_cell(FILE *out, const char *kind)
{
    fputs("<td>", out);
    ts_html_kind(out, kind);
    fputs("</td>", out);
}

void ts_html_unit(FILE *out, const char *unit)
{
    for (; *unit; unit++) {
        if (strncmp(unit, "mm2", 3) == 0 || strncmp(unit, "um2", 3) == 0) {
            fputs(*unit == 'u' ? "&micro;m&sup2;" : "mm&sup2;", out);
            unit += 2;
        } else if (strncmp(unit, "uW", 2) == 0) {
            fputs("&micro;W", out);
            unit++;
        } else {
            fputc(*unit, out);
        }
    }
}

static void head_cell(FILE *out, char *column)
{
    bool number = *column == '>';
    char *unit = strchr(column, '[');
    if (unit)
        *unit++ = '\0';
    fputs(number ? "<th class=\"n\">" : "<th>", out);
    ts_html_unit(out, column + number);
    if (unit) {
        unit[strcspn(unit, "]")] = '\0';
        fputs("<small>", out);
        ts_html_unit(out, unit);
        fputs("</small>", out);
    }
    fputs("</th>", out);
}

void ts_html_head(FILE *out, const char *columns)
{
    char *copy = strdup(columns), *rest = NULL;
    fputs("<thead><tr>", out);
    for (char *c = copy ? strtok_r(copy, "|", &rest) : NULL; c; c = strtok_r(NULL, "|", &rest))
        head_cell(out, c);
    fputs("</tr></thead>", out);
    free(copy);
}
