/* SPDX-License-Identifier: Apache-2.0 */
/* Recursive descent; binding from weak to strong: or, and (also by juxtaposition), xor, not. */
#include "synth/function.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

struct parser {
    const char *at;
    const char *const *inputs;
    int n, all; /* all: the table of 1 */
    bool failed;
};

static int parse_or(struct parser *p);

static char peek(struct parser *p)
{
    while (isspace((unsigned char)*p->at))
        p->at++;
    return *p->at;
}

static int parse_name(struct parser *p)
{
    static const int tables[TS_FUNCTION_INPUTS] = {0xA, 0xC};
    size_t size = strcspn(p->at, " \t\n!'&*|+^()");
    for (int i = 0; i < p->n && i < TS_FUNCTION_INPUTS; i++)
        if (strlen(p->inputs[i]) == size && strncmp(p->at, p->inputs[i], size) == 0) {
            p->at += size;
            return tables[i] & p->all;
        }
    bool one = size == 1 && *p->at == '1';
    p->failed |= !one && !(size == 1 && *p->at == '0');
    p->at += size;
    return one ? p->all : 0;
}

static int parse_not(struct parser *p)
{
    int table;
    char c = peek(p);
    if (c == '!') {
        p->at++;
        return ~parse_not(p) & p->all;
    }
    if (c == '(') {
        p->at++;
        table = parse_or(p);
        p->failed |= peek(p) != ')';
        p->at += !p->failed;
    } else
        table = parse_name(p);
    for (; !p->failed && peek(p) == '\''; p->at++)
        table = ~table & p->all;
    return table;
}

static int parse_xor(struct parser *p)
{
    int table = parse_not(p);
    while (!p->failed && peek(p) == '^') {
        p->at++;
        table ^= parse_not(p);
    }
    return table;
}

static int parse_and(struct parser *p)
{
    int table = parse_xor(p);
    while (!p->failed && !strchr("|+)", peek(p))) {
        if (strchr("&*", *p->at))
            p->at++;
        table &= parse_xor(p);
    }
    return table;
}

static int parse_or(struct parser *p)
{
    int table = parse_and(p);
    while (!p->failed && (peek(p) == '|' || *p->at == '+')) {
        p->at++;
        table |= parse_and(p);
    }
    return table;
}

int ts_function_table(const char *function, const char *const *inputs, int n)
{
    if (n > TS_FUNCTION_INPUTS)
        return -1;
    struct parser p = {.at = function, .inputs = inputs, .n = n, .all = (1 << (1 << n)) - 1};
    int table = parse_or(&p);
    return p.failed || peek(&p) ? -1 : table;
}
