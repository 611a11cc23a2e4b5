/* SPDX-License-Identifier: Apache-2.0 */
/* Block diagrams, drawn by Graphviz: what is larger is drawn larger and darker. */
#include "render/charts.h"
#include "render/html.h"
#include "render/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NODES = 24 };

struct node {
    const char *name;
    double count, area, power;
};

/* The path of operands through a slice; what is not on it is drawn beside. */
enum { ASIDE = 100 };

static int order(const char *name)
{
    static const char *const path[] = {"pipe_stage", "mac_lane",  "dot_product", "dlfloat16_fma",
                                       "chunk_add",  "align_add", "float_add"};
    for (size_t i = 0; i < sizeof path / sizeof *path; i++)
        if (strcmp(name, path[i]) == 0)
            return (int)i;
    return ASIDE;
}

static int by_order(const void *a, const void *b)
{
    return order(((const struct node *)a)->name) - order(((const struct node *)b)->name);
}

static int nodes_of(const cJSON *parts, struct node *nodes)
{
    int n = 0;
    const cJSON *part;
    cJSON_ArrayForEach(part, parts)
    {
        if (n < MAX_NODES)
            nodes[n++] = (struct node){ts_json_text(part, "name"), ts_json_number(part, "count"),
                                       ts_json_number(part, "area_um2"), NAN};
    }
    return n;
}

/* Text within a label; Graphviz reads backslashes. */
static void label(FILE *dot, const char *text)
{
    for (; *text; text++)
        fputc(strchr("\"\\\n", *text) ? '\'' : *text, dot);
}

static void write_node(FILE *dot, const struct node *n, int id, double all, int design, bool in_mm2)
{
    char number[TS_NUMBER];
    double share = all > 0 && isfinite(n->area) ? n->area / all : 0;
    fprintf(dot, "n%d [label=\"", id);
    label(dot, n->name);
    if (n->count > 1)
        fprintf(dot, " x %.0f", n->count);
    fprintf(dot, "\\n%s %s, %.1f %%", ts_html_number(number, n->area * (in_mm2 ? 1e-6 : 1), 4),
            in_mm2 ? "mm²" : "µm²", 100 * share);
    if (isfinite(n->power))
        fprintf(dot, "\\n%.4g mW", n->power);
    /* Half-transparent at most, so that text stays readable on it. */
    fprintf(dot, "\" width=%.2f height=%.2f fillcolor=\"%s%02x\"];\n", 1.3 + 1.3 * sqrt(share),
            0.55 + 0.9 * sqrt(share), ts_ink_of(design, 0), (unsigned)(20 + 130 * sqrt(share)));
}

static FILE *begin(char **text, size_t *size)
{
    FILE *dot = open_memstream(text, size);
    if (dot)
        fputs(
            "digraph g {\nrankdir=LR; bgcolor=\"transparent\"; pad=0.05; nodesep=0.25; "
            "ranksep=0.35;\n"
            "graph [fontname=\"sans-serif\" fontsize=11 fontcolor=\"" TS_INK(
                0) "\"];\n"
                   "node [shape=box style=filled penwidth=0.8 fontname=\"sans-serif\" fontsize=10 "
                   "color=\"" TS_INK(0) "\" fontcolor=\"" TS_INK(
                       0) "\"];\n"
                          "edge [color=\"" TS_INK(
                              0) "\" penwidth=0.8 arrowsize=0.6 fontname=\"sans-serif\" "
                                 "fontsize=9 fontcolor=\"" TS_INK(0) "\"];\n",
            dot);
    return dot;
}

static bool finish(FILE *page, FILE *dot, char **text, const struct ts_scratch *scratch,
                   const char *name, struct ts_error *error)
{
    if (!dot)
        return ts_error_set(error, "out of memory for a diagram");
    fputs("}\n", dot);
    fclose(dot);
    bool ok = ts_svg_dot(page, scratch, name, *text, error);
    free(*text);
    return ok;
}

