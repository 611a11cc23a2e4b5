/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8, which JSON output needs. */
#ifndef TESSERA_UTF8_H
#define TESSERA_UTF8_H

#include <stdbool.h>

bool utf8_is_valid(const char *text);

#endif
