/* SPDX-License-Identifier: Apache-2.0 */
/* One line for the user. */
#include "tessera/error.h"

#include "utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool ts_error_set(struct ts_error *error, const char *format, ...)
{
    if (!error)
        return false;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    for (char *c = error->text; *c; c++)
        memset(c, '?', utf8_control(c));
    return false;
}
