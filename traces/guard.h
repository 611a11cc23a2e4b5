/* SPDX-License-Identifier: Apache-2.0 */
/* Work in a process of its own: what it crashes on does not crash the caller. */
#ifndef TESSERA_GUARD_H
#define TESSERA_GUARD_H

#include "tessera/error.h"

#ifdef __cplusplus
extern "C" {
#endif

enum guard_result { GUARD_OK, GUARD_FAILED, GUARD_CRASHED };

/*
 * Calls work(argument, error) in a child that may use so many seconds of a processor. GUARD_FAILED:
 * it returned false, or there was no child, and `error` has the line. GUARD_CRASHED: it did not
 * return, and there is no line.
 */
enum guard_result guard_run(bool (*work)(void *argument, struct ts_error *error), void *argument,
                            unsigned long seconds, struct ts_error *error);

#ifdef __cplusplus
}
#endif
#endif
