/* SPDX-License-Identifier: Apache-2.0 */
/** @file Progress on standard error: a bar on a terminal, else a line now and then. */
#ifndef TESSERA_SIM_PROGRESS_H
#define TESSERA_SIM_PROGRESS_H

struct ts_progress {
    const char *what;
    int total, done;
    int terminal;
    int tenths; /**< shown so far, where there is no terminal */
};

void ts_progress_start(struct ts_progress *progress, const char *what, int total);
void ts_progress_step(struct ts_progress *progress, const char *now);
void ts_progress_end(struct ts_progress *progress);

#endif
