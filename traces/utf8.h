/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8, which JSON output needs. */
#ifndef TESSERA_UTF8_H
#define TESSERA_UTF8_H

#include <stdbool.h>
#include <stddef.h>

bool utf8_is_valid(const char *text);

/* Bytes of the control character that the text begins with; 0: it does not. */
static inline size_t utf8_control(const char *text)
{
    const unsigned char *c = (const unsigned char *)text;
    bool second_set = c[0] == 0xC2 && c[1] >= 0x80 && c[1] < 0xA0; /* U+0080 to U+009F */
    return second_set ? 2 : (c[0] && c[0] < ' ') || c[0] == 0x7F;
}

/* Whether it is UTF-8 without control characters: what a terminal shows and does not obey. */
bool utf8_is_line(const char *text);

#endif
