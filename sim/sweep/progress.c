/* SPDX-License-Identifier: Apache-2.0 */
/* Points are many and short: what is shown goes by the clock. */
#include "sweep/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    static const double nano = 1e-9;
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + nano * (double)time.tv_nsec;
}

void sweep_progress_start(struct sweep_progress *p, size_t total, size_t known)
{
    *p = (struct sweep_progress){.total = total, .known = known, .done = known};
    p->start = p->shown = now();
    p->terminal = isatty(STDERR_FILENO);
}

void sweep_progress_step(struct sweep_progress *p)
{
    static const double often = 0.2, seldom = 5;
    double time = now();
    p->done++;
    if (time - p->shown < (p->terminal ? often : seldom))
        return;
    double rate = (double)(p->done - p->known) / (time - p->start);
    fprintf(stderr, "%s%zu of %zu points, %.3g a second, %.0f s left%s", p->terminal ? "\r" : "",
            p->done, p->total, rate, (double)(p->total - p->done) / rate,
            p->terminal ? "      " : "\n");
    p->shown = time;
    p->any = true;
}

void sweep_progress_end(const struct sweep_progress *p)
{
    if (p->terminal && p->any)
        fputc('\n', stderr);
}
