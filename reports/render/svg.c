/* SPDX-License-Identifier: Apache-2.0 */
/* Runs gnuplot and Graphviz and fits their SVG into a page. */
#include "render/svg.h"

#include "run/run.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const inks[TS_INKS] = {
    TS_INK(0), TS_INK(1), TS_INK(2), TS_INK(3), TS_INK(4),  TS_INK(5),
    TS_INK(6), TS_INK(7), TS_INK(8), TS_INK(9), TS_INK(10), TS_INK(11),
};

const char *ts_ink_of(int design, int shade)
{
    return inks[1 + design % 3 * 3 + shade % 3];
}

bool ts_scratch_make(struct ts_scratch *scratch, struct ts_error *error)
{
    const char *tmp = getenv("TMPDIR");
    int n = snprintf(scratch->dir, sizeof scratch->dir, "%s/tessera-report-XXXXXX",
                     tmp && *tmp ? tmp : "/tmp");
    if (n > 0 && (size_t)n < sizeof scratch->dir && mkdtemp(scratch->dir))
        return true;
    ts_error_set(error, "%s: cannot make a temporary directory: %s", scratch->dir, strerror(errno));
    scratch->dir[0] = '\0';
    return false;
}

void ts_scratch_remove(struct ts_scratch *scratch)
{
    DIR *dir = *scratch->dir ? opendir(scratch->dir) : NULL;
    for (struct dirent *e; dir && (e = readdir(dir));) {
        char path[sizeof scratch->dir + sizeof e->d_name + 1];
        snprintf(path, sizeof path, "%s/%s", scratch->dir, e->d_name);
        if (e->d_name[0] != '.')
            unlink(path);
    }
    if (dir) {
        closedir(dir);
        rmdir(scratch->dir);
    }
}

static bool put(const char *path, const char *text, struct ts_error *error)
{
    FILE *out = fopen(path, "w");
    if (!out)
        return ts_error_set(error, "%s: %s", path, strerror(errno));
    bool ok = fputs(text, out) >= 0;
    ok = fclose(out) == 0 && ok;
    return ok || ts_error_set(error, "%s: cannot be written: %s", path, strerror(errno));
}

static char *get(const char *path, struct ts_error *error)
{
    FILE *in = fopen(path, "r");
    char *text = NULL;
    size_t size = 0;
    ssize_t n = in ? getdelim(&text, &size, '\0', in) : -1;
    if (in)
        fclose(in);
    if (n > 0)
        return text;
    free(text);
    ts_error_set(error, "%s: the drawing is empty", path);
    return NULL;
}

/* gnuplot writes a colour as rgb(  1,   2,  17) or rgb(1,2,17), Graphviz as #010211. */
static size_t ink_at(const char *p, int *ink)
{
    unsigned red, green, blue;
    int length = 0;
    bool found = *p == '#'   ? sscanf(p, "#%2x%2x%2x%n", &red, &green, &blue, &length) == 3
                 : *p == 'r' ? sscanf(p, "rgb(%u ,%u ,%u )%n", &red, &green, &blue, &length) == 3
                             : false;
    if (!found || length == 0)
        return 0;
    char text[TS_MAX_INK_TEXT];
    snprintf(text, sizeof text, "#%02x%02x%02x", red & 0xff, green & 0xff, blue & 0xff);
    for (*ink = 0; *ink < TS_INKS; ++*ink)
        if (strcmp(text, inks[*ink]) == 0)
            return (size_t)length;
    return 0;
}

/* Where an id is made or meant: ids of several drawings on one page must differ. */
static size_t id_at(const char *p)
{
    static const char *const before[] = {"id=\"", "id='", "href=\"#", "href='#", "url(#"};
    for (size_t i = 0; i < sizeof before / sizeof *before; i++)
        if (strncmp(p, before[i], strlen(before[i])) == 0)
            return strlen(before[i]);
    return 0;
}

static void fit(FILE *page, const char *name, const char *svg)
{
    static const char xlink[] = " xmlns:xlink=\"http://www.w3.org/1999/xlink\"";
    for (const char *p = svg; *p;) {
        int ink;
        size_t n;
        if ((n = ink_at(p, &ink)) != 0) {
            fprintf(page, "var(--ink%d)", ink);
        } else if (strncmp(p, xlink, sizeof xlink - 1) == 0) {
            n = sizeof xlink - 1;
        } else if (strncmp(p, "xlink:", 6) == 0) {
            n = 6;
        } else if (strncmp(p, "<title>", 7) == 0 && strstr(p, "</title>")) {
            /* Graphviz's tooltips are names of nodes, of no use. */
            n = (size_t)(strstr(p, "</title>") - p) + 8;
        } else if (strncmp(p, "<!--", 4) == 0 && strstr(p, "-->")) {
            n = (size_t)(strstr(p, "-->") - p) + 3;
        } else if ((n = id_at(p)) != 0) {
            fprintf(page, "%.*s%s-", (int)n, p, name);
        } else {
            fputc(*p, page);
            n = 1;
        }
        p += n;
    }
}

static bool draw(FILE *page, const struct ts_scratch *scratch, const char *name,
                 const struct ts_tool *tool, const char *const *arguments, const char *input,
                 const char *text, struct ts_error *error)
{
    char path[sizeof scratch->dir + 32], log[sizeof path], made[sizeof path];
    snprintf(path, sizeof path, "%s/%s", scratch->dir, input);
    snprintf(log, sizeof log, "%s/log", scratch->dir);
    snprintf(made, sizeof made, "%s/drawing.svg", scratch->dir);
    unlink(made);
    if (!put(path, text, error) || !ts_run(tool, arguments, scratch->dir, log, error))
        return false;
    char *svg = get(made, error);
    const char *start = svg ? strstr(svg, "<svg") : NULL;
    if (start)
        fit(page, name, start);
    else if (svg)
        ts_error_set(error, "%s: made no SVG", tool->program);
    free(svg);
    return start;
}

bool ts_svg_gnuplot(FILE *page, const struct ts_scratch *scratch, const char *name,
                    const char *script, struct ts_error *error)
{
    static const struct ts_tool gnuplot = {"gnuplot", "gnuplot-nox"};
    static const char *const arguments[] = {"-d", "drawing.gp", NULL};
    return draw(page, scratch, name, &gnuplot, arguments, "drawing.gp", script, error);
}

bool ts_svg_dot(FILE *page, const struct ts_scratch *scratch, const char *name, const char *graph,
                struct ts_error *error)
{
    static const struct ts_tool dot = {"dot", "graphviz"};
    static const char *const arguments[] = {"-Tsvg", "-o", "drawing.svg", "drawing.dot", NULL};
    return draw(page, scratch, name, &dot, arguments, "drawing.dot", graph, error);
}
