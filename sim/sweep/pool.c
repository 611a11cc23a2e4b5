/* SPDX-License-Identifier: Apache-2.0 */
/* Forked processes, two pipes each: points go there, reports come back. */
#include "sweep/pool.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A pipe takes so much at once or not at all, so that there is no half report. */
_Static_assert(sizeof(struct report) <= PIPE_BUF, "a report fits a pipe");

static ssize_t read_whole(int from, void *to, size_t size)
{
    ssize_t n = 0;
    do
        n = read(from, to, size);
    while (n < 0 && errno == EINTR);
    return n;
}

static ssize_t write_whole(int to, const void *from, size_t size)
{
    ssize_t n = 0;
    do
        n = write(to, from, size);
    while (n < 0 && errno == EINTR);
    return n;
}

/* ---- The child ---- */

/* The parent's ends of all pipes, or none would ever be closed by its death. */
static void close_all(const struct pool *pool)
{
    for (size_t i = 0; i < pool->n; i++) {
        if (pool->workers[i].pid > 0) {
            close(pool->workers[i].to);
            close(pool->workers[i].from);
        }
    }
}

__attribute__((noreturn)) static void serve(const struct pool *pool, int from, int to)
{
    struct report report;
    signal(SIGPIPE, SIG_DFL);
    memset(&report, 0, sizeof report);
    while (read_whole(from, &report.point, sizeof report.point) == sizeof report.point) {
        pool->work(pool->context, &report);
        if (write_whole(to, &report, sizeof report) != sizeof report)
            break;
    }
    _exit(0);
}

/* ---- The parent ---- */

static bool spawn(struct pool *pool, struct worker *worker, struct ts_error *error)
{
    int there[2] = {-1, -1}, back[2] = {-1, -1};
    bool piped = pipe(there) == 0 && pipe(back) == 0;
    pid_t pid = piped ? fork() : -1;
    if (pid == 0) {
        close_all(pool);
        close(there[1]);
        close(back[0]);
        serve(pool, there[0], back[1]);
    }
    int reason = errno;
    for (int i = 0; i < 2; i++) {
        int ours = i == 0 ? back[0] : there[1], theirs = i == 0 ? back[1] : there[0];
        if (theirs >= 0)
            close(theirs);
        if (ours >= 0 && pid < 0)
            close(ours);
    }
    *worker = (struct worker){.pid = pid, .to = there[1], .from = back[0]};
    return pid > 0 || ts_error_set(error, "no process can be started: %s", strerror(reason));
}

/* Waits for the end of a process; says how it ended, where that is wanted. */
static void bury(struct worker *worker, struct ts_error *how)
{
    int status = 0;
    close(worker->to);
    close(worker->from);
    while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
        ;
    worker->pid = 0;
    if (WIFSIGNALED(status))
        ts_error_set(how, "the process at work on it died of signal %d (%s)", WTERMSIG(status),
                     strsignal(WTERMSIG(status)));
    else
        ts_error_set(how, "the process at work on it ended with status %d", WEXITSTATUS(status));
}

bool pool_start(struct pool *pool, size_t n, struct ts_error *error)
{
    signal(SIGPIPE, SIG_IGN); /* of a process that died; its status tells */
    for (pool->n = 0; pool->n < n; pool->n++)
        if (!spawn(pool, &pool->workers[pool->n], error))
            return false;
    return true;
}

static struct worker *idle(struct pool *pool)
{
    size_t i = 0;
    while (pool->workers[i].busy)
        i++;
    return &pool->workers[i];
}

bool pool_give(struct pool *pool, int64_t point, struct ts_error *error)
{
    struct worker *worker = idle(pool);
    if (write_whole(worker->to, &point, sizeof point) != sizeof point) {
        bury(worker, NULL); /* it died without work */
        if (!spawn(pool, worker, error))
            return false;
        if (write_whole(worker->to, &point, sizeof point) != sizeof point)
            return ts_error_set(error, "a process cannot be reached: %s", strerror(errno));
    }
    worker->busy = true;
    worker->point = point;
    pool->busy++;
    return true;
}

static bool take(struct pool *pool, struct worker *worker, struct report *report,
                 struct ts_error *error)
{
    bool whole = read_whole(worker->from, report, sizeof *report) == sizeof *report;
    worker->busy = false;
    pool->busy--;
    if (whole)
        return true;
    memset(report, 0, sizeof *report);
    report->point = worker->point;
    report->outcome.status = STATUS_CRASHED;
    bury(worker, &report->error);
    return spawn(pool, worker, error);
}

bool pool_wait(struct pool *pool, int milliseconds, struct report *report, bool *found,
               struct ts_error *error)
{
    struct pollfd polled[MAX_JOBS];
    for (size_t i = 0; i < pool->n; i++)
        polled[i] = (struct pollfd){.fd = pool->workers[i].busy ? pool->workers[i].from : -1,
                                    .events = POLLIN};
    *found = poll(polled, pool->n, milliseconds) > 0;
    for (size_t i = 0; *found && i < pool->n; i++)
        if (polled[i].revents)
            return take(pool, &pool->workers[i], report, error);
    return true;
}

/* Those at work are not waited for: nobody wants what they do. */
void pool_stop(struct pool *pool)
{
    for (size_t i = 0; i < pool->n; i++) {
        if (pool->workers[i].busy)
            kill(pool->workers[i].pid, SIGKILL);
        if (pool->workers[i].pid > 0)
            bury(&pool->workers[i], NULL);
    }
    pool->n = 0;
}
