/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of keys, which libcyaml does not tell; libyaml, on which it stands, does. */
#include "design/place.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <yaml.h>

/* The value of a key in a mapping; its line, from 1, goes to `line`. */
static yaml_node_t *find(yaml_document_t *document, yaml_node_t *mapping, const char *name,
                         int *line)
{
    if (!mapping || mapping->type != YAML_MAPPING_NODE)
        return NULL;
    yaml_node_pair_t *end = mapping->data.mapping.pairs.top;
    for (yaml_node_pair_t *pair = mapping->data.mapping.pairs.start; pair < end; pair++) {
        yaml_node_t *key = yaml_document_get_node(document, pair->key);
        if (key->type == YAML_SCALAR_NODE &&
            strcmp((const char *)key->data.scalar.value, name) == 0) {
            *line = (int)key->start_mark.line + 1;
            return yaml_document_get_node(document, pair->value);
        }
    }
    return NULL;
}

static int line_in(yaml_document_t *document, const char *section, const char *key)
{
    int line = 0;
    yaml_node_t *place = yaml_document_get_root_node(document);
    if (section)
        place = find(document, place, section, &line);
    find(document, place, key, &line);
    return line;
}

static FILE *open_again(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) ? fopen(path, "rb") : NULL;
}

/* What `look` says of the file's first document and the parser behind it. */
static int read_line(const char *path,
                     int (*look)(yaml_parser_t *parser, yaml_document_t *first, const char *section,
                                 const char *key),
                     const char *section, const char *key)
{
    yaml_parser_t parser;
    yaml_document_t document;
    int line = 0;
    FILE *file = open_again(path);
    if (!file)
        return 0;
    if (yaml_parser_initialize(&parser)) {
        yaml_parser_set_input_file(&parser, file);
        if (yaml_parser_load(&parser, &document)) {
            line = look(&parser, &document, section, key);
            yaml_document_delete(&document);
        }
        yaml_parser_delete(&parser);
    }
    fclose(file);
    return line;
}

static int find_key(yaml_parser_t *parser, yaml_document_t *first, const char *section,
                    const char *key)
{
    (void)parser;
    return line_in(first, section, key);
}

/* At the end of a file there is a document without a root. */
static int find_second(yaml_parser_t *parser, yaml_document_t *first, const char *section,
                       const char *key)
{
    yaml_document_t second;
    (void)first;
    (void)section;
    (void)key;
    if (!yaml_parser_load(parser, &second))
        return (int)parser->problem_mark.line + 1;
    int line = yaml_document_get_root_node(&second) ? (int)second.start_mark.line + 1 : 0;
    yaml_document_delete(&second);
    return line;
}

int ts_design_line(const char *path, const char *section, const char *key)
{
    return read_line(path, find_key, section, key);
}

int ts_design_second_document(const char *path)
{
    return read_line(path, find_second, NULL, NULL);
}
