/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a string is UTF-8 as Unicode defines it: shortest forms, no surrogates. */
#include "utf8.h"

#include <stdint.h>

bool utf8_is_valid(const char *text)
{
    const unsigned char *c = (const unsigned char *)text;
    while (*c) {
        static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
        int more = *c < 0x80 ? 0 : *c >> 5 == 6 ? 1 : *c >> 4 == 14 ? 2 : *c >> 3 == 30 ? 3 : -1;
        if (more < 0)
            return false;
        uint32_t code = more ? *c & (0x3FU >> more) : *c;
        c++;
        for (int i = 0; i < more; i++, c++) {
            if ((*c & 0xC0) != 0x80)
                return false;
            code = code << 6 | (*c & 0x3FU);
        }
        if (code < least[more] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
            return false;
    }
    return true;
}

bool utf8_is_line(const char *text)
{
    for (const char *c = text; *c; c++)
        if (utf8_control(c))
            return false;
    return utf8_is_valid(text);
}
