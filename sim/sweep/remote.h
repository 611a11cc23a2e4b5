/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The processes of a sweep that mpirun started, on one host or several. Number 0 shares out points
 * and has the files; the others work.
 */
#ifndef TESSERA_SIM_SWEEP_REMOTE_H
#define TESSERA_SIM_SWEEP_REMOTE_H

#include "tessera/error.h"

#include <stddef.h>

/** Whether mpirun, or what stands for it, started this process. */
bool remote_is_wanted(void);

/** To be called once, if it is wanted. */
bool remote_start(struct ts_error *error);

int remote_rank(void); /**< 0 without mpirun */
int remote_size(void); /**< 1 without mpirun */

/** Sends bytes to another process. */
void remote_send(int to, const void *bytes, size_t size);

/** Waits for so many bytes of one process. */
void remote_receive(int from, void *bytes, size_t size);

/** The same of any process, if some have come; returns which, or -1. */
int remote_poll(void *bytes, size_t size);

/** The last call of each process; waits for all of them. */
void remote_stop(void);

#endif
