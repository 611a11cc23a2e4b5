/* SPDX-License-Identifier: Apache-2.0 */
/* Areas from cell counts: one sum, in the order of the cells, so that it repeats exactly. */
#include "synth/stat.h"

#include "synth/file.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 32 };

static const char top[] = "netlist_top";

/* A count of cells by type, of a module; its names may start with a backslash. */
static const cJSON *module_cells(const cJSON *modules, const char *name)
{
    const cJSON *module;
    cJSON_ArrayForEach(module, modules)
    {
        const char *key = module->string + (module->string[0] == '\\');
        if (strcmp(key, name) == 0)
            return cJSON_GetObjectItemCaseSensitive(module, "num_cells_by_type");
    }
    return NULL;
}

/* Only the modules are JSON: with more than one, Yosys 0.23 prints a table behind them. */
static cJSON *read_modules(const char *path, struct ts_error *error)
{
    static const char key[] = "\"modules\":";
    char *text = ts_file_read(path, error);
    if (!text)
        return NULL;
    const char *start = strstr(text, key), *end;
    cJSON *modules = start ? cJSON_ParseWithOpts(start + strlen(key), &end, false) : NULL;
    free(text);
    if (modules && module_cells(modules, top))
        return modules;
    ts_error_set(error, "yosys: its counts of cells are not as Yosys 0.23 writes them");
    cJSON_Delete(modules);
    return NULL;
}

static bool unmapped(const char *type, const struct ts_liberty *liberty, struct ts_error *error)
{
    bool flip_flop = strstr(type, "DFF") != NULL;
    return ts_error_set(error, "the library '%s' has no cell for '%s'%s", liberty->name, type,
                        flip_flop ? ": it has no such flip-flop" : "");
}

bool ts_stat_netlist(const char *path, const struct ts_liberty *liberty, struct ts_synth *result,
                     struct ts_error *error)
{
    cJSON *modules = read_modules(path, error);
    if (!modules)
        return false;
    bool fine = true;
    const cJSON *count;
    cJSON_ArrayForEach(count, module_cells(modules, top))
    {
        const struct ts_cell *cell = ts_liberty_cell(liberty, count->string);
        if (!cell) {
            fine = unmapped(count->string, liberty, error);
            break;
        }
        result->area_um2 += count->valuedouble * cell->area;
        result->cells += count->valueint;
        if (cell->kind == TS_CELL_FLIP_FLOP) {
            result->sequential_um2 += count->valuedouble * cell->area;
            result->flops += count->valueint;
        }
    }
    cJSON_Delete(modules);
    return fine;
}

/* Of a module with all below it; cells of no library have none. */
static double module_area(const cJSON *modules, const cJSON *cells,
                          const struct ts_liberty *liberty, int depth)
{
    double area = 0;
    const cJSON *count;
    cJSON_ArrayForEach(count, cells)
    {
        const cJSON *below = module_cells(modules, count->string);
        const struct ts_cell *cell = ts_liberty_cell(liberty, count->string);
        if (below && depth < MAX_DEPTH)
            area += count->valuedouble * module_area(modules, below, liberty, depth + 1);
        else if (cell)
            area += count->valuedouble * cell->area;
    }
    return area;
}

/* $paramod$HASH\dot_product and $paramod\pipe_stage\Width=5 are dot_product and pipe_stage. */
static void plain_name(const char *name, char *plain, size_t size)
{
    const char *start = strncmp(name, "$paramod", 8) == 0 ? strchr(name, '\\') : NULL;
    start = start ? start + 1 : name;
    snprintf(plain, size, "%.*s", (int)strcspn(start, "\\"), start);
}

static void add_part(struct ts_synth *result, const char *name, int instances, double area)
{
    int i = 0;
    while (i < result->n_parts && strcmp(result->parts[i].name, name) != 0)
        i++;
    /* The last place is of the rest. */
    if (i == result->n_parts && i >= TS_MAX_PARTS - 1) {
        name = "rest";
        instances = 1;
        for (i = 0; i < TS_MAX_PARTS - 1 && strcmp(result->parts[i].name, name) != 0;)
            i++;
    }
    struct ts_part *part = &result->parts[i];
    if (i == result->n_parts) {
        *part = (struct ts_part){.instances = 0};
        snprintf(part->name, sizeof part->name, "%s", name);
        result->n_parts++;
    }
    part->instances = strcmp(name, "rest") == 0 ? 1 : part->instances + instances;
    part->area_um2 += area;
}

static int by_area(const void *x, const void *y)
{
    const struct ts_part *a = x, *b = y;
    int order = (a->area_um2 < b->area_um2) - (a->area_um2 > b->area_um2);
    return order ? order : strcmp(a->name, b->name);
}

bool ts_stat_parts(const char *path, const struct ts_liberty *liberty, struct ts_synth *result,
                   struct ts_error *error)
{
    cJSON *modules = read_modules(path, error);
    if (!modules)
        return false;
    const cJSON *count;
    double rest = 0;
    cJSON_ArrayForEach(count, module_cells(modules, top))
    {
        const cJSON *below = module_cells(modules, count->string);
        const struct ts_cell *cell = ts_liberty_cell(liberty, count->string);
        char name[sizeof result->parts[0].name];
        plain_name(count->string, name, sizeof name);
        double area = below ? module_area(modules, below, liberty, 0) : cell ? cell->area : 0;
        area *= count->valuedouble;
        if (below && area > 0)
            add_part(result, name, count->valueint, area);
        else
            rest += area;
    }
    if (rest > 0)
        add_part(result, "rest", 1, rest);
    qsort(result->parts, (size_t)result->n_parts, sizeof result->parts[0], by_area);
    cJSON_Delete(modules);
    return true;
}
