/* SPDX-License-Identifier: Apache-2.0 */
/** @file What belongs to the programs and lies beside them, built or installed. */
#ifndef TESSERA_SIM_SHARE_H
#define TESSERA_SIM_SHARE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The directory share/tessera/NAME beside the libexec or bin directory of the running program.
 * Returns false if there is none.
 */
bool ts_share_directory(const char *name, char *path, size_t size);

#ifdef __cplusplus
}
#endif
#endif
