/* SPDX-License-Identifier: Apache-2.0 */
/* Progress of long work. */
#include "replay/progress.h"

#include <stdio.h>
#include <unistd.h>

enum { WIDTH = 30, TENTHS = 10 };

void ts_progress_start(struct ts_progress *p, const char *what, int total)
{
    *p = (struct ts_progress){.what = what, .total = total > 0 ? total : 1};
    p->terminal = isatty(STDERR_FILENO);
}

void ts_progress_step(struct ts_progress *p, const char *now)
{
    p->done++;
    if (p->terminal) {
        int filled = p->done * WIDTH / p->total;
        fprintf(stderr, "\r%s [%.*s%.*s] %d/%d %-40.40s", p->what, filled,
                "##############################", WIDTH - filled, "..............................",
                p->done, p->total, now);
        fflush(stderr);
        return;
    }
    int tenths = p->done * TENTHS / p->total;
    if (tenths > p->tenths)
        fprintf(stderr, "%s: %d of %d (%s)\n", p->what, p->done, p->total, now);
    p->tenths = tenths;
}

void ts_progress_end(struct ts_progress *p)
{
    if (p->terminal)
        fputc('\n', stderr);
}
