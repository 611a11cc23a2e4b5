/* SPDX-License-Identifier: Apache-2.0 */
/* tessera_mutate: puts the fault of one kind that a bench file names into a source text. */
#include "conf.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_SIZE = 1024 };

struct fault {
    char line[LINE_SIZE]; /* holds both texts */
    const char *from, *to;
};

static int fail(const char *path, const char *why)
{
    fprintf(stderr, "%s: %s\n", path, why);
    return 1;
}

/* "fault KIND FROM => TO", or false for any other line. */
static bool parse(struct fault *fault, const char *kind)
{
    static const char word[] = "fault ", arrow[] = " => ";
    char *line = fault->line;
    size_t kind_size = strlen(kind);
    line[strcspn(line, "\r\n")] = '\0';
    if (strncmp(line, word, strlen(word)) != 0)
        return false;
    line += strlen(word);
    if (strncmp(line, kind, kind_size) != 0 || line[kind_size] != ' ')
        return false;
    line += kind_size + 1;
    char *to = strstr(line, arrow);
    if (!to || to == line)
        return false;
    *to = '\0';
    fault->from = line;
    fault->to = to + strlen(arrow);
    return true;
}

static bool find_fault(struct fault *fault, const char *kind, const char *path)
{
    FILE *file = fopen(path, "r");
    bool found = false;
    while (file && !found && fgets(fault->line, sizeof fault->line, file))
        found = parse(fault, kind);
    if (file)
        fclose(file);
    return found;
}

static char *read_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    char *text = NULL;
    if (fseek(file, 0, SEEK_END) == 0) {
        long end = ftell(file);
        size_t size = end > 0 ? (size_t)end : 0;
        rewind(file);
        text = calloc(size + 1, 1);
        if (text && fread(text, 1, size, file) != size)
            text[0] = '\0';
    }
    fclose(file);
    return text;
}

/* Where the module's name ends in its declaration; NULL: no such module. */
static const char *end_of_name(const char *text, const char *module)
{
    size_t size = strlen(module);
    for (const char *at = text; (at = strstr(at, "module ")); at++) {
        const char *name = at + strlen("module ");
        if (strncmp(name, module, size) == 0 && strchr(" #(;\n", name[size]))
            return name + size;
    }
    return NULL;
}

/* From `from` to `to`, or to the text's end if that is NULL. */
static void write_part(FILE *out, const char *from, const char *to)
{
    fwrite(from, 1, to ? (size_t)(to - from) : strlen(from), out);
}

/* The text with the fault in it; `name_end` (or NULL) is where a name gets its ending. */
static bool write_replaced(const char *path, const char *text, const char *at,
                           const struct fault *fault, const char *name_end)
{
    FILE *out = fopen(path, "wb");
    if (!out)
        return false;
    if (name_end) {
        write_part(out, text, name_end);
        fputs(CONF_FAULTY, out);
        text = name_end;
    }
    write_part(out, text, at);
    fputs(fault->to, out);
    write_part(out, at + strlen(fault->from), NULL);
    if (fclose(out) == 0)
        return true;
    remove(path);
    return false;
}

/* `module` (or NULL) is renamed, so that it can stand beside the one without the fault. */
static int mutate(const struct fault *fault, const char *source, const char *text,
                  const char *output, const char *module)
{
    const char *at = strstr(text, fault->from);
    if (!at)
        return fail(source, "the text of the fault is not there");
    if (strstr(at + 1, fault->from))
        return fail(source, "the text of the fault is there more than once");
    const char *name_end = module ? end_of_name(text, module) : NULL;
    if (module && (!name_end || name_end > at))
        return fail(source, "has no module of that name before the fault");
    return write_replaced(output, text, at, fault, name_end) ? 0
                                                             : fail(output, "cannot be written");
}

int main(int argc, char **argv)
{
    if (argc != 5 && argc != 6) {
        fputs("usage: tessera_mutate KIND BENCHFILE SOURCE OUTPUT [MODULE]\n", stderr);
        return 2;
    }
    const char *source = argv[3];
    struct fault fault;
    if (!find_fault(&fault, argv[1], argv[2]))
        return fail(argv[2], "has no line: fault KIND FROM => TO of that kind");
    char *text = read_text(source);
    int status =
        text ? mutate(&fault, source, text, argv[4], argv[5]) : fail(source, "cannot be read");
    free(text);
    return status;
}
