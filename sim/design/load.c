/* SPDX-License-Identifier: Apache-2.0 */
/* From a YAML file to a design, or to one line that says why not. */
#include "design/design.h"
#include "design/fields.h"
#include "design/find.h"
#include "design/place.h"
#include "design/policy.h"
#include "design/yaml.h"
#include "machine/machine.h"

#include "utf8.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

extern const struct ts_block ts_block_mac_array;
extern const struct ts_block ts_block_mpe;

enum { SHOWN = 60 /* bytes of a wrong value */, MAX_SHIPPED = 16, MAX_REASON = 512 };

struct line {
    char *text;
    size_t size;
};

__attribute__((format(printf, 2, 3))) static bool refuse(struct line *line, const char *format, ...)
{
    size_t used = strlen(line->text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line->text + used, line->size - used, format, arguments);
    va_end(arguments);
    return false;
}

static bool refuse_missing_file(struct line *line)
{
    char names[MAX_SHIPPED][TS_DESIGN_NAME];
    size_t n = ts_design_list(names, MAX_SHIPPED);
    refuse(line, "no such file, and no shipped design of that name; there are%s",
           n == 0 ? " none" : "");
    for (size_t i = 0; i < n && i < MAX_SHIPPED; i++)
        refuse(line, "%s %s", i ? "," : "", names[i]);
    return false;
}

static bool is_machine(const struct ts_design_text *text)
{
    for (int i = 0; i < TS_DESIGN_FIELDS; i++)
        if (text->of_field[i] && ts_field_of_machine(&ts_design_fields[i]))
            return true;
    return false;
}

static bool required(const struct ts_design_field *field, const struct ts_design *design,
                     const struct ts_design_text *text)
{
    if (ts_field_of_machine(field))
        return is_machine(text);
    if (!ts_field_in(field, "quantization"))
        return true;
    return (design->modes & TS_MODE_FP4) || ts_design_text_has(text, field->section);
}

static bool refuse_missing(const struct ts_design_field *field, struct line *error)
{
    char path[TS_FIELD_PATH];
    char range[TS_FIELD_RANGE];
    return refuse(error, "%s is missing; it must be %s", ts_field_path(field, path),
                  ts_field_range(field, range));
}

static bool set_field(const struct ts_design_field *field, struct ts_design *design,
                      const char *text, struct line *error)
{
    char path[TS_FIELD_PATH];
    char range[TS_FIELD_RANGE];
    if (!text)
        return refuse_missing(field, error);
    ts_field_path(field, path);
    if (!ts_field_set(field, design, text))
        return refuse(error, "%s is '%.*s%s'; it must be %s", path, SHOWN, text,
                      strlen(text) > SHOWN ? "..." : "", ts_field_range(field, range));
    return true;
}

/* The block speaks of its parameters; a file has fields, with values. */
static bool refuse_block(struct line *error, const struct ts_design *design, const char *message)
{
    char values[256] = "";
    size_t used = 0;
    while (*message) {
        size_t length = 0;
        char word[TS_FIELD_PATH];
        while (isalnum((unsigned char)message[length]) && length + 1 < sizeof word)
            length++;
        memcpy(word, message, length);
        word[length] = '\0';
        const struct ts_design_field *field = length ? ts_design_field_of_param(word) : NULL;
        if (field) {
            char path[TS_FIELD_PATH];
            char value[TS_FIELD_PATH];
            ts_field_path(field, path);
            refuse(error, "%s", path);
            if (used < sizeof values)
                used += (size_t)snprintf(values + used, sizeof values - used, "%s%s is %s",
                                         used ? ", " : "", path,
                                         ts_field_get(field, design, value, sizeof value));
        } else {
            length = length ? length : 1;
            refuse(error, "%.*s", (int)length, message);
        }
        message += length;
    }
    return refuse(error, "; %s", values);
}

/* The engine by itself first: what is wrong with it would be a riddle in terms of the array. */
static const char *check_engine(const struct ts_design *design)
{
    int64_t params[TS_MAX_PARAMS];
    int64_t engine[TS_MAX_PARAMS];
    ts_design_params(design, params);
    ts_block_part_params(&ts_block_mac_array, params, &ts_block_mpe, engine);
    return ts_block_check(&ts_block_mpe, engine);
}

