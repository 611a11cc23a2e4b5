/* SPDX-License-Identifier: Apache-2.0 */
/* From what a user types to a design file. */
#ifndef TESSERA_SIM_DESIGN_FIND_H
#define TESSERA_SIM_DESIGN_FIND_H

#include <stdbool.h>
#include <stddef.h>

/** The file of a path, else of a shipped design's name; false if there is neither. */
bool ts_design_find(const char *path_or_name, char *path, size_t size);

#endif
