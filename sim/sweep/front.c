/* SPDX-License-Identifier: Apache-2.0 */
/* The points that no other one is better than. */
#include "sweep/sweep.h"

#include <stdlib.h>
#include <string.h>

/* Where the user names no resource: the first of these that differs between the points. */
static const char *const resources[] = {"peak_tops", "total_l1_kib", "total_l0_kib", "dram.gb_s",
                                        NULL};

static bool is_ok(const struct sweep *sweep, size_t point)
{
    return sweep->results.outcomes[point].status == STATUS_OK;
}

static void measure_all(const struct sweep *sweep, const struct measure *m, double *values)
{
    for (size_t i = 0; i < sweep->results.n; i++) {
        struct ts_design design = sweep_design(sweep, i);
        values[i] = measure_value(m, &design, &sweep->results.outcomes[i]);
    }
}

static bool differ(const struct sweep *sweep, const double *values)
{
    const double *first = NULL;
    for (size_t i = 0; i < sweep->results.n; i++) {
        if (!is_ok(sweep, i))
            continue;
        if (first && *first != values[i])
            return true;
        first = &values[i];
    }
    return false;
}

static bool choose(const struct sweep *sweep, struct front *front, struct ts_error *error)
{
    for (size_t i = 0; resources[i]; i++) {
        if (!measure_find(resources[i], &sweep->design, &front->x, error))
            return false;
        measure_all(sweep, &front->x, front->x_values);
        if (differ(sweep, front->x_values))
            return true;
    }
    return measure_find(resources[0], &sweep->design, &front->x, error);
}

bool front_parse(const struct sweep *sweep, const char *text, struct front *front,
                 struct ts_error *error)
{
    char name[FIGURE_NAME] = "";
    const char *comma = strchr(text, ',');
    if (!comma || (size_t)(comma - text) >= sizeof name)
        return ts_error_set(error, "--pareto is '%.60s'; it must be two figures, X,Y", text);
    memcpy(name, text, (size_t)(comma - text));
    if (strcmp(name, comma + 1) == 0)
        return ts_error_set(error, "--pareto is '%.60s'; it must be two different figures", text);
    return measure_find(name, &sweep->design, &front->x, error) &&
           measure_find(comma + 1, &sweep->design, &front->y, error);
}

static bool find(const struct sweep *sweep, const char *text, struct front *front,
                 struct ts_error *error)
{
    if (text)
        return front_parse(sweep, text, front, error);
    return choose(sweep, front, error) && measure_find("time_ms", &sweep->design, &front->y, error);
}

/* ---- The front ---- */

struct place {
    double x, y; /* less is better */
    size_t point;
};

static int compare(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    if (a->x != b->x)
        return a->x < b->x ? -1 : 1;
    if (a->y != b->y)
        return a->y < b->y ? -1 : 1;
    return a->point < b->point ? -1 : 1;
}

/* By rising x: a point is on the front if its y is less than all before; or it is like the last. */
static void mark(const struct place *places, size_t n, struct front *front)
{
    const struct place *last = NULL;
    for (size_t i = 0; i < n; i++) {
        const struct place *p = &places[i];
        if (last && p->y >= last->y && (p->x != last->x || p->y != last->y))
            continue;
        last = p;
        front->on[p->point] = true;
        front->n++;
    }
}

static void place_all(const struct sweep *sweep, struct front *front, struct place *places)
{
    size_t n = 0;
    for (size_t i = 0; i < sweep->results.n; i++)
        if (is_ok(sweep, i))
            places[n++] = (struct place){
                front->x.more_is_better ? -front->x_values[i] : front->x_values[i],
                front->y.more_is_better ? -front->y_values[i] : front->y_values[i], i};
    qsort(places, n, sizeof *places, compare);
    mark(places, n, front);
}

bool front_make(const struct sweep *sweep, const char *text, struct front *front,
                struct ts_error *error)
{
    size_t n = sweep->results.n;
    *front = (struct front){.n = 0};
    front->on = calloc(n, sizeof *front->on);
    front->x_values = calloc(n, sizeof *front->x_values);
    front->y_values = calloc(n, sizeof *front->y_values);
    struct place *places = calloc(n, sizeof *places);
    if (!front->on || !front->x_values || !front->y_values || !places) {
        free(places);
        return ts_error_set(error, "out of memory");
    }
    bool ok = find(sweep, text, front, error);
    if (ok) {
        measure_all(sweep, &front->x, front->x_values);
        measure_all(sweep, &front->y, front->y_values);
        place_all(sweep, front, places);
    }
    free(places);
    return ok;
}

void front_free(struct front *front)
{
    free(front->on);
    free(front->x_values);
    free(front->y_values);
}

size_t *front_in_order(const struct front *front, size_t points)
{
    struct place *places = calloc(front->n + 1, sizeof *places);
    size_t *order = calloc(front->n + 1, sizeof *order);
    size_t n = 0;
    if (!places || !order) {
        free(places);
        free(order);
        return NULL;
    }
    for (size_t i = 0; i < points; i++)
        if (front->on[i])
            places[n++] = (struct place){front->x_values[i], front->y_values[i], i};
    qsort(places, n, sizeof *places, compare);
    for (size_t i = 0; i < n; i++)
        order[i] = places[i].point;
    free(places);
    return order;
}
