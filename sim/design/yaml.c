/* SPDX-License-Identifier: Apache-2.0 */
/* Design files through libcyaml: it sees to the structure, ours are the values and the words. */
#include "design/yaml.h"

#include <cyaml/cyaml.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FIELDS = TS_DESIGN_FIELDS + 1, MAX_SECTIONS = 16 };

/* ---- libcyaml's schema, from the table of fields ---- */

struct schema {
    cyaml_schema_field_t top[MAX_FIELDS];
    cyaml_schema_field_t section[MAX_SECTIONS][MAX_FIELDS];
    const char *section_name[MAX_SECTIONS];
    cyaml_schema_value_t document;
};

static cyaml_schema_field_t scalar_field(int i)
{
    return (cyaml_schema_field_t){
        .key = ts_design_fields[i].key,
        .data_offset = (uint32_t)((size_t)i * sizeof(char *)),
        .value = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, char, 0,
                                     CYAML_UNLIMITED)},
    };
}

/* A section lies over the same texts as the whole document: it is not a struct of its own. */
static cyaml_schema_field_t section_field(const char *name, const cyaml_schema_field_t *fields)
{
    return (cyaml_schema_field_t){
        .key = name,
        .value = {CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT | CYAML_FLAG_OPTIONAL,
                                      struct ts_design_text, fields)},
    };
}

static void build(struct schema *schema)
{
    size_t tops = 0, sections = 0, members = 0;
    memset(schema, 0, sizeof *schema);
    for (int i = 0; i < TS_DESIGN_FIELDS; i++) {
        const char *name = ts_design_fields[i].section;
        if (!name) {
            schema->top[tops++] = scalar_field(i);
            continue;
        }
        if (sections == 0 || strcmp(schema->section_name[sections - 1], name) != 0) {
            schema->section_name[sections] = name;
            schema->top[tops++] = section_field(name, schema->section[sections++]);
            members = 0;
        }
        schema->section[sections - 1][members++] = scalar_field(i);
    }
    schema->document = (cyaml_schema_value_t){
        CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct ts_design_text, schema->top)};
}

/* ---- libcyaml's messages, from which one line is made ---- */

enum { MAX_LOG = 1024, MAX_PLACE = 128 };

struct log {
    char problem[MAX_LOG]; /* its first message */
    char place[MAX_PLACE]; /* "array", from the backtrace, which goes from inside out */
    int line;              /* of the innermost place, for a key that of the one before; or 0 */
};

static void note_place(struct log *log, const char *message)
{
    char name[MAX_PLACE] = "";
    int line = 0;
    bool field = sscanf(message, " in mapping field '%127[^']' (line: %d", name, &line) == 2;
    if (!field && sscanf(message, " in mapping (line: %d", &line) != 1)
        return;
    if (!log->line)
        log->line = line;
    if (!field)
        return;
    char inner[MAX_PLACE];
    memcpy(inner, log->place, sizeof inner);
    snprintf(log->place, sizeof log->place, "%.60s%s%.60s", name, *inner ? "." : "", inner);
}

static void listen(cyaml_log_t level, void *context, const char *format, va_list arguments)
{
    struct log *log = context;
    char message[MAX_LOG];
    (void)level;
    vsnprintf(message, sizeof message, format, arguments);
    if (strncmp(message, "Load: ", strlen("Load: ")) != 0)
        note_place(log, message);
    else if (!*log->problem && !strstr(message, "Backtrace"))
        snprintf(log->problem, sizeof log->problem, "%s", message + strlen("Load: "));
    log->problem[strcspn(log->problem, "\n")] = '\0';
}

static const char *after(const char *text, const char *start)
{
    size_t length = strlen(start);
    return strncmp(text, start, length) == 0 ? text + length : NULL;
}

static void list_keys(const char *section, char *list, size_t size)
{
    const char *last = NULL;
    size_t used = 0;
    for (int i = 0; i < TS_DESIGN_FIELDS; i++) {
        const struct ts_design_field *f = &ts_design_fields[i];
        const char *key = ts_field_in(f, section) ? f->key : section ? NULL : f->section;
        if (!key || used >= size || (last && strcmp(last, key) == 0))
            continue;
        used += (size_t)snprintf(list + used, size - used, "%s%s", last ? ", " : "", key);
        last = key;
    }
}

static bool is_section(const char *name)
{
    for (int i = 0; i < TS_DESIGN_FIELDS; i++)
        if (*name && ts_field_in(&ts_design_fields[i], name))
            return true;
    return false;
}

static void explain(const struct log *log, cyaml_err_t status, char *error, size_t size)
{
    char at[32] = "";
    char keys[256];
    const char *detail = NULL;
    const char *place = log->place;
    if (log->line)
        snprintf(at, sizeof at, "line %d: ", log->line);
    if (status == CYAML_ERR_FILE_OPEN)
        snprintf(error, size, "cannot be opened: %s", strerror(errno));
    else if ((detail = after(log->problem, "Unexpected key: "))) {
        list_keys(*place ? place : NULL, keys, sizeof keys);
        snprintf(error, size, "%s%s%.80s is no field of a design; %s has %s", place,
                 *place ? "." : "", detail, *place ? place : "the top", keys);
    } else if (after(log->problem, "Mapping field already seen: "))
        snprintf(error, size, "%s is there twice", place);
    else if (after(log->problem, "libyaml: input error"))
        snprintf(error, size, "cannot be read: %s", strerror(errno));
    else if ((detail = after(log->problem, "libyaml: ")))
        snprintf(error, size, "not YAML, from %s%s on: %s", at, *place ? place : "the start",
                 detail);
    else if (status == CYAML_ERR_INVALID_VALUE && *place)
        snprintf(error, size, "%s%s must be %s", at, place,
                 is_section(place) ? "a section of fields" : "one value");
    else if (status == CYAML_ERR_INVALID_VALUE)
        snprintf(error, size, "not a design: the file must consist of fields, 'name: ...' first");
    else
        snprintf(error, size, "%s%s%s%s", at, place, *place ? ": " : "",
                 *log->problem ? log->problem : cyaml_strerror(status));
}

bool ts_design_read(const char *path, struct ts_design_text *text, char *error, size_t size)
{
    static const struct ts_design_text empty;
    struct schema schema;
    struct log log = {0};
    const cyaml_config_t config = {
        .log_fn = listen, .log_ctx = &log, .mem_fn = cyaml_mem, .log_level = CYAML_LOG_ERROR};
    struct ts_design_text *loaded = NULL;
    build(&schema);
    errno = 0;
    cyaml_err_t status =
        cyaml_load_file(path, &config, &schema.document, (cyaml_data_t **)&loaded, NULL);
    if (status != CYAML_OK) {
        explain(&log, status, error, size);
        return false;
    }
    if (!loaded) {
        snprintf(error, size, "the file is empty");
        return false;
    }
    *text = *loaded;
    *loaded = empty; /* the texts are the caller's now */
    cyaml_free(&config, &schema.document, loaded, 0);
    return true;
}

bool ts_design_text_has(const struct ts_design_text *text, const char *section)
{
    for (int i = 0; i < TS_DESIGN_FIELDS; i++)
        if (ts_field_in(&ts_design_fields[i], section) && text->of_field[i])
            return true;
    return false;
}

void ts_design_text_free(struct ts_design_text *text)
{
    for (int i = 0; i < TS_DESIGN_FIELDS; i++)
        free(text->of_field[i]);
}
