/* SPDX-License-Identifier: Apache-2.0 */
/* Where in a design file a field stands. */
#ifndef TESSERA_SIM_DESIGN_PLACE_H
#define TESSERA_SIM_DESIGN_PLACE_H

/**
 * The line of a key in a section (NULL: the top) of a YAML file, else of the section; 0 where
 * there is neither, or the file cannot be read twice.
 */
int ts_design_line(const char *path, const char *section, const char *key);

/** The line of a second document, which no one would read; 0 as above. */
int ts_design_second_document(const char *path);

#endif