bool ts_diagram_slice(FILE *page, const struct ts_costed *costed, int index,
                      const struct ts_scratch *scratch, struct ts_error *error)
{
    struct node nodes[MAX_NODES];
    int n = nodes_of(ts_json_at(costed->cost, "slice.parts"), nodes);
    if (n == 0)
        return true;
    qsort(nodes, (size_t)n, sizeof *nodes, by_order);
    double all = 0;
    for (int i = 0; i < n; i++)
        all += isfinite(nodes[i].area) ? nodes[i].area : 0;
    char *text = NULL, name[32];
    size_t size = 0;
    FILE *dot = begin(&text, &size);
    if (dot) {
        fputs("in [label=\"operands,\\nsum of the row above\" style=\"\" color=\"transparent\"];\n"
              "out [label=\"sum for\\nthe row below\" style=\"\" color=\"transparent\"];\n"
              "subgraph cluster_slice { margin=12; penwidth=0.8; color=\"" TS_INK(
                  0) "\"; label=\"slice: ",
              dot);
        char number[TS_NUMBER];
        fprintf(dot, "%s µm²",
                ts_html_number(number, ts_json_number(costed->cost, "slice.area_um2"), 4));
        double mw = ts_json_number(costed->cost, "power.slice_mw.mean");
        if (isfinite(mw))
            fprintf(dot, ", %.4g mW", mw);
        fputs("\";\n", dot);
        for (int i = 0; i < n; i++)
            write_node(dot, &nodes[i], i, all, index, false);
        fputs("}\n", dot);
        char from[16] = "in";
        for (int i = 0; i < n && order(nodes[i].name) < ASIDE; i++) {
            fprintf(dot, "%s -> n%d;\n", from, i);
            snprintf(from, sizeof from, "n%d", i);
        }
        fprintf(dot, "%s -> out;\n", from);
    }
    snprintf(name, sizeof name, "slice%d", index);
    return finish(page, dot, &text, scratch, name, error);
}

/* Data enters through the skew, goes down the mpes, and leaves through the outer adders. */
static void write_array(FILE *dot, const struct ts_costed *costed, int index)
{
    static const char *const names[] = {"skew", "mpe", "outer", "sums"};
    static const char *const powers[] = {"", "mpes", "outer_adders", "sums_and_skew"};
    struct node nodes[MAX_NODES];
    int n = nodes_of(ts_json_at(costed->cost, "array.parts"), nodes);
    double all = ts_json_number(costed->cost, "array.area_um2");
    int at[4] = {-1, -1, -1, -1};
    fprintf(dot,
            "subgraph cluster_array { margin=12; penwidth=0.8; color=\"" TS_INK(
                0) "\"; label=\"array: %.4g "
                   "mm²",
            all * 1e-6);
    double mw = ts_json_number(costed->cost, "power.array_mw.total");
    if (isfinite(mw))
        fprintf(dot, ", %.4g mW; sums and skew together %.4g mW", mw,
                ts_json_number(costed->cost, "power.array_mw.sums_and_skew"));
    fputs("\";\n", dot);
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < 4; k++)
            if (strncmp(nodes[i].name, names[k], strlen(names[k])) == 0)
                at[k] = i;
        for (int k = 1; k < 3; k++) {
            char path[48];
            snprintf(path, sizeof path, "power.array_mw.%s", powers[k]);
            if (at[k] == i)
                nodes[i].power = ts_json_number(costed->cost, path);
        }
        write_node(dot, &nodes[i], i, all, index, true);
    }
    /* The sums that are kept between chunks, below the adders that they belong to. */
    if (at[3] >= 0 && at[2] >= 0)
        fprintf(dot, "{ rank=same; n%d; n%d; }\n", at[2], at[3]);
    fputs("}\nin [label=\"rows of operands\" style=\"\" color=\"transparent\"];\n"
          "out [label=\"results\" style=\"\" color=\"transparent\"];\n",
          dot);
    char from[16] = "in", to[16];
    for (int k = 0; k < 3; k++) {
        if (at[k] < 0)
            continue;
        snprintf(to, sizeof to, "n%d", at[k]);
        fprintf(dot, "%s -> %s;\n", from, to);
        snprintf(from, sizeof from, "%s", to);
    }
    fprintf(dot, "%s -> out;\n", from);
    if (at[3] >= 0 && at[2] >= 0)
        fprintf(dot, "n%d -> n%d [dir=both label=\"kept sums\" constraint=false];\n", at[2], at[3]);
}

bool ts_diagram_array(FILE *page, const struct ts_costed *costed, int index,
                      const struct ts_scratch *scratch, struct ts_error *error)
{
    char *text = NULL, name[32];
    size_t size = 0;
    FILE *dot = begin(&text, &size);
    if (dot)
        write_array(dot, costed, index);
    snprintf(name, sizeof name, "array%d", index);
    return finish(page, dot, &text, scratch, name, error);
}
