/* SPDX-License-Identifier: Apache-2.0 */
/* Hexadecimal digits, without printf: vectors come by the million. */
#include "vectors/hex.h"

enum { DIGIT_BITS = 4, HALF = 32 };

int ts_hex_length(int bits)
{
    return (bits + DIGIT_BITS - 1) / DIGIT_BITS;
}

static char digit(uint64_t value)
{
    return "0123456789abcdef"[value & 0xF];
}

/* Bits gathered from the low end until they make digits, which are written backwards. */
struct writer {
    char *at;
    uint64_t window;
    int filled; /* below DIGIT_BITS between calls */
};

static void put(struct writer *w, uint64_t value, int bits)
{
    w->window |= value << w->filled;
    w->filled += bits;
    while (w->filled >= DIGIT_BITS) {
        *--w->at = digit(w->window);
        w->window >>= DIGIT_BITS;
        w->filled -= DIGIT_BITS;
    }
}

char *ts_hex_write(char *to, const uint64_t *elements, int bits, int count)
{
    char *end = to + ts_hex_length(bits * count);
    struct writer w = {.at = end};
    for (int i = 0; i < count; i++) {
        int low = bits < HALF ? bits : HALF;
        put(&w, elements[i] & ((1ULL << low) - 1), low);
        if (bits > low)
            put(&w, elements[i] >> low, bits - low);
    }
    if (w.filled)
        *--w.at = digit(w.window);
    return end;
}

/* -1: no digit. */
static int value_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

struct reader {
    const char *begin, *at; /* digits are taken from the end */
    uint64_t window;
    int filled;
};

static uint64_t get(struct reader *r, int bits)
{
    while (r->filled < bits) {
        uint64_t value = r->at > r->begin ? (uint64_t)value_of(*--r->at) : 0;
        r->window |= value << r->filled;
        r->filled += DIGIT_BITS;
    }
    uint64_t value = r->window & ((1ULL << bits) - 1);
    r->window >>= bits;
    r->filled -= bits;
    return value;
}

bool ts_hex_read(const char *digits, size_t length, uint64_t *elements, int bits, int count)
{
    bool good = length > 0;
    for (size_t i = 0; i < length; i++)
        good = good && value_of(digits[i]) >= 0;
    if (!good)
        return false;

    struct reader r = {.begin = digits, .at = digits + length};
    for (int i = 0; i < count; i++) {
        int low = bits < HALF ? bits : HALF;
        elements[i] = get(&r, low);
        if (bits > low)
            elements[i] |= get(&r, bits - low) << low;
    }
    bool fits = r.window == 0;
    while (r.at > r.begin)
        fits = *--r.at == '0' && fits;
    return fits;
}
