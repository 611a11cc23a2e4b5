/* SPDX-License-Identifier: Apache-2.0 */
/* Formats as text: a name and what of it is overridden. */
#include "tessera/format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const ts_rounding_names[] = {"nearest_even", "nearest_up", "toward_zero", "stochastic",
                                         NULL};
const char *const ts_overflow_names[] = {"special", "saturate", "saturate_infinity", NULL};

enum { MAX_TEXT = 128 };

static _Thread_local char message[3 * MAX_TEXT];

/* The index of a name, or -1 with a message that lists them all. */
static int index_of(const char *key, const char *value, const char *const *names)
{
    for (int i = 0; names[i]; i++)
        if (strcmp(names[i], value) == 0)
            return i;
    int used = snprintf(message, sizeof message, "%s must be", key);
    for (int i = 0; names[i]; i++) {
        const char *separator = i == 0 ? "" : names[i + 1] ? "," : " or";
        used +=
            snprintf(message + used, sizeof message - (size_t)used, "%s %s", separator, names[i]);
    }
    snprintf(message + used, sizeof message - (size_t)used, ", not '%s'", value);
    return -1;
}

static const char *set_bias(struct ts_format *f, const char *value)
{
    if (f->kind != TS_KIND_FLOAT) {
        snprintf(message, sizeof message, "%s is an integer and has no bias", f->name);
        return message;
    }
    char *end = NULL;
    long bias = strtol(value, &end, 10);
    if (end == value || *end != '\0' || bias < -TS_MAX_BIAS || bias > TS_MAX_BIAS) {
        snprintf(message, sizeof message, "bias must be a number from %d to %d, not '%s'",
                 -TS_MAX_BIAS, TS_MAX_BIAS, value);
        return message;
    }
    f->bias = (int16_t)bias;
    return NULL;
}

static const char *set_overflow(struct ts_format *f, const char *value)
{
    int overflow = index_of("overflow", value, ts_overflow_names);
    if (overflow < 0)
        return message;
    bool has_special = f->kind == TS_KIND_FLOAT && f->specials != TS_SPECIALS_NONE;
    if (overflow == TS_OVERFLOW_SPECIAL && !has_special) {
        snprintf(message, sizeof message, "%s has no special code: its overflow saturates",
                 f->name);
        return message;
    }
    f->overflow = (enum ts_overflow)overflow;
    return NULL;
}

const char *ts_format_set(struct ts_format *f, const char *key, const char *value)
{
    if (strcmp(key, "bias") == 0)
        return set_bias(f, value);
    if (strcmp(key, "overflow") == 0)
        return set_overflow(f, value);
    if (strcmp(key, "rounding") == 0) {
        int rounding = index_of("rounding", value, ts_rounding_names);
        if (rounding < 0)
            return message;
        f->rounding = (enum ts_rounding)rounding;
        return NULL;
    }
    snprintf(message, sizeof message,
             "a format has no '%s' to override, only bias, overflow and rounding", key);
    return message;
}

const char *ts_format_parse(const char *text, struct ts_format *format)
{
    char copy[MAX_TEXT];
    size_t length = strlen(text);
    if (length >= sizeof copy)
        return "the text of a format is at most 127 characters long";
    memcpy(copy, text, length + 1);
    char *overrides = strchr(copy, ':');
    if (overrides)
        *overrides++ = '\0';
    const struct ts_format *named = ts_format_find(copy);
    if (!named) {
        snprintf(message, sizeof message, "no format '%s'", copy);
        return message;
    }
    *format = *named;
    while (overrides) {
        char *key = overrides;
        overrides = strchr(key, ',');
        if (overrides)
            *overrides++ = '\0';
        char *value = strchr(key, '=');
        if (!value) {
            snprintf(message, sizeof message, "'%s' after the format is not KEY=VALUE", key);
            return message;
        }
        *value++ = '\0';
        const char *error = ts_format_set(format, key, value);
        if (error)
            return error;
    }
    return NULL;
}
