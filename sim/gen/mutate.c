/* SPDX-License-Identifier: Apache-2.0 */
/* tessera_mutate: puts the fault of one kind that a bench file names into a source text. */
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

static bool write_replaced(const char *path, const char *text, const char *at,
                           const struct fault *fault)
{
    FILE *out = fopen(path, "wb");
    if (!out)
        return false;
    fwrite(text, 1, (size_t)(at - text), out);
    fputs(fault->to, out);
    fputs(at + strlen(fault->from), out);
    if (fclose(out) == 0)
        return true;
    remove(path);
    return false;
}

static int mutate(const struct fault *fault, const char *source, const char *text,
                  const char *output)
{
    const char *at = strstr(text, fault->from);
    if (!at)
        return fail(source, "the text of the fault is not there");
    if (strstr(at + 1, fault->from))
        return fail(source, "the text of the fault is there more than once");
    return write_replaced(output, text, at, fault) ? 0 : fail(output, "cannot be written");
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fputs("usage: tessera_mutate KIND BENCHFILE SOURCE OUTPUT\n", stderr);
        return 2;
    }
    const char *source = argv[3];
    struct fault fault;
    if (!find_fault(&fault, argv[1], argv[2]))
        return fail(argv[2], "has no line: fault KIND FROM => TO of that kind");
    char *text = read_text(source);
    int status = text ? mutate(&fault, source, text, argv[4]) : fail(source, "cannot be read");
    free(text);
    return status;
}
