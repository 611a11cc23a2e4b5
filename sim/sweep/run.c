/* SPDX-License-Identifier: Apache-2.0 */
/* Points are given to whoever has room for them, and logged as they come back. */
#include "sweep/progress.h"
#include "sweep/remote.h"
#include "sweep/sweep.h"

#include <stdlib.h>

/* Points on their way to another process of mpirun, for each of its own: it should not run dry
 * while messages travel. */
enum { AHEAD = 4, STOP = -1, TICK = 1 /* ms between looks at messages */ };

struct run {
    struct sweep *sweep;
    struct pool *pool;
    size_t next;   /* point to look at */
    size_t left;   /* points that have not come back */
    size_t *given; /* points that each process of mpirun has */
    struct sweep_progress progress;
};

static bool next_point(struct run *run, int64_t *point)
{
    const struct results *results = &run->sweep->results;
    while (run->next < results->n && results->outcomes[run->next].status != STATUS_MISSING)
        run->next++;
    if (run->next == results->n)
        return false;
    *point = (int64_t)run->next++;
    return true;
}

static bool give(struct run *run, struct ts_error *error)
{
    int64_t point = 0;
    while (run->pool->busy < run->pool->n && next_point(run, &point))
        if (!pool_give(run->pool, point, error))
            return false;
    for (int r = 1; r < remote_size(); r++) {
        while (run->given[r] < AHEAD * run->pool->n && next_point(run, &point)) {
            remote_send(r, &point, sizeof point);
            run->given[r]++;
        }
    }
    return true;
}

/* What crashed is not logged: the next run tries it again. */
static bool take(struct run *run, const struct report *report, struct ts_error *error)
{
    bool crashed = report->outcome.status == STATUS_CRASHED;
    if (!crashed && !log_add(&run->sweep->log, report, error))
        return false;
    if (!results_take(&run->sweep->results, report))
        return ts_error_set(error, "out of memory");
    run->sweep->crashed += crashed;
    run->left--;
    sweep_progress_step(&run->progress);
    return true;
}

static bool gather(struct run *run, struct ts_error *error)
{
    struct report report;
    bool found = false;
    if (!pool_wait(run->pool, remote_size() > 1 ? TICK : -1, &report, &found, error))
        return false;
    if (found && !take(run, &report, error))
        return false;
    for (int from = 0; (from = remote_poll(&report, sizeof report)) >= 0;) {
        run->given[from]--;
        if (!take(run, &report, error))
            return false;
    }
    return true;
}

bool sweep_run(struct sweep *sweep, struct pool *pool, struct ts_error *error)
{
    static const int64_t stop = STOP;
    struct run run = {.sweep = sweep, .pool = pool};
    run.left = sweep->results.n - sweep->known;
    run.given = calloc((size_t)remote_size(), sizeof *run.given);
    bool ok = run.given || ts_error_set(error, "out of memory");
    sweep_progress_start(&run.progress, sweep->results.n, sweep->known);
    while (ok && run.left > 0)
        ok = give(&run, error) && gather(&run, error);
    sweep_progress_end(&run.progress);
    for (int r = 1; r < remote_size(); r++)
        remote_send(r, &stop, sizeof stop);
    free(run.given);
    return ok;
}

/* ---- In the other processes of mpirun ---- */

struct queue {
    int64_t points[AHEAD * MAX_JOBS];
    size_t first, n;
    bool stopped;
};

static void listen(struct queue *queue)
{
    const size_t room = sizeof queue->points / sizeof *queue->points;
    int64_t point = 0;
    while (remote_poll(&point, sizeof point) >= 0) {
        if (point == STOP)
            queue->stopped = true;
        else
            queue->points[(queue->first + queue->n++) % room] = point;
    }
}

bool sweep_serve(struct pool *pool, struct ts_error *error)
{
    struct queue queue = {.n = 0};
    struct report report;
    for (bool found = false; listen(&queue), !queue.stopped;) {
        while (queue.n > 0 && pool->busy < pool->n) {
            if (!pool_give(pool, queue.points[queue.first], error))
                return false;
            queue.first = (queue.first + 1) % (sizeof queue.points / sizeof *queue.points);
            queue.n--;
        }
        if (!pool_wait(pool, TICK, &report, &found, error))
            return false;
        if (found)
            remote_send(0, &report, sizeof report);
    }
    return true;
}
