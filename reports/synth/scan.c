/* SPDX-License-Identifier: Apache-2.0 */
/* Liberty's statements: comments, quotes and braces, but no meaning. */
#include "synth/scan.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool starts(const struct ts_scan *scan, const char *text)
{
    size_t n = strlen(text);
    return (size_t)(scan->end - scan->at) >= n && memcmp(scan->at, text, n) == 0;
}

/* Space, comments, line continuations, and stray semicolons. */
static void skip_space(struct ts_scan *scan)
{
    while (scan->at < scan->end) {
        if (starts(scan, "/*")) {
            scan->at += 2;
            while (scan->at < scan->end && !starts(scan, "*/"))
                scan->at++;
            scan->at += starts(scan, "*/") ? 2 : 0;
        } else if (starts(scan, "//")) {
            while (scan->at < scan->end && *scan->at != '\n')
                scan->at++;
        } else if (isspace((unsigned char)*scan->at) || *scan->at == '\\' || *scan->at == ';')
            scan->at++;
        else
            return;
    }
}

/* Up to one of `ends` outside quotes. */
static struct ts_span take_until(struct ts_scan *scan, const char *ends)
{
    const char *from = scan->at;
    bool quoted = false;
    for (; scan->at < scan->end && (quoted || !strchr(ends, *scan->at)); scan->at++)
        if (*scan->at == '"')
            quoted = !quoted;
    return (struct ts_span){from, (size_t)(scan->at - from)};
}

static struct ts_span trim(struct ts_span span)
{
    while (span.size && (isspace((unsigned char)*span.at) || *span.at == '"')) {
        span.at++;
        span.size--;
    }
    while (span.size &&
           (isspace((unsigned char)span.at[span.size - 1]) || span.at[span.size - 1] == '"'))
        span.size--;
    return span;
}

static struct ts_span take_name(struct ts_scan *scan)
{
    const char *from = scan->at;
    while (scan->at < scan->end && (isalnum((unsigned char)*scan->at) || *scan->at == '_'))
        scan->at++;
    return (struct ts_span){from, (size_t)(scan->at - from)};
}

static bool take(struct ts_scan *scan, char c)
{
    if (scan->at == scan->end || *scan->at != c)
        return false;
    scan->at++;
    return true;
}

struct ts_statement ts_scan_next(struct ts_scan *scan)
{
    struct ts_statement statement = {.kind = TS_MALFORMED};
    skip_space(scan);
    statement.start = scan->at;
    if (scan->at == scan->end)
        statement.kind = TS_TEXT_END;
    else if (take(scan, '}'))
        statement.kind = TS_GROUP_END;
    else {
        statement.name = take_name(scan);
        skip_space(scan);
        if (statement.name.size && take(scan, ':')) {
            statement.value = trim(take_until(scan, ";\n}"));
            statement.kind = TS_ATTRIBUTE;
        } else if (statement.name.size && take(scan, '(')) {
            statement.value = trim(take_until(scan, ")"));
            if (take(scan, ')')) {
                skip_space(scan);
                statement.kind = take(scan, '{') ? TS_GROUP : TS_ATTRIBUTE;
            }
        }
    }
    return statement;
}

bool ts_scan_leave(struct ts_scan *scan)
{
    for (int depth = 1; depth > 0;) {
        skip_space(scan);
        take_until(scan, "{}/");
        if (scan->at == scan->end)
            return false;
        if (*scan->at == '/' && (starts(scan, "/*") || starts(scan, "//")))
            continue;
        depth += *scan->at == '{' ? 1 : *scan->at == '}' ? -1 : 0;
        scan->at++;
    }
    return true;
}

bool ts_span_is(struct ts_span span, const char *text)
{
    return strlen(text) == span.size && memcmp(span.at, text, span.size) == 0;
}

void ts_span_copy(struct ts_span span, char *text, size_t size)
{
    snprintf(text, size, "%.*s", (int)(span.size < size ? span.size : size), span.at);
}

double ts_span_number(struct ts_span span, double otherwise)
{
    char text[64], *end;
    ts_span_copy(span, text, sizeof text);
    double number = strtod(text, &end);
    return end == text ? otherwise : number;
}