static const char *check_array(const struct ts_design *design)
{
    int64_t params[TS_MAX_PARAMS];
    ts_design_params(design, params);
    if (design->modes > (TS_MODE_INT4 | TS_MODE_FP4) && design->modes != TS_MODE_FP16)
        return "Modes must be int4, fp4, int4+fp4 or fp16";
    return ts_block_check(&ts_block_mac_array, params);
}

/* A machine may have modes that no array of RTL has: then it has no RTL to fit. */
static bool fits_together(const struct ts_design *design, bool array, struct line *error)
{
    char reason[MAX_REASON];
    struct ts_policy policy;
    const char *message = check_engine(design);
    if (!message && (array || !design->is_machine))
        message = check_array(design);
    if (message)
        return refuse_block(error, design, message);
    if (!design->is_machine)
        return true;
    if (!ts_policy_parse(design->training.precision, design->modes, &policy, reason, sizeof reason))
        return refuse(error, "training.precision, %s", reason);
    return ts_machine_check(design, reason, sizeof reason) || refuse(error, "%s", reason);
}

bool ts_design_check(const struct ts_design *design, char *error, size_t size)
{
    struct line line = {error, size};
    error[0] = '\0';
    for (int i = 0; i < TS_DESIGN_FIELDS; i++) {
        const struct ts_design_field *field = &ts_design_fields[i];
        if (ts_field_in(field, "quantization") && (design->modes & TS_MODE_FP4) &&
            !design->quantizes)
            return refuse_missing(field, &line);
    }
    return fits_together(design, false, &line);
}

static bool fill(struct ts_design *design, const struct ts_design_text *text, bool array,
                 struct line *error)
{
    memset(design, 0, sizeof *design);
    for (int i = 0; i < TS_DESIGN_FIELDS; i++) {
        const struct ts_design_field *field = &ts_design_fields[i];
        if (required(field, design, text) && !set_field(field, design, text->of_field[i], error))
            return false;
    }
    design->quantizes = ts_design_text_has(text, "quantization");
    design->is_machine = is_machine(text);
    return fits_together(design, array, error);
}

/* A message that begins with a field gets the field's line before it. */
static void add_line(const char *path, char *message, size_t size)
{
    char field[TS_FIELD_PATH] = "", at[32];
    size_t length = strspn(message, "abcdefghijklmnopqrstuvwxyz0123456789_.");
    if (length >= sizeof field)
        return;
    memcpy(field, message, length);
    char *dot = strchr(field, '.');
    if (dot)
        *dot = '\0';
    int line = ts_design_line(path, dot ? field : NULL, dot ? dot + 1 : field);
    size_t prefix = line ? (size_t)snprintf(at, sizeof at, "line %d: ", line) : 0;
    size_t kept = strlen(message) + 1;
    if (!line || prefix + kept > size)
        return;
    memmove(message + prefix, message, kept);
    memcpy(message, at, prefix);
}

/* Texts from a file may hold anything; a message is one line. */
static void make_one_line(char *text)
{
    for (; *text; text++)
        memset(text, ' ', utf8_control(text));
}

static bool is_alone(const char *path, struct line *error)
{
    int line = ts_design_second_document(path);
    return line == 0 ||
           refuse(error, "line %d: a second document begins; a file has one design", line);
}

static bool load(const char *path_or_name, struct ts_design *design, bool array, char *error,
                 size_t size)
{
    char path[TS_DESIGN_PATH];
    struct line line = {error, size};
    struct ts_design_text text;
    snprintf(error, size, "%s: ", path_or_name);
    size_t named = strlen(error);
    bool good = false, found = ts_design_find(path_or_name, path, sizeof path);
    if (!found)
        refuse_missing_file(&line);
    else if (ts_design_read(path, &text, error + named, size - named)) {
        good = fill(design, &text, array, &line) && is_alone(path, &line);
        ts_design_text_free(&text);
    }
    if (found && !good)
        add_line(path, error + named, size - named);
    make_one_line(error);
    if (good)
        error[0] = '\0';
    return good;
}

bool ts_design_load(const char *path_or_name, struct ts_design *design, char *error, size_t size)
{
    return load(path_or_name, design, false, error, size);
}

bool ts_design_load_array(const char *path_or_name, struct ts_design *design, char *error,
                          size_t size)
{
    return load(path_or_name, design, true, error, size);
}
