/* SPDX-License-Identifier: Apache-2.0 */
/* The precision policy: its text, and what it says of a layer. */
#include "design/policy.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MAX_LINE = 128, MAX_WORDS = 6, TS_MODES_4BIT = TS_MODE_INT4 | TS_MODE_FP4 };

static const char *const layer_names[] = {"all",       "first",  "last",   "conv",
                                          "depthwise", "linear", "matmul", NULL};
static const char *const pass_names[] = {"fwd", "bwd", "grad", NULL};
static const char *const mode_names[] = {"4bit", "hfp8", "fp16", NULL};
static const int64_t mode_bits[] = {TS_MODES_4BIT, TS_MODE_HFP8, TS_MODE_FP16};

struct message {
    char *text;
    size_t size;
};

__attribute__((format(printf, 2, 3))) static bool refuse(struct message *to, const char *format,
                                                         ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(to->text, to->size, format, arguments);
    va_end(arguments);
    return false;
}

static int index_of(const char *word, const char *const *names)
{
    for (int i = 0; names[i]; i++)
        if (strcmp(names[i], word) == 0)
            return i;
    return -1;
}

/* Cuts a line in place. Returns the number of words, MAX_WORDS if there are as many or more. */
static int split(char *line, char **words)
{
    int n = 0;
    char *rest = NULL;
    for (char *word = strtok_r(line, " \t\r", &rest); word && n < MAX_WORDS;
         word = strtok_r(NULL, " \t\r", &rest))
        words[n++] = word;
    return n;
}

static bool is_kernel(const char *word, struct ts_policy_rule *rule)
{
    enum { MAX_KERNEL = 1024 };
    int end = 0;
    return sscanf(word, "%4dx%4d%n", &rule->kh, &rule->kw, &end) == 2 && !word[end] &&
           rule->kh >= 1 && rule->kw >= 1 && rule->kh <= MAX_KERNEL && rule->kw <= MAX_KERNEL;
}

static bool parse_mode(const char *word, int64_t modes, struct ts_policy_rule *rule,
                       struct message *error)
{
    int mode = index_of(word, mode_names);
    if (mode < 0)
        return refuse(error, "no mode '%s'; there are 4bit, hfp8, fp16", word);
    rule->modes = mode_bits[mode];
    if ((rule->modes & modes) != rule->modes)
        return refuse(error, "mode %s is none of the design's modes%s", word,
                      mode == 0 ? ": it needs int4 and fp4" : "");
    return true;
}

/* `n` words, at least one. */
static bool parse_rule(char *const *words, int n, int64_t modes, struct ts_policy_rule *rule,
                       struct message *error)
{
    int at = 1;
    *rule = (struct ts_policy_rule){.passes = TS_PASS_ALL};
    int layers = index_of(words[0], layer_names);
    if (layers < 0)
        return refuse(error,
                      "no layers '%s'; there are all, first, last, conv, depthwise, "
                      "linear, matmul",
                      words[0]);
    rule->layers = (enum ts_layers)layers;
    if (at < n && rule->layers == TS_LAYERS_CONV && is_kernel(words[at], rule))
        at++;
    int pass = at < n ? index_of(words[at], pass_names) : -1;
    if (pass >= 0) {
        rule->passes = 1 << pass;
        at++;
    }
    if (at + 2 != n || strcmp(words[at], "->") != 0)
        return refuse(error, "after '%s' a rule is [HxW of conv] [fwd, bwd or grad] -> MODE",
                      words[0]);
    return parse_mode(words[at + 1], modes, rule, error);
}

static bool is_total(const struct ts_policy *policy)
{
    if (policy->n == 0)
        return false;
    const struct ts_policy_rule *last = &policy->rules[policy->n - 1];
    return last->layers == TS_LAYERS_ALL && last->passes == TS_PASS_ALL;
}

bool ts_policy_parse(const char *text, int64_t modes, struct ts_policy *policy, char *error,
                     size_t size)
{
    struct message message = {error, size};
    error[0] = '\0';
    policy->n = 0;
    for (int number = 1; *text; number++) {
        char line[MAX_LINE], why[MAX_LINE + MAX_LINE], *words[MAX_WORDS];
        size_t length = strcspn(text, "\n");
        if (length >= sizeof line)
            return refuse(&message, "rule %d is longer than %zu bytes", number, sizeof line - 1);
        memcpy(line, text, length);
        line[length] = '\0';
        text += length + (text[length] == '\n');
        int n = split(line, words);
        if (n == 0)
            continue;
        if (policy->n == TS_POLICY_RULES)
            return refuse(&message, "more than %d rules", TS_POLICY_RULES);
        struct message reason = {why, sizeof why};
        if (!parse_rule(words, n, modes, &policy->rules[policy->n], &reason))
            return refuse(&message, "rule %d: %s", number, why);
        policy->n++;
    }
    return is_total(policy) || refuse(&message, "the last rule must be for all: all -> MODE");
}

static bool fits(const struct ts_policy_rule *rule, const struct ts_policy_layer *layer,
                 enum ts_passes pass)
{
    if (!(rule->passes & (int)pass))
        return false;
    switch (rule->layers) {
    case TS_LAYERS_ALL:
        return true;
    case TS_LAYERS_FIRST:
        return layer->first;
    case TS_LAYERS_LAST:
        return layer->last;
    case TS_LAYERS_CONV:
        return layer->kind == TS_LAYERS_CONV &&
               (rule->kh == 0 || (rule->kh == layer->kh && rule->kw == layer->kw));
    default:
        return rule->layers == layer->kind;
    }
}

int64_t ts_policy_mode(const struct ts_policy *policy, const struct ts_policy_layer *layer,
                       enum ts_passes pass)
{
    int i = 0;
    while (i < policy->n - 1 && !fits(&policy->rules[i], layer, pass))
        i++;
    int64_t modes = policy->rules[i].modes;
    if (modes != TS_MODES_4BIT)
        return modes;
    return pass == TS_PASS_FWD ? TS_MODE_INT4 : TS_MODE_FP4;
}
